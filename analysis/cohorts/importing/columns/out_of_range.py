"""Values held against the declaration: levels, ranges, gaps, keys."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache, partial

import pandas as pd

from analysis.cohorts.importing.columns import placeholders, required, schema
from analysis.cohorts.importing.columns.coding import missing_like, propose_missing, quote_for_mapping
from analysis.cohorts.importing.columns.columns import Column
from analysis.cohorts.importing.mapping import Entry
from analysis.cohorts.importing.parsing.names import fold_name
from analysis.cohorts.importing.problems import Problem, gather_problems, make_printable
from analysis.cohorts.importing.raw import RawTable, spell_cell
from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import Variable

_MOST_CODES = 6


def find_out_of_range(
    study: Study, table: str, raw: RawTable, columns: Mapping[str, Column], entries: Mapping[str, Entry]
) -> list[Problem]:
    """Cells that became values, but not ones that the declaration allows; a key that several rows have is one problem."""
    variables, reasons = study.variables[table], required.required_variables(study, table)
    limits = {name: entry.range for name, entry in entries.items() if entry.range}
    gaps = {name for name, entry in entries.items() if name not in reasons or (reasons[name] == required.POPULATION and _may_lack(entry))}
    frame = pd.DataFrame({name: pd.Series(made.values, dtype=schema.DTYPES[variables[name].type]) for name, made in columns.items()})
    wrong: dict[str, list[tuple[int, str, str]]] = {}
    repeated: dict[str, list[int]] = {}
    lines = {name: cache(partial(_ask_for_codes, made, variables[name].levels)) for name, made in columns.items()}
    for name, check, at in schema.find_failures(schema.make_schema(study, table, gaps=gaps, limits=limits), frame):
        made, variable = columns[name], variables[name]
        if made.failed[at]:
            continue
        if check == "repeated":
            repeated.setdefault(name, []).append(at)
        elif check == "missing":
            outcome = reasons.get(name) == required.ENDPOINT
            wrong.setdefault(name, []).append(
                (raw.rows[at], f"a value{_leave_out(reasons) if outcome else ''}", made.found(at) if made.cells is not None else "no date")
            )
        else:
            allowed = schema.describe_allowed(variable, limits.get(name, variable.range))
            remedy = _call_missing(made, variable, at) or (lines[name]() if variable.levels else "")
            wrong.setdefault(name, []).append((raw.rows[at], allowed + remedy, made.found(at)))
    found = [problem for name, cells in wrong.items() for problem in gather_problems(cells, column=columns[name].site, variable=name)]
    found += _other_ends(study, table, raw, columns, entries)
    return found + [_several_rows(study.tables[table].unit, raw, columns[name], name, places) for name, places in repeated.items()]


def _may_lack(entry: Entry) -> bool:
    """Whether a mapping says which codes of a column mean missing."""
    return bool(entry.missing) or bool({"", "?"} & set(entry.codes.values()))


def _leave_out(reasons: Mapping[str, str]) -> str:
    outcomes = [name for name, why in reasons.items() if why == required.ENDPOINT]
    return f" (or 'without: [{', '.join(outcomes)}]' in the mapping, which leaves such rows out and counts them)"


def _call_missing(made: Column, variable: Variable, at: int) -> str:
    """Proposal for a cell that looks like a code for missing."""
    cell = made.cells[at] if made.cells is not None else None
    numeric = variable.type in ("integer", "number")
    return f" (or '{propose_missing([cell])}' in the mapping)" if missing_like(cell) or (numeric and placeholders.code_like(cell)) else ""


def _ask_for_codes(made: Column, levels: Collection[str]) -> str:
    """Line of codes for the words of a category that are no declared levels, which need none; empty for many."""
    foreign = list(dict.fromkeys(spell_cell(value) for value in made.values if value is not None and not missing_like(value)))
    foreign = [word for word in foreign if word not in levels]
    if not 0 < len(foreign) <= _MOST_CODES:
        return ""
    level = {fold_name(one): one for one in levels}
    codes = ", ".join(f"{quote_for_mapping(word)}: {level.get(fold_name(word), '…')}" for word in foreign)
    return f" (or 'codes' in the mapping, e.g. codes: {{{codes}}})"


def _other_ends(study: Study, table: str, raw: RawTable, columns: Mapping[str, Column], entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """Times that end on another day than the event which they are the time to."""
    for endpoint in study.endpoints.values():
        time, event = columns.get(endpoint.time), columns.get(endpoint.event)
        if endpoint.table != table or time is None or event is None or time.dates is None or event.dates is None:
            continue
        other = tuple(
            int(raw.rows[at])
            for at, (end, day) in enumerate(zip(time.dates, event.dates, strict=True))
            if end is not None and day is not None and end != day
        )
        if other:
            known = make_printable(entries[endpoint.event].known)
            yield Problem(
                f"a time that ends with the event, whose date is {known} ('to: [{known}, …]', as the first column that holds a date counts)",
                "an end on another day",
                other,
                column=time.site,
                variable=endpoint.time,
            )


def _several_rows(unit: str, raw: RawTable, made: Column, name: str, places: list[int]) -> Problem:
    """One sentence on a key that several rows have."""
    again = tuple(int(raw.rows[at]) for at in sorted(places))
    keys = {made.values[at] for at in places}
    if len(keys) == 1:
        return Problem("a key used once", f"{made.found(places[0])} again", again, column=made.site, variable=name)
    expected = f"one row for each {unit}: a key used once, or 'where' in the mapping that chooses the row, e.g. where: {{Visit: 1}}"
    return Problem(
        expected, f"{len(again)} further rows of {len(keys)} keys that occur in an earlier row", again, column=made.site, variable=name
    )
