"""Reading a printed table from a file: commas, semicolons, tabs or bars between cells; what a merged cell leaves behind is refused."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Fault, InputError
from analysis.ledger.transcription.paper_text import read_text
from analysis.paths import parse_path, shorten_path

_MARKS = "\t|;,"
"""What may divide cells."""


@dataclass(frozen=True)
class Line:
    """A row of a table: its line in the file, from 1, its label and its other cells."""

    number: int
    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table as it stands in a file.

    Attributes
    ----------
    name : str
        Of the file, as a reader should see it.
    title : str
        A line above the table with nothing else in it; often empty.
    heads : tuple of str
        Labels of the columns behind the first.
    lines : tuple of Line
    """

    name: str
    title: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]


def read_grid(file: str | Path) -> Grid:
    """Read a table.

    Parameters
    ----------
    file : str or Path
        The first column has the labels of the rows, the first row those of the columns.

    Raises
    ------
    InputError
        If it is no such table, with every place at which a merged cell seems to have been taken apart.
    """
    name = shorten_path(parse_path(file, "table"))
    rows = list(_rows(read_text(file)))
    title = ""
    while rows and _is_title(rows[0][1]):
        title = title or "".join(rows[0][1]).strip()
        rows = rows[1:]
    if len(rows) < 2:
        raise InputError(
            Fault(name, "file", "a table: a row of column labels, then rows, with commas, semicolons, tabs or | between cells", "none")
        )
    (_, heads), body = rows[0], [(number, _widen(cells, len(rows[0][1]))) for number, cells in rows[1:]]
    faults = [
        *_faults_of_heads(name, rows[0]),
        *(fault for number, cells in body for fault in _faults_of_row(name, number, cells, len(heads))),
    ]
    if faults:
        raise InputError(faults)
    return Grid(name, title, tuple(heads[1:]), tuple(Line(number, cells[0], tuple(cells[1:])) for number, cells in body))


_HIDDEN = {ord(mark): 0xE000 + at for at, mark in enumerate(_MARKS)}
_SHOWN = {hidden: chr(mark) for mark, hidden in _HIDDEN.items()}
"""Marks within braces stand for themselves: ``{events; endpoint=os}`` is one cell where semicolons divide."""


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, with their lines; a line of a Markdown table that only divides is left out."""
    text = re.sub(r"\{[^{}\n]*\}", lambda said: said[0].translate(_HIDDEN), text)
    for line, cells in _divide(text):
        yield line, [cell.translate(_SHOWN) for cell in cells]


def _divide(text: str) -> Iterator[tuple[int, list[str]]]:
    mark = max(_MARKS, key=lambda one: _agreement(text, one))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    for cells in reader:
        if mark == "|":
            cells = cells[1:-1] if len(cells) > 2 and not cells[0].strip() and not cells[-1].strip() else cells
            if all(re.fullmatch(r"\s*:?-+:?\s*", cell) for cell in cells):
                continue
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [cells[0].rstrip(), *(cell.strip() for cell in cells[1:])]


def _agreement(text: str, mark: str) -> tuple[float, int]:
    """How well a mark divides the rows: the share of them with the most frequent number of cells, and that number; the best is largest."""
    widths = Counter(
        len(cells) for cells in csv.reader(io.StringIO(text, newline=""), delimiter=mark) if any(cell.strip() for cell in cells)
    )
    width, rows = max(((width, rows) for width, rows in widths.items() if width > 1), key=lambda one: (one[1], one[0]), default=(0, 0))
    return rows / max(widths.total(), 1), width


def _is_title(cells: list[str]) -> bool:
    """Whether a row says one thing of the whole table; an empty corner beside one label heads a table of one column."""
    return len([cell for cell in cells if cell.strip()]) < 2 and not (len(cells) == 2 and cells[1].strip())


def _widen(cells: list[str], width: int) -> list[str]:
    """A heading that stands alone on its line, with the empty cells that a table has behind it."""
    return cells + [""] * (width - 1) if len(cells) == 1 else cells


def _faults_of_heads(name: str, heads: tuple[int, list[str]]) -> Iterator[Fault]:
    number, labels = heads
    seen: dict[str, int] = {}
    for column, label in enumerate(labels[1:], 2):
        place = f"line {number}, column {column}"
        if not label:
            yield Fault(name, place, "a label for each column: where a heading spans several, write it in each", "an empty cell")
        elif label in seen:
            yield Fault(
                name,
                place,
                "a label of its own: where a heading spans several columns, add what each is",
                f"{label!r}, as in column {seen[label]}",
            )
        seen.setdefault(label, column)


def _faults_of_row(name: str, number: int, cells: list[str], width: int) -> Iterator[Fault]:
    place = f"line {number}"
    if len(cells) != width:
        found = f"{len(cells)}"
        yield Fault(
            name, place, f"{width} cells, as the columns: split merged cells (repeat the number, or NR), quote a cell with commas", found
        )
        return
    if not cells[0].strip():
        yield Fault(name, f"{place}, column 1", "a label: where one spans several rows, write it in each", "an empty cell")
    for column, cell in enumerate(cells[1:], 2):
        if "\n" in cell.strip():
            yield Fault(name, f"{place}, column {column}", "one result a cell: divide the row", repr(cell))
