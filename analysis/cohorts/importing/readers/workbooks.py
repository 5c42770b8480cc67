"""Excel workbooks."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from analysis.cohorts.importing.options import FileOptions
from analysis.cohorts.importing.parsing import dates, units
from analysis.cohorts.importing.problems import Problem, make_printable, row_list
from analysis.cohorts.importing.raw import Percent, RawTable, Unreadable, cell
from analysis.cohorts.importing.readers.layout import lay_out_table
from analysis.cohorts.importing.readers.likely import Record
from analysis.errors import suggestion

MOST_CELLS = 1_000_000
"""Cells of a sheet, gaps between filled ones counted, beyond which it is no cohort."""

_MOST_ROWS = 1_048_576
_LARGEST = 128 * 1024**2
_LARGEST_PART = 16 * 1024**2
"""Unpacked bytes of the parts that are read row by row, and of any other part of XML, beyond which a workbook is taken for a trap."""
_MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z0-9:]+)"')
_ROW, _HIDDEN, _NUMBER = re.compile(rb"<row [^>]*>"), re.compile(rb' hidden="(?:1|true)"'), re.compile(rb' r="(\d{1,7})"')
_PERCENT = {9: "0%", 10: "0.00%"}
"""Numbers of Excel's own formats in per cent."""
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
"""Signs of a format that are shown as they are."""
_SIGN = re.compile(rf"{_LITERAL.pattern}|General|[^\W\d_]", re.IGNORECASE)
_LONGEST_TAG = 4096
_BY_ROW = ("xl/worksheets/", "xl/sharedStrings")


