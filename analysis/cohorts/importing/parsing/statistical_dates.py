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
_STATA_PERIODS = re.compile(r"%-?t([wmqhy]).*")
_A_YEAR = {"w": 52, "m": 12, "q": 4, "h": 2, "y": 1}
_SPSS_MONTH = re.compile(r"(MOYR|QYR|WKYR)[\d.]*")
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
        A number that is no date of the calendar stays a number; a week, month, quarter or year, which is no day
        either, becomes a text that no reader of dates takes, such as ``2015m3``.
    impossible : list of int
        Positions of those.
    """
    if periods := _STATA_PERIODS.fullmatch(written) or _SPSS_MONTH.fullmatch(written):
        return [_period(value, periods[1]) for value in values], []
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


def _period(value: Any, kind: str) -> Any:
    """A week, month, quarter, half or whole year as Stata writes it."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        return value
    if kind in _A_YEAR:
        year, part = divmod(math.floor(value), _A_YEAR[kind])
        return f"{year + (0 if kind == 'y' else 1960)}{kind}" + (str(part + 1) if kind != "y" else "")
    try:
        day = _SPSS_ORIGIN + datetime.timedelta(seconds=value)
    except OverflowError:
        return value
    return f"{day.year}{'q' if kind == 'QYR' else 'm' if kind == 'MOYR' else 'w'}" + str(
        {"QYR": (day.month + 2) // 3, "MOYR": day.month, "WKYR": (day.timetuple().tm_yday + 6) // 7}[kind]
    )


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
