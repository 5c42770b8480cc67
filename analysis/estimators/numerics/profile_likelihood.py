"""Limits of a coefficient from the profile of its likelihood, which exist where Wald's do not."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from scipy.optimize import brentq

from analysis.arrays import Floats, Ints
from analysis.estimators.numerics import distributions


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
    drop = distributions.chi_square_quantile(level, 1) / 2

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


class Profiles(Protocol):
    """Profiles of concave log-likelihoods, each along one coefficient."""

    def at(self, b: Floats, chosen: Ints) -> tuple[Floats, Floats]:
        """Greatest log-likelihoods of the profiles numbered `chosen` with the coefficient at `b`, and their slopes there; NaN where none is found."""


def limits_of_many(profiles: Profiles, start: Floats, value: Floats, level: float = 0.95, iterations: int = 40) -> Floats:
    """One limit of each of many profiles, as `limits` finds it; NaN where the iteration does not end.

    A profile is concave: from wherever it has a slope towards the limit, a tangent leads beyond the limit, and every further one
    back towards it, so that Newton's method needs no bracket.

    Parameters
    ----------
    profiles : Profiles
    start : ndarray, shape (b,)
        Between estimate and limit or beyond the limit, but not the estimate; Wald's limit, where there is one.
    value : ndarray, shape (b,)
        Log-likelihood at the maximum, or its limit.
    level : float
    """
    drop = distributions.chi_square_quantile(level, 1) / 2
    b, found, active = start.astype(float), np.full(len(start), np.nan), np.arange(len(start))
    last = np.full(len(start), np.inf)
    for _ in range(iterations):
        if not len(active):
            break
        height, slope = profiles.at(b[active], active)
        with np.errstate(all="ignore"):
            step = (value[active] - drop - height) / slope
        usable = np.isfinite(step)
        active, step = active[usable], step[usable]
        b[active] += step
        # convergence being quadratic, small steps that no longer shrink are rounding noise
        size = np.abs(step)
        ended = (size <= 1e-12 * (1 + np.abs(b[active]))) | ((size < 1e-7) & (size > last[active] / 2))
        last[active] = size
        found[active[ended]] = b[active[ended]]
        active = active[~ended]
    return found
