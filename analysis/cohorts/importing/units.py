"""Units of time: one month is a twelfth of 365.25 days."""

from __future__ import annotations

import math

DAYS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}


def converted(value: float, unit: str, target: str) -> float:
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
