"""Groups compared: survival curves, cumulative incidence, tables and samples of pandas objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy.typing as npt
import pandas as pd

from analysis.estimators.comparisons import gray, log_rank, two_curve_hazard_ratio
from analysis.estimators.frames.columns import columns, engines, events_of, level_of, percent_names
from analysis.estimators.group_tests import contingency, t_tests
from analysis.estimators.group_tests import mann_whitney as ranks
from analysis.estimators.time_dependent import mantel_byar as switching

#: lifelines' names of the weights of a log-rank test.
_WEIGHTINGS = {None: "logrank", "wilcoxon": "gehan-breslow-wilcoxon", "tarone-ware": "tarone-ware", "fleming-harrington": "peto"}


def logrank_test(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike | None,
    groups: npt.ArrayLike,
    *,
    weightings: str | None = None,
    strata: npt.ArrayLike | None = None,
) -> pd.DataFrame:
    """Log-rank test of two or more groups, weighted or stratified.

    Parameters
    ----------
    durations, event_observed
        As in `kaplan_meier`.
    groups : Series or array_like, shape (n,)
        Label of each patient.
    weightings : {None, "wilcoxon", "tarone-ware", "fleming-harrington"}
        lifelines' names: none, the number at risk (Gehan, Breslow), its root, or the pooled Kaplan-Meier estimate just before the
        time (p = 1, q = 0: R's ``survdiff(rho = 1)``).
    strata : Series or array_like, shape (n,), optional
        Sums are taken within strata.

    Returns
    -------
    DataFrame
        One row: ``test_statistic`` (χ²), ``degrees_of_freedom``, ``p``; NaN where the data carry no information.

    Raises
    ------
    Undefined
        For fewer than two groups.

    Examples
    --------
    >>> logrank_test([6, 7, 10, 15, 19], [1, 0, 1, 1, 0], list("aabbb")).round(4)["p"].tolist()
    [0.2207]
    """
    if weightings not in _WEIGHTINGS:
        raise ValueError(f"weightings: expected one of {', '.join(map(str, _WEIGHTINGS))}, found {weightings!r}")
    named = {"durations": durations, "event_observed": events_of(durations, event_observed), "groups": groups}
    given = columns(**named, **({} if strata is None else {"strata": strata}))
    with engines():
        found = log_rank.compare(given["durations"], given["event_observed"], given["groups"], _WEIGHTINGS[weightings], given.get("strata"))
    return _one_row(test_statistic=found.chi_square, degrees_of_freedom=found.degrees_of_freedom, p=found.p)


def gray_test(durations: npt.ArrayLike, event_observed: npt.ArrayLike, groups: npt.ArrayLike, event_of_interest: int = 1) -> pd.DataFrame:
    """Gray's test: cumulative incidence of one cause compared between groups, as in R's ``cmprsk``.

    Parameters
    ----------
    durations, event_observed, event_of_interest
        As in `cumulative_incidence`.
    groups : Series or array_like, shape (n,)

    Returns
    -------
    DataFrame
        One row: ``test_statistic``, ``degrees_of_freedom``, ``p``.
    """
    given = columns(durations=durations, event_observed=event_observed, groups=groups)
    found = gray.gray_test(given["durations"], given["event_observed"], given["groups"], event_of_interest)
    return _one_row(test_statistic=found.chi_square, degrees_of_freedom=found.degrees_of_freedom, p=found.p)


def hazard_ratio(
    durations: npt.ArrayLike,
    event_observed: npt.ArrayLike | None,
    groups: npt.ArrayLike,
    *,
    method: str = "cox-efron",
    order: Sequence[Any] | None = None,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Hazard ratio of two groups by each of the methods that programs use.

    Parameters
    ----------
    durations, event_observed
        As in `kaplan_meier`.
    groups : Series or array_like, shape (n,)
        Two labels.
    method : {"cox-efron", "cox-breslow", "cox-exact", "logrank-oe", "mantel-haenszel"}
        Cox models by handling of ties; Prism's "logrank" (O/E) and "Mantel-Haenszel".
    order : (first, reference), optional
        The two labels, sorted, if left out; rows with a third one are left out where this names two.
    alpha : float
        One minus the confidence level.

    Returns
    -------
    DataFrame
        One row: ``exp(coef)``, ``exp(coef) lower 95%``, ``exp(coef) upper 95%``, ``se(coef)``, ``p`` (Wald, of the last two methods
        log-rank). Where one group has no event there are no limits; `cox` with ``interval="profile"`` has the one that exists.
    """
    given = columns(durations=durations, event_observed=events_of(durations, event_observed), groups=groups)
    with engines():
        found = two_curve_hazard_ratio.hazard_ratio(
            given["durations"], given["event_observed"], given["groups"], method, level_of(alpha), order
        )
    low, high = percent_names("exp(coef)", alpha)
    return _one_row(**{"exp(coef)": found.hr, low: found.lower, high: found.upper, "se(coef)": found.standard_error, "p": found.p})


def mantel_byar_test(durations: npt.ArrayLike, event_observed: npt.ArrayLike | None, switch_times: npt.ArrayLike) -> pd.DataFrame:
    """Mantel-Byar test: a log-rank test whose groups change when patients switch, e.g. are transplanted.

    Parameters
    ----------
    durations, event_observed
        As in `kaplan_meier`.
    switch_times : Series or array_like, shape (n,)
        Time of the switch from the same origin; NaN where there was none.

    Returns
    -------
    DataFrame
        One row: ``test_statistic``, ``degrees_of_freedom``, ``p``, and events after the switch, ``observed`` and ``expected``.
    """
    given = columns(durations=durations, event_observed=events_of(durations, event_observed), switch_times=switch_times)
    found = switching.compare(given["durations"], given["event_observed"], given["switch_times"])
    return _one_row(test_statistic=found.chi_square, degrees_of_freedom=1, p=found.p, observed=found.observed, expected=found.expected)


def contingency_test(table: pd.DataFrame | npt.ArrayLike, *, test: str = "fisher") -> float:
    """P value of the independence of rows and columns of counts, such as `pandas.crosstab` gives.

    Parameters
    ----------
    table : DataFrame or array_like of counts, shape (r, c)
    test : {"fisher", "fisher-midp", "pearson", "pearson-yates", "likelihood-ratio"}
        The first two are exact, of tables larger than 2 × 2, too.

    Returns
    -------
    float

    Examples
    --------
    >>> round(contingency_test([[3, 1], [1, 3]]), 4)
    0.4857
    """
    with engines():
        return contingency.p_value(table, test)


def odds_ratio(table: pd.DataFrame | npt.ArrayLike, *, kind: str = "sample", alpha: float = 0.05) -> pd.Series:
    """Odds ratio of a 2 × 2 table with limits.

    Parameters
    ----------
    table : DataFrame or array_like of counts, shape (2, 2)
    kind : {"sample", "conditional"}
        Cross product with Woolf's limits, or conditional estimate with exact limits.
    alpha : float
        One minus the confidence level.

    Returns
    -------
    Series
        ``odds_ratio``, ``lower``, ``upper``.
    """
    with engines():
        return pd.Series(contingency.odds_ratio(table, kind, level_of(alpha))._asdict())


def mann_whitney(x: npt.ArrayLike, y: npt.ArrayLike, *, method: str = "exact") -> pd.Series:
    """Mann-Whitney test of two samples.

    Parameters
    ----------
    x, y : Series or array_like
        Without missing values.
    method : {"exact", "exact-untied", "asymptotic", "asymptotic-continuity"}
        ``exact``: permutations with the ties there are (Prism); ``exact-untied``: as if there were none (SPSS); the others normal.

    Returns
    -------
    Series
        ``U`` of the first sample, two-sided ``p``.
    """
    with engines():
        found = ranks.mann_whitney(x, y, method)
    return pd.Series({"U": found.u, "p": found.p})


def t_test(x: npt.ArrayLike, y: npt.ArrayLike, *, test: str = "student") -> pd.Series:
    """Compare the means of two samples.

    Parameters
    ----------
    x, y : Series or array_like
        Without missing values.
    test : {"student", "welch"}

    Returns
    -------
    Series
        ``t``, ``degrees_of_freedom``, two-sided ``p``.
    """
    with engines():
        return pd.Series(t_tests.t_test(x, y, test)._asdict())


def _one_row(**values: float) -> pd.DataFrame:
    return pd.DataFrame([values])
