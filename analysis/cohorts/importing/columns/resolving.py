"""A mapping against a declaration and a file: what it leaves, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from analysis.cohorts.conditions import MISSING
from analysis.cohorts.importing.columns import required
from analysis.cohorts.importing.columns.columns import TRUTH
from analysis.cohorts.importing.columns.durations import fixed_date
from analysis.cohorts.importing.mapping import Entry, Mapping, words
from analysis.cohorts.importing.parsing import names, units
from analysis.cohorts.importing.problems import Problem, make_printable, quote
from analysis.cohorts.importing.raw import RawTable
from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import Variable
from analysis.errors import suggestion


def resolve_entries(study: Study, table: str, raw: RawTable, mapping: Mapping) -> tuple[dict[str, Entry], list[Problem]]:
    """Entries by variable, in the order of the declaration, and the faults of the mapping.

    A column that no entry reads and that has a declared name is taken as it is.  Names of columns
    are found whatever their case, blanks and encoding of accents, and stand in the entries as in the file.
    """
    declared = study.variables[table]
    problems = list(_document(study, table, mapping))
    entries = {}
    for name, entry in mapping.columns.items():
        entry, found = _resolve(name, entry, raw)
        found += list(_entry(declared, name, entry, raw))
        problems += found
        if not found:
            entries[name] = entry
    taken = {column for entry in entries.values() for column in entry.columns} | {
        column for entry in mapping.columns.values() for column in entry.columns
    }
    left_out = {*mapping.columns, *words(mapping.absent)}
    for name in declared:
        if name not in left_out:
            entry, found = _by_its_name(name, raw, taken)
            found += list(_entry(declared, name, entry, raw)) if entry else []
            problems += found
            entries |= {name: entry} if entry and not found else {}
    return {name: entries[name] for name in declared if name in entries}, problems


def _by_its_name(name: str, raw: RawTable, taken: set[str]) -> tuple[Entry | None, list[Problem]]:
    """The column that has a declared name, if one has."""
    try:
        column = names.locate_column(name, [column for column in raw.columns if column not in taken])
    except names.Several as error:
        return None, [
            Problem(
                "one column of this name", f"{' and '.join(map(quote, error.args))}, which differ in case or blanks alone", variable=name
            )
        ]
    if column in raw.unusable:
        return None, [replace(raw.unusable[column], variable=name)]
    return (Entry(column=column) if column else None), []


def _resolve(name: str, entry: Entry, raw: RawTable) -> tuple[Entry, list[Problem]]:
    """An entry with the names that its columns have in the file, and what is wrong with those columns."""
    problems: list[Problem] = []

    def spelled_as_there(wanted: str) -> str:
        try:
            column = names.locate_column(wanted, raw.columns) if wanted else ""
        except names.Several as error:
            found = f"{' and '.join(map(quote, error.args))}, which differ in case or blanks alone"
            problems.append(Problem("a name that one column has", found, source="mapping", place=f"columns.{make_printable(name)}"))
            return wanted
        if column in raw.unusable:
            problems.append(replace(raw.unusable[column], variable=name))
        return column or wanted

    told = {key: spelled_as_there(getattr(entry, key)) for key in ("column", "start", "known")}
    return entry.model_copy(update=told | {"to": [spelled_as_there(end) for end in entry.ends]}), problems


def _document(study: Study, table: str, mapping: Mapping) -> Iterator[Problem]:
    declared = study.variables[table]
    if mapping.study and mapping.study != study.slug:
        yield Problem(study.slug, quote(mapping.study), source="mapping", place="study")
    reasons = required.required_variables(study, table)
    absent = words(mapping.absent)
    whole = required.whole_endpoints(study, table)
    left = [name for name in whole if not {study.endpoints[name].time, study.endpoints[name].event} & set(absent)]
    for name in absent:
        if name not in declared:
            yield Problem("a declared variable", quote(name) + suggestion(name, declared), source="mapping", place="absent")
        elif name in mapping.columns:
            yield Problem("a variable that no entry fills", quote(name), source="mapping", place="absent")
        elif reasons.get(name) == required.KEY:
            yield Problem(f"the key in every cohort ({_numbering(name)})", quote(name), source="mapping", place="absent")
    if whole and not left:
        yield Problem("at least one endpoint that everybody has", "none left", source="mapping", place="absent")

    for name in words(mapping.without):
        if name not in declared:
            yield Problem("a declared variable", quote(name) + suggestion(name, declared), source="mapping", place="without")


def _numbering(key: str) -> str:
    return f"if the file has none: 'columns: {{{key}: {{number: rows}}}}' in the mapping numbers the rows"


def _entry(declared: dict[str, Variable], name: str, entry: Entry, raw: RawTable) -> Iterator[Problem]:
    place = f"columns.{make_printable(name)}"
    if name not in declared:
        yield Problem("a declared variable", quote(name) + suggestion(name, declared), source="mapping", place="columns")
        return
    variable = declared[name]
    for column in entry.columns:
        if column not in raw.columns and not (column in (entry.start, *entry.ends) and fixed_date(column)):
            yield Problem("a column of the file", quote(column) + suggestion(column, raw.columns), source="mapping", place=place)
    timed = variable.unit in units.DAYS and variable.type in ("integer", "number")
    shared = variable.unit in units.PERCENT and variable.type in ("integer", "number")
    if entry.unit in units.SHARES and not shared:
        yield Problem(f"a unit of time, as {name} is not in per cent", quote(entry.unit), source="mapping", place=place)
    elif (entry.unit or entry.start) and not timed and not (shared and entry.unit in units.SHARES):
        yield Problem(
            f"a unit or dates only for a time, which {name} is not", "a unit" if entry.unit else "dates", source="mapping", place=place
        )
    if timed and entry.column in raw.columns and not entry.unit:
        yield from _other_unit(name, variable, entry.column, raw)
    if entry.known and variable.type != "boolean":
        yield Problem(f"'known' only for 0 or 1, which {name} is not", "known", source="mapping", place=place)
    if entry.number and variable.type != "id":
        yield Problem(f"'number' only for a key, which {name} is not", "number", source="mapping", place=place)
    if entry.range and variable.type not in ("integer", "number"):
        yield Problem(f"a range only for a number, which {name} is not", "a range", source="mapping", place=place)
    values = [*entry.codes.values(), *([entry.constant] if entry.constant is not None else [])]
    for value in dict.fromkeys(values):
        expected = _unfit(variable, value)
        if expected:
            yield Problem(expected, quote(value) + suggestion(value, variable.levels), source="mapping", place=place)


def _other_unit(name: str, variable: Variable, column: str, raw: RawTable) -> Iterator[Problem]:
    """A column whose name or label speaks of another unit of time than the declared one."""
    for text in (column, raw.titles.get(column, "")):
        told = units.find_units(text)
        if told and variable.unit not in told and names.fold_name(text) != names.fold_name(name):
            proposal = f"'{name}: {{column: {make_printable(column)}, unit: {min(told)}}}' in the mapping (or unit: {variable.unit})"
            yield Problem(
                f"{variable.unit}; for another unit {proposal}",
                f"{'a name' if text == column else 'a label'} that speaks of {' and '.join(sorted(told))}: {quote(text)}",
                column=column,
                variable=name,
            )
            return


def _unfit(variable: Variable, value: str) -> str:
    """What would be right in place of a value that a mapping sets; empty if it is right."""
    if value in ("", MISSING):
        return ""
    if variable.levels:
        return "" if value in variable.levels else f"one of {', '.join(variable.levels)}, or ? for missing"
    if variable.type == "boolean":
        return "" if value in TRUTH else "0 or 1, or ? for missing"
    if variable.type in ("integer", "number"):
        try:
            float(value)
        except ValueError:
            return "a number with a decimal point, or ? for missing"
    return ""


def missing_columns(study: Study, table: str, raw: RawTable, mapping: Mapping, entries: dict[str, Entry]) -> list[Problem]:
    """Needed columns that neither file nor mapping gives.

    Where the file has no known column at all its header may be a patient's row, so nothing of it is shown.
    """
    waived, reasons = set(words(mapping.absent)), required.required_variables(study, table)
    told = [
        name
        for name in reasons
        if name not in entries and name not in mapping.columns and name not in waived and not _given(name, raw, entries)
    ]
    if told and not entries and not mapping.columns:
        found = f"a first {raw.noun} of {len(raw.columns)} cells in which no column is known: is the header missing, or a mapping needed?"
        return [Problem(f"the columns {', '.join(reasons)}", found)]
    because = {
        required.KEY: f"the key; {_numbering(study.tables[table].key)}",
        required.ENDPOINT: "an endpoint needs it",
        required.POPULATION: "a population needs it",
    }
    others = [column for column in raw.columns if column not in {name for entry in entries.values() for name in entry.columns}]
    problems = []
    for name in told:
        near = next(iter(get_close_matches(name, others, n=1, cutoff=0.75)), "")
        guess = f" (is it {quote(near)}?)" if near else ""
        if reader := next((other for other, entry in entries.items() if name in entry.columns), ""):
            guess = f", as {reader} is read from it ('columns: {{{name}: {name}}}' in the mapping reads it for both)"
        can_waive = "; if the site has none: 'absent' in the mapping" if reasons[name] == required.POPULATION else ""
        problems.append(Problem(f"this column ({because[reasons[name]]}{can_waive})", "none" + guess, variable=name))
    return problems


def _given(name: str, raw: RawTable, entries: dict[str, Entry]) -> bool:
    """Whether the file has a column of this name that cannot be taken, which is told already."""
    taken = {column for entry in entries.values() for column in entry.columns}
    return any(names.fold_name(column) == names.fold_name(name) for column in raw.columns if column not in taken)
