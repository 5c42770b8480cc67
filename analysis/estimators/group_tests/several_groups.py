"""Tests of several groups: means, ranks, and a trend of proportions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.estimators.numerics import checks, distributions

TRENDS = ("cochran-armitage", "linear-by-linear")


def anova_p(samples: Sequence[npt.ArrayLike]) -> float:
    """P of a one-way analysis of variance (``scipy.stats.f_oneway``); NaN with fewer than two groups or nothing within them."""
    values = _fill(samples)
    if len(values) < 2 or sum(map(len, values)) <= len(values):
        return float("nan")
    return float(stats.f_oneway(*values).pvalue) if any(np.ptp(one) for one in values) else float("nan")


def kruskal_wallis_p(samples: Sequence[npt.ArrayLike]) -> float:
    """P of the Kruskal-Wallis test, corrected for ties (``scipy.stats.kruskal``); NaN with fewer than two groups or one value alone."""
    values = _fill(samples)
    if len(values) < 2 or not np.ptp(np.concatenate(values)):
        return float("nan")
    return float(stats.kruskal(*values).pvalue)


def trend_p(events: npt.ArrayLike, patients: npt.ArrayLike, test: str = "cochran-armitage") -> float:
    """P of a linear trend of proportions over ordered groups with scores 1, 2, ….

    Parameters
    ----------
    events, patients : array_like of int, shape (k,)
    test : {"cochran-armitage", "linear-by-linear"}
        χ² with one degree of freedom over the variance with N (R's ``prop.trend.test``), or (N - 1) r² (SPSS, and
        R's ``coin::independence_test``): the first times (N - 1) / N.

    Returns
    -------
    float
        NaN where all or nobody has the event, or only one group has patients.

    Raises
    ------
    ValueError
        For an unknown test, or more events than patients.
    """
    checks.one_of(test, TRENDS, "test")
    events, patients = np.asarray(events, float), np.asarray(patients, float)
    if (events > patients).any() or (events < 0).any():
        raise ValueError(f"events: expected from 0 to the patients of each group, found {events.tolist()} of {patients.tolist()}")
    scores, total = np.arange(1.0, len(patients) + 1), patients.sum()
    share = events.sum() / total if total else float("nan")
    mean = (patients @ scores) / total if total else float("nan")
    spread = share * (1 - share) * (patients @ (scores - mean) ** 2)
    if not spread > 0:
        return float("nan")
    chi_square = (events @ (scores - mean)) ** 2 / spread
    return float(distributions.chi_square_tail(chi_square * ((total - 1) / total if test == "linear-by-linear" else 1), 1))


def standardised_difference(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Difference of two means in units of their pooled standard deviation, √((s₁² + s₂²) / 2) (Austin, Stat Med 2009;28:3083-3107)."""
    x, y = np.asarray(first, float), np.asarray(second, float)
    if min(len(x), len(y)) < 2:
        return float("nan")
    spread = np.sqrt((x.var(ddof=1) + y.var(ddof=1)) / 2)
    return float((x.mean() - y.mean()) / spread) if spread else float("nan")


def standardised_difference_of_levels(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Distance of the shares of levels in two groups, in units of the mean of their covariances (Yang and Dalton, SAS Global Forum 2012, 335).

    Of two levels it is the absolute difference of the shares over √((p₁(1 − p₁) + p₂(1 − p₂)) / 2).

    Parameters
    ----------
    first, second : array_like of counts, shape (levels,)
    """
    counts = np.array([first, second], dtype=float)
    counts = counts[:, counts.sum(axis=0) > 0]
    if not counts.sum(axis=1).all() or counts.shape[1] < 2:
        return float("nan")
    p, q = (counts / counts.sum(axis=1, keepdims=True))[:, 1:]
    covariance = (np.diag(p) - np.outer(p, p) + np.diag(q) - np.outer(q, q)) / 2
    if np.linalg.matrix_rank(covariance) < len(p):
        return float("nan")
    return float(np.sqrt((p - q) @ np.linalg.solve(covariance, p - q)))


def _fill(samples: Sequence[npt.ArrayLike]) -> list[np.ndarray]:
    return [values for one in samples if len(values := np.asarray(one, float))]
