"""Reading a paper's text, which is used and never kept."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from analysis.cohorts.importing.raw import Unreadable
from analysis.cohorts.importing.readers.encodings import decode
from analysis.errors import Fault, InputError
from analysis.ledger.transcription.numbers import Number, find_numbers
from analysis.paths import parse_path, shorten_path

LARGEST = 5 * 1024**2
"""Bytes beyond which nothing is read: no paper is that long."""


def read_numbers(file: str | Path, levels: Collection[str] = ()) -> tuple[Number, ...]:
    """Numbers of a paper's text.

    Parameters
    ----------
    file : str or Path
        Plain text: copied from the page, or extracted from its PDF.
    levels : collection of str
        Levels of the study's categories, as they label rows of tables.

    Raises
    ------
    InputError
        If there is no such file, it is no text, or no number stands in it.
    """
    name, numbers = shorten_path(parse_path(file, "paper")), find_numbers(read_text(file), levels)
    if not numbers:
        raise InputError(
            Fault(
                name, "file", "a paper's text, with numbers; a PDF of scanned pages has to go through text recognition first", "no number"
            )
        )
    return numbers


def read_text(file: str | Path) -> str:
    """A text, whatever its encoding and ends of lines.

    Raises
    ------
    InputError
        If there is no such file, or it is no text.
    """
    path = parse_path(file, "file")
    name = shorten_path(path)
    try:
        if not path.is_file():
            raise InputError(Fault(name, "file", "a text file", "a folder" if path.is_dir() else "no such file"))
        if path.stat().st_size > LARGEST:
            raise InputError(Fault(name, "file", f"a text of at most {LARGEST // 1024**2} MB", "a larger file"))
        content = path.read_bytes()
    except OSError:
        raise InputError(Fault(name, "file", "a text file", "a file that cannot be opened")) from None
    if content.startswith((b"%PDF", b"PK\3\4", b"\xd0\xcf\x11\xe0")):
        kind, remedy = (
            ("a PDF", "pdftotext -layout") if content[:4] == b"%PDF" else ("a document or workbook", "'save as' plain text or CSV")
        )
        raise InputError(Fault(name, "file", f"plain text, as {remedy} makes it", kind))
    try:
        text, _ = decode(content)
    except Unreadable as error:
        raise InputError(Fault(name, "file", error.problem.expected, error.problem.found)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
