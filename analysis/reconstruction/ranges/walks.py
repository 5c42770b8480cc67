"""From one saved cohort to another near it that satisfies the same printed numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from analysis.cohorts import conditions
from analysis.reconstruction.linked import dates, first_events
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.single.relabelling import times_of
from analysis.reconstruction.single.schedules import exact, walk
from analysis.reconstruction.single.start import Start, add_children
from analysis.reconstruction.solver.labels import Goal
from analysis.reconstruction.solver.pairs import Link
from analysis.reconstruction.solver.timeline import NoSolution
from analysis.reconstruction.temperatures import BACK, ENDS_HEAT

Tables = Mapping[str, pd.DataFrame]


class Walk(NamedTuple):
    """One walk's end: the main table, and the patients' rows where they are tied.

    Attributes
    ----------
    tables : dict of str to DataFrame
        As text and whole numbers; tables that hang on the main one are not made yet.
    links : list of Link
    """

    tables: dict[str, pd.DataFrame]
    links: list[Link]


def begin(problem: Problem, tables: Tables) -> Walk:
    """A saved cohort, as typed tables, where a walk may begin."""
    main = problem.main
    table = _as_text(tables[main])
    return Walk({main: table}, [] if problem.assumptions.linked else _links(problem, main, table))


def step(problem: Problem, here: Walk, seed: int, away: int) -> Walk:
    """Another cohort, so many moves away, that gives every printed curve, follow-up and comparison.

    Raises
    ------
    NoSolution
        If the walk does not reach one.
    """
    main = problem.main
    if problem.assumptions.linked:
        table, miss = dates.walked(problem, here.tables[main], seed, away, BACK, ENDS_HEAT)
        if miss == 0:
            table = first_events.add(problem, table, seed)[list(here.tables[main])]
    else:
        found = walk(problem, Start(dict(here.tables), here.links), seed, away, strata_first=False)
        table, miss = found.table, found.miss + found.wrong
    if miss > 0:
        raise NoSolution("a walk", proven=False)
    return Walk({main: table}, here.links)


def relabel(problem: Problem, here: Walk, seed: int, goal: Goal) -> Walk:
    """A cohort with the same times whose labels, chosen by the solver, lead a number of rows as far as they can.

    Raises
    ------
    NoSolution
        If the solver finds no labels within its limit.
    """
    table = here.tables[problem.main]
    there = exact(problem, times_of(problem, table), table, seed, goal)
    if there is None:
        raise NoSolution("labels of a walk", proven=False)
    return Walk(there[0].tables, there[0].links)


def finish(problem: Problem, here: Walk, before: Tables, seed: int) -> dict[str, pd.DataFrame]:
    """All tables of a cohort: those that belong to rows of the main one are made, others stay as they were.

    Raises
    ------
    NoSolution
    """
    main = problem.main
    start = Start(dict(here.tables), here.links)
    if not problem.assumptions.linked:
        add_children(problem, start, seed)
    others = {name: _as_text(table) for name, table in before.items() if name not in start.tables and name != main}
    return {**start.tables, **others}


def _links(problem: Problem, main: str, table: pd.DataFrame) -> list[Link]:
    """Rows of one patient in a saved table: which known pair each two are, and the months between them."""
    pairs = problem.assumptions.of(main).pairs
    found: list[Link] = []
    if pairs is None:
        return found
    for pair in pairs.known:
        first, second = (table.index[conditions.parse(text).mask(table)] for text in (pair.first, pair.second))
        for one in first:
            for other in second:
                if one != other and table.at[one, pairs.key] == table.at[other, pairs.key]:
                    gap = int(table.at[other, pairs.age]) - int(table.at[one, pairs.age]) if pair.gap else None
                    found.append(Link(int(one), int(other), gap, pair))
    return found


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Truth values as the stages of a search write them: 1, 0 or nothing."""
    plain = table.reset_index(drop=True).copy()
    for name in plain:
        if pd.api.types.is_bool_dtype(plain[name]):
            plain[name] = plain[name].map(lambda value: None if pd.isna(value) else str(int(value))).astype(object)
    return plain
