"""Numbers and dates that many files hold in place of nothing: asked about until the mapping says what they are."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from analysis.cohorts.importing.columns.coding import cell_shown, map_distinct, propose_missing, spellings
from analysis.cohorts.importing.mapping import Entry
from analysis.cohorts.importing.parsing import numbers
from analysis.cohorts.importing.problems import Problem, gather_problems
from analysis.cohorts.importing.raw import RawTable

_CODE = re.compile(r"-?(?:9{2,6}|8{2,6}|7{2,6})|-[1789]|[89]")
_FAR = 2.0
"""How many times the largest other value a code lies above."""
_FEWEST = 2
_LARGEST_GRADE = 4

ORIGINS = frozenset(
    datetime.date(*day) for day in ((1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1901, 1, 1), (1904, 1, 1), (1960, 1, 1), (1970, 1, 1))
)
"""Days that a zero or an empty cell becomes in Excel, databases, SAS, Stata and R."""


def code_like(value: Any) -> bool:
    """Whether a number is one that files write for "missing": 99, 999, -9, -1."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return False
    return number.is_integer() and bool(_CODE.fullmatch(str(int(number)))) if np.isfinite(number) else False


def codes_among(values: Sequence[float]) -> tuple[set[float], set[float]]:
    """Numbers of a column that must be asked about, and others that are worth a remark.

    Asked about are codes that no other value comes near: negative ones where no other number is negative, and
    999 or 9999, or 99 in several rows, above twice the largest other value; so are 8 and 9 among grades, which are
    whole numbers that begin with 0 or 1.  One row with 99 or 9 is worth a remark.

    Parameters
    ----------
    values : sequence of float
        As the file holds them, NaN where unknown.

    Returns
    -------
    asked, remarked : set of float
    """
    counts = Counter(value for value in values if value == value)
    codes = {value for value in counts if code_like(value)}
    if not _graded([value for value in counts if value not in codes]):
        codes -= {8.0, 9.0}
    others = [value for value in counts if value not in codes]
    if sum(counts[value] for value in others) < _FEWEST:
        return set(), set()
    below = {value for value in codes if value < 0 <= min(others)}
    far = {value for value in codes if value > _FAR * max(others) and value > 0}
    above = {value for value in far if value > 100 or counts[value] > 1}
    largest = {value for value in codes if value == max(counts) and value > 10 and (value > 100 or counts[value] > 1)}
    return below | above, (largest | far) - above - below


def _graded(others: Sequence[float]) -> bool:
    """Whether numbers are grades or small counts: whole, several, from 0 or 1 to 4 at most."""
    return (
        len(others) >= _FEWEST
        and all(float(value).is_integer() for value in others)
        and min(others) in (0, 1)
        and max(others) <= _LARGEST_GRADE
    )


def list_unasked(
    raw: RawTable, cells: np.ndarray, mark: str, unclear: Collection[int], entry: Entry, labels: dict[Any, str]
) -> tuple[list[Problem], list[str]]:
    """Numbers that look like codes for missing: to be asked about, unless the mapping gives a range, and to be remarked."""
    if entry.range:
        return [], []
    values, _ = map_distinct([None if at in unclear else cell for at, cell in enumerate(cells)], lambda cell: numbers.number(cell, mark))
    held = [
        float("nan") if value is None or any(text in entry.codes for text in spellings(cells[at], labels)) else value
        for at, value in enumerate(values)
    ]
    asked, remarked = codes_among(held)
    wrong = (
        (
            raw.rows[at],
            f"a number that is none of the codes for missing; if it is one: '{propose_missing([cells[at]])}', if not: 'range', in the mapping",
            cell_shown(cells[at], labels),
        )
        for at, value in enumerate(held)
        if value in asked
    )
    return gather_problems(wrong), [
        f"{value:g}, the largest number, in {held.count(value)} row{'s' if held.count(value) > 1 else ''}: a code for missing?"
        for value in sorted(remarked)
    ]


def unlikely_date(day: datetime.date, true: Collection[str]) -> str:
    """What speaks against a date; empty if nothing does or the mapping calls it true."""
    if day.isoformat() in true:
        return ""
    if day in ORIGINS:
        return "that many programs write for an empty cell"
    return "in the future" if day > datetime.date.today() else ""
