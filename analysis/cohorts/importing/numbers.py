"""Numbers as people write them: with a decimal point or a decimal comma."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable
from typing import Any

PLAIN = "a number"
"""What is said of a cell that resembles no number at all."""

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_THOUSANDS_LIKE = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)


class NotANumber(ValueError):
    """A cell that is no number; the message says what would have been one."""


def decimal_mark(texts: Iterable[str]) -> str:
    """Decimal mark of a column, where its cells tell it.

    Returns
    -------
    str
        ``,`` or ``.``; ``?`` where every comma might as well divide thousands (``1,234``);
        ``both`` where some cells have a comma and others a point.
    """
    commas = [text for text in texts if "," in text and _NUMBER.fullmatch(text)]
    points = any("." in text and _NUMBER.fullmatch(text) for text in texts)
    if commas and points:
        return "both"
    if not commas:
        return "."
    return "?" if all(_THOUSANDS_LIKE.fullmatch(text) for text in commas) else ","


def number(value: Any, mark: str) -> float:
    """A cell as a number.

    Parameters
    ----------
    value : cell
    mark : {".", ","}
        Decimal mark; a number with the other one, or with thousands apart, is refused.

    Raises
    ------
    NotANumber
    """
    if isinstance(value, bool):
        raise NotANumber("a number, not a truth value")
    if isinstance(value, (int, float)):
        if not math.isfinite(value):
            raise NotANumber("a finite number")
        return float(value)
    if isinstance(value, datetime.date):
        raise NotANumber("a number, not a date")
    if not _NUMBER.fullmatch(value):
        raise NotANumber(PLAIN)
    other = "," if mark == "." else "."
    if other in value:
        raise NotANumber(f"a number with a decimal {'point' if mark == '.' else 'comma'} and no mark between thousands")
    return float(value.replace(",", "."))
