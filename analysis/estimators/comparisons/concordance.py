"""The concordance index (Harrell's C) of a prediction of survival."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.errors import Undefined
from analysis.estimators.numerics import checks, distributions


class Concordance(NamedTuple):
    """Share of pairs in the right order, its standard error and confidence limits within 0 and 1."""

    value: float
    standard_error: float
    lower: float
    upper: float


def concordance(time: npt.ArrayLike, event: npt.ArrayLike, risk: npt.ArrayLike, level: float = 0.95) -> Concordance:
    """Ask how often, of two patients, the one with the higher risk has the event first.

    A pair counts if the shorter time, or one of two equal times, ends in an event, and not both of equal times do;
    equal risks count one half.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As in `kaplan_meier.kaplan_meier`.
    risk : array_like, shape (n,)
        For instance the linear predictor of a Cox model.
    level : float

    Raises
    ------
    Undefined
        If no pair of patients can be compared.

    Notes
    -----
    Value and standard error (infinitesimal jackknife) are those of ``concordance(Surv(time, event) ~ risk, reverse = TRUE)`` of R.
    lifelines has no standard error of it.
    """
    z = distributions.reach(level)
    t, e = checks.survival_data(time, event)
    score = checks.numbers(risk, "risk")
    checks.same_length(time=t, risk=score)
    grid, place = checks.distinct_times(t)
    t = grid[place]
    failed = e.astype(bool)
    compared, right = np.zeros(len(t)), np.zeros(len(t))
    for one in np.flatnonzero(failed):
        later = (t > t[one]) | ((t == t[one]) & ~failed)
        ordered = later * ((score[one] > score) + (score[one] == score) / 2)
        compared += later
        right += ordered
        compared[one] += later.sum()
        right[one] += ordered.sum()
    pairs = compared.sum() / 2
    if not pairs:
        raise Undefined("time: no two patients of whom one is known to have had the event before the other")
    value = right.sum() / 2 / pairs
    error = float(np.sqrt((((right - value * compared) / pairs) ** 2).sum()))
    return Concordance(float(value), error, max(value - z * error, 0.0), min(value + z * error, 1.0))
