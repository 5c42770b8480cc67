"""Times to a first event, such as relapse or death, from the searched times and a declared reading."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.reconstruction.problem.accepted import accepts
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.solver.timeline import NoSolution


def add(problem: Problem, table: pd.DataFrame, seed: int, attempts: int = 400) -> pd.DataFrame:
    """Add time and event of the endpoint of first events.

    A row has its event at 0 where the reading says so; else at a relapse, drawn evenly
    between remission or transplantation and death; else its time is the last endpoint's.

    Parameters
    ----------
    problem : Problem
    table : DataFrame
        From `dates.search`.
    seed : int
    attempts : int
        Draws of the relapse times.

    Returns
    -------
    DataFrame

    Raises
    ------
    NoSolution
        If no draw gives what is printed of the endpoint.
    """
    linked = problem.linked
    declared, times = linked.times.first_event, linked.times
    assert declared is not None, "asked where one is declared"
    endpoint, last = problem.study.endpoints[declared.endpoint], problem.study.endpoints[times.endpoint]
    at_zero = np.zeros(len(table), bool)
    for condition in problem.assumptions.readings[declared.reading].at_zero:
        at_zero |= condition.mask(table)
    relapsed = (table[declared.relapse].astype(str) == "1").to_numpy() & ~at_zero
    end = table[last.time].astype(float).to_numpy()
    begin = np.nanmax(np.vstack([table[name].astype(float).fillna(0) for name in declared.later]), axis=0)
    event = at_zero | relapsed | (table[last.event].astype(str) == "1").to_numpy()
    rng, grain = np.random.default_rng(seed), times.grain
    for _ in range(attempts):
        drawn = np.round((begin + (end - begin) * rng.uniform(0.1, 0.95, len(table))) / grain) * grain
        time = np.where(at_zero, 0.0, np.where(relapsed, np.clip(drawn, begin + grain, end - grain), end))
        filled = table.assign(**{endpoint.time: np.round(time, 6), endpoint.event: event.astype(int).astype(str)})
        if _holds(problem, filled, declared.endpoint):
            return filled
    raise NoSolution(f"times of {declared.endpoint}", proven=False)


def _holds(problem: Problem, table: pd.DataFrame, name: str) -> bool:
    """Whether every imposed estimate and limit of the endpoint is reproduced."""
    endpoint = problem.study.endpoints[name]
    for row in problem.rows(endpoint.table, "survival", "survival_lower", "survival_upper"):
        if row.arguments["endpoint"] != name:
            continue
        inside = problem.condition(row).mask(table)
        curve = kaplan_meier(table.loc[inside, endpoint.time].astype(float), table.loc[inside, endpoint.event].astype(int))
        time = float(row.arguments["time"])
        value = curve.survival_at(time) if row.statistic == "survival" else curve.interval_at(time)[row.statistic.endswith("upper")]
        if not accepts(row.value, 100 * value, row.rules):
            return False
    return True
