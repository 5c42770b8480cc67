"""How many of each group leave in each month, kept up to date row by row.

A move of the search changes a row or two.  With the tallies, only the curves of the groups
that these rows join, leave or move within are looked at again.
"""

from __future__ import annotations

import numpy as np

from analysis.compiled import UNCOUNTED, njit


@njit(cache=True)
def empty(pairs, months, rows):
    """Tallies of groups without rows.

    Parameters
    ----------
    pairs : array of int, shape (groups, 2)
        Condition and endpoint of each group.
    months : int
        All times are below it.
    rows : int

    Returns
    -------
    leaving, deaths : arrays of int, shape (groups, months)
    sizes : array of int, shape (groups,)
    place : array of int, shape (groups, rows)
        What each row counts as: -1 for not in the group, else twice its month, plus 1 for an event.
    """
    groups = pairs.shape[0]
    return (
        np.zeros((groups, months), np.int64), np.zeros((groups, months), np.int64), np.zeros(groups, np.int64),
        np.full((groups, rows), -1),
    )  # fmt: skip


@njit(cache=True, **UNCOUNTED)
def recount(pairs, times, events, member, p, leaving, deaths, sizes, place, stale):
    """Bring the tallies up to date with one row; groups that it changes are marked as stale.

    Parameters
    ----------
    pairs : array of int, shape (groups, 2)
        Condition and endpoint of each group.
    times, events : array of int, shape (endpoints, rows)
    member : array of bool, shape (conditions, rows)
    p : int
    leaving, deaths, sizes, place : array
        As in `empty`; overwritten, as is `stale`.
    stale : array of bool, shape (groups,)
    """
    for g in range(pairs.shape[0]):
        condition, endpoint = pairs[g]
        time = times[endpoint, p]
        now = 2 * time + (1 if events[endpoint, p] else 0) if time >= 0 and member[condition, p] else -1
        before = place[g, p]
        if now == before:
            continue
        if before >= 0:
            leaving[g, before // 2] -= 1
            deaths[g, before // 2] -= before % 2
            sizes[g] -= 1
        if now >= 0:
            leaving[g, time] += 1
            deaths[g, time] += now % 2
            sizes[g] += 1
        place[g, p] = now
        stale[g] = True


@njit(cache=True)
def at_risk(leaving, size, month):
    """Rows of a group whose time is at least a month, from those that leave in each.

    Parameters
    ----------
    leaving : array of int, shape (months,)
        How many of the group leave in each month.
    size : int
    month : int
    """
    left = size
    for t in range(min(month, leaving.size)):
        left -= leaving[t]
    return float(left)
