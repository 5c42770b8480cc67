"""Tests of tables and of two samples, by SciPy."""

from __future__ import annotations

from analysis.arrays import Floats, Ints
from analysis.estimators.engines.registry import Values, engine

_CHI_SQUARE = ("pearson", "pearson-yates", "likelihood-ratio")


@engine("2 × 2 table", "fisher", library="scipy", function="stats.fisher_exact", kernel="group_tests.contingency")
def fisher(table: Ints) -> Values:
    """Two-sided P of Fisher's exact test."""
    from scipy.stats import fisher_exact

    return {"p": float(fisher_exact(table).pvalue)}


@engine("contingency table", *_CHI_SQUARE, library="scipy", function="stats.chi2_contingency", kernel="group_tests.contingency")
def chi_square(test: str, table: Ints) -> Values:
    """P of a χ² test."""
    from scipy.stats import chi2_contingency

    found = chi2_contingency(table, correction=test == "pearson-yates", lambda_="log-likelihood" if test == "likelihood-ratio" else None)
    return {"p": float(found.pvalue)}


@engine(
    "odds ratio",
    "sample",
    "conditional",
    library="scipy",
    function="stats.contingency.odds_ratio",
    kernel="group_tests.contingency",
    bound=1e-9,
)
def odds_ratio(kind: str, table: Ints, level: float) -> Values:
    """Odds ratio of a 2 × 2 table with limits."""
    from scipy.stats.contingency import odds_ratio

    found = odds_ratio(table, kind=kind)
    low, high = found.confidence_interval(confidence_level=level)
    return {"odds_ratio": float(found.statistic), "lower": float(low), "upper": float(high)}


@engine(
    "Mann-Whitney test",
    "asymptotic",
    "asymptotic-continuity",
    library="scipy",
    function="stats.mannwhitneyu",
    kernel="group_tests.mann_whitney",
)
def mann_whitney(method: str, x: Floats, y: Floats) -> Values:
    """U of the first sample and two-sided P, the variance corrected for ties."""
    from scipy.stats import mannwhitneyu

    found = mannwhitneyu(x, y, method="asymptotic", use_continuity=method == "asymptotic-continuity")
    return {"u": float(found.statistic), "p": float(found.pvalue)}


@engine("t test", "student", "welch", library="scipy", function="stats.ttest_ind_from_stats", kernel="group_tests.t_tests")
def t_test(test: str, mean1: float, sd1: float, n1: int, mean2: float, sd2: float, n2: int) -> Values:
    """t and two-sided P of two samples by their summaries.

    Parameters
    ----------
    test : str
        One of the conventions named above.
    mean1, sd1, mean2, sd2 : float
    n1, n2 : int
        Sizes of the samples.
    """
    from scipy.stats import ttest_ind_from_stats

    found = ttest_ind_from_stats(mean1, sd1, n1, mean2, sd2, n2, equal_var=test == "student")
    return {"t": float(found.statistic), "p": float(found.pvalue)}
