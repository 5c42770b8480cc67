"""Compiled statistics on times for the search of dates: curves with limits, rank tests, a switching covariate.

Times are whole numbers (multiples of a grain).  All functions take the rows in the order
of their times, so that one sorting serves every group.
"""

from __future__ import annotations

import math

import numpy as np

from analysis.compiled import njit

Z = 1.959963984540054
ESTIMATE, LOWER, UPPER = 0, 1, 2
MEDIAN, MINIMUM, MAXIMUM = 0, 1, 2
#: A summary of this kind and above counts values: those up to what the kind exceeds it by.
UNTIL = 3


@njit(cache=True)
def curve_at(order, times, events, member, horizon):
    """Kaplan-Meier estimate and Greenwood's sum of a group at a horizon (events at it included).

    Parameters
    ----------
    order : array of int, shape (rows,)
        Rows by ascending time.
    times : array of int, shape (rows,)
        In grains of the search, as `horizon`.
    events : array of int, shape (rows,)
        1 for an event, 0 for censoring.
    member : array of bool, shape (rows,)
        Who is in the group.
    horizon : int

    Returns
    -------
    survival : float
        As a share of 1.
    greenwood : float
        Sum of d / (n (n − d)); the standard error is the estimate times its root.  0 once nobody is left.
    """
    at_risk = 0
    for p in range(len(times)):
        at_risk += member[p]
    survival, greenwood = 1.0, 0.0
    k = 0
    while k < len(order) and times[order[k]] <= horizon:
        now, died, left = times[order[k]], 0, 0
        while k < len(order) and times[order[k]] == now:
            p = order[k]
            if member[p]:
                left += 1
                died += events[p]
            k += 1
        if died:
            if died == at_risk:
                return 0.0, 0.0
            survival *= (at_risk - died) / at_risk
            greenwood += died / (at_risk * (at_risk - died))
        at_risk -= left
    return survival, greenwood


@njit(cache=True)
def curve_value(survival, greenwood, kind):
    """Estimate or limit (logarithmic transformation) in percent.

    Parameters
    ----------
    survival, greenwood : float
        From `curve_at`.
    kind : {ESTIMATE, LOWER, UPPER}
        Limits are the 95% limits of Kalbfleisch and Prentice (2002), section 1.4, on the scale of log S.
    """
    if kind == ESTIMATE or survival == 0.0:
        return 100 * survival
    reach = Z * math.sqrt(greenwood)
    return 100 * survival * math.exp(-reach) if kind == LOWER else min(100.0, 100 * survival * math.exp(reach))


@njit(cache=True)
def log_rank_z(order, times, events, first, second):
    """Absolute standardised log-rank statistic of two groups; 0 without variance.

    Parameters
    ----------
    order, times, events : array of int, shape (rows,)
        As in `curve_at`.
    first, second : array of bool, shape (rows,)
        Who is in which group.

    Returns
    -------
    float
        |O − E| divided by the root of the hypergeometric variance.
    """
    n1, n2 = 0, 0
    for p in range(len(times)):
        n1 += first[p]
        n2 += second[p]
    difference, variance = 0.0, 0.0
    k = 0
    while k < len(order):
        now, d1, d2, left1, left2 = times[order[k]], 0, 0, 0, 0
        while k < len(order) and times[order[k]] == now:
            p = order[k]
            if first[p]:
                left1 += 1
                d1 += events[p]
            elif second[p]:
                left2 += 1
                d2 += events[p]
            k += 1
        n, d = n1 + n2, d1 + d2
        if d and n > 1:
            difference += d1 - d * n1 / n
            variance += d * n1 / n * n2 / n * (n - d) / (n - 1)
        n1 -= left1
        n2 -= left2
    return abs(difference) / math.sqrt(variance) if variance > 0 else 0.0


@njit(cache=True)
def switching_cox(order, times, events, member, switch):
    """Log hazard ratio and its standard error of a covariate that is 1 after a time (Breslow's ties).

    A row counts as switched at time t if its switch is not after t, as in programs that
    evaluate the covariate at each event time; negative: never.
    Newton's method; returns (0, inf) if the likelihood has no maximum.

    Parameters
    ----------
    order, times, events : array of int, shape (rows,)
        As in `curve_at`.
    member : array of bool, shape (rows,)
    switch : array of int, shape (rows,)
        Time at which the covariate turns to 1, in the unit of `times`.

    Returns
    -------
    beta, error : float
    """
    beta = 0.0
    count = len(order)
    # risk sets at each death: number at risk before and after the switch, deaths of either kind
    sets = np.zeros((count, 4))
    used = 0
    k = 0
    while k < count:
        now, died = times[order[k]], False
        stop = k
        while stop < count and times[order[stop]] == now:
            died = died or (member[order[stop]] and events[order[stop]] == 1)
            stop += 1
        if died:
            for j in range(k, count):
                p = order[j]
                if member[p]:
                    on = 1 if 0 <= switch[p] <= now else 0
                    sets[used, on] += 1
                    if j < stop and events[p]:
                        sets[used, 2 + on] += 1
            used += 1
        k = stop
    information = 0.0
    for _ in range(40):
        score, information, ratio = 0.0, 0.0, math.exp(beta)
        for j in range(used):
            share = sets[j, 1] * ratio / (sets[j, 0] + sets[j, 1] * ratio)
            deaths = sets[j, 2] + sets[j, 3]
            score += sets[j, 3] - deaths * share
            information += deaths * share * (1 - share)
        if information < 1e-9 or abs(beta) > 15:
            return 0.0, math.inf
        step = score / information
        beta += min(max(step, -2.0), 2.0)
        if abs(step) < 1e-10:
            break
    return beta, 1 / math.sqrt(information)


@njit(cache=True)
def summary(values, member, kind):
    """Median, least or greatest of the known (not negative) values of a group, −1 for none; or how many there are up to one.

    Parameters
    ----------
    values : array of int, shape (rows,)
    member : array of bool, shape (rows,)
    kind : int
        `MEDIAN`, `MINIMUM` or `MAXIMUM`; `UNTIL` + v counts the values up to v.
    """
    found = np.empty(len(values))
    number = 0
    for p in range(len(values)):
        if member[p] and values[p] >= 0:
            found[number] = values[p]
            number += 1
    if kind >= UNTIL:
        return float((found[:number] <= kind - UNTIL).sum())
    if number == 0:
        return -1.0
    if kind == MEDIAN:
        return np.median(found[:number])
    return found[:number].min() if kind == MINIMUM else found[:number].max()
