"""Dates as people write them, and the time between two of them."""

from __future__ import annotations

import calendar
import datetime
import math
import re
from collections.abc import Iterable
from typing import Any

ORDERS = {"year month day": "ymd", "day month year": "dmy", "month day year": "mdy"}
EARLIEST = datetime.date(1850, 1, 1)
LATEST = datetime.date(2149, 12, 31)

_TIME = r"(?:[T :]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?"
_TEXT = re.compile(rf"(\d{{1,4}})([-./])\s?(\d{{1,2}})\2\s?(\d{{1,4}}){_TIME}", re.ASCII)
_NAMED = re.compile(rf"(\d{{1,2}})[-. /]{{0,2}}([^\W\d_]{{3,10}})\.?[-., /]{{0,2}}(\d{{2}}|\d{{4}}){_TIME}")
_MONTH_FIRST = re.compile(rf"([^\W\d_]{{3,10}})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{2}}|\d{{4}}){_TIME}")
_COMPACT = re.compile(rf"((?:18|19|20|21)\d\d)(\d\d)(\d\d){_TIME}", re.ASCII)
_MONTHS = tuple(
    tuple(names.split())
    for names in (
        "january januar jänner janvier enero gennaio januari janeiro", "february februar feber février fevrier febrero febbraio februari fevereiro",
        "march märz maerz mrz mars marzo março maart mrt", "april avril abril aprile", "may mai mayo maggio maio mei maj",
        "june juni juin junio giugno junho", "july juli juillet julio luglio julho", "august août aout agosto augustus augusti",
        "september septembre septiembre settembre setembro", "october oktober octobre octubre ottobre outubro",
        "november novembre noviembre novembro", "december dezember décembre decembre diciembre dicembre dezembro",
    )
)  # fmt: skip
"""Names of months in English, German, French, Spanish, Italian, Dutch, Portuguese and Swedish, each with all its beginnings of three letters or more."""


class NotADate(ValueError):
    """A cell that is no date; the message says what would have been one."""


SERIAL, SERIAL_1904 = "serial", "serial 1904"
ORIGINS = {
    "serial": datetime.date(1899, 12, 30), "serial 1900": datetime.date(1899, 12, 30), "serial 1904": datetime.date(1904, 1, 1),
    "serial 1960": datetime.date(1960, 1, 1), "serial 1970": datetime.date(1970, 1, 1),
}  # fmt: skip
"""Days from which programs count dates: Excel (since 1 March 1900), Excel on old Macs, SAS and Stata, R."""
_SERIAL_TEXT = re.compile(r"\d{4,6}(?:[.,]\d+)?", re.ASCII)
_FEWEST_DAYS = 61
"""Excel's 60 is a day that never was (29 February 1900)."""


def parse_order(text: str) -> str:
    """Order of day, month and year from its description, e.g. ``day.month.year``, or an origin of serial numbers; KeyError if there is none."""
    serial = " ".join(re.findall("[a-z]+|[0-9]+", text.lower()))
    if serial in ORIGINS:
        return serial
    return ORDERS[" ".join(re.findall("[a-z]+", text.lower()))]


def order_of(texts: Iterable[str]) -> str:
    """Order in which the dates of a column with slashes or hyphens are written.

    Returns
    -------
    str
        ``dmy`` or ``mdy`` where a day above 12 tells them apart; ``?`` where nothing does;
        empty where no date needs it.
    """
    parts = [match.groups() for text in texts if (match := _TEXT.fullmatch(text)) and len(match[1]) < 4 and match[2] != "."]
    first = any(int(part[0]) > 12 for part in parts)
    second = any(int(part[2]) > 12 for part in parts)
    if not parts:
        return ""
    return "?" if first == second else ("dmy" if first else "mdy")


def short(text: str) -> bool:
    """Whether a text is a date whose order of day and month must be known, as programs write it that follow a country's habit."""
    match = _TEXT.fullmatch(text)
    return match is not None and len(match[1]) < 3 and match[2] != "."


def pointed(text: str) -> bool:
    """Whether a text is a date with points, the year last."""
    match = _TEXT.fullmatch(text)
    return match is not None and len(match[1]) < 3 and match[2] == "."


