"""Rounding rules, and whether a computed value is what was printed under one of them.

A value never matches "within a tolerance": it matches if a rounding rule, applied to
it, gives the printed digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from analysis.ledger.rows.printed import Printed

#: Digits kept when a float becomes a decimal: enough for any printed number, few enough
#: that 0.1 + 0.2 is a tie where 0.3 is one.
_SIGNIFICANT = 13

#: Way with ties of programs that round the double they store.
BINARY = "binary"
TIES = {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN, "binary": BINARY}
"""Ways with ties by the names that ``study.yml`` uses."""


#: Stands in for "no limit" where a relation bounds a number on one side only.
UNBOUNDED = Fraction(10**9)


@dataclass(frozen=True)
class Rule:
    """A way in which a number got its printed digits.

    Attributes
    ----------
    name : str
    tie : str
        ``ROUND_HALF_UP`` or ``ROUND_HALF_EVEN`` of `decimal`; `BINARY`: the double that stores a number is no tie,
        and which side of it that lies on decides, as in ``sprintf``, ``format`` and ``print`` of R.
    first_decimals, first_significant : int or None
        Of a two-stage rule: the digits that the program showed, from which the printed
        ones were then rounded.
    shift : int
        Powers of ten between the number that the program stores and the printed one: 2 of a stored proportion that
        is printed in percent.  Only `BINARY` depends on it.
    """

    name: str
    tie: str = ROUND_HALF_UP
    first_decimals: int | None = None
    first_significant: int | None = None
    shift: int = 0

    def applied(self, value: Decimal, decimals: int) -> Decimal | None:
        """Printed digits under this rule; None where its first stage keeps no more digits than are printed."""
        if self.first_significant is not None and value:
            first = self.first_significant - value.adjusted() - 1
        else:
            first = self.first_decimals
        if first is not None:
            if first <= decimals:
                return None
            value = self.nearest(value, first)
        return self.nearest(value, decimals)

    def nearest(self, value: Decimal, decimals: int) -> Decimal:
        """Nearest number of that many decimals."""
        if self.tie != BINARY:
            return value.quantize(Decimal(1).scaleb(-decimals), rounding=self.tie)
        stored = Decimal(float(value.scaleb(-self.shift)))
        return stored.quantize(Decimal(1).scaleb(-decimals - self.shift), rounding=ROUND_HALF_EVEN).scaleb(self.shift)


HALF_UP = Rule("half-up")
HALF_EVEN = Rule("half-even", ROUND_HALF_EVEN)
PLAIN = (HALF_UP, HALF_EVEN)


def two_stage(tie: str, stage: str) -> str:
    """Name of the rule that rounds again the digits that a program shows."""
    return f"two-stage{'' if tie == 'half-up' else f' {tie}'} ({stage})"


def _two_stage(stage: str, *ties: str, **digits: int) -> tuple[Rule, ...]:
    """Rounding by way of the digits that a program shows, with each way with ties."""
    return tuple(Rule(two_stage(tie, stage), TIES[tie], **digits) for tie in ties or ("half-up", "half-even"))


_THREE_DIGITS = _two_stage("3 significant digits", *TIES, first_significant=3)
#: Rules by the kind of number; the two-stage ones start from what the programs show.
RULES = {
    "exact": (HALF_UP,),
    "percent": (*PLAIN, *_two_stage("1 decimal", first_decimals=1)),
    "survival": (
        *PLAIN,
        *_two_stage("3 significant digits", *TIES, first_significant=3, shift=2),
        *_two_stage("3 decimals of the proportion", first_decimals=1),
    ),
    "p": (*PLAIN, *_two_stage("4 decimals", first_decimals=4), *_THREE_DIGITS),
    "ratio": (*PLAIN, *_two_stage("3 decimals", first_decimals=3), *_THREE_DIGITS),
    "number": PLAIN,
}


def exact(value: float | int | Fraction | Decimal) -> Decimal:
    """A computed value as a decimal, cut to 13 significant digits so that ties are seen."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    elif not isinstance(value, Decimal):
        value = Decimal(repr(float(value)))
    if not value.is_finite():
        return value
    if not value:
        return Decimal(0)
    return round(value, _SIGNIFICANT - 1 - value.adjusted())


def states(printed: Printed, value: Decimal, rule: Rule) -> bool:
    """Whether a value, under a rounding rule, is what the printed number states.

    Parameters
    ----------
    printed : Printed
    value : Decimal
        From `exact`; NaN states nothing.
    rule : Rule

    Returns
    -------
    bool
        For a bound (``<0.001``): whether the unrounded value keeps it.  For "almost" and
        "about": whether it rounds to the printed number at the coarseness of that number.
    """
    if not value.is_finite():
        return False
    match printed.relation:
        case "<":
            return value < printed.value
        case "≤":
            return value <= printed.value
        case ">":
            return value > printed.value
        case "≥":
            return value >= printed.value
        case "↑" | "≈":
            grain = printed.grain
            near = rule.nearest(value / grain, 0) * grain == printed.value
            return near and (printed.relation == "≈" or value < printed.value)
    return rule.applied(value, printed.decimals) == printed.value


def attainable(printed: Printed) -> tuple[Fraction, Fraction]:
    """Closed interval of the values that round to a printed number, half-up or half-even.

    A number printed without decimals and without a per cent sign is a count and exact
    only if its statistic says so; this function takes the printed digits alone.
    """
    half = Fraction(printed.unit_in_last_place) / 2
    return Fraction(printed.value) - half, Fraction(printed.value) + half


def interval(printed: Printed) -> tuple[Fraction, Fraction]:
    """Closed interval that holds every value a printed number accepts under plain rounding.

    A strict bound (``<0.001``) is returned with its end: the caller who needs the strict
    inequality asks `states`.

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


def first_stating(printed: Printed, value: Decimal, rules: Iterable[Rule]) -> Rule | None:
    """The first rule under which a value is what was printed, or None."""
    return next((rule for rule in rules if states(printed, value, rule)), None)
