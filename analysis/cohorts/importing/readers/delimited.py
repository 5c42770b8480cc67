"""Text files with a delimiter: encoding and delimiter told by the mapping, or found out and said."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from analysis.cohorts.importing.options import FileOptions
from analysis.cohorts.importing.problems import Problem, make_printable
from analysis.cohorts.importing.raw import RawTable, Unreadable
from analysis.cohorts.importing.readers.encodings import decode
from analysis.cohorts.importing.readers.layout import lay_out_table
from analysis.cohorts.importing.readers.likely import REMARK

DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar", "^": "caret", "~": "tilde"}
BLANKS = " "
NAMED = {"tab": "\t", "space": BLANKS, "blanks": BLANKS, **{name: sign for sign, name in DELIMITERS.items()}}

_SAMPLE = 200
_LARGEST = 128 * 1024**2
"""Bytes beyond which a text is taken for something else than a cohort."""

_FEWEST_SWALLOWED = 4
"""Cells of a line from which it is told from a text of several lines."""
_SEP = re.compile(r"\s*\"?sep=(.)\"?[\s;,]*", re.IGNORECASE)
_WEB = re.compile(r"\s*<(?:!doctype\s+html|html|table|meta|\?xml)\b", re.IGNORECASE)
_PIECE = re.compile(r'"((?:[^"]|"")*)"(?!\S)|(\S+)')


def read_delimited(path: Path, options: FileOptions, known: Collection[str] = ()) -> RawTable:
    """Read a CSV file in the wider sense.

    Records before the header that begin with ``#`` are remarks; empty records are left out, and so
    is the line ``sep=;`` that Excel writes.

    Parameters
    ----------
    path : Path
    options : FileOptions
        Encoding: empty is UTF-8 or UTF-16 by their byte-order mark, else UTF-8 if the bytes are that,
        else Windows-1252.  Delimiter: a sign or its name; empty is the sign that divides most
        records into as many cells as the header.  Where the table stands: see `layout`.
    known : collection of str
        Names by which a header is recognised.

    Raises
    ------
    Unreadable
        Bytes that are no text, an unknown encoding, an empty file.
    """
    if path.stat().st_size > _LARGEST:
        raise Unreadable(f"a text file of at most {_LARGEST // 1024**2} MB", "a larger one")
    text, said = decode(path.read_bytes(), options.encoding)
    if _WEB.match(text):
        raise Unreadable("a text file with a delimiter", "a web page (some programs call it an export): save it as .xlsx or .csv")
    text, named = _without_sep(text)
    if not text.strip("".join(DELIMITERS) + '" \r\n\f\v'):
        raise Unreadable("a header and at least one row", "an empty file")
    sign = NAMED.get(options.delimiter, options.delimiter) or named or find_delimiter(text)
    if len(sign) != 1 or sign in '"\r\n':
        raise Unreadable(f"one sign as delimiter, or one of {', '.join(NAMED)}", f"'{make_printable(sign)}'")
    how = "given in the mapping" if options.delimiter else "given by the line sep=" if named else "detected"
    problems: list[Problem] = []
    records = list(_read(text, sign, problems))
    if not records:
        raise Unreadable("cells in matching quotation marks", "a quotation mark out of place in the first line")
    table = lay_out_table(
        records, "a text file", "line", options, known, exact=True, row_names=_may_name_rows(text, sign), ending=_may_end(text, sign)
    )
    called = DELIMITERS.get(sign, "blanks" if sign == BLANKS else make_printable(sign))
    table.detected = [said, f"delimiter {called} ({how})", *table.detected]
    table.problems = problems + table.problems
    return table


def _may_name_rows(text: str, sign: str) -> bool:
    """Whether a cell more than the header in every line can be nothing but a name of the row.

    Between commas it may come from a decimal comma, between blanks from a text of two words that nobody quoted.
    """
    quoted = all(line.lstrip().startswith('"') for line in text.splitlines() if line.strip() and not line.startswith(REMARK))
    return sign not in (",", BLANKS) or (sign == BLANKS and quoted)


def _may_end(text: str, sign: str) -> bool:
    """Whether lines may end in a delimiter: between blanks none does, and an empty cell in quotation marks is a cell."""
    return sign != BLANKS and not any(line.rstrip("\r\n ").endswith(f'{sign}""') for line in text.splitlines())


def _without_sep(text: str) -> tuple[str, str]:
    """A text without the line by which Excel is told the delimiter, and the delimiter; the lines keep their numbers."""
    first, end, rest = text.partition("\n")
    match = _SEP.fullmatch(first)
    return ("\n" + rest, match[1]) if match and end else (text, "")


def find_delimiter(text: str) -> str:
    """The sign that divides most records into as many cells as the widest usual one; blanks if no sign does, a comma if nothing does."""
    best, sign = (0.0, 0), ","
    for candidate in (*DELIMITERS, BLANKS):
        records = [record for _, record in islice(_read(text, candidate), _SAMPLE)]
        while len(records) > 1 and records[0][0].lstrip().startswith(REMARK):
            records.pop(0)
        widths = Counter(len(record) for record in records)
        usual, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if usual < 2 or (candidate == BLANKS and best[1]):
            continue
        score = (round(count / len(records), 2), usual)
        if score > best:
            best, sign = score, candidate
    return sign


def _read(text: str, sign: str, problems: list[Problem] | None = None) -> Iterator[tuple[int, list[str]]]:
    """Non-empty records with the line that each begins on; a broken quotation ends the reading."""
    if sign == BLANKS:
        yield from ((number, pieces) for number, line in enumerate(text.splitlines(), 1) if (pieces := _pieces(line)))
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:  # its own message may quote the cell's neighbours
            if problems is not None:
                problems.append(
                    Problem("cells in matching quotation marks", "a quotation mark out of place; nothing after it was read", rows=(line,))
                )
            return
        if problems is not None and _swallows(record, sign):
            found = f"whole lines within one cell, up to line {reader.line_num}: a quotation mark left open?"
            problems.append(Problem("cells in matching quotation marks", found, rows=(line,)))
        if any(value.strip() for value in record):
            yield line, record


def _swallows(record: list[str], sign: str) -> bool:
    """Whether a cell of several lines holds one with as many cells as the record, and not as prose has its commas."""
    return len(record) >= _FEWEST_SWALLOWED and any(
        part.count(sign) == len(record) - 1 and 2 * part.count(sign + " ") < len(record)
        for value in record
        if "\n" in value or "\r" in value
        for part in value.splitlines()
    )


def _pieces(line: str) -> list[str]:
    """Cells of a line that runs of blanks divide, quoted ones whole."""
    return [quoted.replace('""', '"') if plain == "" else plain for quoted, plain in _PIECE.findall(line)]
