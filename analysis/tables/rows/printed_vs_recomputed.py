"""A paper's table as printed, the recomputed number beside each printed one that it differs from, and the verdict."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from analysis.figures.verdict_symbols import mark_of
from analysis.ledger.verdicts import verdicts
from analysis.tables.html.audit_index import AnyAudit, Judged, as_judged
from analysis.tables.html.formatting import MISSING, differs, format_recomputed
from analysis.tables.html.verdict_badge import badge
from analysis.tables.html.view import View, caption, grid, key, scrolling
from analysis.tables.rows.cell_template import Part, Reference, fill

_FOOTNOTE = re.compile(r"(?<=\d)([a-f])$")
"""The letter of a footnote behind a printed number, as ``0.800a``."""
_OPENING, _CLOSING, _BRACKET = ("(", "["), (")", "]"), re.compile(r"([()\[\]])")
_SHORT = 12
"""Characters of text, brackets among them, beside the numbers of a bracket group that stays on one line."""


def printed_table(layout: Mapping[str, Any], audit: AnyAudit, *, table: str) -> View:
    """Rebuild a table of the paper from its layout.

    Parameters
    ----------
    layout : mapping
        One entry of ``tables.yml``: ``source, caption, columns, rows, note``.
    audit : Audit or Judged
    table : str
        Key of the entry, first segment of its ledger ids, e.g. ``t2``.

    Returns
    -------
    View
        In ``frame`` a cell holds the recomputed numbers, in ``text`` the printed ones, each with its
        verdict's symbol and the recomputed one in square brackets where it differs.

    Raises
    ------
    ValueError
        If a cell's brackets do not match.
    """
    entries = as_judged(audit)
    columns = [column["label"] for column in layout["columns"]]
    rows = [(row, _cells(layout, row, table, entries)) for row in layout["rows"]]
    used = [entries[part.id].verdict for _, cells in rows for cell in cells for part in cell if isinstance(part, Reference)]
    notes = layout.get("note", "").splitlines()
    below = f'<p class="exhibit-key">{"<br>".join(map(escape, notes))}</p>' if notes else ""
    html = _html(layout, columns, rows, entries) + below + key(used)
    plain = [[row["label"], *("".join(_plain(part, entries) for part in cell) for cell in cells)] for row, cells in rows]
    marked = [
        ["  " * row.get("indent", 0) + row["label"], *("".join(_mark(part, entries) for part in cell) for cell in cells)]
        for row, cells in rows
    ]
    return View(
        html=f'<div class="exhibit exhibit-table" id="table-{escape(entries.study)}-{escape(table)}">{html}</div>',
        frame=pd.DataFrame(plain, columns=["", *columns]),
        text="\n\n".join([f"{layout['source']}. {layout['caption']}", grid([["", *columns], *marked]), *notes]),
    )


def _cells(layout: Mapping[str, Any], row: Mapping[str, Any], table: str, entries: Judged) -> list[list[Part]]:
    if not row.get("key"):
        return [[] for _ in layout["columns"]]
    return [fill(column["cell"], f"{table}.{row['key']}", entries.__contains__) for column in layout["columns"]]


def _html(
    layout: Mapping[str, Any],
    columns: Sequence[str],
    rows: Sequence[tuple[Mapping[str, Any], Sequence[Sequence[Part]]]],
    entries: Judged,
) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(_row(row, cells, entries) for row, cells in rows)
    title = f"{layout['source']}. {layout['caption']}"
    whole = f'<table>{caption(title)}<thead><tr><td class="corner"></td>{head}</tr></thead><tbody>{body}</tbody></table>'
    return scrolling(whole, title)


def _row(row: Mapping[str, Any], cells: Sequence[Sequence[Part]], entries: Judged) -> str:
    indent = f' class="indent-{int(row["indent"])}"' if row.get("indent") else ""
    if not any(cells):
        return f'<tr class="heading"><th scope="rowgroup" colspan="{len(cells) + 1}"{indent}>{escape(row["label"])}</th></tr>'
    filled = "".join(f"<td>{_cell(cell, entries)}</td>" for cell in cells)
    return f'<tr><th scope="row"{indent}>{escape(row["label"])}</th>{filled}</tr>'


def _cell(parts: Sequence[Part], entries: Judged) -> str:
    """Parts of a cell, of which what stands in brackets is not broken over lines where it is short: ``63% (49–73)``."""
    groups: list[tuple[list[str], int]] = [([], 0)]
    for part in (piece for whole in parts for piece in (_BRACKET.split(whole) if isinstance(whole, str) else [whole])):
        if part in _OPENING:
            groups.append(([], 0))
        shown, words = groups[-1]
        shown.append(_part(part, entries))
        groups[-1] = (shown, words + (len(part) if isinstance(part, str) else 0))
        if part in _CLOSING and len(groups) > 1:
            shown, words = groups.pop()
            html = "".join(shown)
            outer, before = groups[-1]
            outer.append(f'<span class="unbroken">{html}</span>' if words <= _SHORT else html)
            groups[-1] = (outer, before + words)
    return "".join(html for shown, _ in groups for html in shown)


def _part(part: Part, entries: Judged) -> str:
    """A number as printed, its mark, and the recomputed one, lit where it differs; the page hides it where it is the same.

    One switch shows all numbers of a page as printed, or as recomputed (``book/_static/readings.js``).
    """
    if isinstance(part, str):
        return escape(part).replace("± ", "±&nbsp;")  # a sign stays with its number
    judgement = entries[part.id]
    mark = badge(entries, part.id, word=False)
    if judgement.verdict == verdicts.NOT_COMPARED:
        return f'<span class="exhibit-number">{escape(format_recomputed(judgement))}{mark}</span>'
    apart = differs(judgement) and format_recomputed(judgement) != MISSING
    recomputed = (
        f'<span class="recomputed{"" if apart else " same"}"><span class="bracket"> [</span>{escape(format_recomputed(judgement))}'
        '<span class="bracket">]</span></span>'
    )
    shape = "exhibit-number differs" if apart else "exhibit-number"
    printed = _FOOTNOTE.sub(r"<sup>\1</sup>", escape(judgement.row.printed))
    return f'<span class="{shape}"><span class="as-printed">{printed}</span>{mark}{recomputed}</span>'


def _plain(part: Part, entries: Judged) -> str:
    return part if isinstance(part, str) else format_recomputed(entries[part.id])


def _mark(part: Part, entries: Judged) -> str:
    if isinstance(part, str):
        return part
    judgement = entries[part.id]
    if judgement.verdict == verdicts.NOT_COMPARED:
        return f"{format_recomputed(judgement)}{mark_of(judgement.verdict).symbol}"
    apart = differs(judgement) and format_recomputed(judgement) != MISSING
    recomputed = f" [{format_recomputed(judgement)}]" if apart else ""
    return f"{judgement.row.printed}{mark_of(judgement.verdict).symbol}{recomputed}"
