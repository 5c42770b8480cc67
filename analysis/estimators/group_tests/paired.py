"""Two values of each patient compared: before and after, one method and another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.arrays import Floats
from analysis.errors import Undefined
from analysis.estimators.numerics import checks, distributions

MCNEMAR = ("exact", "chi-square", "chi-square-continuity")
SIGNED_RANK = ("asymptotic-continuity", "asymptotic", "exact")
CORRELATIONS = ("pearson", "spearman")


class Change(NamedTuple):
    """Mean of the second value less the first, its limits, the SD of that difference, and P."""

    mean: float
    lower: float
    upper: float
    sd: float
    p: float


class Correlation(NamedTuple):
    """Coefficient, its limits (NaN where the method has none) and P."""

    r: float
    lower: float
    upper: float
    p: float


def mcnemar_p(first_only: int, second_only: int, test: str = "exact") -> float:
    """P of McNemar's test of two yes-or-no findings of each patient.

    Parameters
    ----------
    first_only, second_only : int
        Patients with the one finding and not the other.
    test : {"exact", "chi-square", "chi-square-continuity"}
        Binomial with one half, or (b - c)² / (b + c) without and with a correction by 1, as R's ``mcnemar.test`` has them.

    Raises
    ------
    Undefined
        If no patient's findings differ.
    """
    checks.one_of(test, MCNEMAR, "test")
    discordant = first_only + second_only
    if not discordant:
        raise Undefined("McNemar's test needs a patient whose two findings differ")
    if test == "exact":
        return float(stats.binomtest(first_only, discordant, 0.5).pvalue)
    difference = abs(first_only - second_only)
    if test == "chi-square-continuity":  # R takes 1 off, but never beyond 0
        difference = max(difference - 1, 0)
    return float(distributions.chi_square_tail(difference**2 / discordant, 1))


def paired_change(first: npt.ArrayLike, second: npt.ArrayLike, level: float = 0.95) -> Change:
    """Mean change with the limits and P of the paired t test.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Of the same patients, none missing.
    level : float

    Raises
    ------
    Undefined
        With fewer than two patients, or if all change by the same amount.
    """
    difference = _difference(first, second)
    if len(difference) < 2 or np.ptp(difference) == 0:
        raise Undefined("a paired t test needs two patients whose changes differ")
    mean, sd = float(difference.mean()), float(difference.std(ddof=1))
    error, freedom = sd / np.sqrt(len(difference)), len(difference) - 1
    reach = float(stats.t.ppf(1 - (1 - checks.confidence(level)) / 2, freedom)) * error
    return Change(mean, mean - reach, mean + reach, sd, float(2 * stats.t.sf(abs(mean / error), freedom)))


def signed_rank_p(first: npt.ArrayLike, second: npt.ArrayLike, method: str = "asymptotic-continuity") -> float:
    """P of Wilcoxon's signed-rank test; differences of 0 are left out.

    Parameters
    ----------
    first, second : array_like, shape (n,)
    method : {"asymptotic-continuity", "asymptotic", "exact"}
        As R's ``wilcox.test(paired = TRUE)``; exact where no two differences are of one size.

    Raises
    ------
    Undefined
        If no value changes; of ``exact``, if differences are tied.
    """
    checks.one_of(method, SIGNED_RANK, "method")
    difference = _difference(first, second)
    difference = difference[difference != 0]
    if not len(difference):
        raise Undefined("a signed-rank test needs a patient whose value changes")
    if method == "exact":
        if len(np.unique(abs(difference))) < len(difference):
            raise Undefined("the exact signed-rank test needs differences of distinct sizes")
        return float(stats.wilcoxon(difference, method="exact").pvalue)
    ranks = stats.rankdata(abs(difference))
    n, (_, ties) = len(difference), np.unique(ranks, return_counts=True)
    z = float(ranks[difference > 0].sum()) - n * (n + 1) / 4
    spread = np.sqrt(n * (n + 1) * (2 * n + 1) / 24 - (ties**3 - ties).sum() / 48)
    z -= np.sign(z) / 2 if method == "asymptotic-continuity" else 0
    return float(2 * distributions.normal_tail(abs(z) / spread))


def sign_test_p(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """P of the sign test (exact): as many values rise as fall; those that do not change are left out.

    Raises
    ------
    Undefined
        If no value changes.
    """
    difference = _difference(first, second)
    rises, falls = int((difference > 0).sum()), int((difference < 0).sum())
    if not rises + falls:
        raise Undefined("a sign test needs a patient whose value changes")
    return float(stats.binomtest(rises, rises + falls, 0.5).pvalue)


def correlate(first: npt.ArrayLike, second: npt.ArrayLike, method: str = "pearson", level: float = 0.95) -> Correlation:
    """Correlation of two values of each patient.

    Parameters
    ----------
    first, second : array_like, shape (n,)
    method : {"pearson", "spearman"}
        Of the values, with limits by Fisher's z; of their ranks. P of both by the t distribution, as R's ``cor.test``
        (``exact = FALSE``) has it.
    level : float

    Raises
    ------
    Undefined
        With fewer than three patients, or where one value is the same in all.
    """
    checks.one_of(method, CORRELATIONS, "method")
    x, y = checks.numbers(first, "first"), checks.numbers(second, "second")
    checks.same_length(first=x, second=y)
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        raise Undefined("a correlation needs three patients and values that differ")
    if method == "spearman":
        x, y = stats.rankdata(x), stats.rankdata(y)
    r = float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))
    with np.errstate(divide="ignore"):
        p = float(2 * stats.t.sf(abs(r) * np.sqrt((len(x) - 2) / np.maximum(1 - r * r, 0)), len(x) - 2))
    if method == "spearman" or len(x) < 4 or abs(r) == 1:
        return Correlation(r, float("nan"), float("nan"), p)
    reach = distributions.reach(level) / np.sqrt(len(x) - 3)
    return Correlation(r, float(np.tanh(np.arctanh(r) - reach)), float(np.tanh(np.arctanh(r) + reach)), p)


def _difference(first: npt.ArrayLike, second: npt.ArrayLike) -> Floats:
    x, y = checks.numbers(first, "first"), checks.numbers(second, "second")
    if len(x) != len(y):
        raise ValueError(f"first, second: expected values of the same patients, found {len(x)} and {len(y)}")
    difference = y - x
    scale = float(np.max(np.abs([*x, *y, 1.0])))
    return np.round(difference, 12 - int(np.ceil(np.log10(scale))))  # 0.3 - 0.2 and 0.2 - 0.1 are tied
