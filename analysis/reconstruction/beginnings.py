"""What consecutive seeds begin with together: times from the solver, and a first state that gives every comparison."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, TypeVar

from analysis.reconstruction.problem import Problem
from analysis.reconstruction.relabelling import relabelled
from analysis.reconstruction.search import Found, search
from analysis.reconstruction.start import Start, make_start, times
from analysis.reconstruction.timeline import NoSolution

#: Consecutive seeds that begin together.
SHARING = 10

_Result = TypeVar("_Result")


class Schedule(NamedTuple):
    """Searches tried from one state until one hits: how many, moves of each, first and last temperature."""

    tries: int
    moves: int
    hot: float
    cold: float


#: For the comparisons of strata: hot enough to leave the start far behind, since one misplaced
#: death closes off whole regions.  A fifth to a third of the tries hit.
STRATA = Schedule(30, 1_000_000, 3.0, 0.2)
#: For the comparisons of strata, and curves of large groups, from times that are only near them: cool enough to stay
#: near, and cold at the end, since a dozen estimates and errors must hold at once.
GUIDED = Schedule(10, 2_000_000, 1.0, 0.02)
#: For all comparisons, from a state that has those of the strata: less hot, or these would be lost.
#: Slow: where a patient's rows are tied by their times, short tries hardly ever hit.
ALL = Schedule(3, 2_400_000, 1.0, 0.1)
#: From a state that hits, moves at this temperature lead to others that do, at a small part of the cost of
#: a new search: `NEAR` to others that begin to differ, `FAR` to where little is left of the first.
NEAR, FAR, WALK_HEAT = 300_000, 1_000_000, 0.15
#: Moves in which a walk that has gone its way may still find a state that hits.
ARRIVAL = 300_000
#: Times tried for labels where a patient's rows are tied by their times.
WALKS = 6
#: Directions tried for one walk; one in seven leads astray.
DIRECTIONS = 5


def group(seed: int) -> int:
    """Which seeds begin together: those with the same number."""
    return (seed - 1) // SHARING + 1


def tried(problem: Problem, start: Start, seed: int, schedule: Schedule, strata_first: bool) -> tuple[Found, int]:
    """The best of several searches from one state, and the moves of all."""
    best, spent = None, 0
    for number in range(schedule.tries):
        found = search(problem, start, 1000 * seed + number, schedule.moves, schedule.hot, schedule.cold, strata_first)
        spent += found.moves
        if best is None or (found.wrong, found.miss) < (best.wrong, best.miss):
            best = found
        if best.hits:
            break
    return best, spent


def first_tried(problem: Problem, start: Start, seed: int) -> tuple[Found, int]:
    """Searches from a start for the comparisons of strata: what is printed of its curves holds already, or is approached as well."""
    return tried(problem, start, seed, GUIDED if search(problem, start, 0, 1).wrong else STRATA, strata_first=True)


def walked(problem: Problem, start: Start, seed: int, away: int, strata_first: bool) -> Found:
    """Another state that hits, so many moves away from one that does."""
    return search(problem, start, seed, away + ARRIVAL, WALK_HEAT, WALK_HEAT, strata_first, away)


def led_away(problem: Problem, start: Start, seed: int) -> Found:
    """Another state that gives every comparison, far from one that does.

    Raises
    ------
    NoSolution
        If every direction leads astray.
    """
    for number in range(DIRECTIONS):
        moved = walked(problem, start, 1000 * seed + number, FAR, strata_first=False)
        if moved.hits:
            return moved
    raise NoSolution("a walk from the first hit", proven=False)


class Beginnings:
    """What a group of `SHARING` consecutive seeds begins with, each piece made once.

    The solver takes longer than a search, and a first hit longer than the walk from it to
    another; walks and searches leave both far behind.
    """

    def __init__(self, problem: Problem):
        self.problem = problem
        self._times: dict[int, tuple | NoSolution] = {}
        self._hits: dict[int, tuple[Start, Found] | NoSolution] = {}

    def times(self, seed: int, attempt: int) -> tuple[int, tuple]:
        """Seed of the times, and what `start.times` returned.

        Raises
        ------
        NoSolution
        """
        used = group(seed) * 1000 + attempt
        return used, _once(self._times, used, lambda: times(self.problem, used))

    def hit(self, origin: int, timed: tuple) -> tuple[Start, Found]:
        """The first state from such times that gives every comparison, with its labels and patients; or the nearest.

        Searches for times that give the comparisons of strata come first, with labels as if every row
        were a patient's only one; then patients and labels are chosen for these times or others nearby, and
        times and labels are searched together, with the rows of a patient kept tied.

        Raises
        ------
        NoSolution
        """
        return _once(self._hits, origin, lambda: self._hit(origin, timed))

    def _hit(self, origin: int, timed: tuple) -> tuple[Start, Found]:
        problem, main = self.problem, self.problem.assumptions.timeline.table
        start = make_start(problem, origin, timed, paired=False)
        best, spent = first_tried(problem, start, origin)
        if best.miss > 0:
            return start, replace(best, moves=spent)
        nearest, failure = None, NoSolution("a walk from the first hit", proven=False)
        for step in range(WALKS):
            if step:
                moved = walked(problem, replace(start, tables={main: best.table}), 1000 * origin + step, NEAR, strata_first=True)
                spent += moved.moves
                if moved.miss > 0:  # walked astray: from the last hit in another direction
                    continue
                best = moved
            try:
                found = relabelled(problem, timed, best.table, origin, compared=False)
            except NoSolution as none:  # no labels at these times
                failure = none
                continue
            last, more = tried(problem, found, origin, ALL, strata_first=False)
            spent += more
            if nearest is None or (last.wrong, last.miss) < (nearest[1].wrong, nearest[1].miss):
                nearest = replace(found, tables={main: last.table}), last
            if last.hits:
                break
        if nearest is None:
            raise failure
        return nearest[0], replace(nearest[1], moves=spent)


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
