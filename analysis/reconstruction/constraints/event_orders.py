"""Orders of events by group: who is at risk at each event time, and which events are tied.

Printed estimates and standard errors of the whole and of overlapping groups name the numbers
at risk at which events happen (`risk_sets`).  What they leave open is enumerated without
gaps: which events share a time, whose they are, and who was censored in between.  A log-rank
P and a hazard ratio (O1/E1)/(O2/E2) with its limits depend on nothing else, so that printed
comparisons leave few orders, often one or two; `reconstruction.yml` declares them.

References
----------
Peto R, Pike MC, Armitage P, et al. Br J Cancer 1977;35:1-39 (observed and expected events).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.stats import chi2

Z = 1.959963984540054
#: Orders compared at once, and how far beyond an interval one is still looked at.
_TOGETHER, _SLACK = 500_000, 1e-9

State = tuple[int, ...]
#: Numbers at risk in each group just before an event time, and the events of each group then.
Step = tuple[State, State]


class GroupCurve(NamedTuple):
    """The numbers at risk at which a union of groups has its events, stretch by stretch.

    Attributes
    ----------
    groups : tuple of int
        Positions of the groups that make it up.
    stretches : tuple of (horizon, risk-set sequence)
        As printed; events after the last horizon are free.
    """

    groups: tuple[int, ...]
    stretches: tuple[tuple[float, tuple[int, ...]], ...]

    def expected(self, first: float, last: float) -> tuple[int, ...] | None:
        """Numbers at risk of the events between two horizons of the whole; None where nothing is printed."""
        inside = [sequence for horizon, sequence in self.stretches if horizon == last]
        return inside[0] if inside else (None if not any(horizon > first for horizon, _ in self.stretches) else ())


class Asked(NamedTuple):
    """What is printed of a comparison of two unions of groups: closed intervals of `p`, `ratio`, `lower` and `upper`."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    p: tuple[float, float] | None = None
    ratio: tuple[float, float] | None = None
    lower: tuple[float, float] | None = None
    upper: tuple[float, float] | None = None


def compare(steps: Sequence[Step], first: Sequence[int], second: Sequence[int]) -> dict[str, float]:
    """Log-rank P, and hazard ratio (O1/E1)/(O2/E2) with 95 % limits, of an order of events; NaN where undefined."""
    parts = [_contribution(step, Asked(tuple(first), tuple(second))) for step in steps]
    observed, total, expected, variance = (sum(part) for part in zip(*parts)) if parts else (0, 0, 0.0, 0.0)
    found = dict.fromkeys(("p", "ratio", "lower", "upper"), math.nan)
    if variance > 0:
        found["p"] = float(chi2.sf((observed - expected) ** 2 / variance, 1))
    if 0 < observed < total:
        ratio, error = (observed / expected) / ((total - observed) / (total - expected)), math.sqrt(1 / expected + 1 / (total - expected))
        found |= {"ratio": ratio, "lower": ratio * math.exp(-Z * error), "upper": ratio * math.exp(Z * error)}
    return found


def fits(steps: Sequence[Step], asked: Asked) -> bool:
    """Whether an order gives everything that is printed of a comparison."""
    values = compare(steps, asked.first, asked.second)
    wanted = {name: getattr(asked, name) for name in values}
    return all(ends is None or ends[0] <= values[name] <= ends[1] for name, ends in wanted.items())


