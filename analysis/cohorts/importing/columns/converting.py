"""Every mapped variable of a file, each from its own origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Table

import numpy as np

from analysis.cohorts.importing.columns import durations
from analysis.cohorts.importing.columns.columns import Column, column
from analysis.cohorts.importing.columns.decimal_marks import Marks, decide_marks
from analysis.cohorts.importing.mapping import Entry, Mapping
from analysis.cohorts.importing.parsing import names
from analysis.cohorts.importing.problems import Problem, gather_problems, make_printable, quote, row_list
from analysis.cohorts.importing.raw import RawTable, spell_cell
from analysis.cohorts.study_parts import Variable

_MOST_REMARKS = 5


def convert_columns(
    raw: RawTable, mapping: Mapping, entries: Table[str, Entry], variables: Table[str, Variable]
) -> tuple[dict[str, Column], Marks]:
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
    marks = decide_marks(raw, mapping, entries, variables)
    marks.problems += durations.conflicting_orders(raw, mapping, entries)
    columns = {}
    for name, entry in entries.items():
        if entry.start:
            columns[name] = durations.duration(raw, mapping, name, variables[name], entry)
        elif entry.known:
            columns[name] = durations.event_by_date(raw, mapping, name, entry)
        elif entry.number:
            columns[name] = _number_rows(raw)
        elif entry.constant is not None:
            columns[name] = _constant(raw, name, variables[name], entry)
        else:
            columns[name] = column(raw, mapping, name, variables[name], entry, marks.by_variable.get(name, "."), marks.open.get(name, ()))
            if variables[name].type == "id":
                columns[name].notes += _near_keys(raw, columns[name])
                columns[name].problems += _sums_between(raw, name, columns[name])
    return columns, marks


def _near_keys(raw: RawTable, made: Column) -> list[str]:
    """Remarks on keys that may be one patient's, as two hands wrote them."""
    groups = [places for places in names.same_keys(made.values) if len({made.values[at] for at in places}) == len(places)]
    return [
        f"{row_list([int(raw.rows[at]) for at in places], raw.noun)} have keys that differ in case, signs or zeros alone: the same patient twice?"
        for places in groups[:_MOST_REMARKS]
    ]


def _sums_between(raw: RawTable, name: str, made: Column) -> list[Problem]:
    """Rows of totals between patients, told by their key; the last row of a file is looked at where the file is read."""
    at = [place for place, key in enumerate(made.values[:-1]) if key is not None and names.is_summary(str(key))]
    if not at or len({made.values[place] for place in at}) < len(at):
        return []
    said = f"'where: \"{make_printable(made.site)}!={make_printable(str(made.values[at[0]]))}\"' in the mapping leaves one out"
    wrong = ((raw.rows[place], f"a patient ({said})", f"a row called {quote(str(made.values[place]))}") for place in at)
    return gather_problems(wrong, column=made.site, variable=name)


def _number_rows(raw: RawTable) -> Column:
    """A running number, for a file without a key."""
    values = np.empty(len(raw), dtype=object)
    values[:] = [str(number) for number in range(1, len(raw) + 1)]
    rows = Counter(zip(*(map(spell_cell, cells) for cells in raw.columns.values()), strict=True))
    again = sum(rows.values()) - len(rows)
    notes = ["rows numbered, by the mapping: each is taken for another patient"] + (
        [f"{again} {raw.noun}s equal an earlier one in every cell: the same patients twice?"] if again else []
    )
    return Column(values, np.zeros(len(raw), dtype=bool), "", notes=notes)


def _constant(raw: RawTable, name: str, variable: Variable, entry: Entry) -> Column:
    """A variable that is the same for everybody: a column that the mapping writes."""
    added = RawTable(raw.form, {name: np.array([entry.constant or None] * len(raw), dtype=object)}, raw.rows, raw.noun)
    made = column(added, Mapping(), name, variable, Entry(column=name), ".")
    made.notes.append("the same for everybody, by the mapping")
    made.site = ""
    return made
