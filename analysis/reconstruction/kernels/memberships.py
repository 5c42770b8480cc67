"""Which rows of the search's state meet which conditions, and how many.

Conditions speak mostly of labels.  Those that a row's labels meet are kept as bits, one word
for 64 conditions: the words of its labels' levels, joined by "and".
"""

from __future__ import annotations

import numpy as np

from analysis.compiled import njit

#: Kinds of clause: a set of levels, an endpoint's time from-to, an endpoint's event, a set of causes of the first of two events.
LEVELS, TIME, EVENT, CAUSE = 0, 1, 2, 3
#: Causes of a first event: none happened; one that is not the last endpoint's event; one that is, at the same time.
NEITHER, FIRST, BOTH = 0, 1, 2
_WORD = 64


@njit(cache=True)
def cause_of(times, events, p):
    """Cause of a row's first event, of a chain of two endpoints.

    Parameters
    ----------
    times, events : array of int, shape (endpoints, rows)
    p : int

    Returns
    -------
    {NEITHER, FIRST, BOTH}
    """
    if not events[0, p]:
        return NEITHER
    return BOTH if events[1, p] and times[0, p] == times[1, p] else FIRST


@njit(cache=True)
def meets(codes, times, events, clauses, first, last, p):
    """Whether a row meets a condition, given by its first clause and the one past its last.

    Parameters
    ----------
    codes : array of int, shape (labels, rows)
        Positions of labels' levels.
    times, events : array of int, shape (endpoints, rows)
        Months, −1 for no time; 1 for an event.
    clauses : array of int, shape (clauses, 4)
        Kind; label or endpoint; then a bit mask of levels or causes, first and last month, or the event asked for.
    first, last : int
    p : int
    """
    for k in range(first, last):
        kind, which, a, b = clauses[k]
        if kind == LEVELS:
            if not (a >> codes[which, p]) & 1:
                return False
        elif times[which, p] < 0:
            return False
        elif kind == CAUSE:
            if not (a >> cause_of(times, events, p)) & 1:
                return False
        elif kind == TIME:
            if not a <= times[which, p] <= b:
                return False
        elif events[which, p] != a:
            return False
    return True


@njit(cache=True)
def allowing(clauses, conditions, variables, levels):
    """For each level of each variable, the conditions whose clauses on labels allow it.

    Returns
    -------
    array of uint64, shape (variables, levels, words)

    Parameters
    ----------
    clauses : array of int, shape (clauses, 4)
        As in `meets`.
    conditions : array of int, shape (conditions, 2)
        First clause of each, and the one past the last.
    variables, levels : int
        Labels, and the most levels that one has.
    """
    words = (conditions.shape[0] + _WORD - 1) // _WORD
    allowed = np.full((variables, levels, words), ~np.uint64(0))
    for c in range(conditions.shape[0]):
        bit = np.uint64(1) << np.uint64(c % _WORD)
        for k in range(conditions[c, 0], conditions[c, 1]):
            kind, which, mask, _ = clauses[k]
            if kind == LEVELS:
                for level in range(levels):
                    if not (mask >> level) & 1:
                        allowed[which, level, c // _WORD] &= ~bit
    return allowed


@njit(cache=True)
def of_times(clauses, conditions):
    """Conditions that speak of times or events."""
    speaks = np.zeros(conditions.shape[0], np.bool_)
    for c in range(conditions.shape[0]):
        for k in range(conditions[c, 0], conditions[c, 1]):
            speaks[c] = speaks[c] or clauses[k, 0] != LEVELS
    return speaks


@njit(cache=True)
def relabel(codes, p, allowed, bits, speaks, member, total):
    """Bring memberships that hang on a row's labels alone, and their totals, up to date.

    Parameters
    ----------
    codes : array of int, shape (labels, rows)
    p : int
    allowed : array of uint64, shape (labels, levels, words)
        From `allowing`.
    bits : array of uint64, shape (rows, words)
        Conditions that the labels of each row allow; overwritten for row `p`.
    speaks : array of bool, shape (conditions,)
        From `of_times`: these are left to `retime`.
    member : array of bool, shape (conditions, rows)
    total : array of int, shape (conditions,)
        Rows that meet each condition; both overwritten.
    """
    for w in range(bits.shape[1]):
        word = ~np.uint64(0)
        for v in range(codes.shape[0]):
            word &= allowed[v, codes[v, p], w]
        differs = word ^ bits[p, w]
        bits[p, w] = word
        c = w * _WORD
        while differs:
            if differs & np.uint64(1) and c < speaks.size and not speaks[c]:
                now = (word & np.uint64(1)) == np.uint64(1)
                member[c, p] = now
                total[c] += 1 if now else -1
            differs >>= np.uint64(1)
            word >>= np.uint64(1)
            c += 1


@njit(cache=True)
def retime(codes, times, events, clauses, conditions, timed, p, member, total):
    """Bring memberships that hang on a row's times or events, and their totals, up to date.

    Parameters
    ----------
    codes, times, events, clauses : array of int
        As in `meets`.
    conditions : array of int, shape (conditions, 2)
    timed : array of int
        Positions of the conditions that speak of times or events.
    p : int
    member : array of bool, shape (conditions, rows)
    total : array of int, shape (conditions,)
        As in `relabel`.
    """
    for c in timed:
        now = meets(codes, times, events, clauses, conditions[c, 0], conditions[c, 1], p)
        total[c] += int(now) - int(member[c, p])
        member[c, p] = now
