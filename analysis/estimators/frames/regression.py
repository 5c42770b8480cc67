"""Cox and logistic models of a DataFrame, with the columns of lifelines' summaries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import Undefined
from analysis.estimators.frames.columns import covariates_of, engines, level_of, percent_names
from analysis.estimators.numerics import checks
from analysis.estimators.regression import cox as models
from analysis.estimators.regression import firth, proportional_hazards, robust
from analysis.estimators.regression import logistic as logits
from analysis.estimators.time_dependent import counting_process

_COEFFICIENTS = {
    "coefficient": "coef",
    "standard_error": "se(coef)",
    "wald_p": "p",
    "likelihood_ratio_p": "likelihood-ratio p",
    "score_p": "score p",
}


def cox(
    df: pd.DataFrame,
    duration_col: str,
    event_col: str,
    covariates: Sequence[str] | str | None = None,
    *,
    entry_col: str | None = None,
    cluster_col: str | None = None,
    ties: str = "efron",
    interval: str = "wald",
    penalized: bool = False,
    alpha: float = 0.05,
    fitted: bool = False,
) -> Any:
    """Cox proportional hazards model.

    Parameters
    ----------
    df : DataFrame
        One row a patient; with `entry_col`, one row an interval (entry, duration] with constant covariates.
    duration_col, event_col : str
        Columns: (end of) follow-up, and 1 if it ends in an event.
    covariates : sequence of str, optional
        Numeric or 0/1 columns; all others, if left out. `pandas.get_dummies` spreads a category over such columns.
    entry_col : str, optional
        Column with the start of each row's interval, as for time-dependent covariates (`to_start_stop`) or late entry.
    cluster_col : str, optional
        Column of whose row it is: the standard errors are then those of Lin and Wei (R's ``cluster``).
    ties : {"efron", "breslow", "exact"}
        R's and lifelines' default, SPSS's, Prism's.
    interval : {"wald", "profile"}
        Limits of exp(coef): from the standard error, or of the profile likelihood, whose P is the likelihood-ratio test's.
    penalized : bool
        Firth's penalised likelihood (Breslow's ties, profile limits): finite also where a group has no event.
    alpha : float
        One minus the confidence level.
    fitted : bool
        Give the fitted `lifelines.CoxPHFitter` (Efron's ties) in place of a table. It holds the rows of patients.

    Returns
    -------
    DataFrame
        Index ``covariate``; columns ``coef``, ``exp(coef)``, ``se(coef)``, ``exp(coef) lower 95%``, ``exp(coef) upper 95%``, ``z``, ``p``
        (Wald); with profile limits also ``likelihood-ratio p``. `attrs` has ``events``, ``n``, ``events_per_variable``,
        ``log_likelihood`` and ``note``, which says where an estimate is infinite.

    Raises
    ------
    Undefined
        If nobody has an event, a covariate does not vary, is a linear combination of others, or the events say nothing of it.
    ValueError
        For faulty columns.
    """
    others = [duration_col, event_col, entry_col, cluster_col]
    names = covariates_of(df, covariates, others)
    level = level_of(alpha)
    low, high = percent_names("exp(coef)", alpha)
    if penalized or cluster_col or fitted:
        if entry_col:
            raise ValueError("entry_col: expected none beside penalized, cluster_col or fitted, which take one row a patient")
        if fitted:
            return _fit(df, duration_col, event_col, names, level)
        return (
            _fit_penalized(df, duration_col, event_col, names, alpha)
            if penalized
            else _fit_clustered(df, duration_col, event_col, names, cluster_col, ties, alpha)
        )
    with engines():
        found = models.fit(df, duration_col, event_col, names, ties, entry_col, level, interval == "profile", interval)
    table = found.summary.rename(columns=_COEFFICIENTS | {"hr": "exp(coef)", "lower": low, "upper": high})
    table["z"] = table["coef"] / table["se(coef)"]
    wanted = ["coef", "exp(coef)", "se(coef)", low, high, "z", "p", *(["likelihood-ratio p"] if interval == "profile" else [])]
    return _describe(table[wanted], found.events, found.n, log_likelihood=found.log_likelihood, note=found.note)


def _fit(df: pd.DataFrame, duration_col: str, event_col: str, names: list[str], level: float) -> Any:
    from lifelines import CoxPHFitter

    return CoxPHFitter(alpha=1 - level).fit(df[[duration_col, event_col, *names]].astype(float), duration_col, event_col)


def _fit_penalized(df: pd.DataFrame, duration_col: str, event_col: str, names: list[str], alpha: float) -> pd.DataFrame:
    low, high = percent_names("exp(coef)", alpha)
    found = firth.cox(df, duration_col, event_col, names, level_of(alpha))
    table = found.rename(columns=_COEFFICIENTS | {"hr": "exp(coef)", "lower": low, "upper": high})
    return _describe(table, int(np.asarray(df[event_col], float).sum()), len(df), note="Firth’s penalised likelihood")


def _fit_clustered(
    df: pd.DataFrame, duration_col: str, event_col: str, names: list[str], cluster_col: str | None, ties: str, alpha: float
) -> pd.DataFrame:
    low, high = percent_names("exp(coef)", alpha)
    with engines():
        found = robust.cox(df, duration_col, event_col, names, df[cluster_col], ties, level_of(alpha))
    rows = {
        name: {"coef": np.log(one.hr), "exp(coef)": one.hr, "se(coef)": one.standard_error, low: one.lower, high: one.upper, "z": np.log(one.hr) / one.standard_error, "p": one.p}
        for name, one in found.items()
    }  # fmt: skip
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("covariate")
    return _describe(table, int(np.asarray(df[event_col], float).sum()), len(df), clusters=df[cluster_col].nunique())


def _describe(table: pd.DataFrame, events: int, n: int, **more: Any) -> pd.DataFrame:
    table.attrs |= {"n": n, "events": events, "events_per_variable": events / len(table), **more}
    return table


def cause_specific_cox(
    df: pd.DataFrame,
    duration_col: str,
    event_col: str,
    covariates: Sequence[str] | str | None = None,
    *,
    event_of_interest: int = 1,
    ties: str = "efron",
    interval: str = "wald",
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Cox model of the hazard of one cause: any other cause ends observation.

    Parameters
    ----------
    df, duration_col, covariates, ties, interval, alpha
        As in `cox`.
    event_col : str
        Column with 0 if censored, else the number of the cause.
    event_of_interest : int

    Returns
    -------
    DataFrame
        As of `cox`. A ratio of cause-specific hazards is no ratio of cumulative incidences: both causes act on these.
    """
    names = covariates_of(df, covariates, [duration_col, event_col])
    cause = checks.numbers(df[event_col], event_col, minimum=0)
    if not (cause == event_of_interest).any():
        raise Undefined(f"{event_col}: expected events of cause {event_of_interest}, found none")
    own = df.assign(**{event_col: (cause == event_of_interest).astype(int)})
    return cox(own, duration_col, event_col, names, ties=ties, interval=interval, alpha=alpha)


def proportional_hazards_test(
    df: pd.DataFrame,
    duration_col: str,
    event_col: str,
    covariates: Sequence[str] | str | None = None,
    *,
    time_transform: str = "km",
    ties: str = "efron",
) -> pd.DataFrame:
    """Score test of a drift of each coefficient with time (what ``cox.zph`` of R's survival 3 computes).

    Parameters
    ----------
    df, duration_col, event_col, covariates
        As in `cox`.
    time_transform : {"km", "rank", "identity", "log"}
        Scale of time.
    ties : {"efron", "breslow"}

    Returns
    -------
    DataFrame
        One row a covariate and one, ``GLOBAL``, of all: ``test_statistic``, ``degrees_of_freedom``, ``p``.
    """
    names = covariates_of(df, covariates, [duration_col, event_col])
    with engines():
        found = proportional_hazards.check(df, duration_col, event_col, names, time_transform, ties)
    table = found.terms.rename(columns={"chi_square": "test_statistic"})
    table.insert(1, "degrees_of_freedom", 1)
    table.loc["GLOBAL"] = [found.chi_square, found.degrees_of_freedom, found.p]
    return table.astype({"degrees_of_freedom": int})


def to_start_stop(
    df: pd.DataFrame, duration_col: str, event_col: str, switch_col: str, *, covariate: str = "switched", at_switch: str = "after"
) -> pd.DataFrame:
    """Rows (start, stop] of a covariate that switches from 0 to 1 on the way, for `cox` with ``entry_col="start"``.

    Parameters
    ----------
    df : DataFrame
        One row a patient.
    duration_col, event_col : str
    switch_col : str
        Column with the time of the switch; missing where there was none.
    covariate : str
        Name of the new column.
    at_switch : {"after", "from"}
        What holds at an event at the very time of the switch: the state before (R) or after it (SPSS).

    Returns
    -------
    DataFrame
        Columns of `df`, with ``start``, ``stop`` and `covariate`; index of the patients, repeated.
    """
    return counting_process.start_stop(df, duration_col, event_col, switch_col, covariate=covariate, at_switch=at_switch)


def logistic(
    df: pd.DataFrame,
    outcome_col: str,
    covariates: Sequence[str] | str | None = None,
    *,
    interval: str = "wald",
    penalized: bool = False,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Logistic model of a yes/no outcome.

    Parameters
    ----------
    df : DataFrame
        One row a patient.
    outcome_col : str
        0/1 column.
    covariates, interval, alpha
        As in `cox`.
    penalized : bool
        Firth's penalised likelihood: finite also under separation.

    Returns
    -------
    DataFrame
        Index ``covariate``; columns ``coef``, ``exp(coef)`` (odds ratio), ``se(coef)``, its limits and ``p``, as of `cox`.
    """
    names = covariates_of(df, covariates, [outcome_col])
    low, high = percent_names("exp(coef)", alpha)
    renamed = _COEFFICIENTS | {"odds_ratio": "exp(coef)", "lower": low, "upper": high}
    if penalized:
        table = firth.logistic(df, outcome_col, names, level_of(alpha)).rename(columns=renamed)
        return _describe(table, int(np.asarray(df[outcome_col], float).sum()), len(df), note="Firth’s penalised likelihood")
    with engines():
        found = logits.fit(df, outcome_col, names, interval, level_of(alpha))
    table = found.summary.rename(columns=renamed)
    table["z"] = table["coef"] / table["se(coef)"]
    wanted = ["coef", "exp(coef)", "se(coef)", low, high, "z", "p", *(["likelihood-ratio p"] if interval == "profile" else [])]
    return _describe(table[wanted], found.events, found.n, log_likelihood=found.log_likelihood, note=found.note)
