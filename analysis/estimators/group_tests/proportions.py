"""Confidence limits of a proportion, and its test against a share."""

import numpy as np
from scipy.stats import binomtest, norm
from statsmodels.stats.proportion import proportion_confint

from analysis.estimators.numerics import checks

_STATSMODELS = {"wilson": "wilson", "clopper-pearson": "beta", "wald": "normal", "agresti-coull": "agresti_coull", "jeffreys": "jeffreys"}
METHODS = (*_STATSMODELS, "wilson-continuity")
ALTERNATIVES = ("two-sided", "greater", "less")


def interval(k: int, n: int, method: str = "wilson", level: float = 0.95) -> tuple[float, float]:
    """Return (lower, upper) limits of the proportion `k` of `n`, as shares clipped to [0, 1].

    Parameters
    ----------
    k, n : int
        Number with the feature, and in all.
    method : {"wilson", "clopper-pearson", "wald", "agresti-coull", "jeffreys", "wilson-continuity"}
        Score limits (Wilson 1927); exact limits (Clopper and Pearson 1934; R's ``binom.test``); p ± z √(p(1-p)/n);
        Wilson's midpoint with Wald's form (Agresti and Coull 1998); Beta(1/2, 1/2) quantiles; score limits with
        continuity correction (R's ``prop.test`` by default; Newcombe, Stat Med 1998;17:857-872, method 4).
    level : float
        Confidence level.

    Raises
    ------
    ValueError
        Unless 0 <= k <= n, both whole, n > 0.

    Examples
    --------
    None of eight, whose exact upper limit is 1 - 0.025^(1/8):

    >>> [round(float(limit), 3) for limit in interval(0, 8, "clopper-pearson")]
    [0.0, 0.369]
    """
    checks.one_of(method, METHODS, "method")
    alpha = 1 - checks.confidence(level)
    count, total = checks.numbers([k, n], "k, n", minimum=0)
    if total < 1 or count > total or count % 1 or total % 1:
        raise ValueError(f"k, n: expected whole numbers with 0 <= k <= n and n > 0, found {k} and {n}")
    if method == "wilson-continuity":
        return _wilson_continuity(count, total, norm.ppf(1 - alpha / 2))
    lower, upper = proportion_confint(int(count), int(total), alpha=alpha, method=_STATSMODELS[method])
    return float(np.clip(lower, 0, 1)), float(np.clip(upper, 0, 1))


def _wilson_continuity(k: float, n: float, z: float) -> tuple[float, float]:
    p, yates = k / n, min(0.5, abs(k - n / 2)) / n
    down, up = p - yates, p + yates
    centre, scale = z * z / (2 * n), 1 + z * z / n
    lower = (down + centre - z * np.sqrt(down * (1 - down) / n + z * z / (4 * n * n))) / scale if k > 0 else 0.0
    upper = (up + centre + z * np.sqrt(up * (1 - up) / n + z * z / (4 * n * n))) / scale if k < n else 1.0
    return float(max(lower, 0)), float(min(upper, 1))


def binomial_p(k: int, n: int, share: float, alternative: str = "two-sided") -> float:
    """Exact P of the proportion `k` of `n` against a `share`, as R's ``binom.test`` has it.

    Parameters
    ----------
    k, n : int
        Number with the feature, and in all.
    share : float
        Under the null hypothesis, between 0 and 1.
    alternative : {"two-sided", "greater", "less"}

    Raises
    ------
    ValueError
        Unless 0 <= k <= n, n > 0 and 0 <= share <= 1.
    """
    checks.one_of(alternative, ALTERNATIVES, "alternative")
    return float(binomtest(int(k), int(n), share, alternative).pvalue)
