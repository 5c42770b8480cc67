"""How searches are run: tried several times, followed by the solver's choice of labels, or begun where one has hit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.single.relabelling import relabel
from analysis.reconstruction.single.search import Found, search
from analysis.reconstruction.single.start import Start
from analysis.reconstruction.solver.labels import Goal
from analysis.reconstruction.solver.timeline import NoSolution
from analysis.reconstruction.temperatures import ARRIVAL, BESIDE, FAR, GUIDED, NEARLY, STRATA, WALK_HEAT, Schedule

#: Directions tried for one walk; one in seven leads astray.
DIRECTIONS = 5


def search_in_turn(
    problem: Problem, start: Start, seed: int, schedule: Schedule, strata_first: bool = False, beside: frozenset[str] = frozenset()
) -> Iterator[tuple[Found, Found, int]]:
    """Searches from one state until one hits: what each found, the best so far, and the moves of all so far."""
    best, spent = None, 0
    for number in range(schedule.tries):
        found = search(problem, start, 1000 * seed + number, schedule.moves, schedule.hot, schedule.cold, strata_first, beside=beside)
        spent += found.moves
        best = found if best is None else min(best, found, key=lambda one: one.off)
        yield found, best, spent
        if best.hits:
            return


def search_repeatedly(
    problem: Problem, start: Start, seed: int, schedule: Schedule, strata_first: bool, beside: frozenset[str] = frozenset()
) -> tuple[Found, int]:
    """The best of several searches from one state, and the moves of all."""
    *_, (_, best, spent) = search_in_turn(problem, start, seed, schedule, strata_first, beside)
    return best, spent


def search_strata(problem: Problem, start: Start, seed: int) -> tuple[Found, int]:
    """Searches from a start for the comparisons of strata: what is printed of its curves holds already, or is approached as well."""
    return search_repeatedly(problem, start, seed, GUIDED if search(problem, start, 0, 1).wrong else STRATA, strata_first=True)


def match_comparisons(problem: Problem, timed: tuple, table: pd.DataFrame, seed: int) -> tuple[Start, Found]:
    """Labels and patients for the times of a table, and times nearby, that give all comparisons; or the nearest found.

    A search moves times and labels together until it is near; then the solver is asked for
    labels that give every comparison at the times where it ended.

    Parameters
    ----------
    problem : Problem
    timed : tuple
        What the table's start was made from (`start.times`).
    table : DataFrame
        The main table, with the comparisons of strata.
    seed : int

    Returns
    -------
    start : Start
        With the table found.
    found : Found
        Its moves are those of all searches.

    Raises
    ------
    NoSolution
        If there are no labels at all for these times.
    """
    start = relabel(problem, timed, table, seed, compared=False)
    for number, (found, best, spent) in enumerate(search_in_turn(problem, start, seed, NEARLY)):
        if best.hits:
            break
        there = exact(problem, timed, found.table, 1000 * seed + number)
        if there is not None:
            return there[0], replace(there[1], moves=spent + there[1].moves)
    return replace(start, tables={problem.timeline.table: best.table}), replace(best, moves=spent)


def match_beside(problem: Problem, timed: tuple, table: pd.DataFrame, seed: int, beside: frozenset[str]) -> tuple[tuple, Start, Found]:
    """Labels and patients that give all comparisons, at the times of a table or nearby; or what comes near those searched.

    A search moves times and labels until the comparisons of strata and of the variables beside them hold.
    Those labels are kept; the solver chooses all others.  A search knows methods that the solver does not,
    as Cox's, so that it may find what the solver excludes.

    Parameters
    ----------
    problem : Problem
    timed : tuple
        What the table's start was made from (`start.times`).
    table : DataFrame
        The main table, with the comparisons of strata.
    seed : int
    beside : frozenset of str
        Variables whose comparisons the solver's labels alone do not give.

    Returns
    -------
    timed : tuple
        With the labels that were kept.
    start : Start
    found : Found

    Raises
    ------
    NoSolution
        If there are no labels for these times, or none with those that are kept.
    """
    start = relabel(problem, timed, table, seed, compared=False)
    found, spent = search_repeatedly(problem, start, seed, BESIDE, strata_first=True, beside=beside)
    if not found.hits:
        return timed, start, replace(found, moves=spent)
    times, together = timed
    decided = times.assign(**dict.fromkeys(sorted(beside))), together  # of its columns only the names count
    there = exact(problem, decided, found.table, seed)
    if there is None:
        raise NoSolution("labels beside those that are kept", proven=False)
    return decided, there[0], replace(there[1], moves=spent + there[1].moves)


def walk(problem: Problem, start: Start, seed: int, away: int, strata_first: bool) -> Found:
    """Another state that hits, so many moves away from one that does."""
    return search(problem, start, seed, away + ARRIVAL, WALK_HEAT, WALK_HEAT, strata_first, away)


def walk_away(problem: Problem, timed: tuple, start: Start, seed: int) -> tuple[Start, Found]:
    """Another state that gives every comparison, far from one that does, with labels and patients chosen anew.

    Labels of the walk itself stay where the solver finds none within its limit.

    Parameters
    ----------
    problem : Problem
    timed : tuple
        What the start was made from (`start.times`).
    start : Start
        A state that hits.
    seed : int

    Raises
    ------
    NoSolution
        If every direction leads astray.
    """
    main, spent = problem.timeline.table, 0
    for number in range(DIRECTIONS):
        moved = walk(problem, start, 1000 * seed + number, FAR, strata_first=False)
        spent += moved.moves
        there = exact(problem, timed, moved.table, 1000 * seed + number)
        if there is not None:
            return there[0], replace(there[1], moves=spent + there[1].moves)
        if moved.hits:
            return replace(start, tables={main: moved.table}), replace(moved, moves=spent)
    raise NoSolution("a walk from the first hit", proven=False)


def exact(problem: Problem, timed: tuple, table: pd.DataFrame, seed: int, goal: Goal | None = None) -> tuple[Start, Found] | None:
    """Labels and patients chosen by the solver that give all comparisons at the times of a table, if it finds any.

    Parameters
    ----------
    problem : Problem
    timed : tuple
        What the table's start was made from (`start.times`).
    table : DataFrame
        The main table; its times and strata stay.
    seed : int
    goal : Goal, optional
        What the labels are to make as great or as small as they can.

    Returns
    -------
    tuple of Start and Found, or None
    """
    try:
        start = relabel(problem, timed, table, seed, goal=goal)
    except NoSolution:
        return None
    found = walk(problem, start, seed, 0, strata_first=False)  # the solver's numbers are rounded, and a last digit may be off
    return (replace(start, tables={problem.timeline.table: found.table}), found) if found.hits else None
