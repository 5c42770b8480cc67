"""Reading a ledger: one printed number a row, every fault of the file at once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from analysis.cohorts import conditions
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError, suggestion
from analysis.ledger.rows import checks, expressions, printed
from analysis.ledger.rows.programs import find_rules
from analysis.ledger.rows.row import COLUMNS, Ledger, Row
from analysis.ledger.statistics import REGISTRY
from analysis.paths import shown

T = TypeVar("T")
REQUIRED = ("id", "source", "quantity", "population", "statistic", "printed", "role")
ROLES = ("imposed", "held-out", "context")


def read_ledger(study: Study, path: Path | None = None) -> Ledger:
    """Read ``printed.csv``.

    Parameters
    ----------
    study : Study
        Declares the populations, variables and endpoints that the rows speak of.
    path : Path, optional
        A file other than the study's own.

    Raises
    ------
    InputError
        With every fault of the file: duplicated or malformed ids, unknown statistic,
        population, role, variable or level, missing or superfluous arguments, unparsable
        printed values, sources that do not exist, do not fit the statistic or go in circles.
    """
    path = path or study.folder / "printed.csv"
    name = shown(path)
    records = _records(path, name)
    faults: list[Fault] = []
    rows: dict[str, Row] = {}
    for line, record in records:
        row, wrong = _row(study, record, line)
        faults += [Fault(name, f"row {line}, column {column}", expected, found) for column, expected, found in wrong]
        if row is None:
            continue
        if row.id in rows:
            faults.append(Fault(name, f"row {line}, column id", "an id used once", f"{row.id!r}, already in row {rows[row.id].line}"))
            continue
        rows[row.id] = row
    faults += [
        Fault(name, f"row {row.line}, column {column}", expected, found)
        for row in rows.values()
        for column, expected, found in checks.check_references(row, rows)
    ]
    faults += [
        Fault(name, f"row {row.line}, column {column}", expected, found)
        for row, (column, expected, found) in checks.check_decimal_marks(rows)
    ]
    faults += [
        Fault(name, f"row {rows[id].line}, column from", "sources that do not lead back", " → ".join(cycle))
        for id, cycle in checks.find_cycles(rows)
    ]
    if faults:
        raise InputError(sorted(faults, key=lambda fault: int((re.findall(r"\d+", fault.place) or [0])[0])))
    return Ledger(study, tuple(rows.values()))


def _records(path: Path, name: str) -> list[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(Fault(name, "file", "a ledger as CSV", "no such file")) from None
    except UnicodeDecodeError as error:
        raise InputError(Fault(name, f"byte {error.start}", "UTF-8 text", "other bytes")) from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = reader.fieldnames or []
    faults = [Fault(name, f"column {column}", "this column", "none") for column in REQUIRED if column not in header]
    faults += [
        Fault(name, f"column {column}", "a known column", "an unknown one" + suggestion(column, COLUMNS))
        for column in header
        if column not in COLUMNS
    ]
    records = []
    for record in reader:
        if None in record or None in record.values():
            faults.append(Fault(name, f"row {reader.line_num}", f"{len(header)} cells", "more or fewer"))
        else:
            records.append((reader.line_num, {column: (record.get(column) or "").strip() for column in COLUMNS}))
    if not records and not faults:
        faults.append(Fault(name, "file", "at least one row", "none"))
    if faults:
        raise InputError(faults)
    return records


def _row(study: Study, record: dict[str, str], line: int) -> tuple[Row | None, list[tuple[str, str, str]]]:
    """A row, and its faults as (column, expected, found); no row where it cannot be made."""
    wrong: list[tuple[str, str, str]] = []

    def attempt(column: str, expected: str, function: Callable[[str], T]) -> T | None:
        try:
            return function(record[column])
        except ValueError as error:
            wrong.append((column, expected, str(error)))
            return None

    if not re.fullmatch(expressions.ID, record["id"]):
        wrong.append(("id", "lower-case words joined by points", repr(record["id"])))
    if record["role"] not in ROLES:
        wrong.append(("role", f"one of {', '.join(ROLES)}", repr(record["role"]) + suggestion(record["role"], ROLES)))
    for column in ("source", "quantity", "printed"):
        if not record[column]:
            wrong.append((column, "some text", "an empty cell"))
    statistic = REGISTRY.get(record["statistic"])
    if statistic is None:
        wrong.append(("statistic", "a registered statistic", repr(record["statistic"]) + suggestion(record["statistic"], REGISTRY)))
    value = attempt("printed", "a printed number", printed.parse)
    subset = attempt("subset", "a condition", conditions.parse)
    arguments = attempt("arguments", "key=value; key=value", _arguments)
    sources = attempt("from", "sums of ids, cells by ';', rows by '|'", lambda text: expressions.parse(text) if text else None)
    if wrong or statistic is None or value is None or subset is None or arguments is None:
        return None, wrong
    plain = {key: record[key] for key in ("id", "source", "quantity", "population", "statistic", "printed", "role", "copy_of", "note")}
    row = Row(
        **plain,
        subset=subset,
        arguments=arguments,
        sources=sources,
        value=value,
        line=line,
        result=record["result"] or record["id"],
        rounding=find_rules(study, statistic.name, statistic.kind),
    )
    wrong += checks.check_declarations(study, row)
    return row, wrong


def _arguments(text: str) -> dict[str, str]:
    arguments = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        key, equals, value = part.partition("=")
        if not equals or not value.strip():
            raise ValueError(f"no 'key=value': {part!r}")
        if key.strip() in arguments:
            raise ValueError(f"{key.strip()!r} twice")
        arguments[key.strip()] = value.strip()
    return arguments
