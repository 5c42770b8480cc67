"""One cohort from one seed: beginnings, searches, and the tables that hang on the main one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from analysis.reconstruction.large.cohort import make_tables, polished
from analysis.reconstruction.large.reach import large, within_small
from analysis.reconstruction.linked.registry import make_linked
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.single.beginnings import Beginnings, group
from analysis.reconstruction.single.relabelling import tied
from analysis.reconstruction.single.schedules import exact, search_repeatedly, search_strata, walk_away
from analysis.reconstruction.single.search import Found
from analysis.reconstruction.single.single_cohort import Cohort
from analysis.reconstruction.single.start import Start, add_children, make_start
from analysis.reconstruction.solver.timeline import NoSolution
from analysis.reconstruction.temperatures import ALL

#: Starts tried for one cohort before giving up, and those among them that got as far as a search.
ATTEMPTS, SEARCHED = 40, 2


def make_cohort(problem: Problem, seed: int, say: Callable[[str], None] = lambda line: None, known: Beginnings | None = None) -> Cohort:
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
    known : Beginnings, optional
        Kept from the last seed; without it they are made anew, to the same result.

    Raises
    ------
    NoSolution
        If no start leads through all stages.
    """
    if problem.assumptions.linked:
        return make_linked(problem, seed, say, known)
    if large(problem):
        tables, miss, moves = make_tables(problem, seed, say)
        say(f"start {seed}: miss {miss:.2f} after {moves} moves")
        found = Cohort(tables, seed, miss, moves)
        if miss == 0 or not within_small(problem):
            return found
        try:  # which takes longer, and mostly finds a last digit
            other = _of_small(problem, seed, say, known)
        except NoSolution:
            return found
        return replace(other, tables=polished(problem, other.tables, seed, say)) if other.miss == 0 else found
    other = _of_small(problem, seed, say, known)
    return replace(other, tables=polished(problem, other.tables, seed, say))


def _of_small(problem: Problem, seed: int, say: Callable[[str], None], known: Beginnings | None) -> Cohort:
    """A cohort by times from the solver, labels from the solver, and searches from them."""
    failure = NoSolution("all stages", proven=False)
    best, searched, spent = None, 0, 0
    known = known or Beginnings(problem, group(seed))
    problem = known.problem
    for attempt in range(ATTEMPTS):
        used = seed * 1000 + attempt
        try:
            origin, timed = known.times(seed, attempt)
            start, found = _tie_times(problem, known, origin, timed, used) if tied(problem) else _free(problem, timed, used)
            start = replace(start, tables={problem.timeline.table: found.table})
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


def _free(problem: Problem, timed: tuple, seed: int) -> tuple[Start, Found]:
    """Labels for a start's times, then times that give the comparisons of strata, then labels and times that give all.

    Where the last search comes near, the solver is asked for labels.
    """
    main = problem.timeline.table
    start = make_start(problem, seed, timed)
    best, spent = search_strata(problem, start, seed)
    if best.miss > 0:
        return start, replace(best, moves=spent)
    start = replace(start, tables={main: best.table})
    last, more = search_repeatedly(problem, start, seed, ALL, strata_first=False)
    if last.wrong == 0 and last.miss > 0:
        start, last = exact(problem, timed, last.table, seed) or (start, last)
    return start, replace(last, moves=spent + more)


def _tie_times(problem: Problem, known: Beginnings, origin: int, timed: tuple, seed: int) -> tuple[Start, Found]:
    """Times that give all comparisons, far from the first hit of the group, with labels and patients chosen anew for them."""
    timed, start, first = known.hit(origin, timed)
    return walk_away(problem, timed, start, seed) if first.miss == 0 else (start, first)
