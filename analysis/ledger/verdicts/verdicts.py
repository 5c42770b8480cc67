"""Verdicts: whether a printed number comes back, and under which convention."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analysis.ledger.rows.printed import Printed
from analysis.ledger.rows.rounding import HALF_UP, RULES, Rule, exact, states
from analysis.ledger.statistics.registry import Range, Statistic, Values

REPRODUCED = "reproduced"
UNDER_CONVENTION = "reproduced under convention"
NOT_IDENTIFIED = "not identified"
CONTRADICTED = "contradicted"
IN_CONFLICT = "in conflict"
NOT_REACHED = "not reached"
CONTEXT = "context"
NOT_COMPARED = "not compared"
"""Of a value that has no printed number beside it, as its patients are not the published ones; no verdict."""
RANGES = "ranges of counts"
"""Evidence of a value of somebody's own patients that is shown as a range, to protect them."""
VERDICTS = (REPRODUCED, UNDER_CONVENTION, NOT_IDENTIFIED, CONTRADICTED, IN_CONFLICT, NOT_REACHED, CONTEXT)
WORST_FIRST = (CONTRADICTED, IN_CONFLICT, NOT_REACHED, NOT_IDENTIFIED, UNDER_CONVENTION, REPRODUCED)
"""A result is as good as its worst number."""
COUNTS, COHORT = "counts", "cohort"
EVIDENCE = (COUNTS, COHORT)
"""What a number rests on: other printed numbers alone, or cohorts that were made to satisfy the printed numbers."""
PREDICTED = "withheld"
BASES = (COUNTS, PREDICTED, COHORT)
"""The same for a result, where cohorts that were made without it and all give it are kept apart from those made with it."""


@dataclass(frozen=True)
class Way:
    """A convention of a statistic together with a rounding rule: one way to the printed digits."""

    convention: str
    rule: Rule
    named: bool

    @property
    def plain(self) -> bool:
        """Whether a reader of the paper would expect this way: its own convention, rounded half-up."""
        return self.named and self.rule == HALF_UP

    def __str__(self) -> str:
        rounding = "" if self.rule == HALF_UP else f"{self.rule.name} rounding"
        return "; ".join(filter(None, (self.convention, rounding)))


@dataclass(frozen=True)
class Match:
    """What comparing a printed number with its recomputed values found.

    Attributes
    ----------
    way : Way or None
        The first way that gives the printed digits.
    value : Decimal or (Decimal, Decimal)
        Recomputed value under that way, or under the paper's convention if none gives them.
    possible : bool
        Whether a range of attainable values holds one that would give the printed digits.
    tried : int
        Number of ways tried.
    """

    way: Way | None
    value: Decimal | tuple[Decimal, Decimal]
    possible: bool
    tried: int


def ways(statistic: Statistic, conventions: Iterable[str], named: Sequence[str], rules: Sequence[Rule] | None = None) -> list[Way]:
    """Every way to the printed digits, likeliest first.

    The paper's convention before the others, plain rounding before two-stage rounding;
    among a paper's own conventions the order in which it names them.  A paper that names
    none is taken to use the statistic's default.  `rules` in place of all rules of the kind.
    """
    conventions = tuple(conventions)
    named = tuple(named) or (statistic.default,)
    conventions = sorted(conventions, key=lambda name: named.index(name) if name in named else len(named))
    found = [Way(convention, rule, convention in named) for convention in conventions for rule in rules or RULES[statistic.kind]]
    return sorted(found, key=rank)


def rank(way: Way) -> tuple[bool, bool, bool]:
    """How far a way is from what a reader expects: its rank among others."""
    return not way.plain, way.rule.first_decimals is not None or way.rule.first_significant is not None, not way.named


def match(printed: Printed, values: Values, statistic: Statistic, named: Sequence[str], tried: Sequence[Way] | None = None) -> Match:
    """Compare a printed number with its recomputed values.

    Parameters
    ----------
    printed : Printed
    values : mapping of convention to value or Range
    statistic : Statistic
    named : sequence of str
        Conventions that the paper names.
    tried : sequence of Way, optional
        In place of all ways; where there is none, nothing matches.

    Returns
    -------
    Match
    """
    tried = (
        ways(statistic, values, [name for name in named if name in values]) if tried is None else tried
    )  # what it lacks is not the paper's
    possible = False
    for way in tried:
        low, high = ends(values[way.convention])
        if states(printed, low, way.rule) and states(printed, high, way.rule):
            return Match(way, _value(low, high), True, len(tried))
        possible = possible or (low.is_finite() and high.is_finite() and low < high and _holds(printed, low, high, way.rule))
    first = tried[0].convention if tried else next(iter(values))
    return Match(None, _value(*ends(values[first])), possible, len(tried))


def ends(value: float | Fraction | Range) -> tuple[Decimal, Decimal]:
    """Least and greatest attainable value as decimals; equal for a single value."""
    if isinstance(value, Range):
        return exact(value.low), exact(value.high)
    single = exact(value)
    return single, single


def _value(low: Decimal, high: Decimal) -> Decimal | tuple[Decimal, Decimal]:
    return low if low == high or not (low.is_finite() and high.is_finite()) else (low, high)


def _holds(printed: Printed, low: Decimal, high: Decimal, rule: Rule) -> bool:
    """Whether a range holds a value that is what was printed: one of its ends, or one between; of a bound an end tells alone."""
    if states(printed, low, rule) or states(printed, high, rule):
        return True
    if printed.relation == "↑":
        return low < printed.value <= high  # a value a little below
    return printed.relation in ("=", "≈") and low <= printed.value <= high


def format_value(value: Decimal | tuple[Decimal, Decimal], printed: Printed) -> str:
    """A recomputed value as text: two digits more than were printed, three significant ones beside a bound.

    The number of digits depends on the printed number alone, so that the text is the
    same on every machine.
    """
    if isinstance(value, tuple):
        low, high = (format_value(end, printed) for end in value)
        return low if low == high else f"{low} to {high}"
    if not value.is_finite():
        return "undefined"
    if value == value.to_integral_value() and printed.decimals == 0:
        return str(int(value))
    decimals = printed.decimals + 2
    if printed.relation != "=" and value:
        decimals = max(printed.decimals, 2 - value.adjusted())
    return f"{value:.{decimals}f}"
