"""Tables of what a paper defines: text whose numbers come from ledger rows and lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from analysis.ledger.registers.register_entries import PLACEHOLDER
from analysis.ledger.rows.row import Row
from analysis.tables.html import view
from analysis.tables.html.audit_index import Entries, link_to_row
from analysis.tables.html.formatting import format_plain


def definitions_table(entries: Entries, heads: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str) -> view.View:
    """Show definitions, doses and thresholds.

    Parameters
    ----------
    entries : Entries
    heads : sequence of str
    rows : sequence of sequence of str
        Cells; ``{met.dose}`` stands for what the paper prints in that ledger row, linked to it; ``Twenty-two`` is written 22.
    caption : str

    Returns
    -------
    View

    Raises
    ------
    KeyError
        If the ledger holds no such row.
    """
    html = view.table_of_words(caption, heads, [[_link(cell, entries) for cell in row] for row in rows], "exhibit-definitions")
    plain = [[_plain(cell, entries) for cell in row] for row in rows]
    return view.View(html, pd.DataFrame(plain, columns=list(heads)), f"{caption}\n\n{view.grid([list(heads), *plain])}")


def _link(cell: str, entries: Entries) -> str:
    parts = PLACEHOLDER.split(cell)
    return "".join(
        link_to_row(entries, part, _in_words(entries[part].row)) if position % 2 else escape(part) for position, part in enumerate(parts)
    )


def _plain(cell: str, entries: Entries) -> str:
    return PLACEHOLDER.sub(lambda found: _in_words(entries[found[1]].row), cell)


def _in_words(row: Row) -> str:
    """The characters printed; a number that opens a sentence of the paper as a word is a figure here."""
    return format_plain(row.value) if row.printed.replace("-", "").isalpha() and row.printed[:1].isupper() else row.printed
