"""A cohort file from its own form to the declared table, every fault of it at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.cohorts.importing.columns import rows, schema
from analysis.cohorts.importing.columns.columns import Column
from analysis.cohorts.importing.columns.converting import convert_columns
from analysis.cohorts.importing.columns.out_of_range import find_out_of_range
from analysis.cohorts.importing.columns.resolving import missing_columns, resolve_entries
from analysis.cohorts.importing.doubts import find_doubts, rows_in_words
from analysis.cohorts.importing.mapping import Entry, Mapping, beside, read_mapping, words
from analysis.cohorts.importing.problems import Problem, make_printable, merge_problems, row_list
from analysis.cohorts.importing.raw import RawTable, Unreadable
from analysis.cohorts.importing.readers.files import read_file
from analysis.cohorts.reading import ABSENT, LEFT_OUT
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError
from analysis.paths import shorten_path

_MOST_FAULTS = 50


class LeftOut(NamedTuple):
    """Rows left out: how many, for lack of which variables, and their numbers in the file."""

    number: int
    names: tuple[str, ...]
    rows: tuple[int, ...]


@dataclass
class Checked:
    """What became of a cohort file.

    Attributes
    ----------
    study, table
        The declaration that it was checked against.
    file, mapping_file : str
        Names as they are shown; `mapping_file` may be empty.
    raw : RawTable or None
        None where the file could not be read.
    frame : DataFrame or None
        The typed cohort, columns as declared; None where there is any problem.
    problems : list of Problem
    columns : dict of str to Column
        By declared name, what came out of the file.
    absent, unused : tuple of str
        Declared variables that the file does not have; columns of the file that nothing reads.
    empty : dict of str to int
        Number of missing values by variable, of the columns that the file has.
    marks : list of str
        How decimal marks were found, where that needs saying.
    left_out : LeftOut or None
        Rows that the mapping leaves out for want of an outcome.
    doubts : list of str
        What in a sound file contradicts itself.
    """

    study: Study
    table: str
    file: str
    mapping_file: str = ""
    raw: RawTable | None = None
    frame: pd.DataFrame | None = None
    problems: list[Problem] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    empty: dict[str, int] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)
    left_out: LeftOut | None = None
    doubts: list[str] = field(default_factory=list)


def read_cohort(study: Study, path: Path | str, mapping: Path | str | None = None, table: str = "cohort") -> pd.DataFrame:
    """The declared table from a file of any supported kind.

    Parameters
    ----------
    study : Study
    path : path
        CSV, Excel, Parquet, Feather, SPSS, Stata or SAS.
    mapping : path, optional
        Mapping file; otherwise ``name.mapping.yml`` beside the file, if there is one.

    Returns
    -------
    DataFrame, shape (rows, declared variables)
        Typed as by `analysis.cohorts.reading.read_table`.  Variables that the file does not
        have are missing throughout and named in ``frame.attrs["absent"]``.

    Raises
    ------
    InputError
        With the faults of file and mapping.
    """
    checked = check_file(study, path, mapping, table)
    if checked.frame is None:
        raise InputError(faults(checked))
    return checked.frame


def check_file(study: Study, path: Path | str, mapping: Path | str | None = None, table: str = "cohort") -> Checked:
    """Read a cohort file and say everything that is wrong in it; parameters as of `read_cohort`."""
    path = Path(path)
    where = Path(mapping) if mapping is not None else beside(path)
    checked = Checked(study, table, make_printable(shorten_path(path)), make_printable(shorten_path(where)) if where else "")
    declared, wrong = read_mapping(where) if where else (Mapping(), [])
    checked.problems += wrong
    known = _known_names(study, table, declared or Mapping())
    try:
        raw = read_file(path, declared.file if declared else None, known, table)
    except Unreadable as error:
        checked.problems.append(error.problem)
        return checked
    checked.raw = raw
    checked.problems += raw.problems
    if declared is None:  # every column would be told unknown
        return checked
    raw, wrong = rows.choose_rows(raw, declared)
    checked.raw = raw
    entries, faulty = resolve_entries(study, table, raw, declared)
    checked.problems += wrong + faulty + missing_columns(study, table, raw, declared, entries)
    if not len(raw):
        checked.problems.append(Problem("at least one row below the header", "none"))
    raw = checked.raw = _convert(checked, raw, declared, entries)
    if not checked.problems:
        checked.frame = _set_types(checked, len(raw))
        checked.doubts = find_doubts(study, table, checked.frame, checked.columns, entries, rows_in_words(raw.rows, raw.noun))
    return checked


def _known_names(study: Study, table: str, mapping: Mapping) -> set[str]:
    """Names by which the header of a file is recognised."""
    return {*study.variables[table], *(name for entry in mapping.columns.values() for name in entry.columns)}


def _convert(checked: Checked, raw: RawTable, mapping: Mapping, entries: dict[str, Entry]) -> RawTable:
    """Fill in what became of each column, and return the rows that are kept."""
    variables = checked.study.variables[checked.table]
    checked.columns, marks = convert_columns(raw, mapping, entries, variables)
    checked.marks = marks.said
    checked.problems += [problem for made in checked.columns.values() for problem in made.problems] + marks.problems
    checked.absent = tuple(name for name in variables if name not in entries)
    used = {name for entry in (*mapping.columns.values(), *entries.values()) for name in entry.columns}
    checked.unused = (
        tuple(name for name in raw.columns if name not in used) if used & set(raw.columns) else ()
    )  # else the header may be a patient's row
    raw = _leave_out(checked, raw, mapping)
    checked.problems += find_out_of_range(checked.study, checked.table, raw, checked.columns, entries)
    checked.problems = merge_problems(checked.problems)
    checked.empty = {name: int(pd.isna(made.values).sum()) for name, made in checked.columns.items()}
    return raw


def _leave_out(checked: Checked, raw: RawTable, mapping: Mapping) -> RawTable:
    """Return the rows but for those that the mapping does not want for lack of an outcome; remember how many those were."""
    out = rows.without_outcome(raw, checked.columns, mapping)
    if out.any():
        wanted = {
            name: made
            for name, made in checked.columns.items()
            if name in words(mapping.without) and checked.study.variables[checked.table][name].type == "boolean"
        }
        checked.problems += rows.find_survivors(raw, wanted, out)
        checked.left_out = LeftOut(int(out.sum()), words(mapping.without), tuple(int(row) for row in raw.rows[out]))
        raw, checked.columns = rows.keep_rows(raw, checked.columns, ~out)
        if out.all():
            checked.problems.append(
                Problem("a patient who has an outcome", "none: every row is left out by 'without'", source="mapping", place="without")
            )
    return raw


def _set_types(checked: Checked, count: int) -> pd.DataFrame:
    """The table as every other module expects it."""
    variables = checked.study.variables[checked.table]
    typed = {}
    for name, variable in variables.items():
        values = checked.columns[name].values if name in checked.columns else [None] * count
        dtype = {**schema.DTYPES, "integer": "Int64"}[variable.type]
        series = pd.Series(values, dtype="float64" if variable.type == "integer" else dtype)
        typed[name] = series.astype(dtype)
    frame = pd.DataFrame(typed)
    frame.attrs[ABSENT] = checked.absent
    if checked.left_out:
        frame.attrs[LEFT_OUT] = checked.left_out.number, list(checked.left_out.names)
    return frame


def faults(checked: Checked) -> list[Fault]:
    """Problems as faults of an `InputError`, the first fifty and how many more there are."""
    noun = checked.raw.noun if checked.raw else "row"
    found = [
        Fault(
            checked.mapping_file if problem.source == "mapping" else checked.file,
            (f"{row_list(problem.rows, noun)}, " if problem.rows else "")
            + (f"column {problem.subject}" if problem.column or problem.variable else problem.subject),
            problem.expected,
            problem.found,
        )
        for problem in checked.problems
    ]
    more = len(found) - _MOST_FAULTS
    return found[:_MOST_FAULTS] + ([Fault(checked.file, "file", "no faults", f"{more} more")] if more > 0 else [])
