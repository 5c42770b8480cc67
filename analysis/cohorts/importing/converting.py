"""Every mapped variable of a file, each from its own origin."""

from __future__ import annotations

from collections.abc import Mapping as Table

import numpy as np

from analysis.cohorts.importing import durations, numbers
from analysis.cohorts.importing.columns import Column, column
from analysis.cohorts.importing.mapping import Entry, Mapping
from analysis.cohorts.importing.raw import RawTable
from analysis.cohorts.study import Variable


def converted(raw: RawTable, mapping: Mapping, entries: Table[str, Entry], variables: Table[str, Variable]) -> dict[str, Column]:
    """Columns by declared name, each with what is wrong in it.

    Parameters
    ----------
    raw : RawTable
    mapping : Mapping
        What it says of the whole file.
    entries : mapping of str to Entry
        Sound entries by variable.
    variables : mapping of str to Variable
    """
    mark = _mark_of_file(raw, entries, variables)
    columns = {}
    for name, entry in entries.items():
        if entry.start:
            columns[name] = durations.duration(raw, mapping, name, variables[name], entry)
        elif entry.known:
            columns[name] = durations.known(raw, mapping, entry)
        elif entry.constant is not None:
            columns[name] = _constant(raw, name, variables[name], entry)
        else:
            columns[name] = column(raw, mapping, name, variables[name], entry, mark)
    return columns


def _constant(raw: RawTable, name: str, variable: Variable, entry: Entry) -> Column:
    """A variable that is the same for everybody: a column that the mapping writes."""
    added = RawTable(raw.form, {name: np.array([entry.constant or None] * len(raw), dtype=object)}, raw.rows, raw.noun)
    made = column(added, Mapping(), name, variable, Entry(column=name), ".")
    made.notes.append("the same for everybody, by the mapping")
    made.site = ""
    return made


def _mark_of_file(raw: RawTable, entries: Table[str, Entry], variables: Table[str, Variable]) -> str:
    """Decimal mark that the numeric columns of a file prove, for columns in which it is unclear."""
    marks = set()
    for name, entry in entries.items():
        if entry.column and variables[name].type in ("integer", "number"):
            texts = {cell for cell in raw.columns[entry.column] if isinstance(cell, str)}
            if any("," in text for text in texts):
                marks.add(numbers.decimal_mark(texts))
    return "," if marks and marks <= {",", "?"} and "," in marks else ""