def read_workbook(path: Path, options: FileOptions, known: Collection[str] = (), preferred: str = "cohort") -> RawTable:
    """Read one sheet of a workbook; its first row that is not empty or a remark is the header.

    Parameters
    ----------
    path : Path
    options : FileOptions
        Its sheet: empty is the only one with anything in it, or the one called `preferred`.
    known : collection of str
        Names by which a header is recognised.

    Raises
    ------
    Unreadable
        No workbook, no such sheet, several to choose from, an empty sheet, more than a cohort can be.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    formulas = _has_formulas(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and validations, which are not read
        try:
            with open(path, "rb") as stream:  # the library refuses a path whose suffix it does not know
                book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
                name, told = _choose(book, options.sheet, preferred)
                from_1904 = book.epoch == CALENDAR_MAC_1904
                formats: dict[int, str] = {}
                records = list(_records(book[name], formats))
                merged, hidden = _appearance(book[name])
                unsaved = _find_unsaved(load_workbook(stream, read_only=True, keep_links=False)[name], records) if formulas else {}
        except Unreadable:
            raise
        except Exception:  # a damaged workbook can fail anywhere inside the library
            raise Unreadable("an Excel workbook (.xlsx)", "a file that cannot be read as one") from None
    if not records:
        raise Unreadable("a header and at least one row", "an empty sheet")
    table = lay_out_table(records, "an Excel workbook", "row", options, known, letters=True)
    table.detected = [f"sheet {make_printable(name)!r} ({told})", *table.detected]
    if from_1904:
        table.day_zero = dates.SERIAL_1904
        table.detected.append("days count from 1904, as the workbook says")
    named = {table.positions[at]: text for at, text in formats.items() if at < len(table.positions)}
    table.titles = {name: text for name, text in named.items() if name in table.columns}
    _name_unsaved(table, records, unsaved)
    _name_merged(table, merged)
    seen = hidden & {int(row) for row in table.rows}
    if seen:
        table.detected.append(f"{row_list(sorted(seen), 'row')} hidden in the sheet: read as all others")
    return table


def _records(sheet: Any, formats: dict[int, str]) -> Iterator[Record]:
    """Filled rows with their numbers, without the empty cells at their ends; one row at a time.

    What a sheet says of its own size is not believed: it may be less than there is, or a million rows more.

    Parameters
    ----------
    sheet : openpyxl worksheet
    formats : dict of int to str
        To be filled: by position of a column, the format of a number in it that shows a unit of time, as people see it: ``0 days``.
    """
    sheet.reset_dimensions()
    count = 0
    told = _shows_more_than_numbers(sheet.parent)
    rows = ([_show(found, formats) for found in row] for row in sheet.iter_rows()) if told else sheet.iter_rows(values_only=True)
    for number, row in enumerate(rows, 1):
        width = next((at for at in range(len(row), 0, -1) if cell(row[at - 1]) is not None), 0)
        if number > _MOST_ROWS:
            raise Unreadable(f"at most {_MOST_ROWS:,} rows, as a sheet has", "a larger row number")
        if not width:
            continue
        count += width
        if count > MOST_CELLS:
            raise Unreadable(f"a sheet of at most {MOST_CELLS:,} cells", "more")
        yield number, list(row[:width])


def _shows_more_than_numbers(book: Any) -> bool:
    """Whether a workbook has a format with a per cent sign, for which it keeps hundredths, or with a unit of time: a number is not what is shown then."""
    built_in = (_PERCENT[entry.numFmtId] for entry in book._cell_styles if entry.numFmtId in _PERCENT)
    return any(_in_percent(style) or _unit_shown(style) for style in (*book._number_formats, *built_in))


@cache
def _unit_shown(style: str) -> str:
    r"""A format as people see it, if what it shows names a unit of time: ``0 days`` of ``0" days"`` and of ``0\ \d\a\y\s``; else empty."""
    text = _SIGN.sub(lambda sign: sign[1] or sign[2] or ("0" if sign[0].lower() == "general" else ""), style)
    return text if units.find_units(text) else ""


def _in_percent(style: str) -> bool:
    return "%" in _LITERAL.sub("", style)


def _show(found: Any, formats: dict[int, str]) -> Any:
    """Value of a cell, one in per cent as it is shown; a format that shows a unit of time is noted."""
    value = found.value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        style = found.number_format or ""
        if unit := _unit_shown(style):
            formats.setdefault(found.column - 1, unit)
        if _in_percent(style):
            return Percent(f"{value * 100:.12g}")
    return value


def _find_unsaved(sheet: Any, records: list[Record]) -> dict[int, list[int]]:
    """By position of the column, rows with a formula whose value is not saved in the file."""
    saved = dict(records)
    sheet.reset_dimensions()
    found: dict[int, list[int]] = {}
    for number, row in enumerate(sheet.iter_rows(), 1):
        for at, entry in enumerate(row):
            if entry.value is not None and entry.data_type == "f" and (len(saved.get(number, ())) <= at or saved[number][at] is None):
                found.setdefault(at, []).append(number)
    return found


def _name_unsaved(table: RawTable, records: list[Record], unsaved: dict[int, list[int]]) -> None:
    """Formulas without a value: a fault of the column that has a name, where something reads it."""
    names = table.positions
    for at, rows in unsaved.items():
        told = Problem("values", "formulas without a saved value (open and save the workbook in Excel)", rows=tuple(rows))
        name = names[at] if at < len(names) else ""
        if name in table.columns:
            table.unusable.setdefault(name, Problem(told.expected, told.found, told.rows, column=name))
        table.remarks.append(f"{make_printable(name) or 'a column without a name'}: {len(rows)} formulas without a saved value")


def _appearance(sheet: Any) -> tuple[list[str], set[int]]:
    """Ranges of merged cells, and hidden rows, which the library does not tell while it reads row by row."""
    merged, hidden, rest = [], set(), b""
    with sheet._get_source() as stream:
        while piece := stream.read(1 << 20):
            text = rest + piece
            whole = text[: text.rfind(b">") + 1]
            merged += [found.decode("ascii") for found in _MERGED.findall(whole)]
            hidden |= {int(number[1]) for tag in _ROW.findall(whole) if _HIDDEN.search(tag) and (number := _NUMBER.search(tag))}
            rest = text[len(whole) :][-_LONGEST_TAG:]
    return merged, hidden


def _name_merged(table: RawTable, merged: list[str]) -> None:
    """Cells merged over several patients, of which the first alone holds the value: a fault of the column, where something reads it."""
    from openpyxl.utils import range_boundaries

    first, last = (int(table.rows.min()), int(table.rows.max())) if len(table) else (1, 0)
    for span in merged:
        left, top, right, bottom = range_boundaries(span)
        rows = tuple(row for row in range(max(top, first), min(bottom, last) + 1))
        if len(rows) < 2 or top < first:
            continue
        for name in filter(None, table.positions[left - 1 : right]):
            told = Problem("a value in each row", f"merged cells {span}, of which the first alone holds the value", rows=rows, column=name)
            table.unusable.setdefault(name, told)
            table.remarks.append(f"{make_printable(name)}: merged cells {span}")


def _choose(book: Any, sheet: str, preferred: str) -> tuple[str, str]:
    names = [found.title for found in book.worksheets]
    shown = ", ".join(map(make_printable, names))
    if sheet:
        if sheet not in names:
            raise Unreadable(f"one of the sheets {shown}", f"no sheet '{make_printable(sheet)}'{suggestion(sheet, names)}")
        return sheet, "given in the mapping"
    filled = [found.title for found in book.worksheets if next(_records(found, {}), None)]
    if preferred in filled:
        others = ", ".join(make_printable(name) for name in filled if name != preferred)
        return preferred, "by its name" + (f"; not read: {others}" if others else "")
    if len(filled) > 1:
        raise Unreadable("the name of the sheet in the mapping (file: sheet)", f"{len(filled)} sheets: {shown}")
    if not filled:
        raise Unreadable("a header and at least one row", "an empty workbook")
    return filled[0], "the only one with anything in it"


def _has_formulas(path: Path) -> bool:
    """Whether any sheet holds a formula; reading a second time only then saves most of the time.

    Before anything is unpacked, the sizes that the archive states are held against what a cohort can be.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [(entry.filename, entry.file_size) for entry in archive.infolist()]
            if not any(name.startswith("xl/") for name, _ in parts):
                other = (
                    "an OpenDocument file: save it as .xlsx"
                    if parts and parts[0][0] == "mimetype"
                    else "an archive of other files: unpack it"
                )
                raise Unreadable("an Excel workbook (.xlsx)", other)
            rows = sum(size for name, size in parts if name.startswith(_BY_ROW))
            if rows > _LARGEST or any(
                size > _LARGEST_PART for name, size in parts if name.endswith((".xml", ".rels")) and not name.startswith(_BY_ROW)
            ):
                raise Unreadable(f"a workbook of at most {_LARGEST // 1024**2} MB when unpacked", "a larger one")
            sheets = [name for name, _ in parts if name.startswith("xl/worksheets/") and name.endswith(".xml")]
            return any(_holds(archive, name) for name in sheets)
    except Unreadable:
        raise
    except Exception:  # a damaged archive can fail anywhere inside the library
        raise Unreadable("an Excel workbook (.xlsx)", "a file that cannot be read as one") from None


def _holds(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether a part holds the beginning of a formula, read piece by piece."""
    rest = b""
    with archive.open(name) as stream:
        while piece := stream.read(1 << 20):
            if b"<f>" in rest + piece or b"<f " in rest + piece:
                return True
            rest = piece[-2:]
    return False
