"""What no falling curve can pass: points that rise, and points that fall faster than numbers at risk allow.

With tolerance τ a falling curve passes near all points if no later point is more than 2τ above an earlier one.  Numbers at
risk fall at least as fast as the estimate S: n(b)/n(a) ≤ S(b-)/S(a-).  Both are differences of log S, each between two
heights, so that a conflict never takes more than two points, and two numbers at risk.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from analysis.errors import Fault
from analysis.reconstruction.digitising.at_risk import AtRisk
from analysis.reconstruction.digitising.tidying import Point, Tidied

#: Two times differ by more than the tolerance only beyond the last bits.
_LAST_BITS = 1e-9
#: Most conflicts that are told.
_TOLD = 8


class Conflict(NamedTuple):
    """A point that is too low or too high for another one, and the tolerance that both need.

    Attributes
    ----------
    early, late : Point
        Of two points, `late` is above `early`; with numbers at risk, `late` is where the curve is too high for them.
    numbers : tuple
        Two numbers at risk, as of `AtRisk`; empty where the points alone conflict.
    needs : float
        Least tolerance, in points of percent.
    """

    early: Point
    late: Point
    numbers: tuple
    needs: float


def least_tolerance(curve: Tidied, numbers: AtRisk | None, size: int, time_tolerance: float) -> float:
    """Least tolerance that no pair of points, alone or with numbers at risk, exceeds."""
    return max((one.needs for one in conflicts(curve.points, numbers, size, time_tolerance, 0.0)), default=0.0)


def conflicts(points: Sequence[Point], numbers: AtRisk | None, size: int, time_tolerance: float, tolerance: float) -> list[Conflict]:
    """For each point, the worst conflict with earlier ones; for each two numbers at risk, that of the points around them."""
    return [
        one
        for one in (*_rising(points, time_tolerance), *_losing(points, numbers, size, time_tolerance))
        if one.needs > tolerance + _LAST_BITS
    ]


def _rising(points: Sequence[Point], time_tolerance: float):
    lowest, at = None, 0
    for point in points:
        while points[at].time < point.time - 2 * time_tolerance - _LAST_BITS:
            lowest = points[at] if lowest is None or points[at].height < lowest.height else lowest
            at += 1
        if lowest is not None and point.height > lowest.height:
            yield Conflict(lowest, point, (), (point.height - lowest.height) / 2)


def _losing(points: Sequence[Point], numbers: AtRisk | None, size: int, time_tolerance: float):
    """A curve that between two numbers at risk falls to a smaller share than they do."""
    if numbers is None:
        return
    marks = [*([] if numbers.at_start is not None else [(0.0, size, "the patients")]), *numbers.numbers]
    for i, first in enumerate(marks):
        after = [point for point in points if point.time >= first[0] + time_tolerance]
        highest = max(after, key=lambda point: point.height, default=None)
        for second in marks[i + 1 :]:
            before = [point for point in points if point.time <= second[0] - time_tolerance]
            if not before or first[1] == 0:
                continue
            lowest, ratio = min(before, key=lambda point: point.height), second[1] / first[1]
            if first[0] == 0:
                needs = 100 * ratio - lowest.height
                yield Conflict(lowest, Point(0.0, 100.0, 0), (first, second), needs)
            elif highest is not None:
                yield Conflict(lowest, highest, (first, second), (highest.height * ratio - lowest.height) / (1 + ratio))


def least_points(curve: Tidied, numbers: AtRisk | None, size: int, time_tolerance: float, tolerance: float) -> list[Fault]:
    """Few points without which the tolerance would do, each with what it contradicts.

    The point in most conflicts is left out until none is left; of two that contradict only each other the later one.
    """
    points, found = list(curve.points), []
    while worst := conflicts(points, numbers, size, time_tolerance, tolerance):
        alone = [one for one in worst if not one.numbers]
        if not alone:
            one = max(worst, key=lambda one: one.needs)
            assert numbers is not None, "which they contradict"
            found.append(_against_numbers(curve, numbers, one, tolerance))
            break
        pairs = _pairs(points, time_tolerance, tolerance)
        times = {point: sum(point in pair for pair in pairs) for pair in pairs for point in pair}
        out = max(times, key=lambda point: (times[point], point.time))
        other = max((pair for pair in pairs if out in pair), key=lambda pair: pair[1].height - pair[0].height)
        found.append(_against_point(curve, out, other[0] if out is other[1] else other[1], tolerance))
        points.remove(out)
    return found[:_TOLD]


def _pairs(points: Sequence[Point], time_tolerance: float, tolerance: float) -> list[tuple[Point, Point]]:
    """All pairs of which the later is too high."""
    return [
        (early, late)
        for at, late in enumerate(points)
        for early in points[:at]
        if early.time < late.time - 2 * time_tolerance - _LAST_BITS and late.height > early.height + 2 * tolerance + _LAST_BITS
    ]


def _against_point(curve: Tidied, point: Point, other: Point, tolerance: float) -> Fault:
    side, limit = ("at most", other.height + 2 * tolerance) if point.time > other.time else ("at least", other.height - 2 * tolerance)
    return Fault(
        curve.file,
        f"row {point.row}, column survival",
        f"{side} {limit:.4g}% within {tolerance:g} points of row {other.row} ({other.height:.4g}% at {other.time:.4g} months): the curve only falls",
        f"{point.height:.4g}% at {point.time:.4g} months",
    )


def _against_numbers(curve: Tidied, numbers: AtRisk, one: Conflict, tolerance: float) -> Fault:
    (t, n, _), (then, left, place) = one.numbers
    most = math.floor(n * min(1.0, (one.early.height + tolerance) / max(1e-9, one.late.height - tolerance * (one.late.row > 0))))
    return Fault(
        numbers.file,
        f"{place}, at risk",
        f"at most {most} of the {n} at {t:.4g} months, as the curve falls to {one.early.height:.4g}% (row {one.early.row} of {curve.file})",
        f"{left} at {then:.4g} months",
    )
