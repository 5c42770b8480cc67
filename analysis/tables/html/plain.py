"""A plain table: headed columns, headed rows, a caption."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import pandas as pd

from analysis.tables.html.view import View, grid, headings, scrolling
from analysis.tables.html.view import caption as view_caption

SENTENCE = 34
"""Characters from which a cell counts as a sentence."""

#: A word of code too long for a column of a phone, and where it may break.
_LONG_NAME = re.compile(r"[\w./]{16,}", re.ASCII)
_JOINT = re.compile(r"([./_])(?=\w)")


def plain_table(heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str, note: str = "") -> View:
    """A table of text, its first column heading the rows.

    Parameters
    ----------
    heads : sequence of str
    rows : sequence of sequence of str
        As long as `heads` each.
    caption : str
    note : str
        Said below the table.
    """
    head = headings(heads)
    body = "".join(f'<tr><th scope="row">{breakable(row[0])}</th>' + "".join(cell(text) for text in row[1:]) + "</tr>" for row in rows)
    table = f"<table>{view_caption(caption)}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    below = f'<p class="exhibit-key">{escape(note)}</p>' if note else ""
    html = f'<div class="exhibit exhibit-table">{scrolling(table, caption)}{below}</div>'
    text = f"{caption}\n\n{grid([heads, *rows])}" + (f"\n\n{note}" if note else "")
    return View(html, pd.DataFrame(rows, columns=heads), text)


def cell(text: str) -> str:
    """A cell; one with a sentence is told apart, since a narrow column would make its row tall."""
    return f'<td class="sentence">{breakable(text)}</td>' if len(text) > SENTENCE else f"<td>{breakable(text)}</td>"


def breakable(text: str) -> str:
    """Text as HTML in which a name longer than a narrow column may break after a dot, a slash or an underscore."""
    return _LONG_NAME.sub(lambda name: _JOINT.sub(r"\1<wbr>", name[0]), escape(text))