def orders(  # noqa: C901  one recursion, whose parts share what is cached
    sizes: State,
    whole: Sequence[tuple[float, tuple[int, ...]]],
    curves: Sequence[GroupCurve],
    comparisons: Sequence[Asked] = (),
    later: int = 0,
    totals: Sequence[tuple[int, int]] = (),
) -> Iterator[tuple[Step, ...]]:
    """Every order of events that printed curves allow and printed comparisons accept.

    States reached in several ways are continued once, and the continuations of a state are compared all together: of dozens of
    millions of orders, which leave a handful, this takes seconds.

    Parameters
    ----------
    sizes : tuple of int
        Rows of each group at the start; the groups are disjoint and make up the whole.
    whole : sequence of (horizon, risk-set sequence)
        Of all groups together, by horizon.
    curves : sequence of GroupCurve
        Horizons of theirs are among those of the whole.
    comparisons : sequence of Asked
    later : int
        Most events after the last horizon, of which no curve tells the numbers at risk.
    totals : sequence of (int, int)
        Numbers at risk and events of all groups together at each time, where they are known; else empty.
    """
    needed = [at_risk for _, sequence in whole for at_risk in sequence]
    stretch = [position for position, (_, sequence) in enumerate(whole) for _ in sequence]
    horizons = [-1.0, *(horizon for horizon, _ in whole)]
    wanted = [[curve.expected(horizons[k], horizons[k + 1]) for k in range(len(whole))] for curve in curves]
    known, passed = {}, 0
    for at_risk, tied in totals:
        known[passed], passed = (at_risk, tied), passed + tied
    contribution = cache(lambda step: np.array([_contribution(step, asked) for asked in comparisons]).reshape(-1, 4))

    def complete(counts, until: int) -> bool:
        """Whether each curve had all its events of the stretches before one."""
        return all(
            expected is None or counts[c][k] == len(expected) for c, parts in enumerate(wanted) for k, expected in enumerate(parts[:until])
        )

    def ended(node: _Node) -> bool:
        return node.position >= max(len(needed), passed) and complete(node.counts, len(whole))

    def told(node: _Node, step: Step) -> bool:
        return not totals or known.get(node.position) == (sum(step[0]), sum(step[1]))

    def steps_of(node: _Node) -> Iterator[tuple[Step, _Node]]:
        position, state, counts = node
        if not complete(counts, stretch[position] if position < len(needed) else len(whole)):
            return
        if position >= len(needed):
            for at_risk in itertools.product(*(range(n + 1) for n in state)):
                for tied in range(1, len(needed) + later - position + 1):
                    for events in _shares(at_risk, tied):
                        yield (at_risk, events), _Node(position + tied, _less(at_risk, events), counts)
            return
        for at_risk in _fewer(state, sum(state) - needed[position]):
            for tied in _ties(needed, stretch, position):
                for events in _shares(at_risk, tied):
                    counted = _counted(curves, wanted, counts, stretch[position], at_risk, events)
                    if counted is not None:
                        yield (at_risk, events), _Node(position + tied, _less(at_risk, events), counted)

    @cache
    def onward(node: _Node) -> tuple[tuple[Step, _Node], ...]:
        """Steps from a node that lead to an end."""
        return tuple((step, child) for step, child in steps_of(node) if told(node, step) and number(child))

    @cache
    def number(node: _Node) -> int:
        """Ways from a node to an end."""
        return ended(node) + sum(number(child) for _, child in onward(node))

    @cache
    def sums(node: _Node) -> np.ndarray:
        """What each way from a node to an end adds to the comparisons, in the order of `way`."""
        parts = [np.zeros((int(ended(node)), len(comparisons), 4))]
        parts += [contribution(step) + sums(child) for step, child in onward(node)]
        return np.concatenate(parts)

    @cache
    def tails(node: _Node) -> _Tails:
        return _Tails(sums(node), comparisons)

    def way(node: _Node, place: int) -> tuple[Step, ...]:
        if ended(node):
            if place == 0:
                return ()
            place -= 1
        for step, child in onward(node):
            if place < number(child):
                return (step, *way(child, place))
            place -= number(child)
        raise IndexError(place)

    def descend(node: _Node, before: tuple[Step, ...], done: np.ndarray) -> Iterator[tuple[Step, ...]]:
        if number(node) <= _TOGETHER:
            yield from ((*before, *way(node, int(place))) for place in (tails(node).fitting(done) if number(node) else ()))
            return
        if ended(node):
            yield before
        for step, child in onward(node):
            yield from descend(child, (*before, step), done + contribution(step))

    start = _Node(0, tuple(sizes), tuple((0,) * len(whole) for _ in curves))
    for steps in descend(start, (), np.zeros((len(comparisons), 4))):
        if all(fits(steps, asked) for asked in comparisons):
            yield steps


class _Node(NamedTuple):
    """Where orders may part: events so far, rows left of each group, and each curve's events in each stretch."""

    position: int
    state: State
    counts: tuple[tuple[int, ...], ...]


def _contribution(step: Step, asked: Asked) -> tuple[float, float, float, float]:
    """What a step adds to events of the first side, all events, and the first side's expected events and their variance."""
    at_risk, events = step
    n1, n2, d1 = sum(at_risk[k] for k in asked.first), sum(at_risk[k] for k in asked.second), sum(events[k] for k in asked.first)
    d, n = d1 + sum(events[k] for k in asked.second), n1 + n2
    return (d1, d, d * n1 / n, d * n1 * n2 * (n - d) / (n * n * (n - 1)) if n > 1 else 0.0) if d else (0.0, 0.0, 0.0, 0.0)


