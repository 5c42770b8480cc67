"""Which of the declared orders of events a cohort follows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.reconstruction.problem import Problem
from analysis.reconstruction.timeline_assumptions import Order


def followed(problem: Problem, table: pd.DataFrame) -> dict[str, int]:
    """For each declared order, the number of the pattern (from 1) that a main table follows; 0 for none.

    Parameters
    ----------
    problem : Problem
    table : DataFrame
        Typed rows of the table whose times are searched.
    """
    timeline = problem.assumptions.timeline
    return {order.id: _number(problem, order, table) for order in timeline.orders} if timeline else {}


def _number(problem: Problem, order: Order, table: pd.DataFrame) -> int:
    endpoint = problem.study.endpoints[order.endpoint]
    time, event = table[endpoint.time].astype(float).to_numpy(), table[endpoint.event].astype(float).to_numpy() == 1
    groups = [np.asarray(condition.mask(table), bool) for condition in order.conditions]
    months = np.unique(time[event])
    at_risk = tuple(tuple(int((group & (time >= month)).sum()) for group in groups) for month in months)
    events = tuple(tuple(int((group & event & (time == month)).sum()) for group in groups) for month in months)
    return next((number for number, pattern in enumerate(order.patterns, 1) if (pattern.at_risk, pattern.events) == (at_risk, events)), 0)
