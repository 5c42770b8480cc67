"""Dates and times of day as SPSS, Stata and SAS store them: numbers, of which a format says what they count."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

SPSS, STATA, SAS = "SPSS", "Stata", "SAS"
_A_YEAR = {"w": 52, "m": 12, "q": 4, "h": 2, "y": 1}
_SPSS_ORIGIN = datetime.datetime(1582, 10, 14)
_ORIGIN = datetime.datetime(1960, 1, 1)
"""Day from which Stata and SAS count."""


class _Format(NamedTuple):
    """Formats of a program that count the same unit, in seconds, from the same day; durations count from none.

    With `period`, a week, month, quarter or year is shown, named by its first letter, and the day within it means nothing.
    """

    written: re.Pattern[str]
    seconds: float
    origin: datetime.datetime | None
    period: str | None = None


def _formats(names: str) -> re.Pattern[str]:
    """Names of formats as SPSS and SAS write them: with a width, and decimal places."""
    return re.compile(rf"({names})[\d.]*")


_DAY = 86400.0
_FORMATS = {
    SPSS: (
        _Format(_formats("MOYR"), 1.0, _SPSS_ORIGIN, "m"),
        _Format(_formats("QYR"), 1.0, _SPSS_ORIGIN, "q"),
        _Format(_formats("WKYR"), 1.0, _SPSS_ORIGIN, "w"),
        _Format(_formats("DATE|ADATE|EDATE|JDATE|SDATE|DATETIME|YMDHMS"), 1.0, _SPSS_ORIGIN),
        _Format(_formats("TIME|DTIME|MTIME"), 1.0, None),
    ),
    STATA: (
        _Format(re.compile(r"%-?(td|d)(?![gf\d]).*"), _DAY, _ORIGIN),
        _Format(re.compile(r"%t[cC]([Hh]{2}(:MM(:SS)?)?)"), 0.001, None),
        _Format(re.compile(r"%t[cC].*"), 0.001, _ORIGIN),
    ),
    SAS: (
        _Format(_formats("MONYY|YYMON|MMYY[CDNPS]?|YYMM[CDNPS]?|MONTH|MONNAME"), _DAY, _ORIGIN, "m"),
        _Format(_formats("YYQ[CDNPSR]*|QTRR?"), _DAY, _ORIGIN, "q"),
        _Format(_formats("WEEK[UVW]"), _DAY, _ORIGIN, "w"),
        _Format(_formats("YEAR"), _DAY, _ORIGIN, "y"),
        _Format(_formats("DTMONYY"), 1.0, _ORIGIN, "m"),
        _Format(_formats("DTYYQC"), 1.0, _ORIGIN, "q"),
        _Format(_formats("DTYEAR"), 1.0, _ORIGIN, "y"),
        _Format(
            _formats(
                "DATE|(DDMMYY|MMDDYY|YYMMDD)[BCDNPS]?|(E8601|B8601|IS8601|[$]N8601)DA|JULIAN|JULDAY|WEEKDAT[EX]|WORDDAT[EX]|"
                "NLDATE|EURDF(DD|DE|DN|DWN|WDX|WKX)"
            ),
            _DAY,
            _ORIGIN,
        ),
        _Format(_formats("DATETIME|DATEAMPM|DTDATE|DTWKDATX|MDYAMPM|NLDATM|(E8601|B8601|IS8601)(DT|DN|DX|DZ)"), 1.0, _ORIGIN),
        _Format(_formats("TIME|TIMEAMPM|TOD|HHMM|HOUR|MMSS|(E8601|B8601|IS8601)TM"), 1.0, None),
    ),
}
_STATA_PERIODS = re.compile(r"%-?t([wmqhy]).*")


def convert_dates(values: Sequence[Any], written: str, program: str) -> tuple[list[Any], list[int]]:
    """Numbers of a column as dates or texts of a duration, where its format says that they are.

    Parameters
    ----------
    values : sequence
    written : str
        The format, e.g. ``DATE11`` or ``%td``.
    program : {"SPSS", "Stata", "SAS"}
        ``DATE11`` counts seconds since 1582 in SPSS, and days since 1960 in SAS.

    Returns
    -------
    values : list
        A number that is no date of the calendar stays a number; a week, month, quarter or year, which is no day
        either, becomes a text that no reader of dates takes, such as ``2015m3``.
    impossible : list of int
        Positions of those.
    """
    if program == STATA and (periods := _STATA_PERIODS.fullmatch(written)):
        return [_count_periods(value, periods[1]) for value in values], []
    form = next((form for form in _FORMATS[program] if form.written.fullmatch(written)), None)
    if form is None:
        return list(values), []
    found, impossible = [], []
    for at, value in enumerate(values):
        if not _is_number(value):
            found.append(value)
            continue
        try:
            found.append(_convert(value, form))
        except (OverflowError, ValueError):
            found.append(value)
            impossible.append(at)
    return found, impossible


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and not math.isnan(value)


def _convert(value: float, form: _Format) -> Any:
    """A date, a text of a duration, or one of a period."""
    passed = datetime.timedelta(seconds=value * form.seconds)
    if form.origin is None:
        return str(passed)
    day = form.origin + passed
    if form.period is None:
        return day
    parts = {"m": day.month, "q": (day.month + 2) // 3, "w": (day.timetuple().tm_yday + 6) // 7}
    return f"{day.year}{form.period}{parts.get(form.period, '')}"


def _count_periods(value: Any, kind: str) -> Any:
    """A week, month, quarter, half or whole year, which Stata counts from 1960, as Stata writes it."""
    if not _is_number(value) or not math.isfinite(value):
        return value
    year, part = divmod(math.floor(value), _A_YEAR[kind])
    return f"{year + (0 if kind == 'y' else 1960)}{kind}" + (str(part + 1) if kind != "y" else "")
