"""Tails and quantiles of the normal and χ² distributions.

`scipy.stats` checks arguments anew at each call, which takes longer than a comparison of a few dozen patients; these
are the special functions behind it, so that the values are the same to the last bit.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, gammaincinv, ndtr, ndtri

from analysis.estimators.numerics import checks


def chi_square_tail(x: npt.ArrayLike, degrees_of_freedom: int) -> Any:
    """Return P(X > x) of the χ² distribution; 1 below 0, NaN for NaN."""
    return chdtrc(degrees_of_freedom, np.maximum(x, 0.0))


def chi_square_quantile(level: float, degrees_of_freedom: int) -> float:
    """Return x with P(X <= x) = `level` of the χ² distribution."""
    return float(2 * gammaincinv(degrees_of_freedom / 2, level))


def normal_tail(x: Any) -> Any:
    """Return P(Z > x) of the standard normal distribution."""
    return ndtr(-x)


def reach(level: float) -> float:
    """Return z of a two-sided interval: 1.96 for a level of 0.95.

    Raises
    ------
    ValueError
        If `level` is no share between 0 and 1.
    """
    return ndtri(1 - (1 - checks.confidence(level)) / 2)
