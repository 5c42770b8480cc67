"""Compiled summaries of groups of whole numbers, for the search of numbers.

A move of a search asks for all of them; numpy's own functions, called one by one on a few dozen
values, would take most of its time.
"""

from __future__ import annotations

import math

import numpy as np

from analysis.compiled import njit

#: Summaries that the search of numbers knows, by their place.
KINDS = ("mean", "sd", "median", "minimum", "maximum", "quantile")
QUANTILE = KINDS.index("quantile")
#: Definitions of a quantile, by their place (Hyndman and Fan, Am Stat 1996;50:361-365).
DEFINITIONS = ("type 7", "type 6", "type 2")


@njit(cache=True)
def summary(values, kind):
    """One summary of a group, other than a quantile.

    Parameters
    ----------
    values : array of int, shape (members,)
        Not empty; with one member the standard deviation is NaN.
    kind : int
        Place in `KINDS`.

    Returns
    -------
    float
        In the values' unit; the standard deviation with n - 1.
    """
    number = values.size
    if kind == 2:
        return middle(np.sort(values))
    if kind == 3:
        return float(values.min())
    if kind == 4:
        return float(values.max())
    mean = values.sum() / number
    if kind == 0:
        return mean
    squares = 0.0
    for value in values:
        squares += (value - mean) ** 2
    return math.sqrt(squares / (number - 1)) if number > 1 else math.nan


@njit(cache=True)
def middle(ordered):
    """Median of values in their order."""
    return (ordered[(ordered.size - 1) // 2] + ordered[ordered.size // 2]) / 2.0


@njit(cache=True)
def quantile(ordered, share, definition):
    """Quantile of values in their order.

    Parameters
    ----------
    ordered : array of int, shape (members,)
        Not empty.
    share : float
        From 0 to 1.
    definition : int
        Place in `DEFINITIONS`.
    """
    number = ordered.size
    if definition == 0:
        place = (number - 1) * share
    elif definition == 1:
        place = number * share + share - 1
    else:
        place = number * share - 1
    place = min(max(place, 0.0), number - 1.0)
    first = int(math.floor(place))
    between = place - first
    if definition == 2:
        between = 0.5 if between == 0 else 1.0
        if number * share - 1 < 0 or first == number - 1:
            between = 0.0
    after = ordered[min(first + 1, number - 1)]
    return ordered[first] + between * (after - ordered[first])


@njit(cache=True)
def misses(values, kinds, shares, members, begins, low, high, unit, allowed):
    """How far the summaries of several groups lie outside their intervals, in all.

    The quantiles come of one program: they are measured by the definition that suits all of them best.

    Parameters
    ----------
    values : array of int, shape (rows,)
    kinds : array of int, shape (summaries,)
        Places in `KINDS`.
    shares : array of float, shape (summaries,)
        From 0 to 1; of quantiles alone.
    members : array of int
        Rows of the groups, one group after another.
    begins : array of int, shape (summaries + 1,)
        Where in `members` each group begins.
    low, high, unit : arrays of float, shape (summaries,)
        Intervals, and in what their misses are counted.
    allowed : array of bool, shape (definitions,)
        By which definitions quantiles may have been computed.
    """
    total, of_quantiles = 0.0, np.zeros(allowed.size)
    for k in range(kinds.size):
        group = values[members[begins[k] : begins[k + 1]]]
        if kinds[k] == QUANTILE:
            ordered = np.sort(group)
            for definition in range(allowed.size):
                value = quantile(ordered, shares[k], definition)
                of_quantiles[definition] += max(low[k] - value, value - high[k], 0.0) / unit[k]
        else:
            value = summary(group, kinds[k])
            total += max(low[k] - value, value - high[k], 0.0) / unit[k]
    least = math.inf
    for definition in range(allowed.size):
        if allowed[definition]:
            least = min(least, of_quantiles[definition])
    return total + least
