"""Limits of a restricted mean, and two restricted means compared."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.errors import Undefined
from analysis.estimators.curves import rmst
from analysis.ledger.statistics import groups
from analysis.ledger.statistics.designs.limits import NAN, Parts, evaluate, register_with_limits
from analysis.ledger.statistics.registry import Sample, Values, register

Rows = tuple[np.ndarray, np.ndarray, np.ndarray, float]
"""Times, events, position of the group, horizon."""
_MEAN: dict[str, Any] = dict(family="medians and follow-up", kind="number")
_TWO: dict[str, Any] = dict(required=("endpoint", "time", "by"), optional=("groups",))


def _all(sample: Sample) -> Rows:
    time, event, frame = sample.times()
    return _existing((time, event, np.zeros(len(frame)), float(sample.arguments["time"])))


def _two_groups(sample: Sample) -> Rows:
    time, event, frame = sample.times()
    _, position = groups.split(frame, sample.arguments, sample.declared)
    kept = position >= 0
    if set(np.unique(position[kept])) != {0, 1}:
        raise Undefined("a comparison needs two groups")
    return _existing((time[kept], event[kept], position[kept], float(sample.arguments["time"])))


def _existing(rows: Rows) -> Rows:
    if not len(rows[0]):
        raise Undefined("a restricted mean needs a patient")
    return rows


def _mean(rows: Rows, scale: str, level: float) -> Parts:
    time, event, _, horizon = rows
    found = rmst.restricted_mean(time, event, horizon, level)
    return found.mean, found.lower, found.upper


def _difference(rows: Rows, level: float) -> rmst.RestrictedMeanDifference:
    time, event, position, horizon = rows
    return rmst.difference(time, event, position, horizon, groups=(0, 1), level=level)


def _compared(rows: Rows, scale: str, level: float) -> Parts:
    found = _difference(rows, level)
    return found.difference, found.lower, found.upper


register_with_limits(
    "rmst", "restricted mean survival until a time", ("",), _mean, _all, estimate=False, required=("endpoint", "time"), **_MEAN
)
register_with_limits(
    "rmst_difference", "restricted mean survival of the first group less that of the second", ("",), _compared, _two_groups, **_MEAN, **_TWO
)


@register("rmst_difference_p", family="tests", kind="p", **_TWO)
def rmst_difference_p(sample: Sample) -> Values:
    """P of the difference of two restricted means (z test)."""
    try:
        rows = _two_groups(sample)
    except Undefined:
        return {"": NAN}
    return evaluate(("",), lambda _: _difference(rows, 0.95).p)
