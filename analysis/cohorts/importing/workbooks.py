"""Excel workbooks."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from typing import Any

from analysis.cohorts.importing.problems import Problem, printable
from analysis.cohorts.importing.raw import RawTable, Unreadable, table_of
from analysis.errors import suggestion

_LARGEST = 2 * 1024**3
"""Unpacked bytes beyond which a workbook is taken for a trap rather than a cohort."""


def read_workbook(path: Path, sheet: str = "", preferred: str = "cohort") -> RawTable:
    """Read one sheet of a workbook; its first row that is not empty or a remark is the header.

    Parameters
    ----------
    path : Path
    sheet : str
        Its name; empty: the only sheet with anything in it, or the one called `preferred`.

    Raises
    ------
    Unreadable
        No workbook, no such sheet, several to choose from, an empty sheet.
    """
    from openpyxl import load_workbook

    formulas = _has_formulas(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and validations, which are not read
        try:
            with open(path, "rb") as stream:  # the library refuses a path whose suffix it does not know
                book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
                sheets = {found.title: [list(row) for row in found.iter_rows(values_only=True)] for found in book.worksheets}
                written = _formula_cells(load_workbook(stream, read_only=True, keep_links=False)) if formulas else {}
        except Exception:  # a damaged workbook can fail anywhere inside the library
            raise Unreadable("an Excel workbook (.xlsx)", "a file that cannot be read as one") from None
    name, told = _chosen(sheets, sheet, preferred)
    records = [(number, row) for number, row in enumerate(sheets[name], 1) if any(value not in (None, "") for value in row)]
    while records and str(next(value for value in records[0][1] if value is not None)).startswith("#"):
        records.pop(0)
    if not records:
        raise Unreadable("a header and at least one row", "an empty sheet")
    table = table_of(records[0][1], records[1:], "an Excel workbook", "row", letters=True)
    table.detected = [f"sheet {printable(name)!r} ({told})"]
    unsaved = [row for row, column in written.get(name, ()) if sheets[name][row - 1][column - 1] is None]
    if unsaved:
        table.problems.append(Problem("values", "formulas without a saved value (open and save the workbook in Excel)", rows=tuple(sorted(set(unsaved)))))
    return table


def _chosen(sheets: dict[str, list[list[Any]]], sheet: str, preferred: str) -> tuple[str, str]:
    filled = [name for name, rows in sheets.items() if any(value is not None for row in rows for value in row)]
    shown = ", ".join(printable(name) for name in sheets)
    if sheet:
        if sheet not in sheets:
            raise Unreadable(f"one of the sheets {shown}", f"no sheet '{printable(sheet)}'{suggestion(sheet, sheets)}")
        return sheet, "told by the mapping"
    if preferred in filled:
        return preferred, "by its name"
    if len(filled) > 1:
        raise Unreadable("the name of the sheet in the mapping (file: sheet)", f"{len(filled)} sheets: {shown}")
    if not filled:
        raise Unreadable("a header and at least one row", "an empty workbook")
    return filled[0], "the only one with anything in it"


def _has_formulas(path: Path) -> bool:
    """Whether any sheet holds a formula; reading a second time only then saves most of the time."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise Unreadable("a workbook of at most 2 GB when unpacked", "a larger one")
            names = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
            return any(b"<f>" in content or b"<f " in content for content in map(archive.read, names))
    except Unreadable:
        raise
    except Exception:  # a damaged archive can fail anywhere inside the library
        raise Unreadable("an Excel workbook (.xlsx)", "a file that cannot be read as one") from None


def _formula_cells(book: Any) -> dict[str, list[tuple[int, int]]]:
    return {
        sheet.title: [(cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value is not None and cell.data_type == "f"]
        for sheet in book.worksheets
    }
