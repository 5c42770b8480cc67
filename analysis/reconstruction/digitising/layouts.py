"""Which columns of a digitiser's file are whose curve: one, several side by side, below each other, or told by a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.cohorts.importing.parsing.units import find_units
from analysis.errors import Fault, InputError
from analysis.paths import shorten_path
from analysis.reconstruction.digitising.numbers import Block, Cell, Percent, is_time, read_blocks

#: First words of the header of a column of heights, where others stand beside it.
_HEIGHTS = ("y", "s", "st", "s(t)", "surv", "survival", "km", "estimate", "percent", "probability", "incidence")
#: Most names of digitisers' axes and of nothing: they name no curve.
_NAMELESS = ("x", "y", "default dataset", "")
#: What Engauge calls the first curve: a name beside others alone.
_FIRST = "curve1"
#: A height from here on may be that at time 0, in percent and as a share.
_STARTS = ((97.0, 101.5), (0.97, 1.015))


@dataclass(frozen=True)
class Dataset:
    """One curve as a file has it.

    Attributes
    ----------
    file, name : str
        Path as shown; what the file calls the curve, if anything.
    points : tuple of (int, float, float)
        Row of the file, time, height.
    axis : str
        What the file calls its times, such as *time (years)*.
    scale : str
        What it calls its heights, such as *survival (%)*.
    percent : bool
        Whether heights are written with a per cent sign.
    """

    file: str
    name: str
    points: tuple[tuple[int, float, float], ...]
    axis: str = ""
    scale: str = ""
    percent: bool = False

    def check_unit(self, unit: str) -> None:
        """Refuse times whose name speaks of another unit than that in which they are to be read.

        Raises
        ------
        InputError
        """
        spoken = find_units(self.axis)
        if spoken and unit not in spoken:
            expected = f"{unit} (--time-unit), or '--time-unit {min(spoken)}'"
            raise InputError(Fault(self.file, f"column {self.axis}", expected, f"a name that speaks of {min(spoken)}"))


def read_datasets(path: Path) -> list[Dataset]:
    """Curves of a file.

    Raises
    ------
    InputError
        With every cell that is no number.
    """
    found, faults = [], []
    for block in read_blocks(path):
        for name, times, heights, rows in _columns(shorten_path(path), block):
            points = []
            for number, cells in rows:
                time, height = (cells[at] if at < len(cells) else None for at in (times, heights))
                if height is None and (time is None or _shared(block)):
                    continue
                if isinstance(time, float) and isinstance(height, float):
                    points.append((number, time, height))
                    continue
                faults += [
                    Fault(
                        shorten_path(path),
                        f"row {number}, column {block.names[at] or at + 1}",
                        "a number",
                        "none" if cell is None else repr(cell),
                    )
                    for at, cell in ((times, time), (heights, height))
                    if not isinstance(cell, float)
                ]
            called = "" if name.strip().lower() in _NAMELESS else name.strip()
            axis, scale = (block.names[at].strip() for at in (times, heights))
            signed = any(isinstance(height, Percent) for _, _, height in points)
            found.append(Dataset(shorten_path(path), called, tuple(points), axis, scale, signed))
            faults += _either_way_round(found[-1])
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    return [replace(found[0], name="")] if len(found) == 1 and found[0].name.lower() == _FIRST else found


def _either_way_round(data: Dataset) -> list[Fault]:
    """A fault where nothing names the times, and the other column alone begins at 0, beside 100 or 1."""
    if is_time(data.axis) or len(data.points) < 2:
        return []
    row, first, second = min(data.points, key=lambda point: (point[2], -point[1]))
    if (
        second != 0
        or not any(least <= first <= most for least, most in _STARTS)
        or any(time > first or time == 0 for _, time, _ in data.points)
    ):
        return []
    expected = "times and then heights, or columns named as they are: 'time,survival' or 'survival,time'"
    return [Fault(data.file, f"row {row}", expected, f"{first:g} beside 0, as where heights stand before times")]


def _columns(file: str, block: Block) -> list[tuple[str, int, int, Sequence[tuple[int, tuple[Cell, ...]]]]]:
    """Name, column of times, column of heights and rows of each curve of a block."""
    names, width, rows = block.names, block.width, block.rows
    if width < 2:
        raise InputError(Fault(file, f"row {rows[0][0]}", "a time and a height", "one column"))
    labelled = [at for at in range(width) if all(at < len(row) and isinstance(row[at], str) for _, row in rows)]
    if labelled and width > 2:
        groups = dict.fromkeys(str(row[labelled[0]]) for _, row in rows)
        times, heights = [at for at in range(width) if at not in labelled][:2]
        return [(group, times, heights, [one for one in rows if one[1][labelled[0]] == group]) for group in groups]
    if width == 2 and is_time(names[1]) and not is_time(names[0]):
        return [(_title(block, 0) or ("" if _is_height(names[0]) else names[0]), 1, 0, rows)]
    if width == 2:
        return [(_title(block, 0) or ("" if is_time(names[1]) or _is_height(names[1]) else names[1]), 0, 1, rows)]
    if any(names):
        timed, high = [at for at in range(width) if is_time(names[at])], [at for at in range(width) if _is_height(names[at])]
        if len(timed) == 1 and len(high) == 1:
            return [(_title(block, timed[0]), timed[0], high[0], rows)]
    if _shared(block):
        return [(names[at], 0, at, rows) for at in range(1, width)]
    if _numbered(block):
        return [("", 1, 2, rows)]
    if width % 2:
        raise InputError(
            Fault(file, f"row {rows[0][0]}", "a time and a height, or pairs of them side by side", f"{width} columns without names")
        )
    pairs = ((at, at + 1) if is_time(names[at]) or not is_time(names[at + 1]) else (at + 1, at) for at in range(0, width, 2))
    return [(_title(block, min(pair)), *pair, rows) for pair in pairs]


def _shared(block: Block) -> bool:
    """Whether all curves of a block stand beside one column of times, as Engauge writes them."""
    names = block.names
    return block.width > 2 and is_time(names[0]) and not any(is_time(name) for name in names[1:])


def _numbered(block: Block) -> bool:
    """Whether the first of three columns counts the rows, as in files for Guyot's programs."""
    return block.width == 3 and [row[0] for _, row in block.rows] == [float(at) for at in range(1, len(block.rows) + 1)]


def _is_height(name: str) -> bool:
    return (name.strip().lower().replace("_", " ").split() or [""])[0] in _HEIGHTS


def _title(block: Block, at: int) -> str:
    """What stands above the names of a pair of columns."""
    above = block.headers[-2] if len(block.headers) > 1 else ()
    return above[at] if at < len(above) else ""
