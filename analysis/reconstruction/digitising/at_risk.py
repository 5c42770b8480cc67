"""Numbers at risk as figures print them: a column or a row an arm, IPDfromKM's vectors, Guyot's table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Fault, InputError
from analysis.paths import shorten_path
from analysis.reconstruction.digitising.numbers import Block, Cell, is_time, read_blocks

#: First words of the header of the one column of numbers among others.
_NUMBERS = ("nrisk", "n", "at_risk", "n.risk", "number", "patients", "risk")
OPTIONS = "command line"


@dataclass(frozen=True)
class AtRisk:
    """Numbers at risk of one arm.

    Attributes
    ----------
    file, name : str
    numbers : tuple of (float, int, str)
        Time in months, number, and where it stands.
    """

    file: str
    name: str
    numbers: tuple[tuple[float, int, str], ...]

    @property
    def at_start(self) -> int | None:
        return self.numbers[0][1] if self.numbers and self.numbers[0][0] == 0 else None


def read_at_risk(path: Path, months: float = 1.0) -> list[AtRisk]:
    """Numbers at risk of each arm in a file.

    Parameters
    ----------
    path : Path
    months : float
        Months of one unit of time.

    Raises
    ------
    InputError
        With every number that is none, is not whole, or is larger than the one before.
    """
    blocks = read_blocks(path)
    if len(blocks) > 1:
        raise InputError(Fault(shorten_path(path), f"row {blocks[1].rows[0][0]}", "one table", "a second one"))
    return [check(shorten_path(path), name, rows, months) for name, rows in _arms(shorten_path(path), blocks[0])]


def from_options(times: Sequence[float], numbers: Sequence[float], months: float = 1.0) -> AtRisk:
    """The two vectors of the command line."""
    if len(times) != len(numbers):
        raise InputError(Fault(OPTIONS, "--nrisk", f"as many numbers as times in --trisk ({len(times)})", str(len(numbers))))
    rows = [(f"--nrisk, number {at}", float(time), float(number)) for at, (time, number) in enumerate(zip(times, numbers), 1)]
    return check(OPTIONS, "", rows, months)


def check(file: str, name: str, rows: Sequence[tuple[str, Cell, Cell]], months: float) -> AtRisk:
    """Numbers with their times, or every fault of them.

    Parameters
    ----------
    file, name : str
    rows : sequence of (str, cell, cell)
        Where a number stands, its time, and itself.
    months : float
    """
    found: list[tuple[float, int, str]] = []
    faults = []
    for place, time, number in rows:
        if not isinstance(time, float) or not math.isfinite(time) or time < 0:
            faults.append(Fault(file, f"{place}, time", "a number of at least 0", _describe(time)))
        elif not isinstance(number, float) or not number.is_integer() or number < 0:
            faults.append(Fault(file, f"{place}, at risk", "a whole number of at least 0", _describe(number)))
        elif found and time * months <= found[-1][0]:
            faults.append(Fault(file, f"{place}, time", f"a time after {found[-1][0] / months:g}", f"{time:g}"))
        elif found and number > found[-1][1]:
            faults.append(Fault(file, f"{place}, at risk", f"at most {found[-1][1]}, as at {found[-1][0] / months:g}", f"{number:g}"))
        else:
            found.append((time * months, int(number), place))
    if faults:
        raise InputError(faults)
    return AtRisk(file, name, tuple(found))


def _describe(cell: Cell) -> str:
    return "nothing" if cell is None else f"{cell:g}" if isinstance(cell, float) else repr(cell)


def _arms(file: str, block: Block) -> list[tuple[str, list[tuple[str, Cell, Cell]]]]:
    """Name, and places with times and numbers, of each arm of a table."""
    names, rows = block.names, block.rows
    below = _below_a_figure(block)
    if below:
        return below
    if block.width < 2:
        raise InputError(Fault(file, f"row {rows[0][0]}", "a time and a number at risk", "one column"))
    timed = next((at for at in range(block.width) if is_time(names[at])), 0)
    named = [at for at in range(block.width) if names[at].strip().lower() in _NUMBERS]
    columns = named if len(named) == 1 else [at for at in range(block.width) if at != timed]
    return [
        (
            names[at] if len(columns) > 1 else "",
            [(f"row {number}", _at(cells, timed), _at(cells, at)) for number, cells in rows if _at(cells, at) is not None],
        )
        for at in columns
    ]


def _below_a_figure(block: Block) -> list[tuple[str, list[tuple[str, Cell, Cell]]]]:
    """Rows of numbers under a row of times, as they stand below a figure; empty where the table is not so."""
    rows = list(block.rows)
    if block.width < 3 or len(rows) < 2:
        return []
    labelled = isinstance(rows[-1][1][0], str)
    times = [cell for cell in rows[0][1] if isinstance(cell, float)]
    falling = [cell for cell in rows[1][1] if isinstance(cell, float)]
    plain = len(rows) == 2 and not any(block.names) and falling == sorted(falling, reverse=True)
    if times != sorted(set(times)) or len(times) < 2 or not (labelled or plain):
        return []
    first = next(at for at, cell in enumerate(rows[0][1]) if isinstance(cell, float))
    found = []
    for number, cells in rows[1:]:
        name = str(cells[0]) if labelled else ""
        places = [
            (f"row {number}, column {at + 1}", _at(rows[0][1], at), _at(cells, at))
            for at in range(first, block.width)
            if _at(cells, at) is not None
        ]
        found.append((name, places))
    return found


def _at(cells: Sequence[Cell], at: int) -> Cell:
    return cells[at] if at < len(cells) else None
