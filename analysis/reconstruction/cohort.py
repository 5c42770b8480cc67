"""One cohort from one seed: starts, searches, and the tables that hang on the main one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import pandas as pd

from analysis.reconstruction.problem import Problem
from analysis.reconstruction.relabelling import relabelled, tied
from analysis.reconstruction.search import Found, search
from analysis.reconstruction.start import Start, add_children, make_start, times
from analysis.reconstruction.timeline import NoSolution

#: Starts tried for one cohort before giving up, and those among them that got as far as a search.
ATTEMPTS, SEARCHED = 40, 2
#: Consecutive seeds that start from the same times.
SHARING = 10


class Schedule(NamedTuple):
    """Searches tried from one state until one hits: how many, moves of each, first and last temperature."""

    tries: int
    moves: int
    hot: float
    cold: float


#: For the comparisons of strata: hot enough to leave the start far behind, since one misplaced
#: death closes off whole regions.  A fifth to a third of the tries hit.
STRATA = Schedule(30, 1_000_000, 3.0, 0.2)
#: For all comparisons, from a state that has those of the strata: hotter, these would be lost.
#: One try in eight hits.
ALL = Schedule(30, 600_000, 1.0, 0.1)
#: Where a patient's rows are tied by their times, there are labels at one in eight of the times or so.
#: From times that give the comparisons of strata, so many moves at this temperature lead to others
#: that do, at a small part of the cost of a new search, and change nearly every row.
WALK, WALK_HEAT = 100_000, 0.15
#: Searches for times at which labels are tried, and times tried from each.
RELABELLED, WALKS = 3, 25


@dataclass(frozen=True)
class Cohort:
    """A cohort and how it came about.

    Attributes
    ----------
    tables : dict of str to DataFrame
    seed : int
        Of the times that it started from; cohorts may share them.
    miss : float
        Weighted miss of P values and hazard ratios; 0 if all hold.
    moves : int
        Moves of all searches.
    """

    tables: dict[str, pd.DataFrame]
    seed: int
    miss: float
    moves: int


class Times:
    """Times to start from, solved once for `SHARING` consecutive seeds.

    The solver takes longer than the searches, which leave its times far behind.
    """

    def __init__(self, problem: Problem):
        self.problem = problem
        self._known: dict[int, tuple | NoSolution] = {}
        self._starts: dict[int, Start] = {}

    def of(self, seed: int, attempt: int) -> tuple[int, tuple]:
        """Seed of the times, and what `start.times` returned.

        Raises
        ------
        NoSolution
        """
        used = group(seed) * 1000 + attempt
        if used not in self._known:
            try:
                self._known[used] = times(self.problem, used)
            except NoSolution as failure:
                self._known[used] = failure
        if isinstance(self._known[used], NoSolution):
            raise self._known[used]
        return used, self._known[used]

    def start(self, seed: int, timed: tuple) -> Start:
        """Labels for the times of a seed, every row a patient's only one: enough to search for other times.

        Raises
        ------
        NoSolution
        """
        if seed not in self._starts:
            self._starts[seed] = make_start(self.problem, seed, timed, paired=False)
        return self._starts[seed]


def group(seed: int) -> int:
    """Which seeds start from the same times: those with the same number."""
    return (seed - 1) // SHARING + 1


def make_cohort(problem: Problem, seed: int, say: Callable[[str], None] = lambda line: None, known: Times | None = None) -> Cohort:
    """A cohort that satisfies every linear row that its stages hold, and the others as nearly as found.

    Searches first look at comparisons of the strata alone, which few time patterns fit, then
    at all; where a patient's rows are tied by their times, labels are chosen anew in between.
    A start whose searches end with a miss makes way for the next one; after `SEARCHED` of
    them the best counts.

    Parameters
    ----------
    problem : Problem
    seed : int
        Same seed, same cohort.
    say : callable of str
        Told what happens.
    known : Times, optional
        Kept from the last seed; without it they are solved anew, to the same result.

    Raises
    ------
    NoSolution
        If no start leads through all stages.
    """
    if problem.assumptions.linked:
        from analysis.reconstruction.registry import make_linked  # which builds a Cohort, too

        return make_linked(problem, seed, say)
    failure = NoSolution("all stages", proven=False)
    best, searched, spent = None, 0, 0
    known = known or Times(problem)
    for attempt in range(ATTEMPTS):
        used = seed * 1000 + attempt
        try:
            origin, timed = known.of(seed, attempt)
            # labels that are chosen anew need not be drawn for each seed
            start = known.start(origin, timed) if tied(problem) else make_start(problem, used, timed)
            start, found = _searched(problem, start, timed, used)
            start = replace(start, tables={problem.assumptions.timeline.table: found.table})
            add_children(problem, start, used)
        except NoSolution as error:
            say(f"start {used}: {error}")
            failure = error
            continue
        searched, spent = searched + 1, spent + found.moves
        say(f"start {used}: miss {found.miss:.2f} after {found.moves} moves")
        if best is None or (len(start.missed), found.miss) < best[0]:
            best = (len(start.missed), found.miss), Cohort(start.tables, origin, found.miss, spent)
        if best[0] == (0, 0.0) or searched == SEARCHED:
            break
    if best is None:
        raise failure
    return replace(best[1], moves=spent)


def _searched(problem: Problem, start: Start, timed: tuple, seed: int) -> tuple[Start, Found]:
    """Times that give the comparisons of strata, then labels and times that give all."""
    main, late = problem.assumptions.timeline.table, tied(problem)
    spent, failure = 0, None
    for number in range(RELABELLED):
        best, more = _tried(problem, start, seed + 100_003 * number, STRATA, strata_first=True)
        spent += more
        if best.miss > 0:
            return start, replace(best, moves=spent)
        for step in range(WALKS):
            try:
                found = relabelled(problem, timed, best.table, seed) if late else replace(start, tables={main: best.table})
            except NoSolution as none:  # no labels at these times
                failure = none
                best = _walked(problem, replace(start, tables={main: best.table}), 1000 * seed + WALKS * number + step)
                spent += best.moves
                if best.miss > 0:
                    break
                continue
            last, more = _tried(problem, found, seed, ALL, strata_first=False)
            return found, replace(last, moves=spent + more)
    raise failure


def _walked(problem: Problem, start: Start, seed: int) -> Found:
    """Other times that give the comparisons of strata."""
    return search(problem, start, seed, 4 * WALK, WALK_HEAT, WALK_HEAT, strata_first=True, away=WALK)


def _tried(problem: Problem, start: Start, seed: int, schedule: Schedule, strata_first: bool) -> tuple[Found, int]:
    """The best of several searches from one state, and the moves of all."""
    best, spent = None, 0
    for number in range(schedule.tries):
        found = search(problem, start, 1000 * seed + number, schedule.moves, schedule.hot, schedule.cold, strata_first)
        spent += found.moves
        if best is None or (found.wrong, found.miss) < (best.wrong, best.miss):
            best = found
        if best.miss == 0 and best.wrong == 0:
            break
    return best, spent
