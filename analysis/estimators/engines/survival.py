"""Survival curves, their comparison and cumulative incidence, by lifelines and statsmodels.

Times enter tests by their rank, on which alone these depend: what R takes for one time is then one time, and a time of 0 is
none that a library handles apart. Curves enter by their table of events and censorings, weighted by how many there are.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.estimators.engines.registry import Values, engine

#: How lifelines spells the weights of a log-rank test. Its ``peto`` is Peto's own estimate, with n + 1 for n; R's ``rho = 1``,
#: the Kaplan-Meier estimate just before the time, is its Fleming-Harrington test with p = 1 and q = 0.
WEIGHTINGS: dict[str, dict[str, Any]] = {
    "logrank": {},
    "gehan-breslow-wilcoxon": {"weightings": "wilcoxon"},
    "tarone-ware": {"weightings": "tarone-ware"},
    "peto": {"weightings": "fleming-harrington", "p": 1, "q": 0},
}


def fitted_curve(time: Floats, events: Ints, censored: Ints, level: float = 0.95) -> Any:
    """`lifelines.KaplanMeierFitter` of a table of events and censorings.

    Parameters
    ----------
    time : ndarray, shape (m,)
        Distinct times, ascending, in any unit.
    events, censored : ndarray of int, shape (m,)
        Patients whose follow-up ends then, in an event and without.
    level : float
        Of the confidence limits.
    """
    from lifelines import KaplanMeierFitter

    durations = np.concatenate((time, time))
    counts = np.concatenate((events, censored)).astype(int)
    observed = np.repeat([1, 0], len(time))
    kept = counts > 0
    return KaplanMeierFitter(alpha=1 - level).fit(durations[kept], observed[kept], weights=counts[kept])


@engine("Kaplan-Meier estimate", library="lifelines", function="KaplanMeierFitter", kernel="curves.kaplan_meier")
def kaplan_meier(time: Floats, events: Ints, censored: Ints) -> Values:
    """S(t) and the event table at each distinct time."""
    fitted = fitted_curve(time, events, censored)
    table = fitted.event_table.reindex(time)
    return {
        "survival": fitted.survival_function_["KM_estimate"].reindex(time).to_numpy(),
        "at_risk": table["at_risk"].to_numpy(),
        "events": table["observed"].to_numpy(),
        "censored": table["censored"].to_numpy(),
    }


@engine("Greenwood's standard error", library="statsmodels", function="duration.survfunc.SurvfuncRight", kernel="curves.kaplan_meier")
def standard_error(time: Floats, events: Ints, censored: Ints) -> Values:
    """Standard error of S(t) at each distinct time."""
    from statsmodels.duration.survfunc import SurvfuncRight

    durations, observed = (
        np.repeat(np.concatenate((time, time)), counts := np.concatenate((events, censored))),
        np.repeat([1, 0], len(time)),
    )
    found = SurvfuncRight(durations, np.repeat(observed, counts))
    rows = np.searchsorted(found.surv_times, time, side="right")
    return {"standard_error": np.concatenate(([0.0], found.surv_prob_se))[rows]}


@engine("Kaplan-Meier limits", "log-log", library="lifelines", function="KaplanMeierFitter", kernel="curves.confidence_limits")
def limits(time: Floats, events: Ints, censored: Ints, level: float) -> Values:
    """Limits of S(t) that are symmetrical on the scale of log(-log S); parameters as in `fitted_curve`."""
    found = fitted_curve(time, events, censored, level).confidence_interval_.reindex(time).to_numpy()
    return {"lower": found[:, 0], "upper": found[:, 1]}


@engine(
    "restricted mean", library="lifelines", function="utils.restricted_mean_survival_time", kernel="curves.rmst", bound=1e-9
)  # fmt: skip
def restricted_mean(time: Floats, events: Ints, censored: Ints, horizon: float) -> Values:
    """Area below the curve up to a time; not its variance, which lifelines takes for that of min(T, horizon).

    Parameters
    ----------
    time, events, censored
        As in `fitted_curve`.
    horizon : float
        Where the area ends, in the unit of `time`.
    """
    from lifelines.utils import restricted_mean_survival_time

    return {"mean": float(restricted_mean_survival_time(fitted_curve(time, events, censored), t=horizon))}


@engine("log-rank test", *WEIGHTINGS, library="lifelines", function="statistics.multivariate_logrank_test", kernel="comparisons.log_rank")
def log_rank(weights: str, rank: Ints, event: Floats, group: Ints) -> Values:
    """χ² and P of a (weighted) log-rank test of all groups.

    Parameters
    ----------
    weights : str
        A key of `WEIGHTINGS`.
    rank, event : ndarray, shape (n,)
        Times by their rank, from 0; 1 where follow-up ends in an event, else 0.
    group : ndarray of int, shape (n,)
    """
    from lifelines.statistics import multivariate_logrank_test

    found = multivariate_logrank_test(rank + 1, group, event, **WEIGHTINGS[weights])
    return {"chi_square": float(found.test_statistic), "p": float(found.p_value)}


@engine("log-rank test", "stratified", library="statsmodels", function="duration.survfunc.survdiff", kernel="comparisons.log_rank")
def stratified_log_rank(rank: Ints, event: Floats, group: Ints, strata: Ints) -> Values:
    """χ² and P of the stratified log-rank test.

    Parameters
    ----------
    rank, event, group
        As in `log_rank`.
    strata : ndarray of int, shape (n,)
    """
    from statsmodels.duration.survfunc import survdiff

    statistic, p = survdiff(rank + 1.0, event, group, strata=strata)
    return {"chi_square": float(statistic), "p": float(p)}


@engine("cumulative incidence", library="statsmodels", function="duration.survfunc.CumIncidenceRight", kernel="curves.competing_risks")
def cumulative_incidence(time: Floats, place: Ints, cause: Ints, of: int) -> Values:
    """F(t) of a cause at each distinct time; not its error, which follows another formula than R's ``cmprsk``.

    Parameters
    ----------
    time : ndarray, shape (m,)
        Distinct times, ascending.
    place : ndarray of int, shape (n,)
        Position of each patient's time among them.
    cause : ndarray of int, shape (n,)
        0 for a censored patient, else the cause.
    of : int
        The cause asked for.
    """
    from statsmodels.duration.survfunc import CumIncidenceRight

    # causes have to be numbered without a gap: this one, then any other
    found = CumIncidenceRight(place + 1.0, np.where(cause == of, 1, np.where(cause > 0, 2, 0)))
    rows = np.searchsorted(found.times, np.arange(len(time)) + 1.0, side="right")
    return {"incidence": np.concatenate(([0.0], found.cinc[0]))[rows]}


@engine("Nelson-Aalen estimate", library="lifelines", function="NelsonAalenFitter", kernel="curves.nelson_aalen")
def nelson_aalen(time: Floats, events: Ints, censored: Ints) -> Values:
    """Cumulative hazard at each distinct time, the sum of events over patients at risk."""
    from lifelines import NelsonAalenFitter

    durations, counts = np.concatenate((time, time)), np.concatenate((events, censored)).astype(int)
    observed, kept = np.repeat([1, 0], len(time)), counts > 0
    fitted = NelsonAalenFitter(nelson_aalen_smoothing=False).fit(durations[kept], observed[kept], weights=counts[kept])
    return {"cumulative_hazard": fitted.cumulative_hazard_.iloc[:, 0].reindex(time).to_numpy()}
