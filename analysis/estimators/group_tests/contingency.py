"""P values and odds ratios of contingency tables."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import gammaln, xlogy
from scipy.stats import norm

from analysis.arrays import Floats, Ints
from analysis.errors import Undefined
from analysis.estimators.engines.shown import take
from analysis.estimators.group_tests import freeman_halton
from analysis.estimators.numerics import checks, distributions

TESTS = ("fisher", "fisher-midp", "pearson", "pearson-yates", "likelihood-ratio")
# How far above the observed one's log-probability a table still counts as equally likely: R's fisher.test allows
# 1e-7 (relative) in 2 x 2 tables, and in larger ones the constant of Mehta and Patel's FEXACT.
TIES_2X2 = float(np.log1p(1e-7))
TIES_LARGER = 3.45254e-7


class OddsRatio(NamedTuple):
    """An odds ratio with its confidence limits."""

    odds_ratio: float
    lower: float
    upper: float


def p_value(table: npt.ArrayLike, test: str = "fisher") -> float:
    """Return the P value of a test of independence.

    Parameters
    ----------
    table : array_like of counts, shape (r, c)
        Rows and columns without any subject are left out first.
    test : {"fisher", "fisher-midp", "pearson", "pearson-yates", "likelihood-ratio"}
        - ``fisher``: exact given the margins, two-sided: the summed probability of the tables no likelier than the
          observed one (Fisher; Freeman-Halton if larger than 2 x 2); near-ties as in R's ``fisher.test``, within 1e-7
          of the probability for 2 x 2 and 3.45e-7 for larger tables;
        - ``fisher-midp``: the same with half the probability of the tables exactly as likely (Lancaster 1961);
        - ``pearson``: χ² = Σ (O - E)² / E on (r - 1)(c - 1) degrees of freedom;
        - ``pearson-yates``: with |O - E| lessened by up to 0.5, in 2 x 2 tables only (larger ones: as ``pearson``);
        - ``likelihood-ratio``: G = 2 Σ O ln(O / E).

    Where it is shown, P is SciPy's, but for mid-P and for the exact test of larger tables, which SciPy simulates.

    Returns
    -------
    float
        If one row or column is left, 1 for the exact tests and NaN for the others, as in R.

    Raises
    ------
    ValueError
        For negative, fractional or missing counts, an empty table, or one too large for the exact test.

    Examples
    --------
    Fisher's lady tasting tea:

    >>> round(float(p_value([[3, 1], [1, 3]])), 4)
    0.4857
    """
    checks.one_of(test, TESTS, "test")
    counts = _counts(table)
    if min(counts.shape) < 2:
        return 1.0 if test.startswith("fisher") else float("nan")
    if test.startswith("fisher"):
        small = counts.shape == (2, 2)
        slack, tail = (TIES_2X2, _two_by_two_tail) if small else (TIES_LARGER, freeman_halton.tail)
        up_to = tail(counts, slack)
        if test == "fisher-midp":
            return (up_to + tail(counts, -slack)) / 2
        return float(take("2 × 2 table", "fisher", {"p": up_to}, counts)["p"]) if small else up_to
    return float(take("contingency table", test, {"p": _chi_square_p(counts, test)}, counts)["p"])


def _chi_square_p(counts: Ints, test: str) -> float:
    """P of χ² or of the likelihood ratio."""
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    gap = np.abs(counts - expected)
    if test == "pearson-yates" and counts.shape == (2, 2):
        gap = gap - np.minimum(0.5, gap)
    statistic = 2 * xlogy(counts, counts / expected).sum() if test == "likelihood-ratio" else (gap**2 / expected).sum()
    freedom = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return float(distributions.chi_square_tail(statistic, freedom))


def _counts(table: npt.ArrayLike) -> Ints:
    """Return `table` as integers without empty rows and columns."""
    try:
        array = np.asarray(table, dtype=float)
    except (TypeError, ValueError):
        raise ValueError("table: expected rows of equal length holding counts") from None
    if array.ndim != 2 or not array.size:
        raise ValueError(f"table: expected rows and columns of counts, found shape {array.shape}")
    wrong = ~np.isfinite(array) | (array < 0) | (array != np.floor(array))
    if wrong.any():
        raise ValueError(f"table: expected whole counts of at least 0, found {array[wrong][0]:g}")
    counts = array.astype(np.int64)
    if not counts.any():
        raise Undefined("table: expected at least one subject, found none")
    return counts[counts.any(axis=1)][:, counts.any(axis=0)]


def _hypergeometric(table: Ints) -> tuple[Ints, Floats]:
    """Return the possible values of the first cell given the margins and their log-probabilities."""
    (a, b), (c, d) = table
    x = np.arange(max(0, a - d), min(a + b, a + c) + 1)
    weight = -sum(gammaln(cell + 1.0) for cell in (x, a + b - x, a + c - x, d - a + x))
    weight -= weight.max()
    return x, weight - np.log(np.exp(weight).sum())


def _two_by_two_tail(table: Ints, slack: float) -> float:
    x, log_p = _hypergeometric(table)
    return min(1.0, float(np.exp(log_p[log_p <= log_p[x == table[0, 0]] + slack]).sum()))


def odds_ratio(table: npt.ArrayLike, kind: str = "sample", level: float = 0.95) -> OddsRatio:
    """Return the odds ratio of a 2 x 2 table with limits.

    Parameters
    ----------
    table : array_like of counts, shape (2, 2)
        [[a, b], [c, d]]; the odds are a : b over c : d.
    kind : {"sample", "conditional"}
        - ``sample``: ad / (bc), limits exp(log OR ± z √(1/a + 1/b + 1/c + 1/d)) (Woolf 1955); NaN limits with an
          empty cell;
        - ``conditional``: the conditional maximum likelihood estimate under the noncentral hypergeometric
          distribution, limits by inverting its one-sided exact tests (Cornfield 1956; what R's ``fisher.test``
          reports up to its root-finder's tolerance, here solved to 1e-13 on the log scale).
    level : float
        Confidence level.

    Returns
    -------
    OddsRatio
        0 or infinite, or NaN, where a margin or cell is empty.
    """
    checks.one_of(kind, ("sample", "conditional"), "kind")
    alpha = 1 - checks.confidence(level)
    if np.shape(table) != (2, 2):
        raise ValueError(f"table: expected 2 rows and 2 columns, found shape {np.shape(table)}")
    _counts(table)
    array = np.asarray(table, float).astype(np.int64)
    if kind == "sample":
        (a, b), (c, d) = array.astype(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.divide(a * d, b * c)
            error = np.sqrt((1 / array).sum())
            reach = norm.ppf(1 - alpha / 2) * error
            limits = ratio * np.exp([-reach, reach]) if np.isfinite(error) else [np.nan, np.nan]
        found = OddsRatio(float(ratio), float(limits[0]), float(limits[1]))
    else:
        found = _conditional(array, alpha)
    if np.isnan(found).any():  # no library says what R says of an empty cell or margin
        return found
    return OddsRatio(**{name: float(value) for name, value in take("odds ratio", kind, found._asdict(), array, level).items()})


def _conditional(table: Ints, alpha: float) -> OddsRatio:
    """Return the conditional odds ratio and exact limits."""
    x, log_p = _hypergeometric(table)
    a = table[0, 0]
    if len(x) == 1:
        return OddsRatio(float("nan"), 0.0, float("inf"))

    def tilted(log_ratio: float) -> Floats:
        weight = log_p + x * log_ratio
        weight = np.exp(weight - weight.max())
        return weight / weight.sum()

    def solve(function: Callable[[float], float]) -> float:
        reach = 1.0
        while function(-reach) * function(reach) > 0:
            reach *= 2
        return float(np.exp(brentq(function, -reach, reach, xtol=1e-13, rtol=1e-14)))

    at_floor, at_ceiling = a == x[0], a == x[-1]
    lower = 0.0 if at_floor else solve(lambda b: tilted(b)[x >= a].sum() - alpha / 2)
    upper = float("inf") if at_ceiling else solve(lambda b: tilted(b)[x <= a].sum() - alpha / 2)
    estimate = 0.0 if at_floor else float("inf") if at_ceiling else solve(lambda b: tilted(b) @ x - a)
    return OddsRatio(estimate, lower, upper)
