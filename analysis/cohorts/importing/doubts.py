"""What in a sound file contradicts itself: each cell may stand there, but together they tell of a column misread or a patient mistyped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import permutations

import numpy as np
import pandas as pd

from analysis.cohorts.importing.columns.columns import Column
from analysis.cohorts.importing.mapping import Entry
from analysis.cohorts.importing.problems import make_printable, row_list
from analysis.cohorts.reading import ABSENT, read_table
from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import Endpoint, Variable
from analysis.errors import InputError

NOBODY = "which none of the study's patients has"


def find_doubts(
    study: Study,
    table: str,
    frame: pd.DataFrame,
    columns: Mapping[str, Column],
    entries: Mapping[str, Entry],
    called: Callable[[np.ndarray], str],
) -> list[str]:
    """Sentences on rows that do not fit together, with the numbers of the rows.

    An endpoint that ends after another one, or lacks the other's event, is told where the study declares that it includes
    the other, or where none of the study's own patients is such a one.

    Parameters
    ----------
    study, table
        The declaration.
    frame : DataFrame
        The typed table.
    columns : mapping of str to Column
        What each variable came from.
    entries : mapping of str to Entry
        How.
    called : callable
        Numbers of rows in words, from flags, shape (rows,).
    """
    absent = set(frame.attrs.get(ABSENT, ()))
    endpoints = [one for one in study.endpoints.values() if one.table == table and not {one.time, one.event} & absent]
    said = [line for endpoint in endpoints for line in _of_ends(endpoint, entries.get(endpoint.time), frame, columns, called)]
    theirs = _study_rows(study, table)
    for one, other in permutations(endpoints, 2):
        if (one.unit, one.origin, one.within) == (other.unit, other.origin, other.within):
            declared = one.includes and study.endpoints.get(one.includes) is other
            said += list(_of_two(one, other, frame, None if declared else theirs, called))
    ends = [one for one in endpoints if not one.within]
    for name, variable in study.variables[table].items():
        if variable.type == "boolean" and variable.time and not {name, variable.time} & absent:
            unit = study.variables[table][variable.time].unit
            said += _of_later(variable, name, [one for one in ends if one.unit == unit], frame, theirs, called)
    return list(dict.fromkeys(said))


def rows_in_words(rows: np.ndarray, noun: str) -> Callable[[np.ndarray], str]:
    """What `find_doubts` calls rows by."""
    return lambda flags: row_list([int(row) for row in rows[flags]], noun)


def _of_ends(
    endpoint: Endpoint, entry: Entry | None, frame: pd.DataFrame, columns: Mapping[str, Column], called: Callable[[np.ndarray], str]
) -> Iterator[str]:
    """A time to the first of several dates that ends on the same one with the event and without it."""
    made = columns.get(endpoint.time)
    if entry is None or len(entry.ends) < 2 or made is None or made.ended is None:
        return
    event = frame[endpoint.event].fillna(False).to_numpy(dtype=bool)
    for column in sorted(set(made.ended) - {""}):
        here = np.array(made.ended == column)
        with_it, without = here & event, here & ~event
        if with_it.any() and without.any():
            fewer = with_it.sum() <= without.sum()
            few, how, others = (with_it, "the event", "without it") if fewer else (without, "no event", "with it")
            yield f"{endpoint.label}: {how}, yet an end on the date in {make_printable(column)}, on which others end {others}: {called(few)}"


def _of_two(
    one: Endpoint, other: Endpoint, frame: pd.DataFrame, theirs: pd.DataFrame | None, called: Callable[[np.ndarray], str]
) -> Iterator[str]:
    """One endpoint held against another with the same origin.

    Parameters
    ----------
    theirs : DataFrame or None
        Rows of the study; None where it declares that the first endpoint includes the other.
    """
    later, lacking = _later(one, other, frame), _lacking(one, other, frame)
    if theirs is not None and not len(theirs):  # nothing tells which is the shorter one: a contradiction where each of them is
        if one.label < other.label and later.any() and (earlier := _later(other, one, frame)).any():
            few, first, second = (later, one, other) if later.sum() <= earlier.sum() else (earlier, other, one)
            yield f"{first.label} ends after {second.label}, and before it in other rows: {called(few)}"
        return
    because = "" if theirs is None else f", {NOBODY}"
    if later.any() and (theirs is None or (not _later(one, other, theirs).any() and _later(other, one, theirs).any())):
        yield f"{one.label} ends after {other.label}{because}: {called(later)}"
    if lacking.any() and (theirs is None or (not _lacking(one, other, theirs).any() and _lacking(other, one, theirs).any())):
        yield f"the event of {other.label} without that of {one.label}{because}: {called(lacking)}"


def _of_later(
    variable: Variable, name: str, ends: Sequence[Endpoint], frame: pd.DataFrame, theirs: pd.DataFrame, called: Callable[[np.ndarray], str]
) -> Iterator[str]:
    """What comes later than the start of follow-up (a transplant) and its time, held against each other and the end of follow-up.

    Parameters
    ----------
    ends : sequence of Endpoint
        Those in the unit of that time.
    theirs : DataFrame
        Rows of the study.
    """
    label = variable.label or name.replace("_", " ")

    def apart(rows: pd.DataFrame) -> dict[str, np.ndarray]:
        happened, time = rows[name], rows[variable.time].to_numpy(dtype=float)
        known = happened.notna().to_numpy(dtype=bool)
        did = happened.fillna(False).to_numpy(dtype=bool)
        found = {f"a time of {label} without {label}": known & ~did & ~np.isnan(time), f"{label} without its time": did & np.isnan(time)}
        if ends:
            last = np.fmax.reduce([rows[one.time].to_numpy(dtype=float) for one in ends])
            with np.errstate(invalid="ignore"):
                found[f"{label} after the end of follow-up"] = time > last + 1e-6 * np.maximum(1.0, np.abs(last))
        return found

    usual = apart(theirs) if len(theirs) else {}
    for told, rows in apart(frame).items():
        if rows.any() and not (told in usual and usual[told].any()):
            yield f"{told}{f', {NOBODY}' if told in usual else ''}: {called(rows)}"


def _later(one: Endpoint, other: Endpoint, frame: pd.DataFrame) -> np.ndarray:
    first, second = frame[one.time].to_numpy(dtype=float), frame[other.time].to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        return first > second + 1e-6 * np.maximum(1.0, np.abs(second))


def _lacking(one: Endpoint, other: Endpoint, frame: pd.DataFrame) -> np.ndarray:
    known = (frame[one.event].notna() & frame[other.event].notna()).to_numpy(dtype=bool)
    return known & frame[other.event].fillna(False).to_numpy(dtype=bool) & ~frame[one.event].fillna(False).to_numpy(dtype=bool)


def _study_rows(study: Study, table: str) -> pd.DataFrame:
    """Rows of the study's own cohort; none where it has no file yet."""
    try:
        return read_table(study, table)
    except InputError:
        return pd.DataFrame()
