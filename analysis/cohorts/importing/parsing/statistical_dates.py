"""Dates and times of day as SPSS and Stata store them: numbers, of which a format says what they count."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from typing import Any

_SPSS_DATE = re.compile(r"(DATE|ADATE|EDATE|JDATE|SDATE|DATETIME|YMDHMS)[\d.]*")
_SPSS_TIME = re.compile(r"(TIME|DTIME|MTIME)[\d.]*")
_STATA_DAYS = re.compile(r"%-?(td|d)(?![gf\d]).*")
_STATA_TIME = re.compile(r"%t[cC]([Hh]{2}(:MM(:SS)?)?)")
_STATA_MILLISECONDS = re.compile(r"%t[cC].*")
_SPSS_ORIGIN = datetime.datetime(1582, 10, 14)
_STATA_ORIGIN = datetime.datetime(1960, 1, 1)


def convert_dates(values: Sequence[Any], written: str) -> tuple[list[Any], list[int]]:
    """Numbers of a column as dates or texts of a duration, where its format says that they are.

    Parameters
    ----------
    values : sequence
    written : str
        The format, e.g. ``DATE11`` or ``%td``.

    Returns
    -------
    values : list
        A number that is no date of the calendar stays a number.
    impossible : list of int
        Positions of those.
    """
    per_second, origin = _kind(written)
    if not per_second:
        return list(values), []
    found, impossible = [], []
    for at, value in enumerate(values):
        if not isinstance(value, (int, float)) or isinstance(value, bool) or math.isnan(value):
            found.append(value)
            continue
        try:
            passed = datetime.timedelta(seconds=value / per_second)
            found.append(str(passed) if origin is None else origin + passed)
        except (OverflowError, ValueError):
            found.append(value)
            impossible.append(at)
    return found, impossible


def _kind(written: str) -> tuple[float, datetime.datetime | None]:
    """Units a second of a format, 0 if it is none of time, and the day from which they count; None for durations."""
    if _SPSS_DATE.fullmatch(written):
        return 1.0, _SPSS_ORIGIN
    if _SPSS_TIME.fullmatch(written):
        return 1.0, None
    if _STATA_DAYS.fullmatch(written):
        return 1 / 86400, _STATA_ORIGIN
    if _STATA_TIME.fullmatch(written):
        return 1000.0, None
    return (1000.0, _STATA_ORIGIN) if _STATA_MILLISECONDS.fullmatch(written) else (0.0, None)
