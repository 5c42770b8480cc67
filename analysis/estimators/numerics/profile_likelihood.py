"""Limits of a coefficient from the profile of its likelihood, which exist where Wald's do not."""

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2


def limits(profile: Callable[[float], float], top: float, value: float, sign: int, level: float = 0.95) -> tuple[float, float]:
    """Return the (lower, upper) limits of a coefficient.

    Parameters
    ----------
    profile : callable
        Coefficient -> greatest log-likelihood with the coefficient held there.
    top : float
        The estimate; where it is infinite, any value far out in its direction.
    value : float
        Log-likelihood at the maximum, or its limit.
    sign : {-1, 0, 1}
        Infinity that the estimate runs to, 0 if it is finite; the limit on that side is infinite, too.
    level : float

    Returns
    -------
    lower, upper : float
        Where twice the drop of the profile log-likelihood reaches the χ² quantile on one degree of freedom, as R's
        ``confint`` of a ``glm`` finds them.

    Notes
    -----
    Venzon and Moolgavkar, Appl Stat 1988;37:87-94.
    """
    drop = chi2.ppf(level, 1) / 2

    def excess(b: float) -> float:
        return value - drop - profile(b)

    ends = []
    for side in (-1, 1):
        if sign == side:
            ends.append(side * np.inf)
            continue
        inner, step = top, 1.0
        while excess(inner + side * step) < 0:
            inner, step = inner + side * step, 2 * step
        ends.append(brentq(excess, *sorted((inner, inner + side * step)), xtol=1e-13, rtol=1e-13))
    return ends[0], ends[1]
