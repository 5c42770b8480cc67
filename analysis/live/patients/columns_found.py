"""What the columns of a reader's file hold, in coarse counts: codes that a mapping has to name, never a row."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from analysis.cohorts.importing.problems import make_printable
from analysis.cohorts.importing.raw import RawTable, spell_cell
from analysis.cohorts.protection.counts import Count, Protection

MOST_CODES = 12
"""Different values of a column that are taken for codes; a column with more holds measurements, dates or names."""


class Code(NamedTuple):
    """A value of a column that a mapping may have to name.

    Attributes
    ----------
    spelled : str
        As a mapping writes it.
    label : str
        As the file calls it, where it does.
    rows : Count
        Range of the number of rows.
    """

    spelled: str
    label: str
    rows: Count


class Found(NamedTuple):
    """A column of the file.

    Attributes
    ----------
    name : str
    filled : Count
        Range of the number of rows that have a value.
    codes : tuple of Code
        Empty where the column holds more different values than codes have.
    dates : bool
        Whether it holds dates, as far as the file says.
    """

    name: str
    filled: Count
    codes: tuple[Code, ...]
    dates: bool


def find_columns(raw: RawTable) -> dict[str, Found]:
    """Columns of a file by name."""
    return {name: _describe(name, cells, raw.labels.get(name, {})) for name, cells in raw.columns.items() if name not in raw.unusable}


def _describe(name: str, cells: Any, labels: Mapping[Any, str]) -> Found:
    there = [cell for cell in cells if cell is not None]
    counted = Counter(spell_cell(cell) for cell in there)
    named = {spell_cell(value): label for value, label in labels.items()}
    few = len(counted) <= MOST_CODES and len(counted) < max(2, len(there))
    codes = (
        tuple(Code(code, make_printable(named.get(code, "")), in_range(number)) for code, number in sorted(counted.items())) if few else ()
    )
    return Found(name, in_range(len(there)), codes, bool(there) and all(isinstance(cell, datetime.date) for cell in there))


def in_range(number: int) -> Count:
    """Range of a number of patients, as pages of own patients show it."""
    size = Protection().threshold
    low = number // size * size
    return Count(low, low + size - 1)
