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
from analysis.ledger.rows.conventions import find_faults_of_named
from analysis.ledger.rows.programs import find_rules
from analysis.ledger.rows.row import COLUMNS, Ledger, Row
from analysis.ledger.statistics import REGISTRY
from analysis.paths import shorten_path

T = TypeVar("T")
Records = list[tuple[str, str, int, dict[str, str]]]
REQUIRED = ("id", "source", "quantity", "population", "statistic", "printed", "role")
ROLES = ("imposed", "held-out", "context")


def read_ledger(study: Study) -> Ledger:
    """Read ``printed.csv``.

    Parameters
    ----------
    study : Study
        Declares the populations, variables and endpoints that the rows speak of.

    Raises
    ------
    InputError
        With every fault of the file: duplicated or malformed ids, unknown statistic,
        population, role, variable or level, missing or superfluous arguments, unparsable
        printed values, sources that do not exist, do not fit the statistic or go in circles.
    """
    path = study.folder / "printed.csv"
    name = shorten_path(path)
    return check_records(study, [(name, f"row {line}", line, record) for line, record in read_records(path)])


def check_records(study: Study, records: Records) -> Ledger:
    """Ledger of records, which may come from several files.

    Parameters
    ----------
    study : Study
    records : list of (str, str, int, dict)
        File, place, number of the row and cells of each, in the order of the ledger.

    Raises
    ------
    InputError
        As of `read_ledger`.
    """
    ledger, faults = find_faults(study, records)
    if faults:
        raise InputError(faults)
    return ledger


def find_faults(study: Study, records: Records) -> tuple[Ledger, list[Fault]]:
    """Ledger of the records that can be read, and every fault; arguments as of `check_records`."""
    faults: list[tuple[int, Fault]] = []
    rows: dict[str, Row] = {}
    places: dict[str, tuple[int, str, str]] = {}

    def refuse(where: tuple[int, str, str], column: str, expected: str, found: str) -> None:
        order, file, place = where
        faults.append((order, Fault(file, f"{place}, column {column}", expected, found)))

    for order, (file, place, line, record) in enumerate(records):
        row, wrong = _row(study, record, line)
        for column, expected, found in wrong:
            refuse((order, file, place), column, expected, found)
        if row is None:
            continue
        if row.id in rows:
            refuse((order, file, place), "id", "an id used once", f"{row.id!r}, already in {_elsewhere(places[row.id], file)}")
            continue
        rows[row.id], places[row.id] = row, (order, file, place)
    for row in rows.values():
        for column, expected, found in checks.check_references(row, rows):
            refuse(places[row.id], column, expected, found)
    for row, (column, expected, found) in checks.check_decimal_marks(rows):
        refuse(places[row.id], column, expected, found)
    for id, cycle in checks.find_cycles(rows):
        refuse(places[id], "from", "sources that do not lead back", " → ".join(cycle))
    named = [Fault(shorten_path(study.folder / "study.yml"), *wrong) for wrong in find_faults_of_named(study)]
    return Ledger(study, tuple(rows.values())), [*named, *(fault for _, fault in sorted(faults, key=lambda one: one[0]))]


def _elsewhere(where: tuple[int, str, str], file: str) -> str:
    """Place of an earlier row, with its file where that is another one."""
    return where[2] if where[1] == file else f"{where[2]} of {where[1]}"


def read_records(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Records of a ledger's file as they stand, with their lines; none of a file with a header alone.

    Raises
    ------
    InputError
        If there is no such file, or it is no CSV with a ledger's columns.
    """
    name = shorten_path(path)
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
