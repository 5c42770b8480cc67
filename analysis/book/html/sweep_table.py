"""The scenarios of a sweep as one table: on the page, where columns can be sorted, as CSV and as an Excel workbook."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from analysis.figures.light_dark_pair import download

NUMBER, SCENARIO, STATE = "No.", "Scenario", "State"
PARTS = ("value", "lower", "upper", "p", "n", "events", "direction", "text", "reason")
"""Columns of one statistic in the files, each named ``<statistic> <part>``."""

DONE, FAILED = "finished", "failed"
_LONG = 24
"""Characters of a cell from which on it is kept broad, not tall."""

_EPOCH = datetime(1980, 1, 1)
SORT = """
for (const button of document.querySelectorAll(".scenarios thead button")) button.addEventListener("click", () => {
  const head = button.closest("th"), body = head.closest("table").tBodies[0], place = head.cellIndex;
  const turn = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  const key = (row) => row.cells[place].dataset.sort ?? row.cells[place].textContent;
  const numeric = [...body.rows].every((row) => key(row) === "" || !Number.isNaN(Number(key(row))));
  const order = (a, b) => (a === "") - (b === "") || turn * (numeric ? Number(a) - Number(b) : a.localeCompare(b));
  body.append(...[...body.rows].sort((a, b) => order(key(a), key(b))));
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", turn === 1 ? "ascending" : "descending");
});
"""
"""Script of the table: a heading sorts by its column."""


def table(frame: pd.DataFrame, parameters: Sequence[str], statistics: Mapping[str, str], links: Sequence[str], caption: str) -> str:
    """HTML of the table: a column for each parameter, and for each statistic what it is, its P, its patients, and what it says.

    Parameters
    ----------
    frame : DataFrame
        One row a scenario: `NUMBER`, `SCENARIO`, `STATE`, the parameters, and `PARTS` of each statistic.
    parameters : sequence of str
    statistics : mapping of str to str
        Heading of each statistic by its name, unit included.
    links : sequence of str
        HTML that leads to the pages of each scenario.
    caption : str
    """
    told = {name: _columns(frame, name, heading) for name, heading in statistics.items()}
    heads = [NUMBER, SCENARIO, *parameters, *(head for name in statistics for head, _ in told[name])]
    head = "".join(f'<th scope="col"><button type="button">{escape(text)}</button></th>' for text in heads)
    lines = []
    for place, row in enumerate(frame.to_dict("records")):
        cells = [
            _cell(str(row[NUMBER]), row[NUMBER]),
            f'<th scope="row" data-sort="{escape(row[SCENARIO])}">{links[place]}{"" if row[STATE] == DONE else f" ({row[STATE]})"}</th>',
        ]
        cells += [_cell(row[name], row[name]) for name in parameters]
        cells += [_cell(*column[place]) for name in statistics for _, column in told[name]]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    files = f'<p class="exhibit-data">Data: {download(frame, "scenarios", "scenarios")} · {workbook_link(frame)}. A heading sorts by its column.</p>'
    body = (
        f'<table class="scenarios"><caption><span>{escape(caption)}</span></caption><thead><tr>{head}</tr></thead><tbody>\n'
        + "\n".join(lines)
        + "\n</tbody></table>"
    )
    return f'<div class="exhibit exhibit-table"><div class="exhibit-scroll" role="region" aria-label="{escape(caption)}" tabindex="0">{body}</div>{files}</div><script>{SORT}</script>'


def workbook_link(frame: pd.DataFrame) -> str:
    """A link that saves the table as an Excel workbook; the data travel inside the link."""
    coded = base64.b64encode(workbook(frame)).decode()
    return f'<a class="exhibit-download" download="scenarios.xlsx" href="data:application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;base64,{coded}">scenarios (Excel)</a>'


def workbook(frame: pd.DataFrame) -> bytes:
    """The table as an Excel workbook, the same bytes at each call; a text is never a formula."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title, sheet.freeze_panes = "Scenarios", "A2"
    sheet.append(list(frame.columns))
    for row in frame.itertuples(index=False):
        sheet.append([None if value is None or (isinstance(value, float) and np.isnan(value)) else value for value in row])
    for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
        cell.data_type = "s"
    book.properties.created = book.properties.modified = _EPOCH
    raw, plain = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as written, zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in written.namelist():
            content = written.read(name)
            if name == "docProps/core.xml":  # openpyxl notes the time of saving here
                content = b"".join([content.partition(b"<dcterms:modified")[0], b"</cp:coreProperties>"])
            kept.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return plain.getvalue()


def _columns(frame: pd.DataFrame, name: str, heading: str) -> list[tuple[str, list[tuple[str, object]]]]:
    """Heading and cells (text, what to sort by) of a statistic's columns; those that hold nothing are left out."""
    rows = [{part: row[f"{name} {part}"] for part in PARTS} for row in frame.to_dict("records")]
    columns = [
        (f"{heading} (CI)", [(_estimate(row), _type_value(row["value"])) for row in rows]),
        ("P", [(_p(row["p"]), _type_value(row["p"])) for row in rows]),
        ("n", [("" if _type_value(row["n"]) == "" else f"{row['n']:g}", _type_value(row["n"])) for row in rows]),
        ("events", [("" if _type_value(row["events"]) == "" else f"{row['events']:g}", _type_value(row["events"])) for row in rows]),
        ("in words", [(row["direction"] or "", row["direction"] or "") for row in rows]),
    ]
    return [columns[0], *(column for column in columns[1:] if any(text for text, _ in column[1]))]


def _estimate(row: dict) -> str:
    if row["text"]:
        return row["text"]
    if _type_value(row["value"]) == "":
        return f"— ({row['reason']})" if row["reason"] else "—"
    low, high = ("" if _type_value(row[end]) == "" else f"{row[end]:.4g}" for end in ("lower", "upper"))
    interval = (
        f"{low} to {high}" if low and high else f"from {low}, no upper limit" if low else f"to {high}, no lower limit" if high else ""
    )
    return f"{row['value']:.4g}" + (f" ({interval})" if interval else "")


def _p(value: Any) -> str:
    from analysis.tables.sentences import p_cell

    return "" if _type_value(value) == "" else p_cell(value)


def _type_value(value: object) -> object:
    return "" if value is None or (isinstance(value, float) and np.isnan(value)) else value


def _cell(text: str, key: object) -> str:
    broad = ' style="min-width:12em"' if len(text) > _LONG else ""
    return f'<td data-sort="{escape(str(key))}"{broad}>{escape(text)}</td>'
