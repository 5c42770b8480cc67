"""Windows of dates: how early and how late each may be, and random dates within them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import Clause, Condition
from analysis.ledger.rows.row import Row
from analysis.reconstruction.kernels.date_search import draw_time
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.solver.timeline import NoSolution


def windows(problem: Problem, table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest time of each variable and row.

    Declared windows, and the side of each printed threshold on which the labels put a row
    of whom the printed number speaks; thresholds that are left to the search (`counted`) aside.

    Parameters
    ----------
    problem : Problem
    table : DataFrame
        From `cases.label`.

    Returns
    -------
    low, high : ndarray of int, shape (variables, rows)
        In grains; −1 in `low` where a row has no such time.
    """
    times, name = problem.linked.times, problem.linked.cases
    low = np.full((len(times.variables), len(table)), -1)
    high = np.full((len(times.variables), len(table)), 10**9)
    for window in times.windows:
        v, inside = times.variables.index(window.variable), window.condition.mask(table)
        low[v, inside] = np.maximum(low[v, inside], math.ceil(window.first / times.grain - 1e-9))
        high[v, inside] = np.minimum(high[v, inside], math.floor(window.last / times.grain + 1e-9))
    for row in problem.rows(name, "count", "percent"):
        condition = problem.condition(row)
        for clause in condition.clauses:
            if clause.variable not in times.variables or clause.variable not in table:
                continue
            if counted(problem, row) is not None:
                continue
            others = Condition(tuple(c for c in condition.clauses if c.variable not in times.variables))
            rows, met = others.mask(table), clause.mask(table)
            _bound(
                low[times.variables.index(clause.variable)], high[times.variables.index(clause.variable)], rows, met, clause, times.grain
            )
    return low, high


def counted(problem: Problem, row: Row) -> Clause | None:
    """The clause on a time by which a printed count is left to the search of times; none where labels decide it.

    The search sees to a count of rows up to a time unless an assumption speaks of that
    threshold: labels that put rows on either side of it would bind the curves for nothing.
    """
    linked = problem.linked
    assumed = problem.assumptions.of(linked.cases)
    conditions = [window.condition for window in linked.times.windows] + [bound.condition for bound in assumed.bounds]
    conditions += [condition for rule in assumed.rules for condition in (rule.premise, rule.conclusion)]
    spoken = {(clause.variable, clause.values) for condition in conditions for clause in condition.clauses}
    asked = (
        clause
        for clause in problem.condition(row).clauses
        if clause.variable in linked.times.variables and clause.comparison in ("<", "<=")
    )
    return next((clause for clause in asked if (clause.variable, clause.values) not in spoken), None)


def _bound(low, high, rows, met, clause: Clause, grain: float) -> None:
    """Keep rows on the side of a threshold on which the labels put them."""
    at = float(clause.values[0]) / grain
    below = met if clause.comparison in ("<", "<=") else ~met
    last = math.ceil(at) - 1 if clause.comparison in ("<", ">=") else math.floor(at)
    high[rows & below] = np.minimum(high[rows & below], last)
    low[rows & ~below] = np.maximum(low[rows & ~below], last + 1)


def tighten(low: np.ndarray, high: np.ndarray, order: np.ndarray) -> None:
    """Carry the order of dates into the windows, in place.

    Raises
    ------
    NoSolution
        If a row's windows leave no time.
    """
    for _ in range(len(low)):
        for a, b, gap in order:
            both = (low[a] >= 0) & (low[b] >= 0)
            low[b, both] = np.maximum(low[b, both], low[a, both] + gap)
            high[a, both] = np.minimum(high[a, both], high[b, both] - gap)
    empty = (low > high).any(axis=0)
    if empty.any():
        raise NoSolution(f"windows of times of row {int(np.argmax(empty)) + 1}", proven=True)


def start(low, high, order, events) -> np.ndarray:
    """Random times within the windows, later variables after earlier ones.

    Parameters
    ----------
    low, high : ndarray of int, shape (variables, rows)
        After `tighten`.
    order : ndarray of int, shape (orders, 3)
        Earlier variable, later variable, least distance.
    events : ndarray of int, shape (rows,)
        Deaths are drawn more in the early part of their windows.

    Returns
    -------
    ndarray of int, shape (variables, rows)
    """
    values = np.full(low.shape, -1)
    for p in range(low.shape[1]):
        for v in range(low.shape[0]):
            if low[v, p] < 0:
                continue
            least, most = low[v, p], high[v, p]
            for a, b, gap in order:
                if b == v and values[a, p] >= 0:
                    least = max(least, values[a, p] + gap)
                if a == v and values[b, p] >= 0:
                    most = min(most, values[b, p] - gap)
            values[v, p] = draw_time(least, max(least, most), events[p] == 1 and v == 0)
    return values
