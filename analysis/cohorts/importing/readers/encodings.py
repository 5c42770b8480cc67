"""How the bytes of a text are encoded: told by the mapping, or found out and said."""

from __future__ import annotations

import codecs

from analysis.cohorts.importing.problems import make_printable
from analysis.cohorts.importing.raw import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_NO_TEXT = frozenset(("undefined", "punycode", "idna", "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape"))
"""Encodings of Python that no file is written in: they stand for identifiers and host names, or for nothing."""


_MOSTLY = 0.6
_END_OF_FILE = b"\x1a"


def check_encoding(encoding: str) -> str:
    """An encoding that a mapping names.

    Raises
    ------
    Unreadable
        It is unknown, or none of texts.
    """
    try:
        found = codecs.lookup(encoding)
        known = found.name not in _NO_TEXT and found._is_text_encoding
    except (LookupError, ValueError, UnicodeError):  # a null character is a ValueError
        known = False
    if not known:
        raise Unreadable("a known encoding, e.g. utf-8 or windows-1252", f"'{make_printable(encoding)}'")
    return encoding


def decode(content: bytes, encoding: str = "") -> tuple[str, str]:
    """Text of some bytes, and a sentence on its encoding that says how sure it is; the sign by which DOS ends a file is none of it."""
    content = content.rstrip(_END_OF_FILE) if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else content
    if encoding:
        check_encoding(encoding)
        try:
            return content.decode(encoding).removeprefix("\ufeff"), f"encoding {make_printable(encoding)} (given in the mapping)"
        except UnicodeDecodeError as error:
            raise Unreadable(f"text in {make_printable(encoding)}", f"other bytes in line {_line(content, error.start)}") from None
        except (UnicodeError, ValueError):
            raise Unreadable(f"text in {make_printable(encoding)}", "other bytes") from None
    for mark, name, shown in _MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(name), f"encoding {shown} (by its byte-order mark)"
            except UnicodeDecodeError as error:
                raise Unreadable(
                    f"text in {shown}, as the byte-order mark says", f"other bytes in line {_line(content, error.start + len(mark))}"
                ) from None
    if b"\0" in content:
        wide = next(
            (name for name, half in (("utf-16-le", content[1::2]), ("utf-16-be", content[::2])) if half.count(0) > len(half) * _MOSTLY), ""
        )
        raise Unreadable(
            "a text file",
            "bytes that no text has" + (f" (UTF-16 without its mark? 'file: {{encoding: {wide}}}' in the mapping)" if wide else ""),
        )
    try:
        text = content.decode("utf-8")
        return text, "encoding UTF-8" if not text.isascii() else "plain ASCII, the same in every encoding"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode(
            "windows-1252"
        ), "encoding Windows-1252 (assumed, since the bytes are not UTF-8; look at the umlauts, or name the encoding in the mapping)"
    except UnicodeDecodeError as error:
        raise Unreadable(
            "text in UTF-8 or Windows-1252 (or an encoding named in the mapping)", f"other bytes in line {_line(content, error.start)}"
        ) from None


def _line(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1
