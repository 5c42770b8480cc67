"""The decimal mark of every column that is read as numbers: told by the mapping, or proved by cells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field

from analysis.cohorts.importing.columns.coding import missing_codes, without_missing
from analysis.cohorts.importing.mapping import Entry, Mapping
from analysis.cohorts.importing.parsing import numbers
from analysis.cohorts.importing.problems import Problem, make_printable
from analysis.cohorts.importing.raw import RawTable
from analysis.cohorts.study_parts import Variable

_DEFAULT = "."
_MOST_NAMES = 3


@dataclass
class Marks:
    """Decimal marks by variable, and what is wrong or worth saying.

    Attributes
    ----------
    by_variable : dict of str to str
        ``.`` or ``,``.
    open : dict of str to list of int
        By variable, positions of cells that can be read in two ways, where nothing decides.
    problems : list of Problem
    said : list of str
        How the mark was found, for the report.
    """

    by_variable: dict[str, str] = field(default_factory=dict)
    open: dict[str, list[int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def decide_marks(raw: RawTable, mapping: Mapping, entries: Table[str, Entry], variables: Table[str, Variable]) -> Marks:
    """Decimal marks of all columns read as numbers; typed numbers need none.

    What one column proves holds for all that the mapping says nothing of.  Columns that are not
    read prove nothing, as nobody knows what they hold: they are a hint.
    """
    texts = {
        name: _texts(raw, mapping, entry)
        for name, entry in entries.items()
        if entry.column and variables[name].type in ("integer", "number")
    }
    told = {name: entries[name].mark or mapping.file.mark for name in texts}
    proofs = {name: {numbers.prove_mark(text) for text in cells.values()} - {""} for name, cells in texts.items() if not told[name]}
    marks = Marks()
    sides = {mark: [name for name, found in proofs.items() if mark in found] for mark in numbers.MARKS}
    common = "" if all(sides.values()) else next((mark for mark in numbers.MARKS if sides[mark]), "")
    if all(sides.values()):
        marks.problems += _conflict(raw, entries, texts, proofs, sides)
    for name, cells in texts.items():
        own = proofs.get(name, set())
        marks.by_variable[name] = told[name] or common or (next(iter(own)) if len(own) == 1 else _DEFAULT)
        unclear = [at for at, text in cells.items() if numbers.ambiguous(text)]
        if unclear and not told[name] and not common:
            marks.open[name] = unclear
            if not all(sides.values()):
                marks.problems.append(_ask_for_mark(raw, mapping, entries, name, {cells[at] for at in unclear}))
        elif unclear:
            by = "by the mapping" if told[name] else f"proved by {_list(entries[other].column for other in sides[common])}"
            marks.said.append(
                f"{make_printable(entries[name].column)}: {len(unclear)} cells with a mark before three digits were read with a decimal {numbers.NAMES[marks.by_variable[name]]} ({by})"
            )
    return marks


def _texts(raw: RawTable, mapping: Mapping, entry: Entry) -> dict[int, str]:
    """Cells of a column that are text and neither a code nor missing, by position."""
    cells, _ = without_missing(raw.columns[entry.column], missing_codes(mapping, entry), dict(raw.labels.get(entry.column, {})))
    return {at: cell.removesuffix("%").rstrip() for at, cell in enumerate(cells) if isinstance(cell, str) and cell not in entry.codes}


def _conflict(
    raw: RawTable,
    entries: Table[str, Entry],
    texts: Table[str, Table[int, str]],
    proofs: Table[str, Collection[str]],
    sides: Table[str, Sequence[str]],
) -> list[Problem]:
    """Cells that prove one mark beside cells that prove the other."""
    expected = "one decimal mark, or 'decimal' in the mapping"
    both = [name for name, found in proofs.items() if len(found) == 2]
    if both:
        marked = {name: [at for at, text in texts[name].items() if numbers.prove_mark(text)] for name in both}
        return [
            Problem(
                expected,
                "commas in some cells and points in others",
                tuple(int(raw.rows[at]) for at in marked[name]),
                column=entries[name].column,
                variable=name,
            )
            for name in both
        ]
    found = " and ".join(
        f"decimal {numbers.NAMES[mark]}s in {_list(entries[name].column for name in names)}" for mark, names in sides.items()
    )
    return [Problem(expected + " for each of the columns, e.g. {column: …, decimal: comma}", found)]


def _ask_for_mark(raw: RawTable, mapping: Mapping, entries: Table[str, Entry], name: str, texts: set[str]) -> Problem:
    signs = {sign for text in texts for sign in text if not (sign.isdigit() or sign in "+-")}
    what = "points" if signs == {"."} else "commas" if signs == {","} else "marks"
    hint = _hint(raw, entries)
    return Problem(
        "cells that prove the decimal mark, or 'file: {decimal: comma}' or 'file: {decimal: point}' in the mapping",
        f"{what} before exactly three digits that may divide thousands as well" + (f" ({hint})" if hint else ""),
        tuple(
            int(raw.rows[at])
            for at, cell in enumerate(raw.columns[entries[name].column])
            if isinstance(cell, str) and cell.removesuffix("%").rstrip() in texts
        ),
        column=entries[name].column,
        variable=name,
    )


def _hint(raw: RawTable, entries: Table[str, Entry]) -> str:
    """What columns that are not read would say."""
    read = {column for entry in entries.values() for column in entry.columns}
    sides: dict[str, list[str]] = {}
    for column, cells in raw.columns.items():
        if column not in read:
            for mark in {numbers.prove_mark(cell) for cell in cells if isinstance(cell, str)} - {""}:
                sides.setdefault(mark, []).append(column)
    told = [f"decimal {numbers.NAMES[mark]}s in {_list(columns)}" for mark, columns in sides.items()]
    return f"a hint, as nothing reads them: {' and '.join(told)}" if told else ""


def _list(names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(make_printable(name) for name in names[:_MOST_NAMES]) + more
