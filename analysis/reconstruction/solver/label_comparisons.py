"""Printed comparisons of survival between labels, exactly, where the times are decided.

With the times fixed, the number at risk in one group before each event month is a sum of
indicators; its expected events and the variance of the log-rank test are sums of functions
of these numbers.  So a log-rank P, and a hazard ratio with its limits of the kind
(O1/E1)/(O2/E2) or exp((O1 - E1)/V), are constraints of the solver: what it calls infeasible
is out of reach at these times for the first kind, but for the rounding to 1/`SCALE`; limits of
the second are held within bounds that are good anywhere in a cell of V, so that a narrow fit may
be lost.

References
----------
Peto R, Pike MC, Armitage P, et al. Br J Cancer 1977;35:1-39 (observed and expected events).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import norm

from analysis.cohorts.conditions import Clause, Condition
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics import groups
from analysis.reconstruction.constraints.hazard_ratio_ranges import (
    CELL,
    COMPARISONS,
    LOG,
    RATIOS,
    SCALE,
    TESTS,
    differences,
    moments,
    ratios,
    slopes,
)
from analysis.reconstruction.problem.accepted import widest
from analysis.reconstruction.solver.label_model import LabelModel, require


@dataclass
class Comparison:
    """What is printed of one comparison of two groups.

    Attributes
    ----------
    first : list
        One literal a row: in the first group (a number where decided).
    inside : ndarray of bool, shape (rows,)
        Rows of either group.
    asked : dict of str to (float, float)
        Statistic and its printed interval.
    """

    endpoint: str
    first: list
    inside: np.ndarray
    asked: dict[str, tuple[float, float]] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)


def add_comparisons(model: LabelModel) -> None:
    """Constrain every comparison by a label that is not decided yet, of two groups that make up a decided whole."""
    for comparison in _comparisons(model):
        if not all(isinstance(literal, int) for literal in comparison.first):
            _add(model, comparison)
            model.used += comparison.ids


def _comparisons(model: LabelModel) -> list[Comparison]:
    found: dict[tuple, Comparison] = {}
    declared = model.problem.study.variables[model.table]
    for row in model.problem.rows(model.table, *COMPARISONS):
        endpoint = model.problem.study.endpoints[row.arguments["endpoint"]]
        by = row.arguments["by"]
        sides = groups.names(row.arguments["groups"]) if "groups" in row.arguments else groups.levels_of(declared[by])
        base = model.problem.condition(row)
        if len(sides) != 2 or endpoint.time not in model.known or not model.speaks_of(base):
            continue
        key = row.arguments["endpoint"], by, tuple(sides), str(base)
        if key not in found:
            comparison = _sides(model, row, base, [groups.merge_levels(side, declared[by]) for side in sides])
            if comparison is None:
                continue
            found[key] = comparison
        found[key].ids.append(row.id)
        statistic = "p" if row.statistic in TESTS else row.statistic
        found[key].asked[statistic] = widest(row.value, row.rules)
    return list(found.values())


def _sides(model: LabelModel, row: Row, base: Condition, sides: list) -> Comparison | None:
    by, rows = row.arguments["by"], range(len(model))
    if by not in model.known and by not in model.blocks:
        return None
    either = [model.literal(k, base & Condition((Clause(by, "=", (*sides[0], *sides[1])),))) for k in rows]
    if not all(isinstance(literal, int) for literal in either):
        return None
    first = [model.literal(k, base & Condition((Clause(by, "=", sides[0]),))) for k in rows]
    return Comparison(row.arguments["endpoint"], first, np.array(either, bool))


def _add(model: LabelModel, comparison: Comparison) -> None:
    solver, endpoint = model.solver, model.problem.study.endpoints[comparison.endpoint]
    times, events = (
        model.known[endpoint.time].fillna(-1).astype(int).to_numpy(),
        model.known[endpoint.event].fillna(0).astype(int).to_numpy(),
    )
    inside = comparison.inside & (times >= 0)
    died = inside & (events == 1)
    total = int(died.sum())
    observed = solver.new_int_var(0, total, "")
    solver.add(observed == sum(comparison.first[k] for k in np.flatnonzero(died)))
    expected, variance = [], []
    for month in sorted(set(times[died])):
        deaths, at_risk = int((died & (times == month)).sum()), int((inside & (times >= month)).sum())
        exposed = solver.new_int_var(0, at_risk, "")
        solver.add(exposed == sum(comparison.first[k] for k in np.flatnonzero(inside & (times >= month))))
        e, v = solver.new_int_var(0, total * SCALE, ""), solver.new_int_var(0, total * SCALE, "")
        solver.add_allowed_assignments([exposed, e, v], [(n, *moments(n, at_risk, deaths)) for n in range(at_risk + 1)])
        expected.append(e)
        variance.append(v)
    both = solver.new_int_var(0, total * SCALE, "")
    solver.add(both == sum(expected))
    slack = len(expected)
    spread = sum(variance)
    choices = []
    for number, low, high in ratios(total, comparison.asked, slack):
        choice = solver.new_bool_var("")
        choices.append(choice)
        require(solver, observed == number, both >= low, both <= high, when=choice)
    if set(comparison.asked) & set(RATIOS):
        choice = solver.new_bool_var("")
        choices.append(choice)
        _mantel_haenszel(model, SCALE * observed - both, spread, total, comparison.asked, choice)
    solver.add_bool_or(choices)
    if "p" in comparison.asked:
        _test(model, observed, both, spread, total, comparison.asked["p"])


def _mantel_haenszel(model: LabelModel, difference, variance, total: int, asked, choice) -> None:
    """Log hazard ratio (O1 - E1)/V, linear in both, with standard error 1/sqrt(V): bounds of O1 - E1 for each narrow cell of V."""
    solver = model.solver
    lows, highs = differences(total, asked)
    cell = solver.new_int_var(0, len(lows) - 1, "")
    most = total * SCALE
    least, greatest = (solver.new_int_var(-most - 1, most + 1, "") for _ in range(2))
    solver.add_element(cell, lows, least)
    solver.add_element(cell, highs, greatest)
    require(solver, variance >= CELL * cell, variance <= CELL * cell + CELL - 1, difference >= least, difference <= greatest, when=choice)
    if "hazard_ratio" in asked:
        low, high = slopes(asked["hazard_ratio"])
        require(solver, LOG * difference <= high * variance, when=choice)
        if low is not None:
            require(solver, LOG * difference >= low * variance, when=choice)


def _test(model: LabelModel, observed, expected, variance, total: int, asked: tuple[float, float]) -> None:
    """The squared difference of observed and expected events over its variance is the chi-square printed as P."""
    solver = model.solver
    difference, square = solver.new_int_var(-total * SCALE, total * SCALE, ""), solver.new_int_var(0, (total * SCALE) ** 2, "")
    solver.add(difference == SCALE * observed - expected)
    solver.add_multiplication_equality(square, [difference, difference])
    least = norm.isf(min(asked[1], 1) / 2) ** 2
    solver.add(square >= math.ceil(least * SCALE) * variance)
    if asked[0] > 0:
        solver.add(square <= math.floor(norm.isf(asked[0] / 2) ** 2 * SCALE) * variance)
