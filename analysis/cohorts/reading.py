"""Reading a patient table and checking it against its declaration, all faults at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import Variable
from analysis.errors import Fault, InputError, suggestion
from analysis.paths import shorten_path

ABSENT = "absent"
"""Attribute of a data frame: declared columns that somebody's own file does not have."""

LEFT_OUT = "left_out"
"""Attribute of a data frame: how many rows of somebody's own file were left out for want of an outcome, and the variables that they lack."""

_MOST_FAULTS = 50


def read_table(study: Study, table: str = "cohort", path: Path | str | None = None) -> pd.DataFrame:
    """Read a patient table as the study declares it.

    Lines that begin with ``#`` are remarks.  Categories and keys come back as text,
    booleans as nullable booleans, integers as nullable integers, numbers as floats.

    Parameters
    ----------
    study : Study
    table : str
        Name of a declared table.
    path : path, optional
        A file other than the study's own.

    Returns
    -------
    DataFrame, shape (rows, declared variables)
        Columns in the order of the declaration.

    Raises
    ------
    InputError
        File missing or empty, columns missing or unknown, cells outside the declaration.
    """
    if table not in study.tables:
        raise InputError(Fault(f"{study.slug}/study.yml", "tables", f"one of {', '.join(study.tables)}", repr(table)))
    path = Path(path) if path is not None else study.folder / study.tables[table].file
    return validate(_raw(path), study, table, shorten_path(path))


def validate(raw: pd.DataFrame, study: Study, table: str, name: str) -> pd.DataFrame:
    """Typed table from one that holds text only.

    Parameters
    ----------
    raw : DataFrame of str
        Index: line numbers in the file, for the faults.
    study, table
        The declaration.
    name : str
        What the faults call the file.
    """
    typed, faults = _columns(raw, study, table, name)
    key = study.tables[table].key
    if key in typed:
        repeated = typed[key][typed[key].duplicated()]
        faults += [Fault(name, f"row {row}, column {key}", "a key used once", repr(value)) for row, value in repeated.items()]
    if not len(raw):
        faults.append(Fault(name, "file", "at least one row", "none"))
    if faults:
        more = len(faults) - _MOST_FAULTS
        if more > 0:
            faults = faults[:_MOST_FAULTS] + [Fault(name, "file", "no faults", f"{more} more like these")]
        raise InputError(faults)
    return pd.DataFrame(typed).reset_index(drop=True)


def validate_members(raw: pd.DataFrame, member: pd.Series, study: Study, table: str, name: str) -> dict[int, pd.DataFrame]:
    """Typed tables of many members that stand in one file, typed together: a hundred small tables take long.

    Parameters
    ----------
    raw : DataFrame of str
    member : Series of int, index as `raw`
        Number of the member to which each row belongs.
    study, table, name
        As for `validate`.

    Raises
    ------
    InputError
        As `validate`, for the first member with a fault.
    """
    typed, faults = _columns(raw, study, table, name)
    key = study.tables[table].key
    if faults or pd.DataFrame({"member": member, "key": typed[key]}).duplicated().any():
        return {number: validate(rows, study, table, f"{name}, member {number}") for number, rows in raw.groupby(member)}
    return {number: rows.reset_index(drop=True) for number, rows in pd.DataFrame(typed).groupby(member)}


def _columns(raw: pd.DataFrame, study: Study, table: str, name: str) -> tuple[dict[str, pd.Series], list[Fault]]:
    """Typed columns in the order of the declaration, and the faults of header and cells."""
    declared = study.variables[table]
    faults = [
        Fault(name, f"column {column}", "only declared variables", "an unknown column" + suggestion(column, declared))
        for column in raw.columns
        if column not in declared
    ]
    faults += [Fault(name, f"column {column}", "this column", "none") for column in declared if column not in raw.columns]
    typed = {}
    for column, variable in declared.items():
        if column in raw.columns:
            typed[column], wrong = _set_type_of_distinct(raw[column], variable)
            faults += [Fault(name, f"row {row}, column {column}", expected, found) for row, expected, found in wrong]
    return typed, faults


def _raw(path: Path) -> pd.DataFrame:
    """The file as text, indexed by line number."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:
            lines = list(stream)
        remarks = [number for number, line in enumerate(lines) if line.startswith("#")]
        raw = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", skiprows=remarks)
    except FileNotFoundError:
        raise InputError(Fault(shorten_path(path), "file", "a cohort as CSV", "no such file")) from None
    except IsADirectoryError:
        raise InputError(Fault(shorten_path(path), "file", "a cohort as CSV", "a folder")) from None
    except UnicodeDecodeError as error:
        raise InputError(Fault(shorten_path(path), f"byte {error.start}", "UTF-8 text", "other bytes")) from None
    except (pd.errors.EmptyDataError, pd.errors.ParserError) as error:
        raise InputError(Fault(shorten_path(path), "file", "a table with a header row", str(error).strip())) from None
    numbers = [number for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if len(numbers) == len(raw) + 1:  # else a quoted cell holds a line break: count records instead
        raw.index = numbers[1:]
    else:
        raw.index = range(2, len(raw) + 2)
    return raw


def _set_type_of_distinct(text: pd.Series, variable: Variable) -> tuple[pd.Series, list[tuple[int, str, str]]]:
    """`_set_type` of texts with spaces around them, looking at each distinct one once: tables of many members repeat few."""
    places, distinct = pd.factorize(text)
    typed, wrong = _set_type(pd.Series(distinct, dtype=object).str.strip(), variable)
    if wrong:  # told for each row
        return _set_type(text.str.strip(), variable)
    return typed.take(places).set_axis(text.index), []


def _set_type(text: pd.Series, variable: Variable) -> tuple[pd.Series, list[tuple[int, str, str]]]:
    """Values of one column, and what is wrong in it as (row, expected, found)."""
    empty = text == ""
    wrong = [] if variable.missing else [(row, "a value", "an empty cell") for row in text.index[empty]]
    known = text[~empty]
    if variable.type in ("id", "category"):
        bad = known[~known.isin(variable.levels)] if variable.levels else known[:0]
        wrong += [
            (row, f"one of {', '.join(variable.levels)}", repr(value) + suggestion(value, variable.levels)) for row, value in bad.items()
        ]
        return text.where(~empty, None).astype(object), wrong
    if variable.type == "boolean":
        bad = known[~known.isin(["0", "1"])]
        wrong += [(row, "0 or 1", repr(value)) for row, value in bad.items()]
        return known.map({"0": False, "1": True}).reindex(text.index).astype("boolean"), wrong
    numbers = pd.to_numeric(known, errors="coerce").astype(float)
    sound = np.isfinite(numbers)
    if variable.type == "integer":
        sound &= numbers == numbers.round()
    if variable.range is not None:
        sound &= numbers.between(*variable.range)
    wrong += [(row, _number(variable), repr(known[row])) for row in known.index[~sound]]
    values = numbers.where(sound).reindex(text.index)
    return (values.astype("Int64") if variable.type == "integer" else values), wrong


def _number(variable: Variable) -> str:
    words = "a whole number" if variable.type == "integer" else "a number"
    if variable.range is not None:
        words += f" from {variable.range[0]:g} to {variable.range[1]:g}"
    return f"{words} ({variable.unit})" if variable.unit else words
