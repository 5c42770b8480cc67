"""Tests that compare survival curves of two or more groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats, Ints
from analysis.errors import Undefined
from analysis.estimators.engines.shown import active, take
from analysis.estimators.numerics import checks, distributions

WEIGHTS = ("logrank", "gehan-breslow-wilcoxon", "tarone-ware", "peto")


@dataclass(frozen=True, eq=False)
class LogRank:
    """Outcome of a (weighted) log-rank test over k groups.

    Attributes
    ----------
    groups : tuple
        Labels, in the order of the arrays.
    observed, expected : ndarray, shape (k,)
        Events observed and expected under equal hazards; weighted sums where the test is weighted.
    variance : ndarray, shape (k, k)
        Covariance matrix of observed - expected.
    chi_square, degrees_of_freedom, p : float, int, float
        NaN if the data carry no information (no event time with two groups at risk and a patient spared).
    """

    groups: tuple[Any, ...]
    observed: Floats
    expected: Floats
    variance: Floats
    chi_square: float
    degrees_of_freedom: int
    p: float


def compare(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    group: npt.ArrayLike,
    weights: str = "logrank",
    strata: npt.ArrayLike | None = None,
    groups: Sequence[Any] | None = None,
) -> LogRank:
    """Test the equality of survival curves.

    With d events among n at risk at an event time, n_j of them in group j, and weight w:
    E_j = Σ w d n_j / n;  V_jl = Σ w² d (n - d) / (n - 1) · n_j / n · (δ_jl - n_l / n);
    χ² = (O - E)' V⁻ (O - E) over all groups but one. For two groups (O - E)² / V: the Mantel-Haenszel form that
    R's ``survdiff``, Prism ("log-rank (Mantel-Cox)") and SPSS print.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As in `kaplan_meier.kaplan_meier`.
    group : array_like, shape (n,)
        Label of each patient.
    weights : {"logrank", "gehan-breslow-wilcoxon", "tarone-ware", "peto"}
        w = 1; n (Gehan 1965, Breslow 1970: SPSS "Breslow", Prism "Gehan-Breslow-Wilcoxon"); √n (Tarone and Ware
        1977); the pooled Kaplan-Meier estimate just before the time (R's ``survdiff(rho = 1)``).
    strata : array_like, shape (n,), optional
        Label of each patient's stratum; sums are taken within strata and added up.
    groups : sequence, optional
        Labels to compare, in order; patients of other groups are left out. Default: all, sorted.

    Returns
    -------
    LogRank

    Raises
    ------
    ValueError
        For faulty times, events or labels, or fewer than two groups.

    Notes
    -----
    Where it is shown, χ² and P are those of lifelines, of the stratified test those of statsmodels. Neither gives the events
    expected or their covariance, nor weights within strata: these stay ours.

    Examples
    --------
    Acute myelogenous leukaemia, maintained chemotherapy or none (Miller 1981; R's ``survdiff`` on ``survival::aml``):

    >>> maintained, none = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
    >>> event = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0] + [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
    >>> round(float(compare(maintained + none, event, ["maintained"] * 11 + ["none"] * 12).p), 4)
    0.0653
    """
    checks.one_of(weights, WEIGHTS, "weights")
    time, event = checks.survival_data(time, event)
    names, codes = checks.labels(group, "group", groups)
    stratum = np.zeros(time.size, int) if strata is None else checks.labels(strata, "strata")[1]
    checks.same_length(time=time, group=codes, strata=stratum)
    if len(names) < 2:
        raise Undefined(f"group: expected at least two groups, found {list(names)}")
    kept = codes >= 0
    # ties are decided over all patients, so that a stratum does not change what counts as one time
    _, place = checks.distinct_times(time[kept])
    event, codes, stratum = event[kept], codes[kept], stratum[kept]
    k = len(names)
    observed, expected, variance = np.zeros(k), np.zeros(k), np.zeros((k, k))
    for one in np.unique(stratum):
        rows = stratum == one
        o, e, v = _sums(place[rows], event[rows], codes[rows], k, weights)
        observed, expected, variance = observed + o, expected + e, variance + v
    chi_square, freedom = _statistic(observed, expected, variance)
    p = float(distributions.chi_square_tail(chi_square, freedom)) if freedom else float("nan")
    if active() and not np.isnan(chi_square):
        # groups that were never at risk at an event have no share in the test
        rows = np.isin(codes, np.flatnonzero(expected > 0))
        asked, data = (weights, ()) if strata is None else ("stratified" if weights == "logrank" else "", (stratum[rows],))
        found = take("log-rank test", asked, {"chi_square": chi_square, "p": p}, place[rows], event[rows], codes[rows], *data)
        chi_square, p = float(found["chi_square"]), float(found["p"])
    return LogRank(names, observed, expected, variance, chi_square, freedom, p)


def _sums(place: Ints, event: Floats, codes: Ints, k: int, weights: str) -> tuple[Floats, Floats, Floats]:
    """Return weighted O, E and V of one stratum; `place` numbers the distinct times."""
    size = place.max() + 1
    deaths = np.bincount(place * k + codes, weights=event, minlength=size * k).reshape(size, k)
    leaving = np.bincount(place * k + codes, minlength=size * k).reshape(size, k)
    at_risk = leaving[::-1].cumsum(axis=0)[::-1]
    died = deaths.sum(axis=1) > 0
    deaths, at_risk = deaths[died], at_risk[died]
    d, n = deaths.sum(axis=1), at_risk.sum(axis=1).astype(float)
    if weights == "peto":
        after = np.cumprod(1 - d / n)
        w = np.concatenate(([1.0], after))[:-1]
    else:
        w = {"logrank": np.ones_like(n), "gehan-breslow-wilcoxon": n, "tarone-ware": np.sqrt(n)}[weights]
    share = at_risk / n[:, None]
    # a single patient at risk who dies leaves nothing to chance: the factor is 0 / 0 there, its limit 0
    spread = w**2 * d * (n - d) / np.maximum(n - 1, 1)
    variance = np.diag(spread @ share) - (share * spread[:, None]).T @ share
    return w @ deaths, (w * d) @ share, variance


def _statistic(observed: Floats, expected: Floats, variance: Floats) -> tuple[float, int]:
    """Return (χ², degrees of freedom), leaving out groups that were never at risk at an event."""
    present = expected > 0
    freedom = int(present.sum()) - 1
    if freedom < 1:
        return float("nan"), 0
    difference = (observed - expected)[present][1:]
    matrix = variance[np.ix_(present, present)][1:, 1:]
    if freedom == 1:
        return (float(difference[0] * (difference[0] / matrix[0, 0])), 1) if matrix[0, 0] else (float("nan"), 0)
    if np.linalg.matrix_rank(matrix, hermitian=True) < freedom:
        return float("nan"), 0
    return float(difference @ np.linalg.solve(matrix, difference)), freedom
