"""Compiled summaries of groups of whole numbers, for the search of numbers.

A move of a search asks for all of them; numpy's own functions, called one by one on a few dozen
values, would take most of its time.
"""

from __future__ import annotations

import math

import numpy as np

from analysis.compiled import njit

#: Summaries that the search of numbers knows, by their place.
KINDS = ("mean", "sd", "median", "minimum", "maximum")


@njit(cache=True)
def summary(values, kind):
    """One summary of a group.

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
        ordered = np.sort(values)
        return (ordered[(number - 1) // 2] + ordered[number // 2]) / 2.0
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
def misses(values, kinds, members, begins, low, high, unit):
    """How far the summaries of several groups lie outside their intervals, in all.

    Parameters
    ----------
    values : array of int, shape (rows,)
    kinds : array of int, shape (summaries,)
        Places in `KINDS`.
    members : array of int
        Rows of the groups, one group after another.
    begins : array of int, shape (summaries + 1,)
        Where in `members` each group begins.
    low, high, unit : arrays of float, shape (summaries,)
        Intervals, and in what their misses are counted.
    """
    total = 0.0
    for k in range(kinds.size):
        value = summary(values[members[begins[k] : begins[k + 1]]], kinds[k])
        total += max(low[k] - value, value - high[k], 0.0) / unit[k]
    return total
