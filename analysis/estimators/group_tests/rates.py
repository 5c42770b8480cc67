"""Event rates, events over the time under observation: their limits, and two groups or what was expected compared."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

from analysis.errors import Undefined
from analysis.estimators.numerics import checks, distributions

METHODS = ("exact", "wald")
LIMITS = ("exact", "byar", "log", "wald")


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


def count_limits(events: int, method: str = "exact", level: float = 0.95) -> tuple[float, float]:
    """Limits of the mean of a Poisson number of which `events` were seen: over time those of a rate, over what was expected of an SMR.

    Parameters
    ----------
    events : int
    method : {"exact", "byar", "log", "wald"}
        Of the gamma distribution, as R's ``poisson.test``; Byar's approximation to them (Breslow and Day, IARC 1987, p. 69); normal on
        the log scale; d ± z √d.
    level : float

    Raises
    ------
    Undefined
        Of ``log`` and ``wald``, if there is no event.
    """
    checks.one_of(method, LIMITS, "method")
    tail, z = (1 - checks.confidence(level)) / 2, distributions.reach(level)
    if method == "exact":
        return float(stats.gamma.ppf(tail, events)) if events else 0.0, float(stats.gamma.ppf(1 - tail, events + 1))
    if method == "byar":
        low = events * (1 - 1 / (9 * events) - z / (3 * np.sqrt(events))) ** 3 if events else 0.0
        return float(low), float((events + 1) * (1 - 1 / (9 * (events + 1)) + z / (3 * np.sqrt(events + 1))) ** 3)
    if not events:
        raise Undefined("normal limits of a rate need an event")
    if method == "log":
        reach = float(np.exp(z / np.sqrt(events)))
        return events / reach, events * reach
    return float(events - z * np.sqrt(events)), float(events + z * np.sqrt(events))


def expected_p(events: int, expected: float) -> float:
    """Exact two-sided P of a number of events where so many were expected, as R's ``poisson.test`` has it.

    All numbers that are no more likely than the one seen count against it.

    Raises
    ------
    Undefined
        If none were expected.
    """
    if not expected > 0:
        raise Undefined("an exact test of a number of events needs an expected number above 0")
    seen = stats.poisson.pmf(events, expected) * (1 + 1e-7)
    last = int(max(events, expected) * 2 + 100)
    likely = stats.poisson.pmf(np.arange(last + 1), expected) > seen
    return float(1 - stats.poisson.pmf(np.flatnonzero(likely), expected).sum())
