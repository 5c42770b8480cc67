"""Compiled evaluators for the search: curves, follow-up and two-curve comparisons of a few rows.

Times are whole months; a time below 0 means that the row does not have the endpoint.
Every function agrees with `analysis.estimators` (the tests hold them together) and is
tens of times faster, since a search asks for millions of values.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

Z = 1.959963984540054
#: Methods of `two_curve`, in the order of its results.
METHODS = ("logrank-oe", "mantel-haenszel", "cox-efron", "cox-breslow")


@njit(cache=True)
def kaplan_meier(time, event, member, horizon):
    """Estimate and standard error at a horizon, both in percent."""
    deaths = np.zeros(horizon + 1, np.int64)
    leaving = np.zeros(horizon + 1, np.int64)
    at_risk = 0
    for p in range(time.size):
        if member[p] and time[p] >= 0:
            at_risk += 1
            if time[p] <= horizon:
                leaving[time[p]] += 1
                if event[p]:
                    deaths[time[p]] += 1
    survival, greenwood = 1.0, 0.0
    for t in range(horizon + 1):
        d = deaths[t]
        if d:
            if d == at_risk:
                return 0.0, 0.0
            survival *= (at_risk - d) / at_risk
            greenwood += d / (at_risk * (at_risk - d))
        at_risk -= leaving[t]
    return 100.0 * survival, 100.0 * survival * math.sqrt(greenwood)


@njit(cache=True)
def follow_up(time, event, member, kind, survivors):
    """Median (0), least (1) or greatest (2) time over all rows of a group, or over survivors; NaN for nobody."""
    values = np.empty(time.size, np.int64)
    n = 0
    for p in range(time.size):
        if member[p] and time[p] >= 0 and not (survivors and event[p]):
            values[n] = time[p]
            n += 1
    if n == 0:
        return math.nan
    ordered = np.sort(values[:n])
    if kind == 1:
        return float(ordered[0])
    if kind == 2:
        return float(ordered[n - 1])
    return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2.0


@njit(cache=True)
def two_curve(time, event, first, second, out):
    """Log-rank chi-square, then log hazard ratio and its standard error by each of `METHODS`.

    Parameters
    ----------
    time, event, first, second : arrays, shape (rows,)
        `first` and `second` mark the two groups.
    out : array of float, shape (1 + 2 × methods,)
        Overwritten; NaN where a quantity is undefined.
    """
    last = 0
    for p in range(time.size):
        if (first[p] or second[p]) and time[p] > last:
            last = time[p]
    deaths = np.zeros((2, last + 1), np.int64)
    leaving = np.zeros((2, last + 1), np.int64)
    at_risk = np.zeros(2, np.int64)
    for p in range(time.size):
        g = 0 if first[p] else 1
        if (first[p] or second[p]) and time[p] >= 0:
            at_risk[g] += 1
            leaving[g, time[p]] += 1
            if event[p]:
                deaths[g, time[p]] += 1
    steps = np.empty((last + 1, 4), np.int64)  # d of the first group, d, n of the first group, n
    k = 0
    for t in range(last + 1):
        d = deaths[0, t] + deaths[1, t]
        if d:
            steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3] = deaths[0, t], d, at_risk[0], at_risk[0] + at_risk[1]
            k += 1
        at_risk[0] -= leaving[0, t]
        at_risk[1] -= leaving[1, t]
    _moments(steps[:k], out)
    for method in (2, 3):
        out[1 + 2 * method], out[2 + 2 * method] = _cox(steps[:k], method == 2)


@njit(cache=True)
def _moments(steps, out):
    observed, total, expected, variance = 0, 0, 0.0, 0.0
    for k in range(steps.shape[0]):
        d1, d, n1, n = steps[k]
        observed += d1
        total += d
        expected += d * n1 / n
        if n > 1:
            variance += d * n1 * (n - n1) * (n - d) / (n * n * (n - 1))
    other = total - expected
    out[:] = math.nan
    if variance <= 0 or expected <= 0 or other <= 0:
        return
    difference = observed - expected
    out[0] = difference * difference / variance
    if 0 < observed < total:
        out[1] = math.log((observed / expected) / ((total - observed) / other))
    out[2] = math.sqrt(1 / expected + 1 / other)
    out[3] = difference / variance
    out[4] = 1 / math.sqrt(variance)


@njit(cache=True)
def _cox(steps, efron):
    """Log hazard ratio and standard error of a univariable Cox model, by Newton's method."""
    b = 0.0
    for _ in range(25):
        score, information = 0.0, 0.0
        e = math.exp(b)
        for k in range(steps.shape[0]):
            d1, d, n1, n = steps[k]
            score += d1
            for tie in range(d):
                share = tie / d if efron else 0.0
                x = (n1 - share * d1) * e
                y = (n - n1) - share * (d - d1)
                if x + y <= 0:
                    return math.nan, math.nan
                q = x / (x + y)
                score -= q
                information += q * (1 - q)
        if information <= 1e-12:
            return math.nan, math.nan
        step = score / information
        if abs(step) > 2:
            step = 2.0 if step > 0 else -2.0
        b += step
        if abs(b) > 15:
            return math.nan, math.nan
        if abs(step) < 1e-9:
            return b, 1 / math.sqrt(information)
    return math.nan, math.nan


@njit(cache=True)
def beyond(value, low, high):
    """Distance of a value from an interval; 5 for an undefined value."""
    if math.isnan(value):
        return 5.0
    return max(low - value, value - high, 0.0)


@njit(cache=True)
def comparison_miss(values, asked):
    """How far a comparison lies outside what is printed, by its best method.

    Parameters
    ----------
    values : array
        From `two_curve`.
    asked : array, shape (8,)
        Lower and upper ends for: z of the log-rank test, log hazard ratio, log lower limit,
        log upper limit; NaN where nothing is printed.
    """
    total = 0.0
    if not math.isnan(asked[0]):
        z = math.sqrt(values[0]) if values[0] >= 0 else math.nan
        total += _graded(beyond(z, asked[0], asked[1]))
    if math.isnan(asked[2]) and math.isnan(asked[4]) and math.isnan(asked[6]):
        return total
    best = 1e9
    for method in range(4):
        b, se = values[1 + 2 * method], values[2 + 2 * method]
        miss = 0.0
        for k in range(3):
            if not math.isnan(asked[2 + 2 * k]):
                value = b + (0.0 if k == 0 else (-Z if k == 1 else Z)) * se
                miss += _graded(beyond(value, asked[2 + 2 * k], asked[3 + 2 * k]))
        best = min(best, miss)
    return total + best


@njit(cache=True)
def _graded(distance):
    """A step for being outside at all, and the distance, so that the last digit still counts."""
    return 0.0 if distance <= 0 else 0.3 + 10.0 * distance
