"""Which real values a printed number allows: one interval, and whether its ends belong to it.

Everything that asks whether a value gives the printed digits asks `rounding.states`; everything that needs an interval asks here.
Of 13, 12.5 is an end that belongs to it (half-up gives 13) and 13.5 one that does not (half-up and half-even give 14); of 14 both do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from analysis.ledger.rows.printed import Printed
from analysis.ledger.rows.rounding import PLAIN, UNBOUNDED, Rule, interval, states

#: Share of the last printed unit by which a search keeps off an end that does not belong to the interval: more than sums of
#: floats differ by, less than any count or time that is written.
KEPT_OFF = Fraction(1, 10**6)
#: How near an end of a rule's interval a value is looked at, in units of the finest digit that the rule keeps.
_NEAR = Decimal("1e-4")


class Allowed(NamedTuple):
    """An interval of real values.

    Attributes
    ----------
    low, high : Fraction
        Ends, in the printed unit.
    low_in, high_in : bool
        Whether each end belongs to the interval.
    unit : Fraction
        One of the last printed digit.
    """

    low: Fraction
    high: Fraction
    low_in: bool
    high_in: bool
    unit: Fraction

    def holds(self, value: Fraction | Decimal | int) -> bool:
        """Whether a value lies in the interval."""
        value = Fraction(value)
        return (self.low <= value if self.low_in else self.low < value) and (value <= self.high if self.high_in else value < self.high)

    def inside(self, ties: bool = True) -> tuple[float, float]:
        """Closed interval of floats all of which lie in this one: an end that does not belong to it is kept off.

        Parameters
        ----------
        ties : bool
            Whether an end that does belong to it counts; which way a tie goes is up to a rule that may not be known.
        """
        low = self.low if self.low_in and ties else self.low + KEPT_OFF * self.unit
        high = self.high if self.high_in and (ties or self.high == UNBOUNDED) else self.high - KEPT_OFF * self.unit
        return float(low), float(high)

    def steps(self, number: int) -> tuple[int, int]:
        """First and last whole number of steps of a time that lie in the interval, so many to a unit; none if the first is greater."""
        low, high = self.low * number, self.high * number
        first, last = math.ceil(low), math.floor(high)
        return first + (first == low and not self.low_in), last - (last == high and not self.high_in)

    def complement(self, whole: int = 100) -> Allowed:
        """What is allowed of the rest."""
        return Allowed(whole - self.high, whole - self.low, self.high_in, self.low_in, self.unit)


def find_allowed(printed: Printed, rules: Sequence[Rule] = PLAIN) -> Allowed:
    """Values that some of the rules turn into a printed number, two-stage rules included.

    Parameters
    ----------
    printed : Printed
    rules : sequence of Rule
        Those of a ledger row; without them plain rounding, half-up or half-even.

    Returns
    -------
    Allowed
        Each rule's values are an interval around the printed number, so that all together are one, too.
        Of "more than 10", up to `rounding.UNBOUNDED`.
    """
    return _allow(printed, tuple(rules))


@cache
def _allow(printed: Printed, rules: tuple[Rule, ...]) -> Allowed:
    unit = Fraction(printed.unit_in_last_place)
    low, high = interval(printed)
    if printed.relation != "=":
        unit = unit if printed.relation in "<>≤≥" else Fraction(printed.grain)
        return Allowed(low, high, _stated(printed, low, rules), _stated(printed, high, rules), unit)
    found = [_of_rule(printed, rule) for rule in rules]
    found = [one for one in found if one is not None]
    least, most = min(one[0] for one in found), max(one[1] for one in found)
    return Allowed(least, most, any(one[0] == least and one[2] for one in found), any(one[1] == most and one[3] for one in found), unit)


def _stated(printed: Printed, value: Fraction, rules: Sequence[Rule]) -> bool:
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return any(states(printed, decimal, rule) for rule in rules)


def _of_rule(printed: Printed, rule: Rule) -> tuple[Fraction, Fraction, bool, bool] | None:
    """Ends of what one rule turns into a printed number, and whether they belong to it; None if the rule prints no such number."""
    if not states(printed, printed.value, rule):
        return None
    low, high = _end(printed, rule, -1), _end(printed, rule, 1)
    return Fraction(low), Fraction(high), states(printed, low, rule), states(printed, high, rule)


def _end(printed: Printed, rule: Rule, outwards: int) -> Decimal:
    """The outermost turn with values inside of it that give the digits."""
    tried = sorted(set(_turns(printed, rule, outwards)), key=lambda turn: outwards * turn[0], reverse=True)
    return next(end for end, near in tried if states(printed, end - outwards * near, rule))


def _turns(printed: Printed, rule: Rule, outwards: int) -> Iterator[tuple[Decimal, Decimal]]:
    """Where rounding may turn, on one side of a printed number, and a distance that is next to nothing there."""
    plain = printed.value + outwards * printed.unit_in_last_place / 2
    yield plain, printed.unit_in_last_place * _NEAR
    for first in _first_stages(printed, rule):
        half = Decimal(1).scaleb(-first) / 2
        for by in (-1, 1):
            yield plain + by * half, half * _NEAR


def _first_stages(printed: Printed, rule: Rule) -> set[int]:
    """Decimals that a two-stage rule keeps first, near a printed number: significant digits are more decimals below a power of ten."""
    if rule.first_significant is None:
        return set() if rule.first_decimals is None else {rule.first_decimals}
    near = (printed.value + by * printed.unit_in_last_place for by in (-1, 0, 1))
    return {found for value in near if value and (found := rule.first_significant - value.adjusted() - 1) > printed.decimals}
