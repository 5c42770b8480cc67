"""What consecutive seeds begin with together: times from the solver, and a first state that gives every comparison."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import replace
from typing import Any, TypeVar

from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.single.relabelling import out_of_reach
from analysis.reconstruction.single.schedules import match_beside, match_comparisons, search_strata, walk
from analysis.reconstruction.single.search import Found
from analysis.reconstruction.single.start import Start, make_start, times
from analysis.reconstruction.solver.timeline import NoSolution
from analysis.reconstruction.temperatures import NEARBY

#: Consecutive seeds that begin together.
SHARING = 10
#: Times tried for labels where a patient's rows are tied by their times.
WALKS = 8

_Result = TypeVar("_Result")


def group(seed: int) -> int:
    """Which seeds begin together: those with the same number."""
    return (seed - 1) // SHARING + 1


class Beginnings:
    """What a group of `SHARING` consecutive seeds begins with, each piece made once.

    The solver takes longer than a search, and a first hit longer than the walk from it to
    another; walks and searches leave both far behind.

    Parameters
    ----------
    problem : Problem
    number : int
        Of the group: it decides which combination of declared orders of events the group follows.
    but : container of str
        Ids of orders that are not followed.
    """

    def __init__(self, problem: Problem, number: int = 1, but: Container[str] = ()):
        self.problem = problem.following(number - 1, but)
        self._times: dict[int, tuple | NoSolution] = {}
        self._hits: dict[int, tuple[tuple, Start, Found] | NoSolution] = {}
        self._shared: dict[int, Any] = {}

    def times(self, seed: int, attempt: int) -> tuple[int, tuple]:
        """Seed of the times, and what `start.times` returned.

        Raises
        ------
        NoSolution
        """
        used = group(seed) * 1000 + attempt
        return used, _once(self._times, used, lambda: times(self.problem, used))

    def hit(self, origin: int, timed: tuple) -> tuple[tuple, Start, Found]:
        """The first state from such times that gives every comparison, with its labels and patients; or the nearest.

        Searches for times that give the comparisons of strata come first, with labels as if every row
        were a patient's only one; then patients and labels are chosen for these times or others nearby,
        with the rows of a patient kept tied.  A comparison that the solver proves to be out of reach for
        labels at such times is searched beside those of the strata, and its labels then stay as they are
        (`schedules.match_beside`).

        Returns
        -------
        timed : tuple
            What labels are to be chosen for: times and strata, with the labels that searches decide.
        start : Start
        found : Found

        Raises
        ------
        NoSolution
        """
        return _once(self._hits, origin, lambda: self._hit(origin, timed))

    def shared(self, origin: int, make: Callable[[], _Result]) -> _Result:
        """What was made before for such an origin, made now if nothing was.

        Raises
        ------
        NoSolution
            If it could not be made.
        """
        return _once(self._shared, origin, make)

    def _hit(self, origin: int, timed: tuple) -> tuple[tuple, Start, Found]:
        problem, main = self.problem, self.problem.timeline.table
        start = make_start(problem, origin, timed, paired=False)
        best, spent = search_strata(problem, start, origin)
        if best.miss > 0:
            return timed, start, replace(best, moves=spent)
        beside: frozenset[str] = frozenset()
        for step in range(WALKS):
            seed = 1000 * origin + step
            if step:
                moved = walk(problem, replace(start, tables={main: best.table}), seed, NEARBY, strata_first=True)
                spent += moved.moves
                if moved.miss > 0:  # walked astray: from the last hit in another direction
                    continue
                best = moved
            beside = beside or out_of_reach(problem, timed, best.table)
            try:
                decided, there, found = match_beside(problem, timed, best.table, seed, beside)
            except NoSolution:  # no patients or labels at these times
                continue
            spent += found.moves
            if found.hits:
                return decided, there, replace(found, moves=spent)
        there, found = match_comparisons(problem, timed, best.table, origin)
        return timed, there, replace(found, moves=spent + found.moves)


def _once(known: dict[int, _Result | NoSolution], key: int, make: Callable[[], _Result]) -> _Result:
    """What was made before under a key, or the failure to make it."""
    if key not in known:
        try:
            known[key] = make()
        except NoSolution as failure:
            known[key] = failure
    found = known[key]
    if isinstance(found, NoSolution):
        raise found
    return found
