"""Single steps of an order of events: who was censored before an event time, which events share it, whose they are."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analysis.reconstruction.constraints.event_order_comparisons import State, Step


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


class Node(NamedTuple):
    """Where orders may part: events so far, rows left of each group, and each curve's events in each stretch."""

    position: int
    state: State
    counts: tuple[tuple[int, ...], ...]


class AllowedSteps:
    """Steps of orders of events that printed curves allow.

    Parameters
    ----------
    whole, curves, later, totals
        As in `event_orders.orders`.
    """

    def __init__(
        self,
        whole: Sequence[tuple[float, tuple[int, ...]]],
        curves: Sequence[GroupCurve],
        later: int,
        totals: Sequence[tuple[int, int]],
    ):
        self.curves, self.later, self.stretches = curves, later, len(whole)
        #: Numbers at risk at the events of the whole, and the stretch in which each happens.
        self.needed = [at_risk for _, sequence in whole for at_risk in sequence]
        self.stretch = [position for position, (_, sequence) in enumerate(whole) for _ in sequence]
        horizons = [-1.0, *(horizon for horizon, _ in whole)]
        self.wanted = [[curve.expected(horizons[k], horizons[k + 1]) for k in range(len(whole))] for curve in curves]
        #: Numbers at risk and events at each time, by events before it.
        self.known: dict[int, tuple[int, int]] = {}
        self.events = 0
        for at_risk, tied in totals:
            self.known[self.events], self.events = (at_risk, tied), self.events + tied

    def begin(self, sizes: State) -> Node:
        """Everybody at risk."""
        return Node(0, tuple(sizes), tuple((0,) * self.stretches for _ in self.curves))

    def ended(self, node: Node) -> bool:
        """Whether an order may end here."""
        return node.position >= max(len(self.needed), self.events) and self._complete(node.counts, self.stretches)

    def of(self, node: Node) -> Iterator[tuple[Step, Node]]:
        """Each next step, and where it leads."""
        for step, child in self._of_curves(node):
            if not self.known or self.known.get(node.position) == (sum(step[0]), sum(step[1])):
                yield step, child

    def _of_curves(self, node: Node) -> Iterator[tuple[Step, Node]]:
        position, state, counts = node
        printed = len(self.needed)
        if not self._complete(counts, self.stretch[position] if position < printed else self.stretches):
            return
        if position >= printed:  # after the last printed number at risk: any of them
            for at_risk in itertools.product(*(range(n + 1) for n in state)):
                for tied in range(1, printed + self.later - position + 1):
                    for events in _shares(at_risk, tied):
                        yield (at_risk, events), Node(position + tied, _less(at_risk, events), counts)
            return
        for at_risk in _fewer(state, sum(state) - self.needed[position]):
            for tied in _ties(self.needed, self.stretch, position):
                for events in _shares(at_risk, tied):
                    counted = self._counted(counts, self.stretch[position], at_risk, events)
                    if counted is not None:
                        yield (at_risk, events), Node(position + tied, _less(at_risk, events), counted)

    def _complete(self, counts: tuple[tuple[int, ...], ...], until: int) -> bool:
        """Whether each curve had all its events of the stretches before one."""
        return all(
            expected is None or counts[c][k] == len(expected)
            for c, parts in enumerate(self.wanted)
            for k, expected in enumerate(parts[:until])
        )

    def _counted(
        self, counts: tuple[tuple[int, ...], ...], stretch: int, at_risk: State, events: State
    ) -> tuple[tuple[int, ...], ...] | None:
        """Events of each curve so far, stretch by stretch; None where one happens at a number at risk that is not printed."""
        found = list(counts)
        for c, curve in enumerate(self.curves):
            number, expected = sum(events[k] for k in curve.groups), self.wanted[c][stretch]
            if not number or expected is None:
                continue
            before, size = counts[c][stretch], sum(at_risk[k] for k in curve.groups)
            if expected[before : before + number] != tuple(range(size, size - number, -1)):
                return None
            found[c] = (*counts[c][:stretch], before + number, *counts[c][stretch + 1 :])
        return tuple(found)


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
