"""A curve read off a figure: what its points and numbers at risk say of whole months.

The curve's height at a point is read with an error of at most the tolerance, its place on
the time axis with one of at most the time tolerance.  An estimated survival only falls, so
a point bounds it from below in the month before and from above in the month after; nothing
is interpolated.  Numbers at risk follow the convention of R's ``summary(survfit)``: at t
count those whose time is at least t, and everybody at 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import Field

from analysis.cohorts import conditions
from analysis.cohorts.conditions import Condition
from analysis.cohorts.declarations import Declaration

#: Kinds of rows of a curve in the search (`encode`): an estimate, its standard error, the number at risk, a lower and an upper limit.
ESTIMATE, ERROR, AT_RISK, LOWER, UPPER = range(5)

#: Quotients of floats differ in their last bits.
_LAST_BITS = 1e-6


class Digitised(Declaration):
    """One curve read off a figure.

    Attributes
    ----------
    endpoint : str
    where : str
        Whose curve it is.
    curve : str
        CSV file beside the study with columns ``time`` (months) and ``survival``.
    at_risk : str
        CSV file with columns ``time`` (whole months) and ``at_risk``, if the figure prints them.
    unit : {"percent", "share"}
        Of the survival read.
    tolerance : float
        Greatest error of a height, in points of percent.
    time_tolerance : float
        Greatest error of a time, in months.
    drawn_from : {"whole months", "exact times"}
        Whether the figure steps at the whole months of the table, or at exact times of which
        the table has the begun months.
    source, why : str
        Which figure; how it was read, and why so exactly.
    """

    endpoint: str
    where: str = ""
    curve: str
    at_risk: str = ""
    unit: Literal["percent", "share"]
    tolerance: float = Field(1.0, ge=0, le=50, allow_inf_nan=False)
    time_tolerance: float = Field(0.0, ge=0, allow_inf_nan=False)
    drawn_from: Literal["whole months", "exact times"] = "whole months"
    source: str
    why: str


@dataclass(frozen=True)
class DigitisedCurve:
    """A declared curve with what its files hold.

    Attributes
    ----------
    declared : Digitised
    points : tuple of (float, float)
        Month and survival in percent, ascending in time.
    printed_at_risk : tuple of (int, int)
        Month and number, ascending in time.
    """

    declared: Digitised
    points: tuple[tuple[float, float], ...]
    printed_at_risk: tuple[tuple[int, int], ...] = ()

    @property
    def endpoint(self) -> str:
        return self.declared.endpoint

    @cached_property
    def group(self) -> Condition:
        return conditions.parse(self.declared.where)

    def reach(self, time: float) -> tuple[int, int]:
        """Last whole month surely not after a point's place on the axis, and first one at which its drop is surely over."""
        last = math.floor if self.declared.drawn_from == "whole months" else math.ceil
        return max(0, math.floor(time - self.declared.time_tolerance)), last(time + self.declared.time_tolerance)

    @cached_property
    def bands(self) -> dict[int, tuple[float, float]]:
        """Bounds of the estimate (percent) by month, for the months that a point bounds."""
        low: dict[int, float] = {}
        high: dict[int, float] = {}
        for time, survival in self.points:
            first, last = self.reach(time)
            low[first] = max(low.get(first, 0.0), survival - self.declared.tolerance)
            high[last] = min(high.get(last, 100.0), survival + self.declared.tolerance)
        months = sorted({*low, *high})
        lows, highs, floor, ceiling = {}, {}, 0.0, 100.0
        for month in reversed(months):
            floor = lows[month] = max(floor, low.get(month, 0.0))
        for month in months:
            ceiling = highs[month] = min(ceiling, high.get(month, 100.0))
        return {month: (lows[month], highs[month]) for month in months}

    def band(self, month: float) -> tuple[float, float]:
        """Bounds of the estimate at any time, from the months around it."""
        low = max((low for at, (low, _) in self.bands.items() if at >= month), default=0.0)
        return low, min((high for at, (_, high) in self.bands.items() if at <= month), default=100.0)

    @cached_property
    def remaining(self) -> tuple[tuple[int, int, int | None], ...]:
        """Month, and least and greatest number of rows whose time is at least that month."""
        found: list[tuple[int, int, int | None]] = []
        for month, number in self.printed_at_risk:
            if month == 0 or self.declared.drawn_from == "whole months":
                found.append((month, number, number))
            else:  # of those who leave in the month that ends at t, none but who leaves at t itself is still counted
                found += [(month, number, None), (month + 1, 0, number)]
        return tuple(found)

    def at_risk_range(self, month: int, size: int) -> tuple[int, int]:
        """Least and greatest number at risk just before any month, in a group of at most `size`.

        Numbers at risk fall at least as fast as the estimate: it loses what events take of
        them, and censoring takes more.  So a printed number bounds those before and after it.
        The least exceeds the greatest if the curve contradicts the printed numbers.
        """
        now_low, now_high = self._before(month)
        low, high = 0.0, float(size)
        for at, least, most in ((0, 0, size), *self.remaining):
            then_low, then_high = self._before(at)
            if at <= month and most is not None:
                high = min(high, most * min(1.0, now_high / then_low) if then_low > 0 else most)
            if at >= month:
                low = max(low, least * max(1.0, now_low / then_high) if then_high > 0 else least)
        return math.ceil(low - _LAST_BITS), math.floor(high + _LAST_BITS)

    def _before(self, month: int) -> tuple[float, float]:
        """Bounds of the estimate just before a month."""
        return self.band(month - 1) if month > 0 else (100.0, 100.0)

    @cached_property
    def months(self) -> frozenset[int]:
        """Months without which no times fit: of a drop that no level line within the bands avoids, and of an end between two numbers at risk."""
        chosen, floor, ceiling = set(), 0.0, 100.0
        for month, (low, high) in self.bands.items():
            floor, ceiling = max(floor, low), min(ceiling, high)
            if floor > ceiling:
                chosen.add(month)
                floor, ceiling = low, high
        for (_, before), (month, after) in zip(self.printed_at_risk, self.printed_at_risk[1:]):
            if before > after:
                chosen.add(month - 1)
        return frozenset(chosen)

    def rows(self) -> list[tuple[int, int, float, float]]:
        """Month, kind, least and greatest value of everything imposed, for the search."""
        estimates = [(month, ESTIMATE, low, high) for month, (low, high) in self.bands.items()]
        return estimates + [(month, AT_RISK, float(low), math.inf if high is None else float(high)) for month, low, high in self.remaining]
