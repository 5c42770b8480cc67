"""Survival curves, medians, restricted means and cumulative incidence of pandas objects."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimators.curves import competing_risks, rmst
from analysis.estimators.curves import kaplan_meier as km
from analysis.estimators.curves import nelson_aalen as na
from analysis.estimators.engines import survival as library
from analysis.estimators.frames.columns import columns, engines, events_of, level_of, limit_names


def kaplan_meier(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike | None = None,
    *,
    label: str = "KM_estimate",
    alpha: float = 0.05,
    interval: str = "log-log",
    fitted: bool = False,
) -> Any:
    """Kaplan-Meier estimate with its event table and pointwise limits.

    Parameters
    ----------
    durations : Series or array_like, shape (n,)
        Follow-up times, not negative, in any unit.
    event_observed : Series or array_like, shape (n,), optional
        1 or True if the time ends in an event, 0 if it is censored; all events, if left out.
    label : str
        Name of the estimate's column.
    alpha : float
        One minus the confidence level.
    interval : {"log-log", "log", "plain"}
        Scale on which the limits are symmetrical: ``log-log`` is lifelines' (and Prism's), ``log`` the default of R's ``survfit``.
    fitted : bool
        Give the fitted `lifelines.KaplanMeierFitter` in place of a table; its limits are log-log. It holds the times of patients.

    Returns
    -------
    DataFrame
        Index ``timeline``, from 0; columns ``removed``, ``observed``, ``censored``, ``entrance``, ``at_risk``, the estimate (a
        proportion), its limits (``KM_estimate_lower_0.95`` …; NaN where they do not exist, as in R) and ``standard_error`` (Greenwood).

    Raises
    ------
    ValueError
        For unequal lengths or indexes, negative or missing times, events other than 0 and 1.

    Examples
    --------
    >>> table = kaplan_meier([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
    >>> table.loc[18, ["at_risk", "observed", "KM_estimate"]].astype(float).round(3).tolist()
    [8.0, 1.0, 0.716]
    """
    given = columns(durations=durations, event_observed=events_of(durations, event_observed))
    level = level_of(alpha)
    with engines():
        curve = km.kaplan_meier(given["durations"], given["event_observed"])
        if fitted:
            return library.fitted_curve(curve.time, curve.events, curve.censored, level)
        lower, upper = curve.interval_at(curve.time, interval, level)
    table = _event_table(curve)
    low, high = limit_names(label, alpha)
    for name, values, before in (
        (label, curve.survival, 1.0), (low, lower, 1.0), (high, upper, 1.0), ("standard_error", curve.standard_error_at(curve.time), 0.0),
    ):  # fmt: skip
        table[name] = _from_zero(table, curve, values, before)
    return table


def _event_table(curve: km.Curve) -> pd.DataFrame:
    """lifelines' table of events, whose first row is time 0."""
    removed = curve.events + curve.censored
    table = pd.DataFrame(
        {"removed": removed, "observed": curve.events, "censored": curve.censored, "entrance": 0, "at_risk": curve.at_risk},
        index=pd.Index(curve.time, name="timeline"),
    )
    if curve.time[0] > 0:
        table.loc[0.0] = [0, 0, 0, 0, curve.n]
    table.loc[0.0, "entrance"] = curve.n
    return table.sort_index().astype(int)


def _from_zero(table: pd.DataFrame, curve: km.Curve, values: npt.ArrayLike, before: float) -> np.ndarray[Any, Any]:
    """Values at the distinct times, preceded by that of time 0 where nothing happens then."""
    known = np.asarray(values, dtype=float)
    return known if len(table) == len(curve.time) else np.concatenate(([before], known))


def nelson_aalen(durations: npt.ArrayLike, event_observed: npt.ArrayLike | None = None, *, label: str = "NA_estimate") -> pd.DataFrame:
    """Nelson-Aalen estimate of the cumulative hazard.

    Parameters
    ----------
    durations, event_observed
        As in `kaplan_meier`.
    label : str
        Name of the estimate's column.

    Returns
    -------
    DataFrame
        Index ``timeline``; columns ``observed``, ``censored``, ``at_risk``, the estimate (events per patient at risk, summed) and
        ``standard_error``.

    Examples
    --------
    >>> nelson_aalen([1, 2, 3], [1, 0, 1])["NA_estimate"].round(3).tolist()
    [0.333, 0.333, 1.333]
    """
    given = columns(durations=durations, event_observed=events_of(durations, event_observed))
    with engines():
        found = na.nelson_aalen(given["durations"], given["event_observed"])
    found["standard_error"] = np.sqrt(found.pop("variance"))
    return found.rename(columns={"time": "timeline", "events": "observed", "cumulative_hazard": label}).set_index("timeline")


def median_survival_time(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike | None = None,
    *,
    rule: str = "midpoint",
    interval: str = "log",
    alpha: float = 0.05,
) -> pd.Series:
    """Median survival time with limits.

    Parameters
    ----------
    durations, event_observed
        As in `kaplan_meier`.
    rule : {"midpoint", "left", "right"}
        What is reported where the curve runs flat at one half: the middle (R, Prism), the beginning (SPSS), the end (statsmodels).
    interval : {"log", "log-log", "plain", "density"}
        Where the limits of that kind cross one half; ``density``: SPSS's, from a standard error.
    alpha : float
        One minus the confidence level.

    Returns
    -------
    Series
        ``median``, ``lower``, ``upper`` in the unit of the durations; NaN where the curve or its limit stays above one half.

    Examples
    --------
    >>> median_survival_time([1, 2, 3, 5, 8, 9], [1, 1, 1, 0, 1, 1]).tolist()[0]
    5.5
    """
    given = columns(durations=durations, event_observed=events_of(durations, event_observed))
    with engines():
        curve = km.kaplan_meier(given["durations"], given["event_observed"])
        low, high = curve.median_interval(interval, level_of(alpha), rule)
    return pd.Series({"median": curve.median(rule), "lower": low, "upper": high})


def restricted_mean_survival_time(
    durations: npt.ArrayLike, event_observed: npt.ArrayLike | None = None, *, t: float, alpha: float = 0.05
) -> pd.Series:
    """Restricted mean survival time: the area below the curve up to a time.

    Parameters
    ----------
    durations, event_observed
        As in `kaplan_meier`.
    t : float
        End of the area, in the unit of the durations.
    alpha : float
        One minus the confidence level.

    Returns
    -------
    Series
        ``rmst``, ``standard_error``, ``lower``, ``upper``; the error is that of the mean, as in R (lifelines' is that of min(T, t)).

    Raises
    ------
    Undefined
        If follow-up ends before `t` with the curve above 0.
    """
    given = columns(durations=durations, event_observed=events_of(durations, event_observed))
    with engines():
        found = rmst.restricted_mean(given["durations"], given["event_observed"], t, level_of(alpha))
    return pd.Series({"rmst": found.mean, "standard_error": found.standard_error, "lower": found.lower, "upper": found.upper})


def cumulative_incidence(
    durations: npt.ArrayLike, event_observed: npt.ArrayLike, event_of_interest: int = 1, *, alpha: float = 0.05, interval: str = "log-log"
) -> pd.DataFrame:
    """Cumulative incidence of one cause, the others competing with it (Aalen-Johansen).

    Parameters
    ----------
    durations : Series or array_like, shape (n,)
    event_observed : Series or array_like of int, shape (n,)
        0 if censored, else the number of the cause.
    event_of_interest : int
    alpha : float
        One minus the confidence level.
    interval : {"log-log", "plain"}

    Returns
    -------
    DataFrame
        Index ``timeline``; columns ``at_risk``, ``observed`` (of the cause), ``observed_other``, ``censored``, ``CIF_1`` (after the
        cause), its limits (``CIF_1_lower_0.95`` …) and ``standard_error`` as in R's ``cmprsk``. Tied times are not moved apart.

    Examples
    --------
    >>> cumulative_incidence([1, 2, 2, 3], [1, 2, 1, 0])["CIF_1"].tolist()
    [0.25, 0.5, 0.5]
    """
    given = columns(durations=durations, event_observed=event_observed)
    with engines():
        found = competing_risks.cumulative_incidence(given["durations"], given["event_observed"], event_of_interest)
    name = f"CIF_{event_of_interest}"
    low, high = limit_names(name, alpha)
    lower, upper = found.interval_at(found.time, interval, level_of(alpha))
    return pd.DataFrame(
        {
            "at_risk": found.at_risk, "observed": found.events, "observed_other": found.other_events, "censored": found.censored,
            name: found.incidence, low: lower, high: upper, "standard_error": np.sqrt(found.variance),
        },
        index=pd.Index(found.time, name="timeline"),
    )  # fmt: skip