def date(value: Any, order: str = "", century: int | None = None) -> datetime.date:
    """A cell as a date; a time of day is left out.

    A year first means year, month, day; points mean day, month, year; else the order decides.

    Parameters
    ----------
    value : cell
    order : {"", "ymd", "dmy", "mdy"} or an origin of `ORIGINS`
    century : int, optional
        First year of the hundred that years of two digits lie in.

    Raises
    ------
    NotADate
    """
    if isinstance(value, datetime.datetime):
        value = value.date()
    if order.startswith(SERIAL) and not isinstance(value, datetime.date):
        value = _from_serial(value, order)
    if not isinstance(value, datetime.date):
        if not isinstance(value, str):
            likely = not isinstance(value, bool) and 1000 <= value < 100_000
            raise NotADate(
                "a date, not a number" + (" (days as Excel counts them: 'file: {dates: serial}' in the mapping)" if likely else "")
            )
        value = _parse(value, "" if order.startswith(SERIAL) else order, century)
    if not EARLIEST <= value <= LATEST:
        raise NotADate(f"a date from {EARLIEST.year} to {LATEST.year} ('missing' in the mapping if it means none)")
    return value


def _from_serial(value: Any, order: str) -> Any:
    """A number of days as a date; any other cell as it is."""
    text = isinstance(value, str)
    if isinstance(value, bool) or (text and not _SERIAL_TEXT.fullmatch(value)):
        return value
    days = math.floor(float(value.replace(",", ".") if text else value)) if text or math.isfinite(value) else 0
    if not (_FEWEST_DAYS if ORIGINS[order].year == 1899 else 0) < days < 200_000:
        raise NotADate(f"days counted from {ORIGINS[order].isoformat()}")
    return ORIGINS[order] + datetime.timedelta(days)


def _parse(text: str, order: str, century: int | None) -> datetime.date:
    match = _TEXT.fullmatch(text)
    if not match:
        parts = _tell_apart(text)
        if parts:
            return _of_parts(*parts, century)
        serial = (
            " (days as Excel counts them: 'file: {dates: serial}' in the mapping)" if re.fullmatch(r"[1-9]\d{4}", text, re.ASCII) else ""
        )
        raise NotADate("a date, e.g. 2019-03-31 or 31.03.2019" + serial)
    first, separator, second, third = match.groups()
    if len(first) >= 3:
        order = "ymd"
    elif not order and separator == ".":
        order = "dmy"
    elif order in ("", "?"):
        raise NotADate(
            "a date whose order of day and month the mapping gives: 'file: {dates: day/month/year}' or 'file: {dates: month/day/year}'"
        )
    part = dict(zip(order, (first, second, third), strict=True))
    return _of_parts(part["y"], part["m"], part["d"], century)


def _tell_apart(text: str) -> tuple[str, str, str] | None:
    """Year, month and day of a text that can be read in one way only: ``12JAN2019``, ``12. Jan. 2019``, ``January 12, 2019``, ``20190112``; None if it is no such."""
    if match := _COMPACT.fullmatch(text):
        return match[1], match[2], match[3]
    if match := _NAMED.fullmatch(text):
        day, name, year = match[1], match[2].lower(), match[3]
    elif match := _MONTH_FIRST.fullmatch(text):
        name, day, year = match[1].lower(), match[2], match[3]
    else:
        return None
    months = [at for at, names in enumerate(_MONTHS, 1) if any(one.startswith(name) for one in names)]
    return (year, str(months[0]), day) if len(months) == 1 else None


def _of_parts(year: str, month: str, day: str, century: int | None) -> datetime.date:
    number = int(year)
    if len(year) == 2 and century is not None:
        number += century - century % 100 + (100 if number < century % 100 else 0)
    elif len(year) != 4:
        raise NotADate("a date with a year of four digits (or, for years from 1930 to 2029, 'file: {century: 1930}' in the mapping)")
    try:
        return datetime.date(number, int(month), int(day))
    except ValueError:
        raise NotADate("a date of the calendar") from None


def count_completed(start: datetime.date, end: datetime.date, unit: str) -> int:
    """Completed days, weeks, months or years of the calendar between two dates.

    The last day of a month completes it where the month is too short for the day of the start.
    """
    days = (end - start).days
    if unit in ("days", "weeks"):
        return days if unit == "days" else days // 7
    months = 12 * (end.year - start.year) + end.month - start.month
    if end.day < min(start.day, calendar.monthrange(end.year, end.month)[1]):
        months -= 1
    return months if unit == "months" else months // 12
