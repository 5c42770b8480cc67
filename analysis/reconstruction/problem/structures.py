"""Orders of events that cohorts follow: declared ones, or those that they happen to have."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.problem.timeline_assumptions import Order


def find_patterns(problem: Problem, table: pd.DataFrame) -> dict[str, int]:
    """For each declared order, the number of the pattern (from 1) that a main table follows; 0 for none.

    Parameters
    ----------
    problem : Problem
    table : DataFrame
        Typed rows of the table whose times are searched.
    """
    timeline = problem.assumptions.timeline
    return {order.id: _number(problem, order, table) for order in timeline.orders} if timeline else {}


def find_structures(problem: Problem, tables: Sequence[pd.DataFrame]) -> dict[str, list[int]]:
    """The structure that each of several cohorts holds, by kind.

    Parameters
    ----------
    problem : Problem
    tables : sequence of DataFrame
        Typed rows of the main table, one a cohort.

    Returns
    -------
    dict of str to list of int
        One number a cohort: for each declared order the pattern that it follows (0: none). Where no order is declared,
        for each endpoint with printed survival the order of its events among those at risk, ties included; orders are
        numbered from 1 as they first occur.
    """
    declared = [find_patterns(problem, table) for table in tables]
    if any(declared):
        return {id: [one[id] for one in declared] for id in declared[0]}
    printed = dict.fromkeys(row.arguments["endpoint"] for row in problem.rows(problem.main, "survival", "incidence"))
    return {name: _number_structures([_pattern(problem, name, table, [np.ones(len(table), bool)]) for table in tables]) for name in printed}


def _number_structures(patterns: Sequence[Hashable]) -> list[int]:
    order = {pattern: number for number, pattern in enumerate(dict.fromkeys(patterns), 1)}
    return [order[pattern] for pattern in patterns]


def _number(problem: Problem, order: Order, table: pd.DataFrame) -> int:
    groups = [np.asarray(condition.mask(table), bool) for condition in order.conditions]
    found = _pattern(problem, order.endpoint, table, groups)
    return next((number for number, pattern in enumerate(order.patterns, 1) if (pattern.at_risk, pattern.events) == found), 0)


def _pattern(problem: Problem, name: str, table: pd.DataFrame, groups: Sequence[np.ndarray]) -> tuple[tuple, tuple]:
    """Patients at risk and events of each group, one entry a time with an event."""
    endpoint = problem.study.endpoints[name]
    time, event = table[endpoint.time].astype(float).to_numpy(), table[endpoint.event].astype(float).to_numpy() == 1
    months = np.unique(time[event])
    at_risk = tuple(tuple(int((group & (time >= month)).sum()) for group in groups) for month in months)
    return at_risk, tuple(tuple(int((group & event & (time == month)).sum()) for group in groups) for month in months)
