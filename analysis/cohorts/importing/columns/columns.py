"""Columns of a site's file as declared variables: codes, numbers, truth values, units.

Each cell becomes a value of the declared type or a fault; whether the value is allowed is
asked afterwards (`analysis.cohorts.importing.columns.schema`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from analysis.cohorts.conditions import MISSING
from analysis.cohorts.importing.columns import placeholders
from analysis.cohorts.importing.columns.coding import (
    cell_shown,
    label_of,
    map_distinct,
    missing_codes,
    missing_like,
    missing_numbers,
    propose_missing,
    spellings,
    without_missing,
)
from analysis.cohorts.importing.columns.labels import contradictions, likely_codes, spoken_opposites
from analysis.cohorts.importing.columns.schema import describe_allowed
from analysis.cohorts.importing.mapping import Entry, Mapping
from analysis.cohorts.importing.parsing import numbers, units
from analysis.cohorts.importing.problems import Problem, gather_problems, make_printable, quote
from analysis.cohorts.importing.raw import Percent, RawTable, spell_cell
from analysis.cohorts.study_parts import Variable
from analysis.errors import suggestion

TRUTH = {"1": True, "0": False, "true": True, "false": False}
ASK_FOR_CODES = " (or 'codes' in the mapping)"
_MOST_CODES = 4


class Refused(ValueError):
    """A cell that cannot be a value of the declared type; the message says what could."""


@dataclass
class Column:
    """A declared variable as it comes out of the file.

    Attributes
    ----------
    values : ndarray, shape (rows,)
        Floats (NaN: missing) for numbers and durations; else objects (None: missing).
    failed : ndarray of bool, shape (rows,)
        Cells that yielded no value and are told in `problems`.
    site : str
        The site's name of the column or columns.
    cells : ndarray or None
        What stood in the file, where a value comes from one cell.
    dates : ndarray of date or None, shape (rows,)
        Of a time its end, of an event that is known by its date that date, where known for certain.
    ended : ndarray of str or None, shape (rows,)
        Of a time between dates, the column or fixed date that it ends on.
    """

    values: np.ndarray
    failed: np.ndarray
    site: str
    cells: np.ndarray | None = None
    labels: dict[Any, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dates: np.ndarray | None = None
    ended: np.ndarray | None = None

    def found(self, position: int) -> str:
        """A cell as a report shows it."""
        if self.cells is None:
            value = self.values[position]
            return quote(f"{value:g}" if isinstance(value, float) else value) if value is not None else "nothing"
        return cell_shown(self.cells[position], self.labels)


def column(
    raw: RawTable, mapping: Mapping, name: str, variable: Variable, entry: Entry, mark: str, unclear: Collection[int] = ()
) -> Column:
    """A variable that comes from one column.

    Parameters
    ----------
    mark : str
        Decimal mark of its numbers (see `marks`).
    unclear : collection of int
        Positions of cells that can be read in two ways; they fail, and are told elsewhere.
    """
    labels = dict(raw.labels.get(entry.column, {}))
    original = raw.columns[entry.column]
    cells, emptied = without_missing(original, missing_codes(mapping, entry), labels)
    notes = [f"{emptied} cells read as missing by their code"] if emptied else []
    numeric, title = variable.type in ("integer", "number"), raw.titles.get(entry.column, "")
    if numeric:
        values, refused = map_distinct(cells, _number(variable, entry, mark, labels, missing_numbers(mapping, entry)))
        if entry.unit and entry.unit != variable.unit:
            notes.append(f"converted from {entry.unit} to {variable.unit}" + (", in whole ones" if variable.type == "integer" else ""))
    elif entry.codes:
        values, refused = map_distinct(cells, _recode(variable, entry, labels))
    else:
        values, refused = map_distinct(cells, _truth(labels) if variable.type == "boolean" else _word(variable, labels))
        if labels and variable.type != "id":
            told = (f"{spell_cell(value)} = {quote(label)}" for value, label in list(labels.items())[:20])
            notes.append(f"value labels: {', '.join(told)}")
    asked = [] if entry.codes else list(_doubts(name, variable, (entry.column, title), cells, labels))
    problems = [replace(problem, column=entry.column, variable=name) for problem in asked]
    allowed = describe_allowed(variable, entry.range or variable.range)
    expected = {at: allowed if what == numbers.PLAIN else what for at, what in refused.items() if at not in unclear}
    problems += gather_problems(
        (
            (raw.rows[at], what + _if_missing(cells[at]), _show(cells[at], labels, variable, entry))
            for at, what in (expected if asked and not labels else _with_codes(name, cells, labels, expected)).items()
        ),
        column=entry.column,
        variable=name,
    )
    failed = np.zeros(len(raw), dtype=bool)
    failed[[*refused, *unclear]] = True
    if numeric:
        asked, remarks = placeholders.list_unasked(raw, cells, mark, unclear, entry, labels)
        asked += _shares(name, variable, entry, cells, values, title)
        problems += [replace(problem, column=entry.column, variable=name) for problem in asked]
        by_number = sum(value is not None and value != value for value in values)
        notes = [f"{emptied + by_number} cells read as missing by their code", *notes[emptied > 0 :]] if by_number else notes
        notes += remarks
        return Column(np.array(values, dtype=float), failed, entry.column, original, labels, problems, notes)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return Column(array, failed, entry.column, original, labels, problems, notes)


def _doubts(name: str, variable: Variable, spoken: tuple[str, str], cells: np.ndarray, labels: dict[Any, str]) -> Iterable[Problem]:
    """Where value labels, or the words of a column's name and title, may say the opposite of what is declared."""
    if labels:
        return contradictions(name, variable, labels, {cell for cell in cells if cell is not None})
    return spoken_opposites(name, variable, spoken) if variable.type == "boolean" else ()


