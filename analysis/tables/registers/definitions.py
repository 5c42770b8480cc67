"""Tables of what a paper defines: text whose numbers come from ledger rows and lead to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import pandas as pd

from analysis.ledger.rows.row import Row
from analysis.tables.html import view
from analysis.tables.html.audit_index import Entries
from analysis.tables.html.formatting import format_plain

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.]*)\}")


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
    html = view.table_of_words(caption, heads, [[_linked(cell, entries) for cell in row] for row in rows], "exhibit-definitions")
    plain = [[_plain(cell, entries) for cell in row] for row in rows]
    return view.View(html, pd.DataFrame(plain, columns=list(heads)), f"{caption}\n\n{view.grid([list(heads), *plain])}")


def _linked(cell: str, entries: Entries) -> str:
    parts = _PLACEHOLDER.split(cell)
    return "".join(_link(part, entries) if position % 2 else escape(part) for position, part in enumerate(parts))


def _link(id: str, entries: Entries) -> str:
    row = entries[id].row
    return f'<a class="definition" href="{escape(entries.address(id))}" title="{escape(row.quantity)} ({escape(row.source)})">{escape(_in_words(row))}</a>'


def _plain(cell: str, entries: Entries) -> str:
    return _PLACEHOLDER.sub(lambda found: _in_words(entries[found[1]].row), cell)


def _in_words(row: Row) -> str:
    """The characters printed; a number that opens a sentence of the paper as a word is a figure here."""
    return format_plain(row.value) if row.printed.replace("-", "").isalpha() and row.printed[:1].isupper() else row.printed
