"""How a printed number follows from other printed numbers: the ledger's ``from`` column.

Sums and differences of ledger ids, cells separated by ``;``, table rows by ``|``, and
behind ``||`` the rows of a "no data" category that may or may not belong to a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

ID = r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*"
_TOKEN = re.compile(rf"\s*(?:(?P<id>{ID})|(?P<sign>[-+()]))")


@dataclass(frozen=True)
class Expression:
    """A signed sum of ledger ids.

    Attributes
    ----------
    terms : tuple of (int, str)
        Sign and id.
    """

    terms: tuple[tuple[int, str], ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for _, name in self.terms))

    def value(self, of: Callable[[str], Fraction]) -> Fraction:
        """Value of the sum, given the value of each id."""
        return sum((sign * of(name) for sign, name in self.terms), Fraction(0))

    def __str__(self) -> str:
        text = "".join(f" {'+' if sign > 0 else '−'} {name}" for sign, name in self.terms)
        return text.removeprefix(" + ").strip()


@dataclass(frozen=True)
class Sources:
    """A table of expressions.

    Attributes
    ----------
    rows : tuple of tuple of Expression
        At least one row, all of the same length.
    no_data : tuple of tuple of Expression
        Rows of the "no data" category, often none.
    """

    rows: tuple[tuple[Expression, ...], ...]
    no_data: tuple[tuple[Expression, ...], ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Every ledger id that the table rests on."""
        return tuple(dict.fromkeys(name for row in self.rows + self.no_data for cell in row for name in cell.ids))

    @property
    def cells(self) -> tuple[Expression, ...]:
        """Cells of the table row by row, without the no-data rows."""
        return tuple(cell for row in self.rows for cell in row)

    def __str__(self) -> str:
        return " | ".join("; ".join(map(str, row)) for row in self.rows)


def parse(text: str) -> Sources:
    """Read a ``from`` cell.

    Raises
    ------
    ValueError
        If it is not of the form above, or its rows differ in length.
    """
    parts = text.split("||")
    if len(parts) > 2:
        raise ValueError("more than one '||'")
    rows, no_data = ([_row(row) for row in part.split("|")] for part in (parts[0], parts[1] if len(parts) == 2 else ""))
    no_data = no_data if len(parts) == 2 else []
    if len({len(row) for row in [*rows, *no_data]}) > 1:
        raise ValueError(f"table rows of different lengths: {text!r}")
    return Sources(tuple(rows), tuple(no_data))


def _row(text: str) -> tuple[Expression, ...]:
    return tuple(_expression(cell) for cell in text.split(";")) if text.strip() else ()


def _expression(text: str) -> Expression:
    terms: list[tuple[int, str]] = []
    signs, sign, expects_id, position = [1], 1, True, 0
    text = text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match:
            raise ValueError(f"neither an id nor one of + - ( ) at {text[position:]!r}")
        position = match.end()
        if match["id"]:
            if not expects_id:
                raise ValueError(f"no sign before {match['id']!r}")
            terms.append((signs[-1] * sign, match["id"]))
            expects_id = False
        elif match["sign"] == "(":
            signs.append(signs[-1] * sign)
            sign = 1
        elif match["sign"] == ")":
            if len(signs) == 1 or expects_id:
                raise ValueError(f"a bracket that does not fit in {text!r}")
            signs.pop()
        else:
            sign, expects_id = (1 if match["sign"] == "+" else -1), True
    if expects_id or len(signs) != 1:
        raise ValueError(f"an unfinished sum: {text!r}")
    return Expression(tuple(terms))
