"""Compiled evaluators for the search: curves, follow-up and two-curve comparisons of a few rows.

Times are whole months, and a group is told by how many of it leave in each (`tallies`).
Every function agrees with `analysis.estimators` (the tests hold them together) and is
tens of times faster, since a search asks for millions of values.
"""

from __future__ import annotations

import math

from analysis.compiled import njit

Z = 1.959963984540054
#: Methods of `moments` and `cox`, in the order of their results.
METHODS = ("logrank-oe", "mantel-haenszel", "cox-efron", "cox-breslow")


@njit(cache=True)
def kaplan_meier(leaving, deaths, size, horizon):
    """Estimate and standard error at a horizon, both in percent.

    Parameters
    ----------
    leaving, deaths : arrays of int, shape (months,)
        Rows of the group whose time is that month, and those among them with an event.
    size : int
        Rows of the group.
    horizon : int
        Month.
    """
    at_risk = size
    survival, greenwood = 1.0, 0.0
    for t in range(min(horizon + 1, deaths.size)):
        d = deaths[t]
        if d:
            if d == at_risk:
                return 0.0, 0.0
            survival *= (at_risk - d) / at_risk
            greenwood += d / (at_risk * (at_risk - d))
        at_risk -= leaving[t]
    return 100.0 * survival, 100.0 * survival * math.sqrt(greenwood)


@njit(cache=True)
def follow_up(leaving, deaths, kind, survivors):
    """Median (0), least (1) or greatest (2) time over all rows of a group, or over survivors; NaN for nobody."""
    n = 0
    for t in range(leaving.size):
        n += leaving[t] - (deaths[t] if survivors else 0)
    if n == 0:
        return math.nan
    first = 0 if kind == 1 else (n - 1 if kind == 2 else (n - 1) // 2)
    second = n // 2 if kind == 0 else first
    low, passed = -1, 0
    for t in range(leaving.size):
        passed += leaving[t] - (deaths[t] if survivors else 0)
        if low < 0 and passed > first:
            low = t
        if passed > second:
            return (low + t) / 2.0
    return math.nan


@njit(cache=True)
def event_months(leaving, deaths, sizes, first, second, steps):
    """Months with events in either of two groups.

    Parameters
    ----------
    leaving, deaths : arrays of int, shape (groups, months)
        As in `kaplan_meier`.
    sizes : array of int, shape (groups,)
    first, second : int
        The groups compared.
    steps : array of int, shape (months, 4)
        Overwritten from its start: events of the first group, of both; at risk of the first, of both.

    Returns
    -------
    int
        How many months.
    """
    left, right, k = sizes[first], sizes[second], 0
    for t in range(deaths.shape[1]):
        d = deaths[first, t] + deaths[second, t]
        if d:
            steps[k, 0], steps[k, 1], steps[k, 2], steps[k, 3] = deaths[first, t], d, left, left + right
            k += 1
        left -= leaving[first, t]
        right -= leaving[second, t]
    return k


@njit(cache=True)
def cox(steps, out):
    """Log hazard ratio and standard error of univariable Cox models, where `moments` has left its guess."""
    for method in (2, 3):
        out[1 + 2 * method], out[2 + 2 * method] = _cox(steps, method == 2, out[3])


@njit(cache=True)
def moments(steps, out):
    """Log-rank chi-square, then log hazard ratio and its standard error by the methods that need no model.

    Parameters
    ----------
    steps : array of int
        From `event_months`.
    out : array of float, shape (1 + 2 × methods,)
        Overwritten in the order of `METHODS`; NaN where a quantity is undefined, and for the Cox models (`cox`).
    """
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
def _cox(steps, efron, b):
    """Log hazard ratio and standard error of a univariable Cox model, by Newton's method from a first guess."""
    if not abs(b) < 3:
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
def limit(estimate, error, method, upper):
    """A 95 % limit of a survival estimate, in percent.

    Parameters
    ----------
    estimate, error : float
        Estimate and standard error, in percent.
    method : {0, 1, 2}
        Transformation: log, log-log, none (Kalbfleisch and Prentice 2002, 1.4).
    upper : bool
    """
    if not 0 < estimate < 100:
        return estimate
    share, root, sign = estimate / 100, error / estimate, 1.0 if upper else -1.0
    if method == 0:
        value = share * math.exp(sign * Z * root)
    elif method == 1:
        value = share ** math.exp(sign * Z * root / math.log(share))
    else:
        value = share + sign * Z * error / 100
    return 100 * min(1.0, max(0.0, value))


@njit(cache=True)
def log_rank_miss(values, asked):
    """How far the log-rank test of a comparison lies outside what is printed (see `ratio_miss`)."""
    if math.isnan(asked[0]):
        return 0.0
    return _graded(beyond(math.sqrt(values[0]) if values[0] >= 0 else math.nan, asked[0], asked[1]))


@njit(cache=True)
def ratio_miss(values, asked):
    """How far a comparison's hazard ratio and limits lie outside what is printed, by its best method.

    Parameters
    ----------
    values : array
        From `moments` and `cox`.
    asked : array, shape (8,)
        Lower and upper ends for: z of the log-rank test, log hazard ratio, log lower limit,
        log upper limit; NaN where nothing is printed.
    """
    best = math.inf
    for method in range(4):
        b, se = values[1 + 2 * method], values[2 + 2 * method]
        miss = 0.0
        for k in range(3):
            if not math.isnan(asked[2 + 2 * k]):
                value = b + (0.0 if k == 0 else (-Z if k == 1 else Z)) * se
                miss += _graded(beyond(value, asked[2 + 2 * k], asked[3 + 2 * k]))
        best = min(best, miss)
    return best


@njit(cache=True)
def _graded(distance):
    """A step for being outside at all, and the distance, so that the last digit still counts."""
    return 0.0 if distance <= 0 else 0.3 + 10.0 * distance
