"""Which recomputed values a printed number accepts, as intervals and as tests."""

from __future__ import annotations

from fractions import Fraction

from analysis.ledger.printed import Printed
from analysis.ledger.rounding import RULES, attainable, exact, states

#: Stands in for "no limit" where a relation bounds a number on one side only.
UNBOUNDED = Fraction(10**9)


def interval(printed: Printed) -> tuple[Fraction, Fraction]:
    """Closed interval that holds every value a printed number accepts under plain rounding.

    A strict bound (``<0.001``) is returned with its end: the caller who needs the strict
    inequality asks `accepts`.

    Parameters
    ----------
    printed : Printed

    Returns
    -------
    (Fraction, Fraction)
        In the printed unit (percent for percentages).
    """
    value = Fraction(printed.value)
    match printed.relation:
        case "<" | "≤":
            return Fraction(0), value
        case ">" | "≥":
            return value, UNBOUNDED
        case "↑" | "≈":
            half = Fraction(printed.grain) / 2
            return value - half, value + (half if printed.relation == "≈" else 0)
    return attainable(printed)


def accepts(printed: Printed, value: float, kind: str) -> bool:
    """Whether some rounding rule of a kind of number turns a value into what is printed.

    Parameters
    ----------
    printed : Printed
    value : float
        In the printed unit.
    kind : str
        Key of `analysis.ledger.rounding.RULES`.
    """
    decimal = exact(value)
    return any(states(printed, decimal, rule) for rule in RULES[kind])


def miss(printed: Printed, value: float) -> float:
    """How far a value lies outside the accepted interval, in half-widths of it; 0 inside.

    Half a unit of the last printed place is the measure for a bound, too, so that rows
    printed with many digits and with few weigh alike in a sum.
    """
    low, high = (float(end) for end in interval(printed))
    half = float(printed.unit_in_last_place) / 2
    return max(low - value, value - high, 0.0) / half
