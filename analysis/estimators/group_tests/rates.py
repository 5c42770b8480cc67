"""Event rates of two groups compared: events over the time under observation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

from analysis.errors import Undefined
from analysis.estimators.numerics import distributions

METHODS = ("exact", "wald")


class RateRatio(NamedTuple):
    """Ratio of two rates, its limits and P."""

    ratio: float
    lower: float
    upper: float
    p: float


def rate_ratio(events: tuple[int, int], time: tuple[float, float], method: str = "exact", level: float = 0.95) -> RateRatio:
    """Rate of the first group as a multiple of that of the second.

    Parameters
    ----------
    events : (int, int)
    time : (float, float)
        Under observation, in one unit, positive.
    method : {"exact", "wald"}
        Given all events, those of the first group are binomial: limits of Clopper and Pearson and the P of ``binom.test``, as R's
        ``poisson.test`` has them; or a normal logarithm of the ratio with variance 1/d₁ + 1/d₂.
    level : float

    Raises
    ------
    Undefined
        If there is no event, or nobody is under observation.
    """
    (first, second), (t1, t2) = events, time
    if first + second == 0 or min(t1, t2) <= 0:
        raise Undefined("a rate ratio needs an event, and time under observation in both groups")
    with np.errstate(divide="ignore"):
        ratio = float(np.divide(first / t1, second / t2))
    if method == "wald":
        if not (first and second):
            raise Undefined("a normal interval of a rate ratio needs an event in both groups")
        error = np.sqrt(1 / first + 1 / second)
        reach = np.exp(distributions.reach(level) * error)
        return RateRatio(ratio, ratio / reach, ratio * reach, float(2 * distributions.normal_tail(abs(np.log(ratio)) / error)))
    test = stats.binomtest(first, first + second, t1 / (t1 + t2))
    low, high = test.proportion_ci(level, method="exact")
    upper = np.inf if high == 1 else high / (1 - high) * t2 / t1
    return RateRatio(ratio, float(low / (1 - low) * t2 / t1), float(upper), float(test.pvalue))
