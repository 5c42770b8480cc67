"""Units of time: one month is a twelfth of 365.25 days."""

from __future__ import annotations

import math
import re

DAYS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}


_WORDS = {
    "days": r"days?|tagen?|jours?|días?|giorni", "weeks": r"weeks?|wks?|wochen?|semaines?", "months": r"months?|mths?|mos?|monaten?|mois|mesi|meses",
    "years": r"years?|yrs?|jahren?|ans|années?|anni|años",
}  # fmt: skip
_PARTS = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])")


def find_units(text: str) -> set[str]:
    """Units of time that a name or a label speaks of: ``OS_days``, ``Überleben (Tage)``, ``timeYears``."""
    words = [word.lower() for word in _PARTS.findall(_HUMP.sub(" ", text))]
    return {unit for unit, spelled in _WORDS.items() if any(re.fullmatch(spelled, word) for word in words)}


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
