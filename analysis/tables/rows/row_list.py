"""A list of printed results: printed, recomputed, verdict, convention."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

import pandas as pd

from analysis.figures.verdict_symbols import mark_of
from analysis.ledger.rows.row import group_by_result
from analysis.ledger.verdicts import verdicts
from analysis.ledger.verdicts.audit import Judgement, result_verdict
from analysis.tables.html import view
from analysis.tables.html.audit_index import AnyAudit, Judged, as_judged
from analysis.tables.html.formatting import MISSING, format_recomputed
from analysis.tables.html.typography import sentence_case, typeset
from analysis.tables.html.verdict_badge import badge, label
from analysis.tables.rows.results import arrange, name_conventions, print_as_is, write

COLUMNS = ("Result", "Source", "Printed", "Recomputed", "Verdict", "Convention")
#: Columns of the page, where the convention stands under its verdict.
SHOWN = COLUMNS[:-1]
_SIGNS = {"(": '<span class="exhibit-number">(', ")": ")</span>", "P = ": "P&nbsp;=&nbsp;", "P ": "P&nbsp;"}
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))


def list_results(audit: AnyAudit, ids: Sequence[str], *, caption: str = "Printed and recomputed", anchored: bool = False) -> view.View:
    """Set printed results beside recomputed ones, one a row.

    Parameters
    ----------
    audit : Audit or Judged
    ids : sequence of str
        Ledger ids, in the order shown; those of one result share a row, in the place of the first.
    caption : str
    anchored : bool
        Whether each number has a row of its own, with its ledger id as the anchor for links of other pages: on a
        study's audit page.

    Returns
    -------
    view.View
        In ``frame`` a row has the id of the first of its numbers.

    Raises
    ------
    KeyError
        If the audit does not hold a row.
    """
    entries = as_judged(audit)
    chosen = [entries[id] for id in ids]
    joined = group_by_result(chosen, lambda judgement: judgement.row).values()
    results = [(judgement,) for judgement in chosen] if anchored else list(joined)
    rows = [_values(cells) for cells in results]
    head = "".join(f'<th scope="col">{column}</th>' for column in SHOWN)
    body = "".join(_row(cells, values, entries, anchored) for cells, values in zip(results, rows, strict=True))
    table = f"<table>{view.caption(caption)}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    marked = [[*row[:4], f"{mark_of(row[4]).symbol} {row[4]}", row[5]] for row in rows]
    return view.View(
        html=f'<div class="exhibit exhibit-table exhibit-listing">{view.scrolling(table, caption)}{view.key(judgement.verdict for judgement in chosen)}</div>',
        frame=pd.DataFrame(rows, columns=list(COLUMNS), index=pd.Index([cells[0].row.id for cells in results], name="id")),
        text=f"{caption}\n\n{view.grid([list(COLUMNS), *marked])}",
    )


def _show_recomputed(judgement: Judgement) -> str:
    return MISSING if judgement.verdict == verdicts.CONTEXT else format_recomputed(judgement)


def _values(cells: Sequence[Judgement]) -> list[str]:
    first, verdict = cells[0].row, result_verdict(cells)
    printed = "" if verdict == verdicts.NOT_COMPARED else write(cells, print_as_is)
    return [sentence_case(typeset(first.quantity)), first.source, printed, write(cells, _show_recomputed), verdict, name_conventions(cells)]


def _row(cells: Sequence[Judgement], values: Sequence[str], entries: Judged, anchored: bool) -> str:
    quantity, source, printed, recomputed, _, convention = (escape(value) for value in values)
    verdict = badge(entries, cells[0].row.id)
    if len(cells) > 1 and recomputed != MISSING:
        # the verdict of each number stands beside it, that of the whole in the last column
        recomputed = _line(cells, _show_recomputed, lambda cell: _mark(cell, entries))
        verdict = label(result_verdict(cells))
    if printed:
        printed = _line(cells, print_as_is, lambda cell: escape(cell.row.printed))
    convention = f'<span class="verdict-convention-name">{convention}</span>' if convention else ""
    anchor = f' id="{escape(cells[0].row.id)}"' if anchored else ""
    return (
        f'<tr{anchor}><th scope="row">{quantity}</th><td class="words">{source}</td><td>{printed}</td>'
        f'<td>{recomputed}</td><td class="words">{verdict}{convention}</td></tr>'
    )


def _line(cells: Sequence[Judgement], text: Callable[[Judgement], str], html: Callable[[Judgement], str]) -> str:
    """A result as HTML that breaks neither within brackets nor after the P of a P value."""
    parts = arrange(cells, text)
    return "".join(_SIGN.sub(lambda found: _SIGNS[found[0]], part) if isinstance(part, str) else html(part) for part in parts)


def _mark(judgement: Judgement, entries: Judged) -> str:
    return f'<span class="exhibit-number">{escape(_show_recomputed(judgement))}{badge(entries, judgement.row.id, word=False)}</span>'
