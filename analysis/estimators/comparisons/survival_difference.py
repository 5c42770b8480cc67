"""Survival of two groups compared at a time, and a trend of hazards over groups in order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.errors import Undefined
from analysis.estimators.comparisons import log_rank
from analysis.estimators.curves.kaplan_meier import Curve
from analysis.estimators.numerics import checks, distributions

TRANSFORMATIONS = ("plain", "log-log")


class Difference(NamedTuple):
    """Survival of the first curve less that of the second at a time, as shares, with its limits and P."""

    difference: float
    lower: float
    upper: float
    p: float


def survival_difference(first: Curve, second: Curve, time: float, scale: str = "plain", level: float = 0.95) -> Difference:
    """Difference of two Kaplan-Meier estimates at a time chosen beforehand.

    Parameters
    ----------
    first, second : Curve
    time : float
    scale : {"plain", "log-log"}
        Of the test: the difference over its Greenwood error, or that of log(-log S) (Klein et al., Stat Med 2007;26:4505-4519).
        Limits are plain.
    level : float

    Raises
    ------
    Undefined
        If both curves are without error at the time; of ``log-log``, if one of them is at 0 or 1.
    """
    checks.one_of(scale, TRANSFORMATIONS, "scale")
    (s1, s2), (e1, e2) = (
        (float(of(time)) for of in ofs)
        for ofs in ([first.survival_at, second.survival_at], [first.standard_error_at, second.standard_error_at])
    )
    error = float(np.hypot(e1, e2))
    if not error > 0:
        raise Undefined("survival at a time is compared where a curve has an error there")
    reach = distributions.reach(level) * error
    if scale == "plain":
        z = (s1 - s2) / error
    else:
        if not (0 < s1 < 1 and 0 < s2 < 1):
            raise Undefined("survival of 0 or 1 has no logarithm to compare")
        spread = np.hypot(e1 / (s1 * np.log(s1)), e2 / (s2 * np.log(s2)))
        z = float((np.log(-np.log(s1)) - np.log(-np.log(s2))) / spread)
    return Difference(s1 - s2, s1 - s2 - reach, s1 - s2 + reach, float(2 * distributions.normal_tail(abs(z))))


def log_rank_trend_p(time: npt.ArrayLike, event: npt.ArrayLike, group: npt.ArrayLike) -> float:
    """P of a trend of hazards over groups numbered 0, 1, … in their order: (Σ j (O - E))² over its variance, one degree of freedom.

    Raises
    ------
    Undefined
        With fewer than two groups, or no event with two of them at risk.
    """
    found = log_rank.compare(time, event, group)
    scores = np.asarray(found.groups, dtype=float)
    variance = float(scores @ found.variance @ scores)
    if not variance > 0:
        raise Undefined("a trend of hazards needs an event with two groups at risk")
    return float(distributions.chi_square_tail(float(scores @ (found.observed - found.expected)) ** 2 / variance, 1))
