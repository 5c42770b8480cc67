"""What a page shows of a table: HTML, the same as a data frame, and as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from analysis.figures.verdict_symbols import MARKS


@dataclass(frozen=True)
class View:
    """A table, list or register for a page.

    Attributes
    ----------
    html : str
        Escaped, complete in itself.
    frame : pandas.DataFrame
        The same as data, without marks.
    text : str
        The same as plain text, with the symbols of the verdicts.
    """

    html: str
    frame: pd.DataFrame
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def caption(text: str) -> str:
    """A table's caption; its text stays in sight while the table scrolls sideways."""
    return f"<caption><span>{escape(text)}</span></caption>"


def headings(heads: Sequence[str]) -> str:
    """Cells that head the columns; a corner with nothing to say is no heading to a screen reader."""
    return "".join(f'<th scope="col">{escape(head)}</th>' if head else '<td class="corner"></td>' for head in heads)


def scrolling(table: str, label: str) -> str:
    """Wrap a table so that it scrolls inside itself and can be reached by keyboard."""
    return f'<div class="exhibit-scroll" role="region" aria-label="{escape(label)}" tabindex="0">{table}</div>'


def table_of_words(text: str, heads: Sequence[str], rows: Sequence[Sequence[str]], kind: str) -> str:
    """A table with a caption whose cells are HTML; the first of a row heads it, and `kind` is its class."""
    body = "".join(
        f'<tr><th scope="row">{first}</th>' + "".join(f'<td class="words">{cell}</td>' for cell in others) + "</tr>"
        for first, *others in rows
    )
    table = f"<table>{caption(text)}<thead><tr>{headings(heads)}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="exhibit exhibit-table {kind}">{scrolling(table, text)}</div>'


def key(verdicts: Iterable[str]) -> str:
    """Explanation of the marks that occur, as a paragraph."""
    found = set(verdicts)
    parts = [
        f'<span class="verdict verdict-{mark.style}">{mark.symbol}</span> {escape(verdict)}: {escape(mark.meaning)}'
        for verdict, mark in MARKS.items()
        if verdict in found
    ]
    return f'<p class="exhibit-key">{" · ".join(parts)}</p>' if parts else ""


def grid(rows: Sequence[Sequence[str]]) -> str:
    """Rows of text in columns of equal width; the first row is ruled off."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
