"""Orders of events by group: who is at risk at each event time, and which events are tied.

Printed estimates and standard errors of the whole and of overlapping groups name the numbers
at risk at which events happen (`risk_sets`).  What they leave open is enumerated without
gaps: which events share a time, whose they are, and who was censored in between.  A log-rank
P and a hazard ratio (O1/E1)/(O2/E2) with its limits depend on nothing else, so that printed
comparisons leave few orders, often one or two; `reconstruction.yml` declares them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from analysis.reconstruction.constraints.event_order_comparisons import Asked, Continuations, State, Step, contribute, fits
from analysis.reconstruction.constraints.event_order_steps import AllowedSteps, GroupCurve, Node

#: Orders compared at once.
_TOGETHER = 500_000


def orders(
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
    allowed = AllowedSteps(whole, curves, later, totals)
    contribution = cache(lambda step: np.array([contribute(step, asked) for asked in comparisons]).reshape(-1, 4))

    @cache
    def onward(node: Node) -> tuple[tuple[Step, Node], ...]:
        """Steps from a node that lead to an end."""
        return tuple((step, child) for step, child in allowed.of(node) if number(child))

    @cache
    def number(node: Node) -> int:
        """Ways from a node to an end."""
        return allowed.ended(node) + sum(number(child) for _, child in onward(node))

    @cache
    def sums(node: Node) -> np.ndarray:
        """What each way from a node to an end adds to the comparisons, in the order of `way`."""
        parts = [np.zeros((int(allowed.ended(node)), len(comparisons), 4))]
        parts += [contribution(step) + sums(child) for step, child in onward(node)]
        return np.concatenate(parts)

    continuations = cache(lambda node: Continuations(sums(node), comparisons))

    def way(node: Node, place: int) -> tuple[Step, ...]:
        if allowed.ended(node):
            if place == 0:
                return ()
            place -= 1
        for step, child in onward(node):
            if place < number(child):
                return (step, *way(child, place))
            place -= number(child)
        raise IndexError(place)

    def descend(node: Node, before: tuple[Step, ...], done: np.ndarray) -> Iterator[tuple[Step, ...]]:
        if number(node) <= _TOGETHER:
            yield from ((*before, *way(node, int(place))) for place in (continuations(node).fitting(done) if number(node) else ()))
            return
        if allowed.ended(node):
            yield before
        for step, child in onward(node):
            yield from descend(child, (*before, step), done + contribution(step))

    for steps in descend(allowed.begin(sizes), (), np.zeros((len(comparisons), 4))):
        if all(fits(steps, asked) for asked in comparisons):
            yield steps
