"""Files of digitisers as blocks of numbers: any delimiter, decimal mark and header, rows numbered as a person finds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.cohorts.importing.options import HEADERLESS, FileOptions
from analysis.cohorts.importing.parsing import numbers
from analysis.cohorts.importing.raw import Unreadable
from analysis.cohorts.importing.readers.delimited import BLANKS, DELIMITERS
from analysis.cohorts.importing.readers.encodings import decode
from analysis.cohorts.importing.readers.files import EXCEL, TEXT, kind_of, read_file
from analysis.cohorts.importing.readers.likely import REMARK
from analysis.errors import Fault, InputError
from analysis.paths import shorten_path

#: First words of the header of a column of times.
TIMES = ("x", "t", "tk", "trisk", "time", "times", "month", "months", "year", "years", "week", "weeks", "day", "days", "follow-up")
#: Stands for "to the end": rows at the end of a file are read, too.
_LAST = 10**9


class Percent(float):
    """A number written with a per cent sign."""


Cell = float | str | None


@dataclass(frozen=True)
class Block:
    """Rows of numbers one below the other, and what stands above them.

    Attributes
    ----------
    headers : tuple of tuple of str
        Rows of words, the last nearest to the numbers.
    rows : tuple of (int, tuple of cells)
        Number of the row in the file; numbers, texts that are none, and None where a cell is empty.
    """

    headers: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]

    @property
    def width(self) -> int:
        return max(len(cells) for _, cells in self.rows)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns from the last header; empty where there is none."""
        written = self.headers[-1] if self.headers else ()
        return (*written, *[""] * (self.width - len(written)))[: self.width]


def read_blocks(path: Path) -> list[Block]:
    """Blocks of numbers of a text or Excel file.

    Parameters
    ----------
    path : Path

    Raises
    ------
    InputError
        No such file, no text or workbook, or no row of numbers in it.
    """
    file = shorten_path(path)
    if not path.is_file():
        raise InputError(Fault(file, "file", "a digitised curve or a table of numbers at risk (CSV, text or Excel)", "no such file"))
    try:
        kind, _ = kind_of(path)
        if kind not in (TEXT, EXCEL):
            raise Unreadable("text (CSV, tabs, blanks) or Excel", f"a file of {kind}")
        sign = _delimiter(decode(path.read_bytes())[0]) if kind == TEXT else ""
        raw = read_file(path, FileOptions(header=HEADERLESS, delimiter=sign, last=_LAST))
    except Unreadable as error:
        raise InputError(Fault(file, "file", error.problem.expected, error.problem.found)) from None
    records = [(int(number), row) for number, row in zip(raw.rows, zip(*raw.columns.values()))]
    records = [(number, row) for number, row in records if not str(row[0] or "").startswith(REMARK)]
    mark = _mark(file, records, sign)
    blocks = _blocks(file, [(number, tuple(_cell(value, mark) for value in row)) for number, row in records])
    if not blocks:
        raise InputError(Fault(file, "file", "rows of numbers, such as times and survival", "none"))
    return blocks


def _delimiter(text: str) -> str:
    """The sign that divides most rows into two numbers or more; commas that divide nothing else may be decimal marks."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(REMARK)]

    def divided(sign: str) -> int:
        cells = ([cell.strip(' "') for cell in (line.split() if sign == BLANKS else line.split(sign))] for line in lines)
        return sum(sum(map(_numeric, row)) >= 2 and all(not cell or _numeric(cell) for cell in row) for row in cells)

    signs = [";", "\t", ",", BLANKS, *(sign for sign in DELIMITERS if sign not in ";\t,")]
    best = max(signs, key=divided)
    if divided(best):
        return best
    return next((sign for sign in signs if any(sign in line.strip() for line in lines)), ",")


def _numeric(text: str) -> bool:
    return bool(numbers.readings(text.rstrip("%").strip()))


def _mark(file: str, records: Sequence[tuple[int, Sequence]], sign: str) -> str:
    """The decimal mark that cells prove; where none does, a comma if it divides nothing and no point is there."""
    texts = {text.rstrip("%").strip(): number for number, row in records for text in row if isinstance(text, str)}
    proved: dict[str, int] = {}
    for text, number in texts.items():
        if mark := numbers.prove_mark(text):
            proved.setdefault(mark, number)
    if len(proved) == 2:
        raise InputError(Fault(file, f"row {proved[',']}", f"decimal points, as in row {proved['.']}", "a decimal comma"))
    used = {mark for text in texts if _numeric(text) for mark in ".," if mark in text}
    return next(iter(proved), "," if used == {","} and sign != "," else ".")


def _cell(value, mark: str) -> Cell:
    if value is None:
        return None
    signed = isinstance(value, str) and value.rstrip().endswith("%")
    try:
        number = numbers.number(value.rstrip().rstrip("%").strip() if signed else value, mark)
    except numbers.NotANumber:
        return str(value)
    return Percent(number) if signed else number


def _blocks(file: str, rows: Iterable[tuple[int, tuple[Cell, ...]]]) -> list[Block]:
    """Words begin a block where no numbers came before, or where they name a column of times."""
    found: list[tuple[list, list]] = [([], [])]
    for number, cells in rows:
        filled = [cell for cell in cells if cell is not None]
        words = [cell for cell in filled if isinstance(cell, str)]
        if words and len(words) == len(filled):
            if found[-1][1] and not is_time(words[0]):
                raise InputError(Fault(file, f"row {number}", "numbers", f"{words[0]!r}"))
            if found[-1][1]:
                found.append(([], []))
            found[-1][0].append(tuple(str(cell or "") for cell in cells))
        elif filled:
            found[-1][1].append((number, cells))
    return [Block(tuple(headers), tuple(body)) for headers, body in found if body]


def is_time(word: str) -> bool:
    """Whether the header of a column says that it holds times."""
    first = word.strip().lower().replace("_", " ").replace("(", " ").split()
    return bool(first) and first[0] in TIMES
