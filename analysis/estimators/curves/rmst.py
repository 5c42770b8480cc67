"""Restricted mean survival time."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.errors import Undefined
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.engines.shown import take
from analysis.estimators.numerics import checks, distributions, estimable


class RestrictedMean(NamedTuple):
    """Restricted mean (caller's unit of time), its standard error and confidence limits.

    `why` says why there are no limits (NaN), where there are none; else it is empty.
    """

    mean: float
    standard_error: float
    lower: float
    upper: float
    why: str = ""


class RestrictedMeanDifference(NamedTuple):
    """First group's restricted mean less the reference's, with standard error, limits and two-sided P.

    `why` says why there are neither limits nor P (NaN), where there are none; else it is empty.
    """

    difference: float
    standard_error: float
    lower: float
    upper: float
    p: float
    why: str = ""


def restricted_mean(time: npt.ArrayLike, event: npt.ArrayLike, horizon: float, level: float = 0.95) -> RestrictedMean:
    """Return the mean survival time up to `horizon`, the area under the Kaplan-Meier curve.

    Var = Σ over event times t <= horizon of A(t)² d / (n (n - d)), A(t) the area from t to the horizon.

    Parameters
    ----------
    time, event : array_like
        As in `kaplan_meier.kaplan_meier`.
    horizon : float
        Upper end of the area, greater than 0, in the unit of `time`.
    level : float

    Returns
    -------
    RestrictedMean
        Limits mean ± z SE, not clipped. None where the standard error is 0 (no event before the horizon, or all
        deaths at one time), which says nothing of the precision.

    Raises
    ------
    ValueError
        For faulty data, or a horizon beyond the last observed time of a curve that has not come down to 0.

    Notes
    -----
    Royston and Parmar, BMC Med Res Methodol 2013;13:152; R prints the same as ``rmean`` and ``se(rmean)``. Where it is shown,
    the mean is that of lifelines, whose variance is not that of the estimate but of min(T, horizon); nor has statsmodels one.
    """
    z = distributions.reach(level)
    curve = kaplan_meier(time, event)
    if not (np.isfinite(horizon) and horizon > 0):
        raise ValueError(f"horizon: expected a time after 0, found {horizon}")
    if horizon > curve.time[-1] + checks.TIME_TOLERANCE and curve.survival[-1] > 0:
        raise Undefined(
            f"horizon: expected at most the last observed time {curve.time[-1]:g}, found {horizon:g}; the curve is not known beyond"
        )
    inside = curve.time < horizon
    edges = np.concatenate(([0.0], curve.time[inside], [horizon]))
    areas = np.concatenate(([1.0], curve.survival[inside])) * np.diff(edges)
    after = areas[::-1].cumsum()[::-1][1:]
    d, n = curve.events[inside], curve.at_risk[inside].astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        # once the last patient at risk has died no area is left: 0 / 0, limit 0
        terms = np.where((d == 0) | (n == d), 0.0, after**2 * d / (n * (n - d)))
    asked = (curve.time, curve.events, curve.censored, horizon)
    mean = float(take("restricted mean", "", {"mean": areas.sum()}, *asked)["mean"])
    error = float(np.sqrt(terms.sum()))
    if not error > 0:
        why = (
            estimable.missing_events([d.sum()], ["the group"], f"before {horizon:g}")
            or f"all {d.sum():g} events at one time: a standard error of 0 gives no limits"
        )
        return RestrictedMean(mean, 0.0, np.nan, np.nan, why)
    return RestrictedMean(mean, error, mean - z * error, mean + z * error)


def difference(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    group: npt.ArrayLike,
    horizon: float,
    groups: Sequence[Any] | None = None,
    level: float = 0.95,
) -> RestrictedMeanDifference:
    """Compare the restricted means of two groups (difference, z test).

    Parameters
    ----------
    time, event, group : array_like, shape (n,)
    horizon : float
        As in `restricted_mean`.
    groups : (first, reference), optional
        Default: the two labels, sorted.
    level : float

    Returns
    -------
    RestrictedMeanDifference
        Neither limits nor P where one group has a standard error of 0: all uncertainty would be the other group's.
    """
    z = distributions.reach(level)
    time, event = checks.survival_data(time, event)
    names, codes = checks.labels(group, "group", groups)
    checks.same_length(time=time, group=codes)
    if len(names) != 2:
        raise Undefined(f"group: expected two groups, found {list(names)}")
    first, reference = (restricted_mean(time[codes == k], event[codes == k], horizon, level) for k in (0, 1))
    gap = first.mean - reference.mean
    error = float(np.hypot(first.standard_error, reference.standard_error))
    reasons = [mean.why.replace("the group", group) for mean, group in zip((first, reference), estimable.GROUPS) if mean.why]
    if reasons:
        return RestrictedMeanDifference(gap, error, np.nan, np.nan, np.nan, "; ".join(reasons))
    return RestrictedMeanDifference(gap, error, gap - z * error, gap + z * error, float(2 * distributions.normal_tail(abs(gap) / error)))
