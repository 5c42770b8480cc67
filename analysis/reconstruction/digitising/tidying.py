"""One curve made fit for use: unit, order, repeats, ends; each change said in a sentence, each fault with its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from analysis.errors import Fault, InputError
from analysis.reconstruction.digitising.layouts import Dataset

#: Heights up to here are shares, if nothing else is said.
_SHARES = 1.05
#: Points (percent) and share of the axis that a calibrated figure may be off at its edges.
EDGE, EARLY = 1.5, 0.01
#: Error of a time, as share of the axis: half a millimetre of a figure as wide as a page.
TIME_ERROR = 0.0025
#: A curve whose first point is this early (share of the axis) and below this height has lost its beginning.
_BEGUN, _LOWEST = 0.02, 90.0
#: Longest follow-up in months: beyond it, times are likely days.
LONGEST = 600.0


class Point(NamedTuple):
    """Time in months, height in percent of survival, and the row of the file (0 for none)."""

    time: float
    height: float
    row: int


@dataclass(frozen=True)
class Tidied:
    """A curve that only has to fall.

    Attributes
    ----------
    file : str
    points : tuple of Point
        Ascending in time, at one time from the upper end of a step to the lower.
    rises : bool
        Whether the figure shows incidence, of which 100% − x is taken.
    said : tuple of str
        What was changed, in sentences.
    """

    file: str
    points: tuple[Point, ...]
    rises: bool
    said: tuple[str, ...]


def tidy(data: Dataset, months: float = 1.0, unit: str = "", kind: str = "", wide: float | None = None) -> Tidied:
    """Bring a curve into months and percent of survival.

    Parameters
    ----------
    data : Dataset
    months : float
        Months of one unit of time.
    unit : {"", "percent", "share"}
        Of the heights; found out where empty.
    kind : {"", "survival", "incidence"}
        What the figure shows; found out where empty.
    wide : float, optional
        Error of a time, in months; `TIME_ERROR` of the axis by default.

    Raises
    ------
    InputError
        With every row that cannot be: negative times, heights beyond 0 to 100%, no beginning at 100%.
    """
    if len(data.points) < 2:
        raise InputError(Fault(data.file, "file", "at least two points", f"{len(data.points)} point{'s' * (len(data.points) != 1)}"))
    said: list[str] = []
    scale = _scale(data, unit, said)
    points = [Point(time * months, height * scale, row) for row, time, height in data.points]
    axis = max(time for time, *_ in points)
    _refuse(data, points, months, scale, axis)
    points = _clip(points, said)
    points, rises = _falling(points, kind, said)
    ordered = sorted(points, key=lambda point: (point.time, -point.height))
    if moved := sum(a.time > b.time for a, b in zip(points, points[1:])):
        said.append(f"{moved} {_times(moved, 'point')} stood after a later one: sorted by time")
    once = list({(point.time, point.height): point for point in reversed(ordered)}.values())[::-1]
    if dropped := len(ordered) - len(once):
        said.append(f"{dropped} repeated {_times(dropped, 'point')} dropped")
    kept = _ends_of_steps(once, said)
    _begin_at_one(data, kept, axis, scale)
    kept = _from_the_start(kept, axis, said)
    _tell_rises(kept, TIME_ERROR * axis if wide is None else wide, said)
    if kept[-1].height >= 100 - 1e-9:
        said.append("the curve stays at 100%: no event is seen in it")
    return Tidied(data.file, tuple(kept), rises, tuple(said))


def _scale(data: Dataset, unit: str, said: list[str]) -> float:
    """Percent in a unit of heights: as asked for, else as the file says, else as the highest one has it."""
    if data.percent and unit == "share":
        raise InputError(Fault(data.file, "column survival", "shares of 1, as '--unit share' says", "a per cent sign"))
    unit = unit or ("percent" if data.percent else "")
    greatest = max(height for *_, height in data.points)
    if not unit and greatest <= _SHARES and any(word in data.scale.lower() for word in ("%", "percent", "per cent")):
        expected = "percent, as its name says (--unit percent), or shares of 1 (--unit share)"
        raise InputError(Fault(data.file, f"column {data.scale}", expected, f"{greatest:g} at most"))
    below = [(height, row) for row, _, height in data.points if height < _LOWEST]
    if not unit and len(below) < len(data.points) and len(below) > 1 and 0 < max(below)[0] <= _SHARES:
        expected = "heights in one unit: percent or shares of 1 throughout (all are percent: --unit percent)"
        found = f"{max(below)[0]:g} at most, beside {greatest:g}"
        raise InputError(Fault(data.file, f"row {max(below)[1]}, column survival", expected, found))
    found = unit or ("share" if greatest <= _SHARES else "percent")
    said.append(f"{len(data.points)} points, heights in {'percent' if found == 'percent' else 'shares of 1: taken times 100'}")
    return 1.0 if found == "percent" else 100.0


def _refuse(data: Dataset, points: list[Point], months: float, scale: float, axis: float) -> None:
    faults = []
    for (time, height, row), (_, read, written) in zip(points, data.points):
        if time < -EARLY * max(axis, 0.0):
            faults.append(Fault(data.file, f"row {row}, column time", "a time of at least 0", f"{read:g}"))
        if not -EDGE <= height <= 100 + EDGE:
            faults.append(Fault(data.file, f"row {row}, column survival", f"a height from 0 to {100 / scale:g}", f"{written:g}"))
        if time > LONGEST:
            faults.append(Fault(data.file, f"row {row}, column time", f"at most {LONGEST:g} months (days? --time-unit days)", f"{read:g}"))
            break
    if axis <= 0:
        faults.append(Fault(data.file, "column time", "times above 0", f"{axis / months:g} at most"))
    if faults:
        raise InputError(faults)


def _clip(points: list[Point], said: list[str]) -> list[Point]:
    """Points a little beyond the axes put onto them."""
    inside = [Point(max(0.0, time), min(100.0, max(0.0, height)), row) for time, height, row in points]
    for what, changed in (
        ("before time 0 moved to it", sum(a.time != b.time for a, b in zip(points, inside))),
        ("above 100% or below 0% put onto the edge", sum(a.height != b.height for a, b in zip(points, inside))),
    ):
        if changed:
            said.append(f"{changed} {_times(changed, 'point')} {what}")
    return inside


def _falling(points: list[Point], kind: str, said: list[str]) -> tuple[list[Point], bool]:
    """Survival as it is; of incidence, what it leaves."""
    first, last = min(points, key=lambda point: point.time), max(points, key=lambda point: point.time)
    rises = kind == "incidence" or (not kind and first.height <= 10 and last.height > first.height)
    if rises:
        said.append(
            "the curve rises from 0: read as the incidence of one kind of event, of which 100% − x is the share without it; where other events compete, a"
            " patient who has one counts here as censored late, and no cohort tells the kinds apart"
        )
        points = [point._replace(height=100 - point.height) for point in points]
    return points, rises


def _ends_of_steps(points: list[Point], said: list[str]) -> list[Point]:
    """Of more than two heights at one time the highest and the lowest."""
    kept: list[Point] = []
    for point in points:
        if len(kept) > 1 and kept[-2].time == kept[-1].time == point.time:
            kept[-1] = point
        else:
            kept.append(point)
    if steps := sum(a.time == b.time for a, b in zip(kept, kept[1:])):
        said.append(f"{steps} vertical {_times(steps, 'step')} with both ends kept")
    if inner := len(points) - len(kept):
        said.append(f"{inner} {_times(inner, 'point')} inside vertical steps dropped")
    return kept


def _begin_at_one(data: Dataset, points: list[Point], axis: float, scale: float) -> None:
    first = points[0]
    if first.time <= _BEGUN * axis and first.height < _LOWEST:
        expected = f"a curve that starts at {100 / scale:g} (of incidence: at 0)"
        raise InputError(
            Fault(data.file, f"row {first.row}, column survival", expected, f"{first.height / scale:g} at {first.time:g} months")
        )


def _from_the_start(points: list[Point], axis: float, said: list[str]) -> list[Point]:
    """Everybody is there at 0."""
    first = points[0]
    if first.time == 0 and first.height == 100:
        return points
    if first.time <= EARLY * axis:  # the start, read with an error
        return [Point(0.0, 100.0, first.row), *([] if first.time == 0 else points[:1]), *points[1:]]
    said.append(f"the first point is at {first.time:.4g} months: 100% at time 0 added")
    return [Point(0.0, 100.0, 0), *points]


def _tell_rises(points: list[Point], wide: float, said: list[str]) -> None:
    """Say which points are above surely earlier ones: nearer ones may have changed places."""
    number, most, where, lowest, at = 0, 0.0, 0, 100.0, 0
    for point in points:
        while points[at].time < point.time - 2 * wide:
            lowest, at = min(lowest, points[at].height), at + 1
        if point.height > lowest:
            number += 1
            if point.height - lowest > most:
                most, where = point.height - lowest, point.row
    if number:
        said.append(
            f"{number} {_times(number, 'point')} above an earlier one, by {most:.2g} points at most (row {where}): left as read, within the tolerance"
        )


def _times(number: int, word: str) -> str:
    return word if number == 1 else word + "s"
