"""The compiled Mann-Whitney test of whole numbers, for the search of numbers.

It agrees with `analysis.estimators.group_tests.mann_whitney` (the tests hold them together), which a search
would ask tens of thousands of times.
"""

from __future__ import annotations

import math

import numpy as np

from analysis.compiled import njit


@njit(cache=True)
def mann_whitney(x, y):
    """Two-sided P values by the normal distribution, variance corrected for ties.

    Parameters
    ----------
    x, y : arrays of int
        The samples, neither empty.

    Returns
    -------
    with_continuity, without : float
        NaN where all values are equal.
    """
    low = min(x.min(), y.min())
    high = max(x.max(), y.max())
    first, second = np.zeros(high - low + 1, np.int64), np.zeros(high - low + 1, np.int64)
    for value in x:
        first[value - low] += 1
    for value in y:
        second[value - low] += 1
    m, n = x.size, y.size
    total = m + n
    doubled, below, ties = 0, 0, 0.0  # twice U: pairs that the first sample wins, and half of the ties
    for k in range(first.size):
        doubled += first[k] * (2 * below + second[k])
        below += second[k]
        t = first[k] + second[k]
        ties += float(t) * t * t - t
    variance = m * n / 12.0 * (total + 1 - ties / (total * (total - 1.0)))
    if variance <= 1e-12:
        return math.nan, math.nan
    distance = abs(doubled / 2.0 - m * n / 2.0)
    error = math.sqrt(2.0 * variance)
    return min(1.0, math.erfc((distance - 0.5) / error)), math.erfc(distance / error)
