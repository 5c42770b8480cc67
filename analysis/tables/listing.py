"""A list of ledger rows: printed, recomputed, verdict, convention."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from analysis.figures.marks import mark_of
from analysis.ledger import verdicts
from analysis.ledger.audit import Judgement
from analysis.tables import view
from analysis.tables.judged import judged
from analysis.tables.number import MISSING, shown
from analysis.tables.typography import typeset
from analysis.tables.verdict import badge

COLUMNS = ("Quantity", "Source", "Printed", "Recomputed", "Verdict", "Convention")
#: Columns of the page, where the convention stands under its verdict.
SHOWN = COLUMNS[:-1]


def listing(audit, ids: Sequence[str], ledger=None, *, caption: str = "Printed and recomputed", anchored: bool = False, **where) -> view.View:
    """Set printed numbers beside recomputed ones, one a row.

    Parameters
    ----------
    audit, ledger, where
        As in `analysis.tables.judged.judged`.
    ids : sequence of str
        Ledger ids, in the order shown.
    caption : str
    anchored : bool
        Whether each row has its ledger id as its anchor, for links of other pages: on a study's audit page.

    Returns
    -------
    view.View

    Raises
    ------
    KeyError
        If the audit does not hold a row.
    """
    entries = judged(audit, ledger, **where)
    chosen = [entries[id] for id in ids]
    head = "".join(f'<th scope="col">{column}</th>' for column in SHOWN)
    body = "".join(_row(judgement, badge(entries, judgement.row.id), anchored) for judgement in chosen)
    table = f"<table>{view.caption(caption)}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    rows = [_values(judgement) for judgement in chosen]
    marked = [[*row[:4], f"{mark_of(row[4]).symbol} {row[4]}", row[5]] for row in rows]
    return view.View(
        html=f'<div class="exhibit exhibit-table exhibit-listing">{view.scrolling(table, caption)}{view.key(row[4] for row in rows)}</div>',
        frame=pd.DataFrame(rows, columns=list(COLUMNS), index=pd.Index(list(ids), name="id")),
        text=f"{caption}\n\n{view.grid([list(COLUMNS), *marked])}",
    )


def _values(judgement: Judgement) -> list[str]:
    row = judgement.row
    printed = "" if judgement.verdict == verdicts.NOT_COMPARED else row.printed
    recomputed = MISSING if judgement.verdict == verdicts.CONTEXT else shown(judgement)
    return [typeset(row.quantity), row.source, printed, recomputed, judgement.verdict, judgement.convention]


def _row(judgement: Judgement, verdict: str, anchored: bool) -> str:
    quantity, source, printed, recomputed, _, convention = (escape(value) for value in _values(judgement))
    convention = f'<span class="verdict-convention-name">{convention}</span>' if convention else ""
    anchor = f' id="{escape(judgement.row.id)}"' if anchored else ""
    return (
        f'<tr{anchor}><th scope="row">{quantity}</th><td class="words">{source}</td><td>{printed}</td>'
        f'<td>{recomputed}</td><td class="words">{verdict}{convention}</td></tr>'
    )
