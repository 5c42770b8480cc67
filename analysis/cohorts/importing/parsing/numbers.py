"""Numbers as people write them: a decimal point or comma, with or without marks between thousands."""

from __future__ import annotations

import datetime
import math
import re
from functools import lru_cache
from typing import Any

PLAIN = "a number"
"""What is said of a cell that resembles no number at all."""

MARKS = (".", ",")
NAMES = {".": "point", ",": "comma"}
BETWEEN = "'’\u2009\u202f\u00a0 "
"""Signs that stand between thousands and never before decimals: apostrophes, thin, narrow, no-break and plain spaces."""


MINUS = "\u2212"
"""The sign that typesetters and some programs write before a negative number."""


def _shape(mark: str, other: str) -> re.Pattern[str]:
    grouped = rf"[1-9]\d{{0,2}}([{re.escape(other + BETWEEN)}])\d{{3}}(?:\1\d{{3}})*(?:{re.escape(mark)}\d*)?"
    plain = rf"(?:\d+(?:{re.escape(mark)}\d*)?|{re.escape(mark)}\d+)(?:[eE][+-]?\d{{1,3}})?"
    return re.compile(rf"[+-]?(?:{grouped}|{plain})", re.ASCII)


_SHAPES = {".": _shape(".", ","), ",": _shape(",", ".")}
_GROUPS_ALONE = re.compile(rf"[+{MINUS}-]?[1-9]\d{{0,2}}([.,{re.escape(BETWEEN)}])\d{{3}}(?:\1\d{{3}})*", re.ASCII)


class NotANumber(ValueError):
    """A cell that is no number; the message says what would have been one."""


@lru_cache(maxsize=65536)
def readings(text: str) -> dict[str, float]:
    """What a text is under each decimal mark; a mark under which it is no number is left out.

    ``1.080`` is 1.08 under the point and 1080 under the comma; ``1,5`` is a number under the comma alone.
    """
    found, text = {}, text.replace(MINUS, "-")
    for mark, other in zip(MARKS, reversed(MARKS), strict=True):
        if _SHAPES[mark].fullmatch(text):
            value = float("".join(sign for sign in text if sign not in other + BETWEEN).replace(mark, "."))
            if math.isfinite(value):
                found[mark] = value
    return found


def ambiguous(text: str) -> bool:
    """Whether a mark stands before exactly three digits, so that it may divide thousands or begin decimals."""
    return bool(_GROUPS_ALONE.fullmatch(text))


def prove_mark(text: str) -> str:
    """Decimal mark that a text proves; empty if none.

    A proof is a number that can be read in one way only: ``0.250``, ``1,5``, ``1.080,5``.
    Groups of three digits alone prove nothing.
    """
    found = readings(text)
    return next(iter(found)) if len(found) == 1 and not ambiguous(text) else ""


def number(value: Any, mark: str) -> float:
    """A cell as a number.

    Parameters
    ----------
    value : cell
    mark : {".", ","}
        Decimal mark; the other one, an apostrophe or a space may stand between thousands.

    Raises
    ------
    NotANumber
    """
    if isinstance(value, bool):
        raise NotANumber("a number, not a truth value")
    if isinstance(value, (int, float)):
        if not math.isfinite(value) or abs(value) > 1e300:
            raise NotANumber("a finite number")
        return float(value)
    if isinstance(value, datetime.date):
        raise NotANumber("a number, not a date")
    found = readings(value)
    if not found:
        raise NotANumber(PLAIN)
    if mark not in found:
        raise NotANumber(f"a number with a decimal {NAMES[mark]}")
    return found[mark] + 0.0  # no negative zero
