"""A table as it stands in somebody's file, before anything is known of its meaning."""

from __future__ import annotations

import datetime
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from analysis.cohorts.importing.problems import Problem


@dataclass
class RawTable:
    """Cells of a file by column.

    Attributes
    ----------
    form : str
        Kind of file, e.g. ``an Excel workbook``.
    columns : mapping of str to ndarray of object, shape (rows,)
        Cells: None (empty), str (stripped), bool, int, float, date or datetime.
    rows : ndarray of int, shape (rows,)
        Numbers by which a person finds a row again.
    noun : str
        What is numbered: ``line``, ``row`` or ``case``.
    labels : mapping of str to mapping
        By column, labels of coded values, where the file has them.
    titles : mapping of str to str
        By column, what the file calls it at length, where it does.
    detected : list of str
        Sentences: what was found out about the file, and how sure that is.
    problems : list of Problem
        What is wrong in the file as a file.
    unusable : dict of str to Problem
        By column, why it cannot be read; a fault only where something reads it.
    remarks : list of str
        What was left alone, in sentences.
    positions : tuple of str
        Names as they stand side by side in the file; empty where there is none.
    day_zero : str
        How its numbers count days where the mapping calls them ``serial``; empty: as Excel does since 1900.
    """

    form: str
    columns: dict[str, np.ndarray]
    rows: np.ndarray
    noun: str
    labels: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    detected: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unusable: dict[str, Problem] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    positions: tuple[str, ...] = ()
    day_zero: str = ""

    def __len__(self) -> int:
        return len(self.rows)


class Percent(float):
    """A number that its file shows with a per cent sign, as it is shown: 45 of ``45%``, for which Excel keeps 0.45."""


_SAS_ZERO, _SAS_ZERO_TEXT = 2.0**-260, "5.397605346934028e-79"
"""What pandas makes of a zero in a transport file of SAS."""
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"


class Unreadable(Exception):
    """A file that yields no table; its problem says why.

    Parameters
    ----------
    expected, found : str
    """

    def __init__(self, expected: str, found: str):
        super().__init__(expected, found)
        self.problem = Problem(expected, found)


def cell(value: Any) -> Any:
    """A value from any reader as None, str, bool, int, float, date or datetime."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, np.generic):
        return None if isinstance(value, np.datetime64) and np.isnat(value) else cell(value.item())
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and value == _SAS_ZERO:
        return 0.0
    if isinstance(value, float) and math.isnan(value) or value != value:  # NaT is unequal to itself as well
        return None
    if isinstance(value, (int, float, datetime.date)):
        return value
    return _text(str(value))


def _text(value: str) -> str | None:
    """A text without blanks around it, its accents in one character each, whichever system wrote them."""
    value = value.strip().strip(_INVISIBLE).strip()
    if value == _SAS_ZERO_TEXT:
        return "0"
    return (value if value.isascii() else unicodedata.normalize("NFC", value)) or None


def cells(values: Any) -> np.ndarray:
    """Values of a column as an array of cells, each distinct object converted by `cell`."""
    array = np.empty(len(values), dtype=object)
    array[:] = [cell(value) for value in values]
    return array


def spell_cell(value: Any) -> str:
    """A cell as a person would write it: ``1`` for 1.0 and for True, ISO for a date."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Percent):
        return f"{float(value):.10g}%"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def table_of(names: Sequence[str], records: Sequence[tuple[int, list[Any]]], form: str, noun: str, letters: bool = False) -> RawTable:
    """A table from its names and numbered records; columns without a name, or with one used twice, are left alone.

    Parameters
    ----------
    names : sequence of str
        As they stand in the file; empty where there is none.
    records : sequence of (row number, cells)
        Cells may be fewer than names; the rest is empty.
    letters : bool
        Whether columns are called by letters (a workbook) rather than numbers.
    """
    table = RawTable(form, {}, np.array([number for number, _ in records], dtype=int), noun, positions=tuple(names))
    places: dict[str, list[str]] = {}
    for position, name in enumerate(names):
        values = cells([record[position] if position < len(record) else None for _, record in records])
        called = f"column {letter(position) if letters else position + 1}"
        if name:
            places.setdefault(name, []).append(called)
            table.columns.setdefault(name, values)
        elif any(value is not None for value in values):
            running = _running(values)
            table.remarks.append(f"{called} has no name{' and contains running numbers, as row names do' if running else ''}: not read")
    for name, called in places.items():
        if len(called) > 1:
            # the name itself is not told: where a header is missing it is a patient's value
            table.remarks.append(f"{' and '.join(called)} have the same name: not read")
            table.unusable[name] = Problem(
                "a name used once in the header", f"the name of {called[0]} again in {', '.join(called[1:])}", column=name
            )
    return table


def _running(values: np.ndarray) -> bool:
    spelling = [spell_cell(value) for value in values]
    return any(spelling == [str(first + at) for at in range(len(values))] for first in (0, 1))


def letter(position: int) -> str:
    """Letters by which a workbook calls a column, counted from 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
