"""Times between two dates, and events that are known by their date."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping as Table
from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.cohorts.importing.columns import placeholders
from analysis.cohorts.importing.columns.coding import (
    cell_shown,
    map_distinct,
    missing_codes,
    missing_like,
    propose_missing,
    without_missing,
)
from analysis.cohorts.importing.columns.columns import Column
from analysis.cohorts.importing.mapping import Entry, Mapping, words
from analysis.cohorts.importing.parsing import dates, units
from analysis.cohorts.importing.problems import Problem, gather_problems, make_printable, quote
from analysis.cohorts.importing.raw import RawTable
from analysis.cohorts.study_parts import Variable

_FIXED = re.compile(r"\d{4}-\d{2}-\d{2}")


def fixed_date(text: str) -> bool:
    """Whether a mapping writes a date itself, e.g. the day on which observation was closed."""
    return bool(_FIXED.fullmatch(text))


def duration(raw: RawTable, mapping: Mapping, name: str, variable: Variable, entry: Entry) -> Column:
    """Time from one date to another, in the unit of the variable.

    The end is the first of the named columns that holds a date in this row.  A number is the
    exact length in units of `analysis.cohorts.importing.parsing.units`; a whole number counts
    completed units of the calendar.
    """
    start, start_failed, problems = _dates(raw, mapping, entry, entry.start)
    end: list[datetime.date | None] = [None] * len(raw)
    ended = [""] * len(raw)
    failed = start_failed
    for column in entry.ends:
        found, wrong, faults = _dates(raw, mapping, entry, column)
        # a later column is not taken where an earlier one holds something that is no date
        failed = failed | (wrong & np.array([value is None for value in end], dtype=bool))
        ended = [old or (column if day is None and new is not None else "") for old, day, new in zip(ended, end, found, strict=True)]
        end = [old if old is not None else new for old, new in zip(end, found, strict=True)]
        problems += faults
    values = np.full(len(raw), np.nan)
    negative = []
    for at, (first, last) in enumerate(zip(start, end, strict=True)):
        if first is None or last is None or failed[at]:
            continue
        days = (last - first).days
        if days < 0:
            negative.append((raw.rows[at], "an end on or after the beginning", f"an end {-days} days before it"))
            failed[at] = True
        elif variable.type == "integer":
            values[at] = dates.count_completed(first, last, variable.unit)
        else:
            values[at] = units.convert_unit(days, "days", variable.unit)
    site = ", ".join(entry.columns)
    problems += gather_problems(negative, column=site, variable=name)
    last = np.array([None if wrong else day for day, wrong in zip(end, failed, strict=True)], dtype=object)
    note = (
        f"completed {variable.unit} between dates"
        if variable.type == "integer"
        else f"{variable.unit} between dates (a month is {units.DAYS['months']:g} days)"
    )
    return Column(values, failed, site, problems=problems, notes=[note], dates=last, ended=np.array(ended, dtype=object))


def event_by_date(raw: RawTable, mapping: Mapping, name: str, entry: Entry) -> Column:
    """Whether an event has a date: a date means that it happened, an empty cell or a declared code that it did not.

    Anything else is a fault, as it may mean either.
    """
    original = raw.columns[entry.known]
    labels = dict(raw.labels.get(entry.known, {}))
    cells, coded = without_missing(original, missing_codes(mapping, entry), labels)
    century = entry.century if entry.century is not None else mapping.file.century
    order = stated_order(raw, mapping, entry)
    dated, refused = map_distinct(cells, lambda cell: _any_date(cell, order, century))
    others = [cells[at] for at in refused if not any(sign.isdigit() for sign in str(cells[at]))]
    proposal = f"; cells that mean no event: '{propose_missing(others)}' in the mapping" if others else ""
    expected = _unlikely(mapping, entry, cells, dated) | {
        at: "a date, or an empty cell" + proposal if cells[at] in others else f"{text}, or an empty cell" for at, text in refused.items()
    }
    problems = gather_problems(
        ((raw.rows[at], text, cell_shown(cells[at], labels)) for at, text in expected.items()), column=entry.known, variable=name
    )
    values = np.empty(len(raw), dtype=object)
    values[:] = [cell is not None for cell in cells]
    failed = np.zeros(len(raw), dtype=bool)
    failed[list(refused)] = True
    events, empty = sum(date is not None for date in dated), sum(cell is None for cell in original)
    note = f"{events} with a date: 1; {empty} empty and {coded} with a code for missing: 0"
    texts = order or dates.order_of({cell for cell in cells if isinstance(cell, str)})
    days, _ = map_distinct(cells, lambda cell: dates.date(cell, texts, century))  # those whose day is known for certain
    return Column(
        values,
        failed,
        entry.known,
        original,
        labels,
        problems,
        [note + (f"; {len(refused)} neither" if refused else "")],
        np.array(days, dtype=object),
    )


def _unlikely(mapping: Mapping, entry: Entry, cells: np.ndarray, found: Sequence[datetime.date | None]) -> dict[int, str]:
    """By position, what is asked about dates that may be none of a patient."""
    true = {*words(mapping.file.true_dates), *words(entry.true_dates)}
    told = {}
    for at, day in enumerate(found):
        why = placeholders.unlikely_date(day, true) if day is not None else ""
        if why and day is not None:
            told[at] = (
                f"a date of a patient, not one {why}: if it means none '{propose_missing([cells[at]])}', if it is one 'true_dates: [{day.isoformat()}]', in the mapping"
            )
    return told


def _any_date(cell: Any, order: str, century: int | None) -> datetime.date:
    """A date in some order: that it is one is enough."""
    for tried in (order,) if order else ("", "dmy", "mdy"):
        try:
            return dates.date(cell, tried, 1950 if century is None else century)
        except dates.NotADate as error:
            told = error
    raise told


def _dates(raw: RawTable, mapping: Mapping, entry: Entry, name: str) -> tuple[list[Any], np.ndarray, list[Problem]]:
    """Dates of one column, which cells are none, and the faults."""
    failed = np.zeros(len(raw), dtype=bool)
    if name not in raw.columns:
        try:
            return [dates.date(name, "ymd")] * len(raw), failed, []
        except dates.NotADate as error:
            return [None] * len(raw), ~failed, [Problem(str(error), quote(name), source="mapping", place=f"date {make_printable(name)}")]
    cells, _ = without_missing(raw.columns[name], missing_codes(mapping, entry), {})
    texts = {cell for cell in cells if isinstance(cell, str)}
    stated = stated_order(raw, mapping, entry)
    order = stated or dates.order_of(texts)
    century = entry.century if entry.century is not None else mapping.file.century
    values, refused = map_distinct(cells, lambda cell: _date(cell, order, not stated, century))
    told = _unlikely(mapping, entry, cells, values) | {
        at: expected + (f" (or '{propose_missing([cells[at]])}' in the mapping)" if missing_like(cells[at], dated=True) else "")
        for at, expected in refused.items()
    }
    if not stated_order(raw, mapping, entry):
        told |= _find_turned(cells, values)
    failed[list(told)] = True
    return (
        values,
        failed,
        gather_problems(((raw.rows[at], expected, cell_shown(cells[at], {})) for at, expected in told.items()), column=name),
    )


def _date(cell: Any, order: str, found: bool, century: int | None) -> datetime.date:
    """A date; one with points, which mean day, month and year, beside others that prove the month to come first is asked about."""
    if found and order == "mdy" and isinstance(cell, str) and dates.pointed(cell):
        raise dates.NotADate("a date in the order of the others, which is month/day/year ('dates' in the mapping if this one is, too)")
    return dates.date(cell, order, century)


def stated_order(raw: RawTable, mapping: Mapping, entry: Entry) -> str:
    """Order of dates that the mapping tells, of the column or of the whole file; ``serial`` counts from where the file says."""
    order = entry.order or mapping.file.order
    return raw.day_zero or order if order == dates.SERIAL else order


def _find_turned(cells: np.ndarray, values: Sequence[datetime.date | None]) -> dict[int, str]:
    """Texts with day and month in a country's order beside dates that a program has made: it may have taken the day for the month in those."""
    texts = [at for at, cell in enumerate(cells) if isinstance(cell, str) and values[at] is not None and dates.short(cell)]
    if not texts or all(value is None for at, value in enumerate(values) if at not in texts):
        return {}
    expected = "dates of one form: where a program has made dates of some texts and left others, it may have taken day for month ('dates' in the mapping, e.g. day/month/year, once you have looked)"
    return dict.fromkeys(texts, expected)


def conflicting_orders(raw: RawTable, mapping: Mapping, entries: Table[str, Entry]) -> list[Problem]:
    """Columns of dates that prove different orders of day and month."""
    proved: dict[str, list[str]] = {"dmy": [], "mdy": []}
    for entry in entries.values():
        for name in (entry.start, *entry.ends) if entry.start and not stated_order(raw, mapping, entry) else ():
            order = dates.order_of({cell for cell in raw.columns.get(name, ()) if isinstance(cell, str)})
            if order in proved and name not in proved[order]:
                proved[order].append(name)
    if not all(proved.values()):
        return []
    first, second = (", ".join(map(make_printable, names)) for names in proved.values())
    return [
        Problem(
            "one order of day and month in all columns of dates ('dates' in the mapping tells it, of an entry or of the file)",
            f"days first in {first} and months first in {second}",
        )
    ]