class _Tails:
    """Continuations of a state, sorted so that of a printed hazard ratio only the few near it are compared.

    With O of D events and E of them expected, (O/E)/((D - O)/(D - E)) = r gives E = OD/(O + r(D - O)).
    """

    def __init__(self, sums: np.ndarray, comparisons: Sequence[Asked]):
        self.sums, self.comparisons = sums, comparisons
        self.pivot = next((place for place, asked in enumerate(comparisons) if asked.ratio), None)
        if self.pivot is None:
            return
        observed, total, expected, _ = sums[:, self.pivot].T
        self.order = np.lexsort((expected, total, observed))
        self.expected = expected[self.order]
        pairs = np.stack([observed[self.order], total[self.order]], axis=1)
        self.starts = np.flatnonzero(np.r_[True, (np.diff(pairs, axis=0) != 0).any(axis=1)])
        self.pairs = pairs[self.starts]

    def fitting(self, done: np.ndarray) -> np.ndarray:
        """Places of those that give what is printed after such a beginning, last bits aside."""
        places = np.arange(len(self.sums)) if self.pivot is None else self._near_ratio(done[self.pivot])
        return places[_near(done + self.sums[places], self.comparisons)]

    def _near_ratio(self, done: np.ndarray) -> np.ndarray:
        low, high = self.comparisons[self.pivot].ratio
        found = []
        for (observed, total), start, end in zip(self.pairs + done[:2], self.starts, [*self.starts[1:], len(self.sums)]):
            if not 0 < observed < total:
                continue  # without a ratio
            ends = [observed * total / (observed + ratio * (total - observed)) - done[2] for ratio in (high, low)]
            first, last = np.searchsorted(self.expected[start:end], [ends[0] - _SLACK * total, ends[1] + _SLACK * total])
            found.append(self.order[start + first : start + last])
        return np.sort(np.concatenate(found)) if found else np.zeros(0, int)


def _near(sums: np.ndarray, comparisons: Sequence[Asked]) -> np.ndarray:
    """Which of many orders give what is printed, last bits aside; `fits` decides."""
    found = np.ones(len(sums), bool)
    for place, asked in enumerate(comparisons):
        observed, total, expected, variance = sums[:, place].T
        with np.errstate(all="ignore"):
            other = total - expected
            ratio, error = observed * other / (expected * (total - observed)), np.sqrt(1 / expected + 1 / other)
            values = {"ratio": ratio, "lower": ratio * np.exp(-Z * error), "upper": ratio * np.exp(Z * error)}
            wanted = {name: getattr(asked, name) for name in values}
            if asked.p:
                values["p"], wanted["p"] = (observed - expected) ** 2 / variance, (chi2.isf(asked.p[1], 1), chi2.isf(asked.p[0], 1))
        for name, ends in wanted.items():
            if ends is not None:
                found &= ~((values[name] < ends[0] - _SLACK * (1 + ends[0])) | (values[name] > ends[1] + _SLACK * (1 + ends[1])))
    return found


def _less(at_risk: State, events: State) -> State:
    return tuple(n - d for n, d in zip(at_risk, events))


def _fewer(state: State, censored: int) -> Iterator[State]:
    """States with so many rows censored."""
    for left in _shares(state, censored) if censored >= 0 else ():
        yield tuple(n - c for n, c in zip(state, left))


def _shares(state: State, number: int) -> Iterator[State]:
    """Ways to take a number of rows out of groups."""
    for shares in itertools.product(*(range(min(number, n) + 1) for n in state[:-1])):
        rest = number - sum(shares)
        if 0 <= rest <= state[-1]:
            yield (*shares, rest)


def _ties(needed: Sequence[int], stretch: Sequence[int], position: int) -> Iterator[int]:
    """How many events may share the time of one: nobody is censored between them, and one stretch holds them."""
    for tied in range(1, len(needed) - position + 1):
        last = position + tied - 1
        if needed[last] != needed[position] - tied + 1 or stretch[last] != stretch[position]:
            return
        yield tied


def _counted(curves, wanted, counts, stretch: int, at_risk: State, events: State):
    """Events of each curve so far, stretch by stretch; None where one happens at a number at risk that is not printed."""
    found = list(counts)
    for c, curve in enumerate(curves):
        number, expected = sum(events[k] for k in curve.groups), wanted[c][stretch]
        if not number or expected is None:
            continue
        before, size = counts[c][stretch], sum(at_risk[k] for k in curve.groups)
        if expected[before : before + number] != tuple(range(size, size - number, -1)):
            return None
        found[c] = (*counts[c][:stretch], before + number, *counts[c][stretch + 1 :])
    return tuple(found)
