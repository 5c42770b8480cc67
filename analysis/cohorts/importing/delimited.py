"""Text files with a delimiter: encoding and delimiter told by the mapping, or found out and said."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from itertools import islice
from pathlib import Path

from analysis.cohorts.importing.problems import Problem, printable
from analysis.cohorts.importing.raw import RawTable, Unreadable, table_of

REMARK = "#"
DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar", "^": "caret", "~": "tilde"}
NAMED = {"tab": "\t", "space": " ", **{name: sign for sign, name in DELIMITERS.items()}}

_MARKS = ((codecs.BOM_UTF8, "utf-8", "UTF-8"), (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"), (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"))
_SAMPLE = 200


def read_delimited(path: Path, encoding: str = "", delimiter: str = "") -> RawTable:
    """Read a CSV file in the wider sense.

    Records before the header that begin with ``#`` are remarks; empty records are left out.

    Parameters
    ----------
    path : Path
    encoding : str
        Name of an encoding; empty: UTF-8 or UTF-16 by their byte-order mark, else UTF-8
        if the bytes are that, else Windows-1252.
    delimiter : str
        A sign or its name; empty: the sign that divides most records into as many cells as the header.

    Raises
    ------
    Unreadable
        Bytes that are no text, an unknown encoding, an empty file.
    """
    text, said = decoded(path.read_bytes(), encoding)
    if not text.strip("".join(DELIMITERS) + "\" \r\n\f\v"):
        raise Unreadable("a header and at least one row", "an empty file")
    sign = NAMED.get(delimiter, delimiter) or found_delimiter(text)
    if len(sign) != 1 or sign in "\"\r\n":
        raise Unreadable(f"one sign as delimiter, or one of {', '.join(NAMED)}", f"'{printable(sign)}'")
    told = "told by the mapping" if delimiter else "found out"
    records, problems = _records(text, sign)
    while records and records[0][1][0].lstrip().startswith(REMARK):
        records.pop(0)
    if not records:
        raise Unreadable("a header and at least one row", "an empty file")
    (_, header), body = records[0], records[1:]
    kept = []
    for number, record in body:
        surplus = record[len(header):]
        if len(record) < len(header) or any(value.strip() for value in surplus):
            problems.append(Problem(f"{len(header)} cells, as in the header", f"{len(record)} cells", rows=(number,)))
        else:
            kept.append((number, record))
    table = table_of(header, kept, "a text file", "line")
    table.detected = [said, f"delimiter {DELIMITERS.get(sign, 'space' if sign == ' ' else printable(sign))} ({told})"]
    table.problems = problems + table.problems
    return table


def decoded(content: bytes, encoding: str = "") -> tuple[str, str]:
    """Text of some bytes, and a sentence on its encoding that says how sure it is."""
    if encoding:
        try:
            return content.decode(encoding).removeprefix("\ufeff"), f"encoding {printable(encoding)} (told by the mapping)"
        except LookupError:
            raise Unreadable("a known encoding, e.g. utf-8 or windows-1252", f"'{printable(encoding)}'") from None
        except UnicodeDecodeError as error:
            raise Unreadable(f"text in {printable(encoding)}", f"other bytes in line {_line(content, error.start)}") from None
    for mark, name, shown in _MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark):].decode(name), f"encoding {shown} (by its byte-order mark)"
            except UnicodeDecodeError as error:
                raise Unreadable(f"text in {shown}, as the byte-order mark says", f"other bytes in line {_line(content, error.start + len(mark))}") from None
    if b"\0" in content:
        raise Unreadable("a text file", "bytes that no text has")
    try:
        text = content.decode("utf-8")
        return text, "encoding UTF-8" if not text.isascii() else "plain ASCII, the same in every encoding"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("windows-1252"), "encoding Windows-1252 (assumed, since the bytes are not UTF-8; look at the umlauts, or name the encoding in the mapping)"
    except UnicodeDecodeError as error:
        raise Unreadable("text in UTF-8 or Windows-1252 (or an encoding named in the mapping)", f"other bytes in line {_line(content, error.start)}") from None


def found_delimiter(text: str) -> str:
    """The sign that divides most records into as many cells as the header has; a comma if there is none."""
    best, sign = (0.0, 0), ","
    for candidate in DELIMITERS:
        records = [record for _, record in islice(_read(text, candidate), _SAMPLE)]
        while records and records[0][0].lstrip().startswith(REMARK):
            records.pop(0)
        if not records or len(records[0]) < 2:
            continue
        widths = Counter(len(record) for record in records)
        score = (round(widths[len(records[0])] / len(records), 3), len(records[0]))
        if score > best:
            best, sign = score, candidate
    return sign


def _records(text: str, sign: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    problems: list[Problem] = []
    return list(_read(text, sign, problems)), problems


def _read(text: str, sign: str, problems: list[Problem] | None = None):
    """Non-empty records with the line that each begins on; a broken quotation ends the reading."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:  # its own message may quote the cell's neighbours
            if problems is not None:
                problems.append(Problem("cells in matching quotation marks", "a quotation mark out of place; nothing after it was read", rows=(line,)))
            return
        if any(value.strip() for value in record):
            yield line, record


def _line(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1