def _shares(name: str, variable: Variable, entry: Entry, cells: np.ndarray, values: list[Any], title: str) -> list[Problem]:
    """A column in per cent whose numbers may be shares of 1; cells with a per cent sign are none of them, and speak for that of the others."""
    signed = [isinstance(cell, Percent) or str(cell).endswith("%") for cell in cells]
    plain = [value for sign, value in zip(signed, values, strict=True) if not sign and value is not None and value == value]
    if variable.unit not in units.PERCENT or entry.unit or entry.range or not units.may_be_shares(plain, any(signed)):
        return []
    if not any(signed) and units.speaks_of_percent(f"{entry.column} {title}"):
        return []
    line = f"{name}: {{column: {make_printable(entry.column)}, unit: {units.FRACTION}}}"
    found = "no number above 1" + (" but those with a per cent sign" if any(signed) else "")
    return [Problem(f"per cent; for shares of 1 '{line}' in the mapping (or unit: percent)", found)]


def _with_codes(name: str, cells: np.ndarray, labels: dict[Any, str], told: dict[int, str]) -> dict[int, str]:
    """What is expected of cells that are no truth values, with a line of codes for all that stand in the column."""
    if not any(expected.endswith(ASK_FOR_CODES) for expected in told.values()):
        return told
    words = list(dict.fromkeys(label_of(cell, labels) or spell_cell(cell) for cell in cells if cell is not None and not missing_like(cell)))
    if not 0 < len(words) <= _MOST_CODES:
        return told
    asked = f" (or 'codes' in the mapping, e.g. {likely_codes(name, words)})"
    return {
        at: expected.removesuffix(ASK_FOR_CODES) + asked if expected.endswith(ASK_FOR_CODES) else expected for at, expected in told.items()
    }


def _if_missing(cell: Any) -> str:
    """Proposal for a cell that looks like a code for missing."""
    return f" (or '{propose_missing([cell])}' in the mapping)" if missing_like(cell) else ""


def _show(value: Any, labels: dict[Any, str], variable: Variable, entry: Entry) -> str:
    known = list(entry.codes) or list(variable.levels)
    return cell_shown(value, labels) + (suggestion(spell_cell(value), known) if isinstance(value, str) else "")


def _recode(variable: Variable, entry: Entry, labels: dict[Any, str]) -> Callable[[Any], Any]:
    def convert(cell: Any) -> Any:
        written = next((text for text in spellings(cell, labels) if text in entry.codes), None)
        if written is None:
            # a declared level speaks for itself; 0 and 1 do not where a site has codes of its own
            level = next((text for text in spellings(cell, labels) if text in variable.levels), None)
            if level is not None:
                return level
            also = f" or a declared level ({', '.join(variable.levels)})" if variable.levels else ""
            raise Refused(f"one of the mapping's codes {', '.join(map(quote, entry.codes))}{also}")
        target = entry.codes[written]
        if target in ("", MISSING):
            return None
        return TRUTH[target] if variable.type == "boolean" else target

    return convert


def _word(variable: Variable, labels: dict[Any, str]) -> Callable[[Any], str]:
    def convert(cell: Any) -> str:
        label = label_of(cell, labels)
        return label if label in variable.levels else spell_cell(cell)

    return convert


def _truth(labels: dict[Any, str]) -> Callable[[Any], bool]:
    def convert(cell: Any) -> bool:
        written = next((text for text in spellings(cell, {}) if text.lower() in TRUTH), "")  # pandas writes 1.0
        if not written:
            raise Refused("0 or 1" + (ASK_FOR_CODES if labels or isinstance(cell, str) else ""))
        return TRUTH[written.lower()]

    return convert


def _of_hundred(cell: Any, variable: Variable, mark: str) -> float:
    """A cell with a per cent sign in the declared unit: per cent, or a share of 1 where the declared range is within 0 and 1."""
    shown = float(cell) if isinstance(cell, Percent) else numbers.number(cell[:-1].rstrip(), mark)
    if variable.unit in units.PERCENT:
        return shown
    if variable.range and variable.range[0] >= 0 and variable.range[1] <= 1:
        return shown / 100
    raise Refused(f"{describe_allowed(variable, variable.range)}, not per cent")


def _number(variable: Variable, entry: Entry, mark: str, labels: dict[Any, str], missing: Collection[float]) -> Callable[[Any], float]:
    def convert(cell: Any) -> float:
        written = next((text for text in spellings(cell, labels) if text in entry.codes), None)
        if written is not None:
            target = entry.codes[written]
            return float("nan") if target in ("", MISSING) else float(target)
        shown_so = isinstance(cell, Percent) or str(cell).endswith("%")
        value = _of_hundred(cell, variable, mark) if shown_so else numbers.number(cell, mark)
        if value in missing:
            return float("nan")
        if entry.unit == units.FRACTION:
            return value if shown_so else float(f"{value * 100:.12g}")
        if not entry.unit or entry.unit in (variable.unit, *units.SHARES):
            return value
        value = units.convert_unit(value, entry.unit, variable.unit)
        return units.whole(value, entry.unit, variable.unit) if variable.type == "integer" else value

    return convert
