"""Intervals of the values that a printed number accepts: plainly rounded, or by any documented rule."""

from __future__ import annotations

import math

from analysis.ledger.rows.row import Row
from analysis.reconstruction.problem.accepted import UNBOUNDED, accepts, interval

#: Share of a unit of the last place by which an open end is closed.
_MARGIN = 1e-7


def plain(row: Row) -> tuple[float, float]:
    """Least and greatest value that rounds to what is printed."""
    low, high = (float(end) for end in interval(row.value))
    if row.value.relation == "=":
        return low, high - float(row.value.unit_in_last_place) * _MARGIN
    return low + (_MARGIN if row.value.relation == ">" else 0), high if high < float(UNBOUNDED) else math.inf


def hull(row: Row, steps: int = 400) -> tuple[float, float]:
    """Least and greatest value that some rounding rule turns into what is printed, found on a grid."""
    low, high = plain(row)
    if row.value.relation != "=":
        return low, high
    unit = float(row.value.unit_in_last_place)
    grid = [float(row.value.value) + unit * k / steps for k in range(-steps * 5 // 8, steps * 5 // 8 + 1)]
    inside = [value for value in grid if accepts(row.value, value, row.rules)]
    return min(inside), max(max(inside), high)
