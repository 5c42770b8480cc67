"""A curve read off a figure: what its points and numbers at risk say of whole months.

The curve's height at a point is read with an error of at most the tolerance, its place on
the time axis with one of at most the time tolerance.  An estimated survival only falls, so
a point bounds it from below in the month before and from above in the month after; nothing
is interpolated.  Numbers at risk follow the convention of R's ``summary(survfit)``: at t
count those whose time is at least t, and everybody at 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
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
        CSV file beside the study with columns ``time`` (months) and ``survival``; two points at one time are the ends of a vertical step.
    at_risk : str
        CSV file with columns ``time`` (months) and ``at_risk``, if the figure prints them.
    ticks : str
        CSV file with the column ``time``: marks of censoring, at each of which at least one row is censored.
    unit : {"percent", "share"}
        Of the survival read.
    tolerance : float
        Greatest error of a height, in points of percent.
    time_tolerance : float
        Greatest error of a time, in months.
    drawn_from : {"whole months", "exact times"}
        Whether the figure steps at the whole months of the table, or at exact times of which
        the table has the begun months.
    complete : bool
        Whether the curve is drawn as far as anybody was followed, and no farther: after its last point nobody has an event.
    source, why : str
        Which figure; how it was read, and why so exactly.
    """

    endpoint: str
    where: str = ""
    curve: str
    at_risk: str = ""
    ticks: str = ""
    unit: Literal["percent", "share"]
    tolerance: float = Field(1.0, ge=0, le=50, allow_inf_nan=False)
    time_tolerance: float = Field(0.0, ge=0, allow_inf_nan=False)
    drawn_from: Literal["whole months", "exact times"] = "whole months"
    complete: bool = False
    source: str
    why: str


@dataclass(frozen=True)
class DigitisedCurve:
    """A declared curve with what its files hold.

    Attributes
    ----------
    declared : Digitised
    points : tuple of (float, float)
        Time and survival in percent, ascending in time; at one time from the upper end of a step to the lower.
    printed_at_risk : tuple of (float, int)
        Time and number, ascending in time.
    ticks : tuple of float
        Times of marks of censoring, ascending.
    steps : int
        Steps of time in a month; all times, and what is called a month below, are counted in steps.
    """

    declared: Digitised
    points: tuple[tuple[float, float], ...]
    printed_at_risk: tuple[tuple[float, int], ...] = ()
    ticks: tuple[float, ...] = ()
    steps: int = 1

    @property
    def endpoint(self) -> str:
        return self.declared.endpoint

    @cached_property
    def group(self) -> Condition:
        return conditions.parse(self.declared.where)

    @property
    def time_tolerance(self) -> float:
        return self.declared.time_tolerance * self.steps

    def in_steps(self, steps: int) -> DigitisedCurve:
        """The same curve, of which a month has so many steps."""
        scale = steps / self.steps
        if scale == 1:
            return self
        return replace(
            self,
            points=tuple((time * scale, survival) for time, survival in self.points),
            printed_at_risk=tuple((time * scale, number) for time, number in self.printed_at_risk),
            ticks=tuple(time * scale for time in self.ticks),
            steps=steps,
        )

    def reach(self, time: float) -> tuple[int, int]:
        """Last whole month surely not after a point's place on the axis, and first one at which its drop is surely over."""
        last = math.floor if self.declared.drawn_from == "whole months" else math.ceil
        return max(0, math.floor(time - self.time_tolerance + _LAST_BITS)), last(
            time + self.time_tolerance - _LAST_BITS * (last is math.ceil)
        )

    @cached_property
    def reaches(self) -> tuple[tuple[int, int], ...]:
        """`reach` of each point; the upper end of a vertical step bounds the estimate from below before the step only (-1: nowhere)."""
        found = []
        for (time, _), (then, _) in zip(self.points, (*self.points[1:], (math.inf, 0.0))):
            first, last = self.reach(time)
            found.append((min(first, math.ceil(time - self.time_tolerance - _LAST_BITS) - 1) if then == time else first, last))
        return tuple(found)

    @property
    def lowest(self) -> float:
        """Height at the end: the least of the points that may be the last."""
        last = self.points[-1][0] - 2 * self.time_tolerance
        return min(survival for time, survival in self.points if time >= last)

    @property
    def end(self) -> int:
        """The month in which a complete curve ends: of its last point, or of somebody still at risk or censored."""
        followed = [time for time, number in self.printed_at_risk if number]
        return math.ceil(max([self.points[-1][0], *followed, *self.ticks]) / self.steps - _LAST_BITS) * self.steps

    @cached_property
    def bands(self) -> dict[int, tuple[float, float]]:
        """Bounds of the estimate (percent) by month, for the months that a point bounds."""
        low: dict[int, float] = {}
        high: dict[int, float] = {}
        for (_, survival), (first, last) in zip(self.points, self.reaches):
            if first >= 0:
                low[first] = max(low.get(first, 0.0), survival - self.declared.tolerance)
            high[last] = min(high.get(last, 100.0), survival + self.declared.tolerance)
        if self.declared.complete and self.points:
            low[self.end] = max(low.get(self.end, 0.0), self.lowest - self.declared.tolerance)
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
        for time, number in self.printed_at_risk:
            month = math.ceil(time - _LAST_BITS)
            if time == 0 or self.declared.drawn_from == "whole months":
                found.append((month, number, number))
            else:  # of those who leave in the month that ends at t, none but who leaves at t itself is still counted
                found += [(month, number, None), (month + 1, 0, number)]
        if self.declared.complete and self.points:  # drawn as far as somebody was followed, and no farther
            followed = [(self.reach(self.points[-1][0])[0], 1, None)] if self.lowest > self.declared.tolerance else []
            found = sorted([*found, *followed, (self.end + 1, 0, 0)], key=lambda one: one[0])
        return tuple(found)

    @cached_property
    def censored(self) -> tuple[tuple[int, int, int], ...]:
        """First and last month, and the least number of rows censored in them: at each mark alone, and at marks whose months overlap."""
        alone = [(math.floor(t - self.time_tolerance + _LAST_BITS), math.ceil(t + self.time_tolerance - _LAST_BITS)) for t in self.ticks]
        joined: list[tuple[int, int, int]] = []
        for first, last in alone:
            if joined and first <= joined[-1][1]:
                joined[-1] = joined[-1][0], last, joined[-1][2] + 1
            else:
                joined.append((first, last, 1))
        return tuple(dict.fromkeys([*joined, *((first, last, 1) for first, last in alone)]))

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
        for (_, before), (time, after) in zip(self.printed_at_risk, self.printed_at_risk[1:]):
            if before > after:
                chosen.add(math.ceil(time - _LAST_BITS) - 1)
        chosen |= {last for _, last, _ in self.censored}
        return frozenset(chosen)

    def rows(self) -> list[tuple[int, int, float, float]]:
        """Month, kind, least and greatest value of everything imposed, for the search."""
        estimates = [(month, ESTIMATE, low, high) for month, (low, high) in self.bands.items()]
        return estimates + [(month, AT_RISK, float(low), math.inf if high is None else float(high)) for month, low, high in self.remaining]
