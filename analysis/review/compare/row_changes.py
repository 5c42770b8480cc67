"""Which rows of a table, of a figure's data or of a sentence read otherwise, and in which cells."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from analysis.book.results.page_text import ROWS

LONGEST = 160
"""Characters of one cell of a comparison."""

_CONTEXT = 40
_KEYS = 3


class RowChange(NamedTuple):
    """One row before and after.

    Attributes
    ----------
    row : str
        What names the row, e.g. its group and time; empty where a whole line is told.
    before, after : str or None
        The cells that differ, each with its column, or the part of the line that differs; None where there is no such row.
    """

    row: str
    before: str | None
    after: str | None


class _Line(NamedTuple):
    text: str
    columns: tuple[str, ...]

    @property
    def cells(self) -> list[str]:
        return _cells(self.text, self.columns)


def changes(before: Sequence[str], after: Sequence[str]) -> list[RowChange]:
    """Rows of a result that differ, in the order of the result; those that merely moved along are left out.

    Parameters
    ----------
    before, after : sequence of str
        Lines as `page_text.parse` returns them.
    """
    old, new = _lines(before), _lines(after)
    found = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            found += [_change(*pair) for pair in _pair(old[i:j], new[k:m])]
    return found


def _pair(old: list[_Line], new: list[_Line]) -> list[tuple[_Line | None, _Line | None]]:
    """Rows of a block that was replaced: those of the same name together, others in order."""
    named = {_names(line): line for line in new if _names(line)}
    if len(named) < sum(bool(_names(line)) for line in new) or not any(_names(line) in named for line in old):
        return list(zip_longest(old, new))
    others = iter([line for line in new if not _names(line)])
    pairs = [(line, named.pop(_names(line), None) if _names(line) else next(others, None)) for line in old]
    return [*pairs, *((None, line) for line in (*others, *named.values()))]


def _names(line: _Line) -> tuple[str, ...]:
    """Cells that name a row: the first, and in a figure's data those up to its time; none of a line that is no row."""
    if not line.columns:
        return ()
    if "time" in line.columns:
        return tuple(line.cells[: line.columns.index("time") + 1])
    return tuple(line.cells[:1])


def _lines(texts: Sequence[str]) -> list[_Line]:
    """Lines with the columns that they are rows of."""
    found, columns, left = [], (), 0
    table = texts and " | " in texts[0]
    for place, text in enumerate(texts):
        if table and place == 0:
            columns = tuple(text.split(" | "))
            found.append(_Line(text, ()))
            continue
        if rows := ROWS.search(text):  # data of a figure: their columns come next
            left = int(rows.group(1)) + 1
            found.append(_Line(text, ()))
            continue
        if left and not table:
            left -= 1
            first = ROWS.search(texts[place - 1]) is not None
            columns = tuple(text.split(",")) if first else columns
            found.append(_Line(text, () if first else columns))
            continue
        found.append(_Line(text, columns if table and len(text.split(" | ")) == len(columns) else ()))
    return found


def _cells(text: str, columns: tuple[str, ...]) -> list[str]:
    apart = text.split(" | ")
    return apart if len(apart) == len(columns) else next(csv.reader([text]), [])


def _change(old: _Line | None, new: _Line | None) -> RowChange:
    if old is None or new is None:
        return RowChange("", *(None if line is None else shorten(line.text) for line in (old, new)))
    if old.columns and old.columns == new.columns and len(old.cells) == len(new.cells) == len(old.columns) and old.cells[0] == new.cells[0]:
        differing = [place for place, pair in enumerate(zip(old.cells, new.cells, strict=True)) if pair[0] != pair[1]]
        key = old.cells[: min(differing[0], _KEYS, len(_names(old)))]
        both = (
            ", ".join(
                f"{line.columns[place]} {part}".strip()
                for place, part in ((place, _around(line.cells[place], other.cells[place])) for place in differing)
            )
            for line, other in ((old, new), (new, old))
        )
        return RowChange(shorten(", ".join(filter(None, key))), *map(shorten, both))
    return RowChange("", shorten(_around(old.text, new.text)), shorten(_around(new.text, old.text)))


def _around(text: str, other: str) -> str:
    """A text from shortly before the first word in which it differs from another."""
    if len(text) <= LONGEST // 2:
        return text
    same = next((place for place, pair in enumerate(zip(text, other, strict=False)) if pair[0] != pair[1]), min(len(text), len(other)))
    if same <= _CONTEXT:
        return text
    return "… " + text[text.rfind(" ", 0, same - _CONTEXT) + 1 :]


def shorten(text: str) -> str:
    """A text cut at a word where it is too long."""
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
