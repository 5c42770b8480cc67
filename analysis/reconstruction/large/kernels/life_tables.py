"""Life tables by step, and what follows from them: estimates, their errors, limits, and follow-up by the reverse method, compiled."""

from __future__ import annotations

import math

from analysis.compiled import UNCOUNTED, njit
from analysis.reconstruction.kernels.kernels import limit
from analysis.reconstruction.large.state import FOLLOWED, FOLLOWED_UPPER, LOWER, UPPER


@njit(cache=True, **UNCOUNTED)
def write_table(leaving, deaths, size, survival, greenwood, at_risk, first):
    """Estimate (percent), Greenwood's sum and number at risk of one group at each step; before `first` they stay."""
    left, share, total = size, 1.0, 0.0
    if first > 0:
        left, share, total = int(at_risk[first - 1]) - leaving[first - 1], survival[first - 1] / 100.0, greenwood[first - 1]
    for t in range(first, leaving.size):
        at_risk[t] = left
        d = deaths[t]
        if d > 0:
            share *= (left - d) / left
            if left > d:
                total += d / (left * (left - d))
        left -= leaving[t]
        survival[t], greenwood[t] = 100.0 * share, total


@njit(cache=True)
def error_at(estimate, greenwood):
    """Standard error of an estimate, in its unit; NaN where nobody is left."""
    return estimate * math.sqrt(greenwood) if estimate > 0 else math.nan


@njit(cache=True)
def height(survival, greenwood, t, which, method):
    """Of a group's curve or a limit of it at a step, in percent."""
    if t < 0:
        return 100.0
    if which < LOWER or survival[t] >= 100:
        return survival[t]
    return limit(survival[t], error_at(survival[t], greenwood[t]), method, which == UPPER)


@njit(cache=True)
def followed(leaving, deaths, size, t):
    """Estimate of follow-up, in percent, and Greenwood's sum of it at a step.

    Censorings are its events; who dies in a step is still at risk in it, as in the ledger's estimator.
    """
    left, share, total = size, 1.0, 0.0
    for u in range(min(t + 1, leaving.size)):
        ended = leaving[u] - deaths[u]
        if ended > 0:
            share *= (left - ended) / left
            if left > ended:
                total += ended / (left * (left - ended))
        left -= leaving[u]
    return 100.0 * share, total


@njit(cache=True)
def followed_at(leaving, deaths, size, t, which, method):
    """Estimate of follow-up at a step, or a limit of it, in percent."""
    estimate, greenwood = followed(leaving, deaths, size, t)
    if which == FOLLOWED or estimate >= 100:
        return estimate
    return limit(estimate, error_at(estimate, greenwood), method, which == FOLLOWED_UPPER)
