"""Independent check of a cohort against digitised curves: each point as it was read, by the estimators."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.estimators.curves.kaplan_meier import Curve, kaplan_meier
from analysis.reconstruction.problem.digitised import DigitisedCurve
from analysis.reconstruction.problem.problem import Problem

#: Sums of floats differ in their last bits.
_LAST_BITS = 1e-6


def read_off(problem: Problem, tables: Mapping[str, pd.DataFrame]) -> dict[str, bool]:
    """Points and numbers at risk of all digitised curves, in words, and whether a cohort has them.

    Parameters
    ----------
    problem : Problem
    tables : mapping of name to DataFrame
        Typed tables.
    """
    found: dict[str, bool] = {}
    for curve in problem.digitised:
        rows = tables[problem.assumptions.timeline.table]
        endpoint = problem.study.endpoints[curve.endpoint]
        group = rows[curve.group.mask(rows) & rows[endpoint.time].notna()]
        time = group[endpoint.time].to_numpy(float)
        estimate = kaplan_meier(time, group[endpoint.event].to_numpy(bool)) if len(group) else None
        name = f"{curve.declared.source}, {curve.endpoint}" + (f" of {curve.declared.where}" if curve.declared.where else "")
        for month, survival in curve.points:
            found[f"{name}: {survival:g}% at {month:g}"] = estimate is not None and _near(curve, estimate, month, survival)
        for month, number in curve.printed_at_risk:
            most, least = (time >= month).sum(), (time > month).sum()
            exact = month == 0 or curve.declared.drawn_from == "whole months"
            found[f"{name}: {number} at risk at {month}"] = bool(number == most if exact else least <= number <= most)
    return found


def _near(curve: DigitisedCurve, estimate: Curve, month: float, survival: float) -> bool:
    before, after = (100 * float(estimate.survival_at(end)) for end in curve.reach(month))
    return before >= survival - curve.declared.tolerance - _LAST_BITS and after <= survival + curve.declared.tolerance + _LAST_BITS
