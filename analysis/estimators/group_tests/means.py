"""Limits of a mean, and of the difference of two."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.errors import Undefined
from analysis.estimators.numerics import checks


class Mean(NamedTuple):
    """A mean, or a difference of means, with its limits."""

    mean: float
    lower: float
    upper: float


DIFFERENCES = ("student", "welch")


def mean_limits(values: npt.ArrayLike, level: float = 0.95) -> Mean:
    """Mean with the limits of the t distribution.

    Raises
    ------
    Undefined
        With fewer than two values.
    """
    values = checks.numbers(values, "values")
    if len(values) < 2:
        raise Undefined("limits of a mean need two values")
    mean, error = float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))
    reach = float(stats.t.ppf(1 - (1 - checks.confidence(level)) / 2, len(values) - 1)) * error
    return Mean(mean, mean - reach, mean + reach)


def mean_difference(first: npt.ArrayLike, second: npt.ArrayLike, method: str = "student", level: float = 0.95) -> Mean:
    """Mean of the first sample less that of the second.

    Parameters
    ----------
    first, second : array_like
    method : {"student", "welch"}
        One variance for both samples, or one each, as R's ``t.test`` has them.
    level : float

    Raises
    ------
    Undefined
        With fewer than two values in a sample.
    """
    checks.one_of(method, DIFFERENCES, "method")
    x, y = checks.numbers(first, "first"), checks.numbers(second, "second")
    if min(len(x), len(y)) < 2:
        raise Undefined("limits of a difference of means need two values in each group")
    difference, n, m = float(x.mean() - y.mean()), len(x), len(y)
    if method == "student":
        freedom = float(n + m - 2)
        error = np.sqrt(((n - 1) * x.var(ddof=1) + (m - 1) * y.var(ddof=1)) / freedom * (1 / n + 1 / m))
    else:
        a, b = x.var(ddof=1) / n, y.var(ddof=1) / m
        error = np.sqrt(a + b)
        freedom = (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (m - 1)) if a + b else 1.0
    reach = float(stats.t.ppf(1 - (1 - checks.confidence(level)) / 2, freedom) * error)
    return Mean(difference, difference - reach, difference + reach)
