"""Independent check of a cohort against digitised curves: each point as it was read, by the estimators."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
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
    steps = problem.timeline.steps if problem.digitised else 1
    for curve in problem.digitised:
        rows = tables[problem.timeline.table]
        endpoint = problem.study.endpoints[curve.endpoint]
        group = rows[curve.group.mask(rows) & rows[endpoint.time].notna()]
        time, event = np.round(group[endpoint.time].to_numpy(float) * steps, 2), group[endpoint.event].to_numpy(bool)
        estimate = kaplan_meier(time, event) if len(group) else None
        name = f"{curve.declared.source}, {curve.endpoint}" + (f" of {curve.declared.where}" if curve.declared.where else "")
        fine = curve.in_steps(steps)
        for (month, survival), reach in zip(curve.points, fine.reaches):
            words = f"{name}: {survival:g}% at {month:g}"
            found[words] = found.get(words, True) and estimate is not None and _near(curve, estimate, survival, reach)
        for (month, number), (at, _) in zip(curve.printed_at_risk, fine.printed_at_risk):
            most, least = (time >= at - _LAST_BITS).sum(), (time > math.ceil(at - _LAST_BITS)).sum()
            exact = month == 0 or curve.declared.drawn_from == "whole months"
            found[f"{name}: {number} at risk at {month:g}"] = bool(number == most if exact else least <= number <= most)
        for first, last, least in fine.censored:
            free = (time >= first) & (time <= last) & ~event
            found[f"{name}: {least} censored from {first / steps:g} to {last / steps:g}"] = bool(free.sum() >= least)
    return found


def _near(curve: DigitisedCurve, estimate: Curve, survival: float, reach: tuple[int, int]) -> bool:
    first, last = reach
    before, after = (100 * float(estimate.survival_at(end)) for end in reach)
    return (first < 0 or before >= survival - curve.declared.tolerance - _LAST_BITS) and (
        after <= survival + curve.declared.tolerance + _LAST_BITS
    )
