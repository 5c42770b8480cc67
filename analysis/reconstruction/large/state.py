"""The search's arrays by name."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

#: What is asked of a life table at one time (`Asked.points`).
ESTIMATE, ERROR, AT_RISK = range(3)
#: Which curve crosses a height (`Asked.crossings`, `Asked.limits`): the estimate, its lower or upper limit; of follow-up the same three.
CURVE, LOWER, UPPER, FOLLOWED, FOLLOWED_LOWER, FOLLOWED_UPPER = range(6)
#: Whose times a summary of follow-up is of (`Asked.spans`).
OVER_ALL, OVER_SURVIVORS, OVER_EITHER = range(3)
#: Where a clock starts that starts with no endpoint of the chain (`Asked.clocks`): at a step of its own, at the chain's origin.
OWN, AT_ORIGIN = -1, -2
#: In place of the endpoint that ends a spell (`Asked.spells`): it lasts from the chain's origin to the clock's start, which is its event.
OF_START = -1
#: Which event ends a spell (`Asked.spells`): the chain's, or its first where that is not the last one's.
EITHER, ALONE = range(2)
#: Limits of an estimate at one step (`Asked.limits`).
LOWER_AT, UPPER_AT = range(6, 8)


class Asked(NamedTuple):
    """What is asked, as arrays.  Times are steps; a group is a condition with an endpoint.

    Attributes
    ----------
    clauses : (k, 4); conditions : (c, 2); timed : (t,)
        As in `memberships`; positions of the conditions that speak of times or events.
    groups : (g, 2)
        Condition and endpoint.
    points, point_ends : (k, 3) and (k, 3)
        Group, step and what; least and greatest value, and the distance that counts as one unit.
    incidences, incidence_ends : (k, 3) and (k, 3)
        Group of the first endpoint, the part of it with one cause, and step of a cumulative incidence; ends and unit.
    families : (f, 2)
        Limits that one transformation gave: the first, and the one past the last.
    limits, limit_ends : (k, 4) and (k, 3)
        Group, which limit, and its step twice, or the first and last step at which it may come down to a height; ends and unit, or
        that height twice, in percent.
    scales : (3,)
        Which transformations the paper may have used: log, log-log, plain.
    crossings, crossing_heights : (k, 4) and (k,)
        Group, curve, and the first and last step at which it may come down to a height; that height, in percent.
    spans, span_ends : (k, 2) and (k, 2)
        Group and summary of follow-up times: median, least, greatest over all (0 to 2), over survivors (3 to 5), or over either (6 to 8).
    means, mean_ends : (k, 2) and (k, 3)
        Group and last step of a restricted mean; ends and unit, in steps.
    compared, compared_units : (k, 4) and (k, 2)
        First and second group, first of the comparison's ways and the one past the last; units of z and of the log ratio.
    methods, way_ends : (w,) and (w, 10)
        Of the ways, as in `kernels.comparison_miss`; NaN where nothing is printed.
    sums : (k, 2); terms : (t, 2); sum_ends : (k, 3)
        Weighted sums of the numbers of patients who meet conditions: their terms from - to; condition and weight;
        ends and unit.
    rules : (k, 2)
        Who meets the first condition meets the second.
    windows : (k, 5)
        Condition, endpoint, what (event, end, free), first and last step.
    levels : (v,)
        Number of levels of each label.
    reach : (2,)
        First and last step.
    step : (1,)
        As in `temperatures.Scaled`.
    pull : (endpoints, 2, steps)
        By how much it lowers a state's logarithm of probability that somebody is censored, or has an event, at a step.
    causes : (1,)
        Whether causes of the first of two events are told apart.
    clocks : (k, 4)
        Condition of the patients whom a further clock is of; endpoint of the chain at whose time it starts, or `OWN` or `AT_ORIGIN`;
        first and last step at which it may start.
    spells : (s, 5)
        Times on such clocks: clock, endpoint of the chain that ends it, or `OF_START`; by which event; least and greatest length.
    """

    clauses: np.ndarray
    conditions: np.ndarray
    timed: np.ndarray
    groups: np.ndarray
    points: np.ndarray
    point_ends: np.ndarray
    incidences: np.ndarray
    incidence_ends: np.ndarray
    families: np.ndarray
    limits: np.ndarray
    limit_ends: np.ndarray
    scales: np.ndarray
    crossings: np.ndarray
    crossing_heights: np.ndarray
    spans: np.ndarray
    span_ends: np.ndarray
    means: np.ndarray
    mean_ends: np.ndarray
    compared: np.ndarray
    compared_units: np.ndarray
    methods: np.ndarray
    way_ends: np.ndarray
    sums: np.ndarray
    terms: np.ndarray
    sum_ends: np.ndarray
    rules: np.ndarray
    windows: np.ndarray
    levels: np.ndarray
    reach: np.ndarray
    step: np.ndarray
    pull: np.ndarray
    causes: np.ndarray
    clocks: np.ndarray
    spells: np.ndarray


class Patients(NamedTuple):
    """Times (steps) and events by endpoint of the chain, positions of labels' levels, and steps at which further clocks start, also those
    of patients whom they are not of; shape (kinds, patients)."""

    time: np.ndarray
    event: np.ndarray
    code: np.ndarray
    start: np.ndarray = np.zeros((0, 1), np.int64)


class Tables(NamedTuple):
    """Life tables of the groups; shape (groups, steps), or (groups,) for `size`."""

    leaving: np.ndarray
    deaths: np.ndarray
    size: np.ndarray
    survival: np.ndarray
    greenwood: np.ndarray
    at_risk: np.ndarray


class Counted(NamedTuple):
    """Who meets which condition, shape (conditions, patients); how many; and what each patient counts as in each group.

    Times and events are those of the chain and then of the spells, −1 where a patient has none; shape (endpoints, patients).
    """

    member: np.ndarray
    total: np.ndarray
    place: np.ndarray
    time: np.ndarray
    event: np.ndarray
