"""Every mapped variable of a file, each from its own origin."""

from __future__ import annotations

from collections.abc import Mapping as Table

import numpy as np

from analysis.cohorts.importing import durations
from analysis.cohorts.importing.columns import Column, column
from analysis.cohorts.importing.mapping import Entry, Mapping
from analysis.cohorts.importing.marks import Marks, decided
from analysis.cohorts.importing.raw import RawTable
from analysis.cohorts.study import Variable


def converted(raw: RawTable, mapping: Mapping, entries: Table[str, Entry], variables: Table[str, Variable]) -> tuple[dict[str, Column], Marks]:
    """Columns by declared name, each with what is wrong in it, and how decimal marks were found.

    Parameters
    ----------
    raw : RawTable
    mapping : Mapping
        What it says of the whole file.
    entries : mapping of str to Entry
        Sound entries by variable.
    variables : mapping of str to Variable
    """
    marks = decided(raw, mapping, entries, variables)
    columns = {}
    for name, entry in entries.items():
        if entry.start:
            columns[name] = durations.duration(raw, mapping, name, variables[name], entry)
        elif entry.known:
            columns[name] = durations.known(raw, mapping, name, entry)
        elif entry.number:
            columns[name] = _numbered(len(raw))
        elif entry.constant is not None:
            columns[name] = _constant(raw, name, variables[name], entry)
        else:
            columns[name] = column(raw, mapping, name, variables[name], entry, marks.by_variable.get(name, "."), marks.open.get(name, ()))
    return columns, marks


def _numbered(rows: int) -> Column:
    """A running number, for a file without a key."""
    values = np.empty(rows, dtype=object)
    values[:] = [str(number) for number in range(1, rows + 1)]
    return Column(values, np.zeros(rows, dtype=bool), "", notes=["rows numbered, by the mapping: each is taken for another patient"])


def _constant(raw: RawTable, name: str, variable: Variable, entry: Entry) -> Column:
    """A variable that is the same for everybody: a column that the mapping writes."""
    added = RawTable(raw.form, {name: np.array([entry.constant or None] * len(raw), dtype=object)}, raw.rows, raw.noun)
    made = column(added, Mapping(), name, variable, Entry(column=name), ".")
    made.notes.append("the same for everybody, by the mapping")
    made.site = ""
    return made
