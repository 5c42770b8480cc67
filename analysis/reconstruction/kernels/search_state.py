"""The search's arrays by name."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Asked(NamedTuple):
    """What a state is held to; constant during a search.  A group is a condition with an endpoint.

    Attributes
    ----------
    groups : (g, 2)
        Condition and endpoint.
    counts : (k, 5)
        Numerator and denominator (conditions), scale, least and greatest value; a negative scale marks a percentage.
    curves, curve_ends : (k, 3) and (k, 2)
        Group, month and kind (`problem.digitised`), ordered by group and month; ends in percent or patients.
    spans, span_ends : (k, 2) and (k, 2)
        Group and summary of follow-up times: median, least, greatest over all (0 to 2) or over survivors (3 to 5); months.
    compared, ways : (k, 2) and (k, 2)
        First and second group, comparisons of the same groups next to each other; first of a comparison's ways and the one past the last.
    methods, way_ends : (w,) and (w, 10)
        Of the ways, as in `kernels.comparison_miss`.
    weights : (k,)
        Of the comparisons.
    """

    groups: np.ndarray
    counts: np.ndarray
    curves: np.ndarray
    curve_ends: np.ndarray
    spans: np.ndarray
    span_ends: np.ndarray
    compared: np.ndarray
    ways: np.ndarray
    methods: np.ndarray
    way_ends: np.ndarray
    weights: np.ndarray


class Conditions(NamedTuple):
    """Conditions as in `memberships`: clauses, shape (k, 4), and of each condition the first and the one past the last, shape (c, 2)."""

    clauses: np.ndarray
    conditions: np.ndarray


class SecondClock(NamedTuple):
    """Months between which a second clock starts, and what holds then.

    Attributes
    ----------
    first, last : int
    early : int
        Condition of the rows that may have a first event before the clock starts.
    needed : int
        Whether a death after such an event needs a second one before it, 1 or 0.
    """

    first: int
    last: int
    early: int
    needed: int


class Laws(NamedTuple):
    """What every row must obey.

    Attributes
    ----------
    rules : (k, 2)
        Who meets the first condition meets the second.
    windows : (k, 5)
        Condition, endpoint, what (event, end, free), first and last month.
    links : (k, 3), kept : (k, 2)
        As in `moves.one_life`.
    clock : SecondClock
    end : int
        Last month of all.
    """

    rules: np.ndarray
    windows: np.ndarray
    links: np.ndarray
    kept: np.ndarray
    clock: SecondClock
    end: int


class Exchanged(NamedTuple):
    """Sets of labels that change places together, shape (k, most); their sizes; and rows whose labels stay, shape (rows,)."""

    labels: np.ndarray
    sizes: np.ndarray
    frozen: np.ndarray


class Clocks(NamedTuple):
    """How a row's dates give its endpoints: `chain`, `ends` and `later` as in `moves.derive`; and how many there are."""

    chain: int
    ends: int
    later: int
    endpoints: int


class Rows(NamedTuple):
    """A state: positions of labels' levels, shape (labels, rows); and dates, shape (7, rows), as in `moves`."""

    codes: np.ndarray
    life: np.ndarray


class Derived(NamedTuple):
    """What follows from each row: times and events, shape (endpoints, rows); who meets which condition, shape (conditions,
    rows), and how many, shape (conditions,); and bits as in `memberships.relabel`, shape (rows, words)."""

    times: np.ndarray
    events: np.ndarray
    member: np.ndarray
    total: np.ndarray
    bits: np.ndarray


class Lookup(NamedTuple):
    """Which conditions speak of times, as flags, shape (c,), and as positions; and bits as in `memberships.allowing`."""

    speaks: np.ndarray
    timed: np.ndarray
    allowed: np.ndarray


class Tallies(NamedTuple):
    """Tallies of the groups as in `tallies.empty`, and which of them the last move changed, shape (groups,)."""

    leaving: np.ndarray
    deaths: np.ndarray
    size: np.ndarray
    place: np.ndarray
    stale: np.ndarray
