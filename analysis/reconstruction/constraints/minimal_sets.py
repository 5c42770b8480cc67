"""Minimal sets of constraints that cannot hold together.

A set is minimal if it is infeasible and every proper subset is feasible.  It is found by
QuickXplain (Junker, AAAI 2004): a divide-and-conquer of deletion, with the solver as the
judge of each subset.  Constraints outside the set may differ; a problem can hold several.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

#: Answers for a set of ids: True if they can hold together, False if the solver proves that they cannot, None if it does not know.
Judge = Callable[[Sequence[str]], bool | None]


class Undecided(Exception):
    """The solver could not tell within its limit, so no minimal set is proven."""


def minimal(ids: Sequence[str], judge: Judge) -> tuple[str, ...] | None:
    """A minimal conflicting subset of ids, or None if they can hold together.

    Parameters
    ----------
    ids : sequence of str
    judge : callable
        Its assumptions outside `ids` must be feasible alone, else the empty set is returned.

    Raises
    ------
    Undecided
    """

    def infeasible(some: Sequence[str]) -> bool:
        answer = judge(some)
        if answer is None:
            raise Undecided
        return not answer

    if not infeasible(ids):
        return None
    if infeasible(()):
        return ()

    def explain(background: tuple[str, ...], new: bool, candidates: tuple[str, ...]) -> tuple[str, ...]:
        if new and infeasible(background):
            return ()
        if len(candidates) == 1:
            return candidates
        half = len(candidates) // 2
        left, right = candidates[:half], candidates[half:]
        second = explain((*background, *left), True, right)
        first = explain((*background, *second), bool(second), left)
        return (*first, *second)

    return explain((), False, tuple(ids))
