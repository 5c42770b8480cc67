"""A plain table: headed columns, headed rows, a caption."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from analysis.tables.view import View, grid, headings, scrolling
from analysis.tables.view import caption as view_caption


def plain_table(heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> View:
    """A table of text, its first column heading the rows.

    Parameters
    ----------
    heads : sequence of str
    rows : sequence of sequence of str
        As long as `heads` each.
    caption : str
    """
    head = headings(heads)
    body = "".join(f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(text)}</td>" for text in row[1:]) + "</tr>" for row in rows)
    table = f"<table>{view_caption(caption)}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    html = f'<div class="exhibit exhibit-table">{scrolling(table, caption)}</div>'
    return View(html, pd.DataFrame(rows, columns=heads), f"{caption}\n\n{grid([heads, *rows])}")
