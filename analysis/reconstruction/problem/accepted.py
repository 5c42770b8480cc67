"""Which recomputed values a printed number accepts, as intervals and as tests."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.ledger.rows.printed import Printed
from analysis.ledger.rows.rounding import UNBOUNDED, Rule, exact, interval, states
from analysis.ledger.rows.row import Row

#: Share of a unit of the last place by which an open end is closed.
_MARGIN = 1e-7


def accepts(printed: Printed, value: float, rules: Sequence[Rule]) -> bool:
    """Whether some rounding rule turns a value into what is printed.

    Parameters
    ----------
    printed : Printed
    value : float
        In the printed unit.
    rules : sequence of Rule
        Those of the ledger row, by which the audit judges it, too.
    """
    decimal = exact(value)
    return any(states(printed, decimal, rule) for rule in rules)


def widest(printed: Printed, rules: Sequence[Rule]) -> tuple[float, float]:
    """Interval of the values that some rounding rule accepts, two-stage rules included.

    Its ends lie inside: a search that ends on one of them still gives the printed digits.

    Parameters
    ----------
    printed : Printed
    rules : sequence of Rule
        As for `accepts`.
    """
    low, high = (float(end) for end in interval(printed))
    if printed.relation != "=":
        return low, high
    unit, middle = float(printed.unit_in_last_place), float(printed.value)
    ends = []
    for inside, outside in ((middle, low - unit / 4), (middle, high + unit / 4)):
        for _ in range(40):
            between = (inside + outside) / 2
            inside, outside = (between, outside) if accepts(printed, between, rules) else (inside, between)
        ends.append(inside)
    return ends[0], ends[1]


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
