"""A cohort file to fill in, and a mapping to complete, from a declaration."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cohorts.importing.columns import required
from analysis.cohorts.importing.columns.schema import describe_allowed
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError

if TYPE_CHECKING:  # seldom needed, and slow to import
    from openpyxl import Workbook


REASONS = {
    required.KEY: "needed: key",
    required.ENDPOINT: "needed: endpoint",
    required.POPULATION: "needed: populations",
    "": "may be left out",
}
HEADS = ("column", "may hold", "empty cells", "needed", "meaning")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_RULES = (
    "One row for each {unit}. Lines above the header that begin with # are comments.",
    "Booleans are written 1 and 0; a decimal point or a decimal comma, but one of them; an empty cell is missing.",
    "Columns that may be left out can be deleted. Other column names and codes: see the mapping file beside this one.",
)


def write_template(study: Study, path: Path, table: str = "cohort") -> tuple[Path, Path]:
    """Write an empty cohort file (``.csv`` or ``.xlsx``) and a mapping file beside it.

    Returns
    -------
    tuple of Path
        The cohort file and its mapping.

    Raises
    ------
    InputError
        If the suffix is another one, a file of that name exists, or the folder cannot be written to.
    """
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise InputError(Fault("command line", "template", "a name that ends in .csv or .xlsx", repr(path.name)))
    mapping = path.with_name(path.stem + ".mapping.yml")
    wrong = [Fault("command line", "template", "a name that is not taken", repr(taken.name)) for taken in (path, mapping) if taken.exists()]
    if wrong:
        raise InputError(wrong)
    try:
        if path.suffix.lower() == ".csv":
            path.write_text(as_csv(study, table), encoding="utf-8-sig", newline="")  # the mark tells Excel the encoding
        else:
            _workbook(study, table).save(path)
        mapping.write_text(mapping_skeleton(study, table), encoding="utf-8")
    except OSError:
        raise InputError(
            Fault("command line", "template", "a folder that can be written to; -o names another", repr(str(path.parent)))
        ) from None
    return path, mapping


def explanations(study: Study, table: str) -> list[tuple[str, ...]]:
    """One line for each variable, under `HEADS`."""
    reasons = required.required_variables(study, table)
    lines: list[tuple[str, ...]] = []
    for name, variable in study.variables[table].items():
        empty = "allowed" if variable.missing or name not in reasons else "not allowed"
        lines.append(
            (name, describe_allowed(variable, variable.range), empty, REASONS[reasons.get(name, "")], " ".join(variable.meaning.split()))
        )
    return lines


def as_csv(study: Study, table: str) -> str:
    """Remarks and the header.

    Each remark is one quoted cell, so that no spreadsheet takes a part of it for a formula.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    for line in _rules(study, table):
        writer.writerow([f"# {line}"])
    for name, holds, empty, needed, meaning in explanations(study, table):
        writer.writerow([f"# {name}: {holds}; empty cells {empty}; {needed}. {meaning}"])
    writer.writerow(study.variables[table])
    return out.getvalue()


def mapping_skeleton(study: Study, table: str) -> str:
    """A mapping that changes nothing until lines of it are completed and uncommented."""
    lines = [
        f"# How the columns of a site's own file become the columns of {study.slug}.  Without changes it has no effect.",
        f"study: {study.slug}",
        "",
        "# file:                       # only what is not detected automatically",
        "#   sheet: Patients",
        "#   delimiter: semicolon",
        "#   encoding: windows-1252",
        "#   decimal: comma",
        "#   dates: day.month.year",
        "",
        "# missing: [NA, unknown]      # codes for missing values, in every column",
        "# absent: []                  # columns that the site does not have",
        "",
        "columns:",
    ]
    for name, holds, _, needed, meaning in explanations(study, table):
        lines += [f"  # {_line(meaning)}", f"  # {name}: {{column: {name}}}    # {_line(holds)}; {needed}"]
    return "\n".join(lines) + "\n"


def _workbook(study: Study, table: str) -> Workbook:
    """Workbook with a sheet to fill in and one that explains it."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet, remarks = book.active, book.create_sheet("explanations")
    sheet.title = table
    sheet.append(list(study.variables[table]))
    sheet.freeze_panes = "A2"
    for line in _rules(study, table):
        remarks.append([line])
    for line in (HEADS, *explanations(study, table)):
        remarks.append(list(line))
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith(_FORMULA):
                    cell.data_type, cell.quotePrefix = "s", True
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    return book


def _rules(study: Study, table: str) -> list[str]:
    first = f"A cohort for {_line(study.label)} ({study.slug})."
    return [first, *(rule.format(unit=_line(study.tables[table].unit)) for rule in _RULES)]


def _line(text: str) -> str:
    return " ".join(text.split())
