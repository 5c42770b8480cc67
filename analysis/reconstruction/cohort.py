"""One cohort from one seed: starts, searches, and the tables that hang on the main one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from analysis.reconstruction.problem import Problem
from analysis.reconstruction.search import Found, search
from analysis.reconstruction.start import Start, add_children, make_start
from analysis.reconstruction.timeline import NoSolution

#: Starts tried for one cohort before giving up, and those among them that got as far as a search.
ATTEMPTS, SEARCHED = 40, 3
#: Searches from one start, and moves of each: for the comparisons of strata, then for all.
RESTARTS, MOVES = 14, 400_000
FINISHES, LAST_MOVES = 3, 600_000


@dataclass(frozen=True)
class Cohort:
    """A cohort and how it came about.

    Attributes
    ----------
    tables : dict of str to DataFrame
    seed : int
        Of the start that led to it.
    miss : float
        Weighted miss of P values and hazard ratios; 0 if all hold.
    moves : int
        Moves of all searches.
    """

    tables: dict[str, pd.DataFrame]
    seed: int
    miss: float
    moves: int


def make_cohort(problem: Problem, seed: int, say: Callable[[str], None] = lambda line: None) -> Cohort:
    """A cohort that satisfies every linear row that its stages hold, and the others as nearly as found.

    Searches first look at comparisons of the strata alone, which few time patterns fit, then
    at all.  A start whose searches end with a miss makes way for the next one; after
    `SEARCHED` of them the best counts.

    Parameters
    ----------
    problem : Problem
    seed : int
        Same seed, same cohort.
    say : callable of str
        Told what happens.

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
    for attempt in range(ATTEMPTS):
        used = seed * 1000 + attempt
        try:
            start = make_start(problem, used)
            found = _searched(problem, start, used)
            start = replace(start, tables={problem.assumptions.timeline.table: found.table})
            add_children(problem, start, used)
        except NoSolution as error:
            say(f"start {used}: {error}")
            failure = error
            continue
        searched, spent = searched + 1, spent + found.moves
        say(f"start {used}: miss {found.miss:.2f} after {found.moves} moves")
        if best is None or (len(start.missed), found.miss) < best[0]:
            best = (len(start.missed), found.miss), Cohort(start.tables, used, found.miss, spent)
        if best[0] == (0, 0.0) or searched == SEARCHED:
            break
    if best is None:
        raise failure
    return replace(best[1], moves=spent)


def _searched(problem: Problem, start: Start, seed: int) -> Found:
    main = problem.assumptions.timeline.table
    best, spent = None, 0
    for restart in range(RESTARTS):
        found = search(problem, start, seed + restart, MOVES, hot=1.0, cold=0.05, strata_first=True)
        spent += found.moves
        if best is None or found.miss < best.miss:
            best = found
        if best.miss == 0:
            break
    last = None
    for finish in range(FINISHES):
        found = search(problem, replace(start, tables={main: best.table}), seed + finish, LAST_MOVES, hot=0.6, cold=0.05)
        spent += found.moves
        if last is None or found.miss < last.miss:
            last = found
        if last.miss == 0 or best.miss > 0:
            break
    return replace(last, moves=spent)
