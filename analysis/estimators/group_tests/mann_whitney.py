"""The Mann-Whitney (Wilcoxon rank-sum) test of two samples."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import mannwhitneyu, norm, rankdata

from analysis.arrays import Floats
from analysis.errors import Undefined
from analysis.estimators.engines.shown import take
from analysis.estimators.numerics import checks

METHODS = ("exact", "exact-untied", "asymptotic", "asymptotic-continuity")
_LARGEST_WORK = 2e9


class MannWhitney(NamedTuple):
    """U of the first sample (pairs it wins, ties counting one half) and the two-sided P value."""

    u: float
    p: float


def mann_whitney(x: npt.ArrayLike, y: npt.ArrayLike, method: str = "exact", tie_corrected: bool = True) -> MannWhitney:
    """Compare two samples by ranks.

    Parameters
    ----------
    x, y : array_like
        The samples, without missing values.
    method : {"exact", "exact-untied", "asymptotic", "asymptotic-continuity"}
        - ``exact``: permutation distribution of the rank sum with the ties there are (midranks), two-sided
          P(\\|W - E W\\| >= \\|w - E w\\|): Prism since version 6, StatXact, the SPSS Exact Tests module; without ties
          also R's ``wilcox.test(exact = TRUE)``;
        - ``exact-untied``: twice the smaller tail of the distribution that holds without ties, read at the smaller U
          rounded down if it is a half: SPSS "Exact Sig. [2*(1-tailed Sig.)]", which SPSS labels as not corrected
          for ties. The rounding is this project's reading; SPSS does not document it;
        - ``asymptotic``: normal, no continuity correction (SPSS "Asymp. Sig."; R with ``correct = FALSE``);
        - ``asymptotic-continuity``: |U - mn/2| lessened by 0.5 (R's default for tied or large samples).
    tie_corrected : bool
        Whether the asymptotic variance mn/12 (N + 1 - Σ (t³ - t) / (N (N - 1))) keeps its last term; SPSS and R do.

    Returns
    -------
    MannWhitney

    Raises
    ------
    ValueError
        For empty or faulty samples, or samples too large for ``exact``.

    Notes
    -----
    Where they are shown, the asymptotic forms are SciPy's; SciPy has no exact test with ties, nor a variance uncorrected for them.
    Mann and Whitney, Ann Math Stat 1947;18:50-60; Bergmann, Ludbrook and Spooren, Am Stat 2000;54:72-77, on what
    programs make of ties.
    """
    checks.one_of(method, METHODS, "method")
    x, y = checks.numbers(x, "x"), checks.numbers(y, "y")
    if not x.size or not y.size:
        raise Undefined(f"{'x' if not x.size else 'y'}: expected at least one value, found none")
    m, n = x.size, y.size
    ranks = rankdata(np.concatenate((x, y)))
    u = float(ranks[:m].sum() - m * (m + 1) / 2)
    if method == "exact":
        return MannWhitney(u, _permutation_p(ranks, m))
    if method == "exact-untied":
        floor = int(np.floor(min(u, m * n - u)))
        # SciPy's exact distribution depends on the two sizes and U only: feed it samples with that U and no ties
        return MannWhitney(u, float(mannwhitneyu(*_without_ties(m, n, floor), method="exact").pvalue))
    counts = np.unique(ranks, return_counts=True)[1].astype(float)
    total = m + n
    ties = (counts**3 - counts).sum() / (total * (total - 1)) if tie_corrected and total > 1 else 0.0
    variance = m * n / 12 * (total + 1 - ties)
    distance = abs(u - m * n / 2) - (0.5 if method == "asymptotic-continuity" else 0.0)
    if variance <= 0:
        return MannWhitney(u, float("nan"))
    # as in R, the correction may overshoot the centre; the P value then stays 1
    ours = {"u": u, "p": min(1.0, 2 * norm.sf(distance / np.sqrt(variance)))}
    found = take("Mann-Whitney test", method, ours, x, y) if tie_corrected else ours
    return MannWhitney(float(found["u"]), float(found["p"]))


def _without_ties(m: int, n: int, u: int) -> tuple[Floats, Floats]:
    """Return samples of sizes m and n without ties whose first has the Mann-Whitney U `u`."""
    y = np.arange(1.0, n + 1)
    full, rest = divmod(u, n)
    wins = np.array([0] * (m - full - (rest > 0)) + [rest] * (rest > 0) + [n] * full, float)
    return wins + 0.5 + np.arange(m) / (4 * m), y


def _permutation_p(ranks: Floats, m: int) -> float:
    """Return P(|W - E W| >= |w - E w|) over all draws of m of the midranks."""
    doubled = np.rint(2 * ranks).astype(np.int64)
    w = doubled[:m].sum()
    if m > len(doubled) - m:
        # the other sample's rank sum is as far from its mean, and the recursion shorter
        m, w = len(doubled) - m, doubled.sum() - w
    # smaller numbers make a shorter table: all midranks less their minimum, over their common divisor
    low = doubled.min()
    divisor = max(1, int(np.gcd.reduce(doubled - low)))
    steps, w = (doubled - low) // divisor, (w - m * low) // divisor
    top = int(np.sort(steps)[-m:].sum())
    if float(len(steps)) * m * (top + 1) > _LARGEST_WORK:
        raise Undefined(f"x, y: too large for the exact Mann-Whitney test ({m} of {len(steps)}); use asymptotic")
    chance = np.zeros((m + 1, top + 1))
    chance[0, 0] = 1.0
    # a draw without replacement, taken patient by patient: entry k, s is the share of the draws of k of the first
    # j patients that sum to s, so no binomial coefficient can overflow; no draw of them exceeds `reached`
    reached = 0
    for j, step in enumerate(steps.tolist()):
        most, reached = min(j + 1, m), min(reached + step, top)
        k = np.arange(1, most + 1)[:, None]
        drawn = chance[:most, : reached + 1 - step] * (k / (j + 1))
        later = chance[1 : most + 1, : reached + 1]
        later *= (j + 1 - k) / (j + 1)
        later[:, step:] += drawn
    sums = np.arange(top + 1)
    total = int(steps.sum()) * m
    size = len(steps)
    # in whole numbers: |N s - m Σ| against the observed one, so that equality is exact
    far = np.abs(size * sums - total) >= abs(size * int(w) - total)
    return float(min(1.0, chance[m][far].sum()))
