"""Which rows of a file are patients: those that the mapping chooses, and those it leaves out for want of an outcome."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping as Table
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import MISSING
from analysis.cohorts.importing.columns.coding import cell_shown, says_no_event, spellings
from analysis.cohorts.importing.columns.columns import Column
from analysis.cohorts.importing.mapping import Mapping, words
from analysis.cohorts.importing.parsing import names, numbers
from analysis.cohorts.importing.problems import Problem, gather_problems, make_printable, quote
from analysis.cohorts.importing.raw import RawTable, spell_cell
from analysis.errors import suggestion

_CLAUSE = re.compile(r"\s*(.+?)\s*(<=|>=|!=|=|<|>)\s*(.*?)\s*", re.DOTALL)
_ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class _Clause(NamedTuple):
    column: str
    comparison: str
    values: tuple[str, ...]


class _Refused(Exception):
    """A clause that cannot be followed; its only argument is the problem."""


def choose_rows(raw: RawTable, mapping: Mapping) -> tuple[RawTable, list[Problem]]:
    """The rows that ``where`` chooses, of a file that holds others as well.

    A condition is written on the file's own columns: ``Visit=1 & Arm=A|B``, or ``{Visit: 1, Arm: [A, B]}``.

    Returns
    -------
    table : RawTable
        The chosen rows; all of them where there is a problem.
    problems : list of Problem
    """
    if not mapping.where:
        return raw, []
    met, problems = np.ones(len(raw), dtype=bool), []
    for text in _clauses(mapping.where):
        try:
            met &= _mask(raw, text)
        except _Refused as error:
            problems.append(error.args[0])
    if not problems and len(raw) and not met.any():
        problems.append(_problem("a condition that some row meets", "none"))
    if problems:
        return raw, problems
    kept = replace(raw, columns={name: cells[met] for name, cells in raw.columns.items()}, rows=raw.rows[met])
    kept.detected = [*raw.detected, f"{int(met.sum())} of {len(raw)} {raw.noun}s chosen by 'where' in the mapping"]
    return kept, []


def _clauses(where: str | Table[str, Any]) -> list[Any]:
    if isinstance(where, str):
        return where.split("&")
    return [_Clause(column, "=", words(values) or (MISSING,)) for column, values in where.items()]


def _mask(raw: RawTable, text: Any) -> np.ndarray:
    """Rows that meet one clause."""
    clause = text if isinstance(text, _Clause) else _parse(text)
    try:
        column = names.locate_column(clause.column, raw.columns)
    except names.Several as error:
        raise _Refused(
            _problem("a name that one column has", f"{len(error.args)} columns called {quote(clause.column)} but for case")
        ) from None
    if not column:
        raise _Refused(_problem("a column of the file", quote(clause.column) + suggestion(clause.column, raw.columns)))
    if column in raw.unusable:
        raise _Refused(raw.unusable[column])
    cells, labels = raw.columns[column], dict(raw.labels.get(column, {}))
    if clause.comparison in _ORDER:
        return _compare(raw, column, cells, clause)
    written = [{MISSING} if value is None else set(spellings(value, labels)) for value in cells]
    for value in clause.values:
        if value != MISSING and not any(value in some for some in written):
            raise _Refused(_problem(f"a value that occurs in {make_printable(column)}", quote(value)))
    found = np.array([not some.isdisjoint(clause.values) for some in written], dtype=bool)
    return found if clause.comparison == "=" else ~found


def _parse(text: str) -> _Clause:
    match = _CLAUSE.fullmatch(text)
    values = tuple(value.strip() for value in match[3].split("|")) if match else ()
    if not match or not all(values) or (match[2] in _ORDER and len(values) > 1):
        raise _Refused(_problem("a condition such as 'Visit=1 & Arm=A|B'", quote(text.strip())))
    return _Clause(match[1], match[2], values)


def _compare(raw: RawTable, column: str, cells: np.ndarray, clause: _Clause) -> np.ndarray:
    """Rows whose number compares so; a cell that is none, or can be read in two ways, is a fault."""
    try:
        limit = float(clause.values[0])
        values = [float("nan") if value is None else _plain(value) for value in cells]
    except ValueError:
        raise _Refused(
            _problem(
                f"numbers in {make_printable(column)} and after {clause.comparison}",
                "something else, or numbers that can be read in two ways",
            )
        ) from None
    with np.errstate(invalid="ignore"):
        return _ORDER[clause.comparison](np.array(values, dtype=float), limit)


def _plain(value: Any) -> float:
    if isinstance(value, str) and len(set(numbers.readings(value).values())) != 1:
        raise ValueError(value)
    return numbers.number(value, next(iter(numbers.readings(value))) if isinstance(value, str) else ".")


def _problem(expected: str, found: str) -> Problem:
    return Problem(expected, found, source="mapping", place="where")


def without_outcome(raw: RawTable, columns: dict[str, Column], mapping: Mapping) -> np.ndarray:
    """Rows that ``without`` leaves out: no value in one of its variables, and no faulty cell in any of them.

    Returns
    -------
    ndarray of bool, shape (rows,)
    """
    out, faulty = np.zeros(len(raw), dtype=bool), np.zeros(len(raw), dtype=bool)
    for name in words(mapping.without):
        if name in columns:
            out |= np.asarray(pd.isna(columns[name].values), dtype=bool)
            faulty |= columns[name].failed
    return out & ~faulty


def find_survivors(raw: RawTable, columns: dict[str, Column], out: np.ndarray) -> list[Problem]:
    """Rows to be left out although their cell says that the event did not happen: without them all would have died."""
    found = []
    for name, made in columns.items():
        cells = made.cells
        if cells is None:
            continue
        rows = [at for at in np.flatnonzero(out) if made.values[at] is None and any(map(says_no_event, spellings(cells[at], made.labels)))]
        if rows:
            expected = f"a row without an outcome ('codes' for these cells in the mapping, in place of 'missing', e.g. {quote(spell_cell(cells[rows[0]]))}: 0)"
            found += gather_problems(
                ((raw.rows[at], expected, cell_shown(cells[at], made.labels)) for at in rows), column=made.site, variable=name
            )
    return found


def keep_rows(raw: RawTable, columns: dict[str, Column], kept: np.ndarray) -> tuple[RawTable, dict[str, Column]]:
    """A table and its columns with some of the rows."""
    fewer = replace(raw, columns={name: cells[kept] for name, cells in raw.columns.items()}, rows=raw.rows[kept])
    made = {
        name: replace(
            column,
            values=column.values[kept],
            failed=column.failed[kept],
            cells=None if column.cells is None else column.cells[kept],
            dates=None if column.dates is None else column.dates[kept],
            ended=None if column.ended is None else column.ended[kept],
        )
        for name, column in columns.items()
    }
    return fewer, made
