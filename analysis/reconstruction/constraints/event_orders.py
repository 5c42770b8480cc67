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
from typing import NamedTuple

from scipy.stats import chi2

Z = 1.959963984540054

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
    observed = total = 0
    expected = variance = 0.0
    for at_risk, events in steps:
        n1, n2, d1 = sum(at_risk[k] for k in first), sum(at_risk[k] for k in second), sum(events[k] for k in first)
        d, n = d1 + sum(events[k] for k in second), n1 + n2
        if d:
            observed, total, expected = observed + d1, total + d, expected + d * n1 / n
            variance += d * n1 * n2 * (n - d) / (n * n * (n - 1)) if n > 1 else 0.0
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


def orders(
    sizes: State, whole: Sequence[tuple[float, tuple[int, ...]]], curves: Sequence[GroupCurve], comparisons: Sequence[Asked] = ()
) -> Iterator[tuple[Step, ...]]:
    """Every order of events that printed curves allow and printed comparisons accept.

    Parameters
    ----------
    sizes : tuple of int
        Rows of each group at the start; the groups are disjoint and make up the whole.
    whole : sequence of (horizon, risk-set sequence)
        Of all groups together, by horizon.
    curves : sequence of GroupCurve
        Horizons of theirs are among those of the whole.
    comparisons : sequence of Asked
    """
    needed = [at_risk for _, sequence in whole for at_risk in sequence]
    stretch = [position for position, (_, sequence) in enumerate(whole) for _ in sequence]
    horizons = [-1.0, *(horizon for horizon, _ in whole)]
    wanted = [[curve.expected(horizons[k], horizons[k + 1]) for k in range(len(whole))] for curve in curves]

    def complete(counts, until: int) -> bool:
        """Whether each curve had all its events of the stretches before one."""
        return all(
            expected is None or counts[c][k] == len(expected) for c, parts in enumerate(wanted) for k, expected in enumerate(parts[:until])
        )

    def descend(position: int, state: State, counts, steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
        if position == len(needed):
            if complete(counts, len(whole)) and all(fits(steps, asked) for asked in comparisons):
                yield steps
            return
        if not complete(counts, stretch[position]):
            return
        for at_risk in _fewer(state, sum(state) - needed[position]):
            for tied in _ties(needed, stretch, position):
                for events in _shares(at_risk, tied):
                    counted = _counted(curves, wanted, counts, stretch[position], at_risk, events)
                    if counted is not None:
                        left = tuple(n - d for n, d in zip(at_risk, events))
                        yield from descend(position + tied, left, counted, (*steps, (at_risk, events)))

    yield from descend(0, tuple(sizes), tuple((0,) * len(whole) for _ in curves), ())


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
