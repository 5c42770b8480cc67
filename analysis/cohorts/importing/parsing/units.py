"""Units of time: one month is a twelfth of 365.25 days."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

DAYS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}

PERCENT = ("%", "percent", "per cent")
"""Units of a variable in hundredths."""

FRACTION = "fraction"
SHARES = ("percent", FRACTION)
"""Units in which a file may hold such a variable."""

_FEWEST_SHARES = 3

_WORDS = {
    "days": r"days?|tagen?|jours?|d[ií]as?|giorn[io]|dage|dagar|dager|dagen|dni|dn[ůíy]|päivää|päivät|vrk|gün|napok",
    "weeks": r"weeks?|wks?|wochen?|semaines?|semanas?|settiman[ae]|uger|veckor|uker|weken|viikkoa|viikot|vko|tygodni(?:e|a|ach)?|týdn[ůyí]|hafta",
    "months": r"months?|mths?|mos?|monaten?|mois|mes[ei]|meses|måneder|månader|maanden|mnd|kuukautta|kuukaudet|miesiąc[ea]?|miesięcy|miesiącach|měsíc[eů]?|hónap",
    "years": r"years?|yrs?|jahren?|ans|ann[ée]es?|ann[io]|años|anos|jaren?|år|vuotta|vuodet|lata|latach|rok[uy]|yıl|év",
}  # fmt: skip
_ENDINGS = {
    "days": r"\w{2,}(?:days|(?<!s)tage|jours|dagar|dager|dagen)|(?:os|efs|dfs|rfs|pfs|ttp|fu|\w+tids)(?:tage|dage)",
    "weeks": r"\w{2,}(?:weeks|wochen|semaines|veckor|uker|weken)",
    "months": r"\w{2,}(?:months|monate|mois|måneder|månader|maanden)", "years": r"\w{2,}(?:years|jahre|années|jaren)",
}  # fmt: skip
_LETTERS = {"days": "dtj", "weeks": "w", "months": "m", "years": "ya"}
_LETTER = re.compile(r"[(\[]\s*([a-z])\.?\s*[)\]]\s*$|[_.](?:in[_.])?([dwmy])$|\sin\s([dwmy])$|^[#0?., ]*[#0?]\s?([dwmy])(?:;|$)")
"""A letter in brackets at the end, or d, w, m or y after an underscore, a point, the word *in* or the noughts of Excel's formats."""
_PARTS = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])")


def find_units(text: str) -> set[str]:
    """Units of time that a name or a label speaks of: ``OS_days``, ``Überleben (Tage)``, ``timeYears``, ``survdays``, ``OS_d``, ``Zeit (J)``.

    A letter may be that of two languages: ``(j)`` is a day in French and a year in German.
    """
    words = [word.lower() for word in _PARTS.findall(_HUMP.sub(" ", text))]
    found = {unit for unit, spelled in _WORDS.items() if any(re.fullmatch(spelled, word) for word in words)}
    found = found or {unit for unit, spelled in _ENDINGS.items() if words and re.fullmatch(spelled, words[-1])}
    letter = None if found else _LETTER.search(text.strip().lower())
    if letter:
        sign = next(filter(None, letter.groups()))
        found = {unit for unit, letters in _LETTERS.items() if sign in letters} | ({"years"} if sign == "j" else set())
    return found


def may_be_shares(values: Sequence[float], signed: bool) -> bool:
    """Whether numbers of a column in per cent may be shares of 1: none is above that, and some are between.

    Parameters
    ----------
    values : sequence of float
    signed : bool
        Whether others of the column have a per cent sign; one number then suffices, else three are needed.
    """
    return (
        len(values) >= (1 if signed else _FEWEST_SHARES)
        and min(values) >= 0
        and max(values) <= 1
        and any(0 < value < 1 for value in values)
    )


def speaks_of_percent(text: str) -> bool:
    """Whether a name or a label says that its numbers are per cent: ``Blasts, %``, ``blast_pct``."""
    return "%" in text or any(
        word.lower() in ("percent", "prozent", "pct", "procent", "porcentaje", "pourcentage") for word in _PARTS.findall(text)
    )


def convert_unit(value: float, unit: str, target: str) -> float:
    """A length of time in another unit.

    Parameters
    ----------
    value : float
        In `unit`.
    unit, target : {"days", "weeks", "months", "years"}
    """
    return value if unit == target else value * DAYS[unit] / DAYS[target]


def whole(value: float, unit: str, target: str) -> float:
    """A converted length as a whole number of the target unit.

    To a longer unit the completed ones count, as ages do (23 months are 1 year); to a
    shorter one the nearest (8.33 years are 100 months).

    Parameters
    ----------
    value : float
        Already in `target`.
    """
    if DAYS[target] > DAYS[unit]:
        return float(math.floor(value + 1e-9))
    return float(math.floor(value + 0.5)) if target != unit else value
