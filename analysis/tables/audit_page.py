"""The whole audit as one table that can be searched, filtered and sorted without a network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from analysis.figures.marks import EVIDENCE, MARKS
from analysis.figures.present import download
from analysis.ledger.audit import Judgement
from analysis.tables.audit_script import SCRIPT
from analysis.tables.judged import Judged, judged
from analysis.tables.number import shown, sort_value
from analysis.tables.verdict import badge
from analysis.tables.view import View, caption, grid, key, scrolling

COLUMNS = ("Number", "Printed", "Recomputed", "Verdict")
#: Filters: attribute of a row, label, order of its values (None: order of the ledger).
FILTERS = (
    ("verdict", "Verdict", tuple(MARKS)),
    ("evidence", "Evidence", tuple(EVIDENCE)),
    ("source", "Source", None),
    ("statistic", "Statistic", None),
)


def audit_page(audit, ledger=None) -> View:
    """Show every ledger row with its verdict.

    Parameters
    ----------
    audit, ledger
        As in `analysis.tables.judged.judged`.

    Returns
    -------
    View
        Each row has the ledger id as its anchor, and an empty ``audit-used`` place: on which pages the number
        stands is known when the book is complete. Without scripts the table is whole and the controls hide.
    """
    entries = judged(audit, ledger, prefix="")
    frame = audit_frame(entries)
    root = f"audit-{escape(entries.study)}"
    head = "".join(
        f'<th scope="col" aria-sort="none"><button type="button" class="audit-sort" data-column="{position}">{column}</button></th>'
        for position, column in enumerate(COLUMNS)
    )
    body = "".join(_row(judgement, entries, position) for position, judgement in enumerate(entries))
    title = f"Every printed number of the ledger ({len(entries)}) with its verdict"
    table = f"<table>{caption(title)}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    saved = download(frame, f"{entries.study}-audit", "The whole table")
    html = (
        f'<div class="exhibit exhibit-table exhibit-audit" id="{root}">{_controls(frame, root)}{scrolling(table, title)}'
        f"{key(frame['verdict'])}<p class=\"exhibit-data\">{saved}</p></div><script>{SCRIPT.replace('AUDIT', root)}</script>"
    )
    lines = [[row.id, row.printed, row.recomputed, f"{MARKS[row.verdict].symbol} {row.verdict}", row.evidence] for row in frame.itertuples()]
    return View(html, frame, f"{title}\n\n{grid([['Row', *COLUMNS[1:], 'Evidence'], *lines])}")


def audit_frame(entries: Judged) -> pd.DataFrame:
    """The audit beside what the ledger says of each row, all text."""
    columns = ("id", "source", "quantity", "statistic", "printed", "recomputed", "verdict", "convention", "evidence", "note")
    records = [
        (j.row.id, j.row.source, j.row.quantity, j.row.statistic, j.row.printed, j.recomputed, j.verdict, j.convention, j.evidence, j.note)
        for j in entries
    ]
    return pd.DataFrame(records, columns=columns)


def sort_keys(judgement: Judgement, position: int) -> list[float]:
    """What each column sorts by: place in the ledger, values, order of verdicts."""
    verdict = list(MARKS).index(judgement.verdict)
    return [position, float(judgement.row.value.value), sort_value(judgement.recomputed), verdict]


def _row(judgement: Judgement, entries: Judged, position: int) -> str:
    row = judgement.row
    data = {"verdict": judgement.verdict, "evidence": judgement.evidence, "source": row.source, "statistic": row.statistic}
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    place = f"{escape(row.source)} · {escape(row.statistic)}"
    used = f'<span class="audit-used" data-row="{escape(row.id)}" hidden></span>'
    number = (
        f'{escape(row.quantity)}<span class="audit-place"><a href="{escape(entries.address(row.id))}"><code>{escape(row.id)}</code></a> · {place}{used}</span>'
    )
    number += f'<span class="audit-note">{escape(judgement.note)}</span>' if judgement.note else ""
    verdict = badge(entries, row.id)
    for detail in filter(None, (judgement.evidence, judgement.convention)):
        verdict += f'<span class="audit-place">{escape(detail)}</span>'
    recomputed = escape(judgement.recomputed or shown(judgement)) if judgement.verdict != "context" else ""
    cells = [number, escape(row.printed), recomputed, verdict]
    first, *others = zip(COLUMNS, cells, sort_keys(judgement, position), strict=True)
    written = f'<th scope="row" data-sort="{first[2]:.10g}">{first[1]}</th>'
    for column, cell, value in others:
        kind = ' class="words"' if column in COLUMNS[3:] else ""
        written += f'<td data-label="{column}" data-sort="{value:.10g}"{kind}>{cell}</td>'
    return f'<tr id="{escape(row.id)}"{attributes}>{written}</tr>'


def _controls(frame: pd.DataFrame, root: str) -> str:
    selects = "".join(_select(frame, root, *chosen) for chosen in FILTERS)
    return (
        f'<form class="audit-controls" hidden><label for="{root}-search">Search'
        f'<input type="search" id="{root}-search" autocomplete="off" placeholder="any words"></label>{selects}'
        f'<button type="reset">Show all</button><p role="status" aria-live="polite"></p></form>'
    )


def _select(frame: pd.DataFrame, root: str, name: str, label: str, order: Sequence[str] | None) -> str:
    counts = frame[name].value_counts()
    values = [value for value in (order or frame[name].unique()) if value in counts.index]
    options = "".join(f'<option value="={escape(value)}">{escape(value or "none")} ({counts[value]})</option>' for value in values)
    return f'<label for="{root}-{name}">{label}<select id="{root}-{name}" data-filter="{name}"><option value="">all</option>{options}</select></label>'
