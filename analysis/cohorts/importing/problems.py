"""What is wrong in a cohort file or its mapping, gathered rather than raised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_LONGEST = 60
_MOST_ROWS = 5


@dataclass(frozen=True)
class Problem:
    """One fault, in as many rows as it occurs.

    It holds the offending cell and nothing else of the row that the cell stands in.

    Attributes
    ----------
    expected, found : str
        What may stand there; what does, shortened and printable.
    rows : tuple of int
        Row numbers as the file counts them; empty for a fault of a column or of the file.
    column : str
        The site's name of the column, or the names, joined by commas.
    variable : str
        Declared name.
    source : {"file", "mapping"}
    place : str
        Where else, e.g. the key of a mapping.
    """

    expected: str
    found: str
    rows: tuple[int, ...] = ()
    column: str = ""
    variable: str = ""
    source: str = "file"
    place: str = ""

    @property
    def subject(self) -> str:
        """Column of the file, or key of the mapping, that the fault is in."""
        if self.place:
            return make_printable(self.place, longest=120)
        if not self.column:
            return self.variable or "file"
        same = not self.variable or self.variable == self.column
        return make_printable(self.column) if same else f"{make_printable(self.column)} → {self.variable}"


def gather_problems(cells: Iterable[tuple[int, str, str]], **where: str) -> list[Problem]:
    """Faulty cells as problems, equal ones put together.

    Parameters
    ----------
    cells : iterable of (row, expected, found)
    where
        `column`, `variable` … of all of them.
    """
    rows: dict[tuple[str, str], list[int]] = {}
    for row, expected, found in cells:
        rows.setdefault((expected, found), []).append(int(row))
    return [Problem(expected, found, tuple(numbers), **where) for (expected, found), numbers in rows.items()]


def merge_problems(problems: Sequence[Problem]) -> list[Problem]:
    """Problems that differ in their rows alone, put together; the order of the first of each is kept."""
    together: dict[Problem, list[int]] = {}
    for problem in problems:
        together.setdefault(replace(problem, rows=()), []).extend(problem.rows)
    return [replace(problem, rows=tuple(sorted(set(rows)))) for problem, rows in together.items()]


def row_list(rows: Sequence[int], noun: str, most: int = _MOST_ROWS) -> str:
    """Row numbers in words: ``line 7``, ``lines 2, 5 and 9``, ``lines 2, 3, 4, 5, 6 and 94 more``."""
    shown = [str(row) for row in rows[:most]]
    if len(rows) == 1:
        return f"{noun} {shown[0]}"
    last = f"{len(rows) - most} more" if len(rows) > most else shown.pop()
    return f"{noun}s {', '.join(shown)} and {last}"


def make_printable(text: str, longest: int = _LONGEST) -> str:
    """Text from outside on one line, with nothing in it that a terminal obeys."""
    safe = "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in str(text))
    return safe if len(safe) <= longest else safe[: longest - 1] + "…"


def quote(value: object) -> str:
    """A cell as a report shows it: in quotation marks, printable, shortened."""
    return f"'{make_printable(str(value))}'"
