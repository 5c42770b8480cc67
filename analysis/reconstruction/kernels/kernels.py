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
#: First of the methods that need a model.
COX = 2
#: Places of what is asked of a comparison: z of the log-rank test, log hazard ratio (then its limits), z of Wald's test; and how many.
LOG_RANK, RATIO, WALD, PLACES = 0, 1, 4, 5


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
    """Median (0), least (1) or greatest (2) time over all rows of a group, or over survivors; NaN for nobody.

    Parameters
    ----------
    leaving, deaths : array of int, shape (months,)
        How many leave the group in each month, and how many of them with an event.
    kind : {0, 1, 2}
        Median, least, greatest.
    survivors : bool
        Whether rows with an event are left out.

    Returns
    -------
    float
        In months.
    """
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
    b, se = cox_ratio(steps, True, out[3])
    out[5], out[6] = b, se
    for k in range(steps.shape[0]):
        if steps[k, 1] > 1:  # without ties the models are one
            b, se = cox_ratio(steps, False, out[3] if math.isnan(b) else b)
            break
    out[7], out[8] = b, se


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
def cox_ratio(steps, efron, guess):
    """Log hazard ratio and standard error of a univariable Cox model, by Newton's method from a first guess.

    With b the log ratio, n1 of n at risk and d1 of d events in the first group, the score of a month is
    d1 - Σ q and its information Σ q (1 - q), q = x / (x + y), x = (n1 - f d1) exp(b), y = n2 - f d2; Breslow's f is 0
    for each of the d ties, Efron's 0/d, 1/d … (d - 1)/d.

    Parameters
    ----------
    steps : array of int, shape (event months, 4)
        From `event_months`: events of the first group, all events, at risk in the first group, all at risk.
    efron : bool
        Efron's rule for ties, else Breslow's.
    guess : float
        First value of b.

    Returns
    -------
    b, error : float
        NaN without a maximum.
    """
    b = guess if abs(guess) < 3 else 0.0
    for _ in range(25):
        score, information, e = 0.0, 0.0, math.exp(b)
        for k in range(steps.shape[0]):
            d1, d, n1, n = steps[k]
            score += d1
            if not efron or d == 1:
                x = n1 * e
                q = x / (x + n - n1)
                score -= d * q
                information += d * q * (1 - q)
                continue
            for tie in range(d):
                f = tie / d
                x = (n1 - f * d1) * e
                y = (n - n1) - f * (d - d1)
                if x + y <= 0:
                    return math.nan, math.nan
                q = x / (x + y)
                score -= q
                information += q * (1 - q)
        if information <= 1e-12:
            return math.nan, math.nan
        step = min(2.0, max(-2.0, score / information))
        b += step
        if abs(b) > 15:
            return math.nan, math.nan
        if abs(step) < 1e-7:
            return b, 1 / math.sqrt(information)
    return math.nan, math.nan


@njit(cache=True)
def beyond(value, low, high):
    """Distance of a value from an interval; 5 for an undefined value.

    Parameters
    ----------
    value, low, high : float
        The interval's ends may be infinite.
    """
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
def comparison_miss(values, methods, ends, first, last, modelled):
    """How far a comparison lies outside what is printed, in the nearest of some ways; less than that while a model is open.

    Parameters
    ----------
    values : array
        From `moments`, and if `modelled` from `cox`.
    methods : array of int, shape (ways,)
        Positions in `METHODS`.
    ends : array, shape (ways, 2 × `PLACES`)
        Lower and upper ends in the order of places; infinite where nothing is printed.
    first, last : int
        The comparison's ways: the first, and the one past the last.
    modelled : bool

    Returns
    -------
    miss : float
    sure : bool
        Whether no model can change it.
    """
    least, sure = math.inf, True
    for way in range(first, last):
        method, its = methods[way], ends[way]
        miss = 0.0
        if _asks(its, LOG_RANK):
            miss += _graded(beyond(math.sqrt(values[0]) if values[0] >= 0 else math.nan, its[2 * LOG_RANK], its[2 * LOG_RANK + 1]))
        known = modelled or method < COX
        if known:
            miss += ratio_miss(values[1 + 2 * method], values[2 + 2 * method], its)
        if miss < least or (miss == least and known):
            least, sure = miss, known
    return least, sure


@njit(cache=True)
def ratio_miss(b, se, ends):
    """How far a log hazard ratio, its limits and Wald's test by one method lie outside what is asked of them.

    Parameters
    ----------
    b, se : float
        Log hazard ratio and its standard error.
    ends : array, shape (2 × `PLACES`,)
        Lower and upper end of each place; infinite where nothing is printed.
    """
    miss = 0.0
    for part in range(3):
        place = RATIO + part
        if _asks(ends, place):
            value = b + (0.0 if part == 0 else (-Z if part == 1 else Z)) * se
            miss += _graded(beyond(value, ends[2 * place], ends[2 * place + 1]))
    if _asks(ends, WALD):
        miss += _graded(beyond(abs(b / se) if se > 0 else math.nan, ends[2 * WALD], ends[2 * WALD + 1]))
    return miss


@njit(cache=True)
def _asks(ends, place):
    """Whether anything is printed of a place."""
    return ends[2 * place] > -math.inf or ends[2 * place + 1] < math.inf


@njit(cache=True)
def _graded(distance):
    """A step for being outside at all, and the distance, so that the last digit still counts."""
    return 0.0 if distance <= 0 else 0.3 + 10.0 * distance
