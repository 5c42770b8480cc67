"""Sentences that follow from values: direction, significance, and what an interval leaves open.

Nothing that is not significant is called better, worse, higher or lower, and the absence of significance is never
called the absence of a difference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from math import isfinite, isnan

from analysis.estimators.ensemble_range import Sampled


@dataclass(frozen=True)
class Statement:
    """One or more sentences for a page, in plain text."""

    text: str

    def _repr_html_(self) -> str:
        text = escape(self.text).replace("P = ", "P&nbsp;=&nbsp;").replace("P &lt; ", "P&nbsp;&lt;&nbsp;")
        return f'<p class="exhibit exhibit-statement">{text}</p>'

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


def p_text(p: float) -> str:
    """A P value as a sentence shows it: ``P = 0.74``, ``P = 0.004``, ``P < 0.0001``."""
    if isnan(p):
        return "no P value"
    if p < 0.0001:
        return "P < 0.0001"
    if p > 0.9995:
        return "P = 1.00"
    digits = 2 if p >= 0.1 else 3 if p >= 0.001 else 4
    text = f"{p:.{digits}f}"
    # rounding must not carry a P value across the level that the sentence judges it by
    return f"P = {p:.4f}" if text in ("0.050", "0.05") and round(p, 4) != 0.05 else f"P = {text}"


def p_cell(p: float) -> str:
    """A P value in a table cell: ``0.74``, ``<0.0001``, ``—``."""
    return "—" if isnan(p) else p_text(p).removeprefix("P = ").replace("P < ", "<")


def number(value: float, decimals: int = 2) -> str:
    """A number with a fixed number of decimals; ``—`` where it does not exist, ``∞`` where it is infinite."""
    if isnan(value):
        return "—"
    if not isfinite(value):
        return "∞" if value > 0 else "−∞"
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "−")  # adding 0 takes the sign from −0


def interval(lower: float, upper: float, decimals: int = 2) -> str:
    """Two limits: ``0.16 to 1.56``; ``none`` where neither exists."""
    if isnan(lower) and isnan(upper):
        return "none"
    return f"{number(lower, decimals)} to {number(upper, decimals)}"


def one_limit_text(ratio: float, lower: float, upper: float, level: float, decimals: int = 2) -> str:
    """The one limit of a ratio whose estimate is 0 or infinite: ``upper 95% limit 1.36``; empty where there is none."""
    if ratio == 0 and lower == 0 and isfinite(upper):
        return f"upper {100 * level:g}% limit {number(upper, decimals)}"
    if ratio == float("inf") and upper == float("inf") and isfinite(lower):
        return f"lower {100 * level:g}% limit {number(lower, decimals)}"
    return ""


def is_significant(p: float, significance: float) -> bool:
    """Whether a P value is below the declared level; a missing one is not."""
    return not isnan(p) and p < significance


def evidence(p: float, significance: float) -> str:
    """What a P value says at a level, in words."""
    if isnan(p):
        return "no test is possible"
    if is_significant(p, significance):
        return f"a difference at the level of {significance:g}"
    return "no evidence of a difference"


def _standing(randomised: bool) -> str:
    """What a significant difference is, by how the groups were formed."""
    return "in a comparison of randomised groups" if randomised else "as an association"


def shares(
    what: str,
    first: str,
    reference: str,
    values: tuple[float, float],
    p: float,
    *,
    significance: float = 0.05,
    unit: str = "%",
    randomised: bool = False,
) -> Statement:
    """Two groups and their shares, and what the test says of them.

    Parameters
    ----------
    what : str
        Beginning of the sentence, e.g. ``Complete remission after one course``.
    first, reference : str
        Labels of the groups.
    values : (float, float)
        First group's and reference's, in `unit`.
    p : float
    significance : float
        The study's declared level.
    unit : str
        Written behind the values.
    randomised : bool
        As in `hazards`.
    """
    one, other = (f"{number(value, 1)}{unit}" for value in values)
    if any(isnan(value) for value in values):
        return Statement(f"{what} cannot be compared: there is nobody in one of the groups.")
    opening = f"{what}: {one} with {first} and {other} with {reference}"
    if is_significant(p, significance):
        direction = "higher" if values[0] > values[1] else "lower"
        return Statement(f"{opening} ({p_text(p)}); {direction} with {first}, {_standing(randomised)}.")
    return Statement(f"{opening} ({p_text(p)}); {evidence(p, significance)}.")


def hazards(
    what: str,
    first: str,
    reference: str,
    ratio: tuple[float, float, float],
    p: float,
    *,
    significance: float = 0.05,
    level: float = 0.95,
    test: str = "",
    randomised: bool = False,
) -> Statement:
    """A hazard ratio, its interval and P in a sentence.

    Parameters
    ----------
    what : str
        The event, e.g. ``death``.
    first, reference : str
    ratio : (float, float, float)
        Hazard ratio of first to reference and its limits.
    p, significance, level : float
    test : str
        What the P value is of, e.g. ``log-rank``.
    randomised : bool
        Whether the groups were formed at random: a difference is then more than an association.
    """
    hr, lower, upper = ratio
    told = f"{test} {p_text(p)}".strip()
    if isnan(hr):
        return Statement(f"The hazards of {what} with {first} and {reference} cannot be compared.")
    if hr == 0 or not isfinite(hr):
        fewer = first if hr == 0 else reference
        limit = one_limit_text(hr, lower, upper, level)
        return Statement(
            f"No {what} was seen with {fewer} while both groups were at risk, so the hazard ratio has no finite estimate ({limit}{'; ' if limit else ''}{told}): {evidence(p, significance)}."
        )
    opening = f"Hazard ratio for {what}, {first} vs {reference}: {number(hr)} ({100 * level:g}% CI {interval(lower, upper)}; {told})"
    if is_significant(p, significance):
        return Statement(f"{opening}; the hazard was {'lower' if hr < 1 else 'higher'} with {first}, {_standing(randomised)}.")
    return Statement(f"{opening}; {evidence(p, significance)}{_compatible(lower, upper)}.")


def odds(
    what: str, term: str, ratio: tuple[float, float, float], p: float, *, significance: float = 0.05, level: float = 0.95, test: str = ""
) -> Statement:
    """An odds ratio of those with `term` to those without, its interval and P in a sentence; arguments as in `hazards`."""
    value, lower, upper = ratio
    told = f"{test} {p_text(p)}".strip()
    if not 0 < value < float("inf"):
        return Statement(f"The odds ratio of {what} with {term} has no finite estimate ({told}): {evidence(p, significance)}.")
    opening = f"Odds ratio for {what}, {term} vs not: {number(value)} ({100 * level:g}% CI {interval(lower, upper)}; {told})"
    return Statement(
        f"{opening}; "
        + (
            f"the odds were {'lower' if value < 1 else 'higher'} with {term}, as an association."
            if is_significant(p, significance)
            else f"{evidence(p, significance)}."
        )
    )


def _compatible(lower: float, upper: float) -> str:
    """Effects that a non-significant interval includes, in both directions."""
    if isnan(lower) or isnan(upper) or not lower < 1 < upper:
        return ""
    return f", compatible with anything from a {number(1 / lower, 1)}-fold reduction to a {number(upper, 1)}-fold increase"


def differences(
    what: str,
    first: str,
    reference: str,
    difference: tuple[float, float, float],
    p: float,
    *,
    unit: str,
    significance: float = 0.05,
    level: float = 0.95,
) -> Statement:
    """A difference (first minus reference), its interval and P in a sentence; arguments as in `hazards`."""
    gap, lower, upper = difference
    if isnan(gap):
        return Statement(f"{what} cannot be compared between {first} and {reference}.")
    opening = f"{what}, {first} minus {reference}: {number(gap, 1)} {unit} ({100 * level:g}% CI {interval(lower, upper, 1)}; {p_text(p)})"
    if is_significant(p, significance):
        return Statement(f"{opening}; {'longer' if gap > 0 else 'shorter'} with {first}, as an association.")
    return Statement(f"{opening}; {evidence(p, significance)}.")


def proportionality(what: str, p: float, events: int, parameters: int, *, significance: float = 0.05) -> Statement:
    """What a check of proportional hazards shows; a non-significant one is never called proof of proportionality."""
    if isnan(p):
        return Statement(f"Proportional hazards of {what} cannot be checked.")
    carried = f"{events} event{'s' * (events != 1)} for {parameters} parameter{'s' * (parameters != 1)}"
    if is_significant(p, significance):
        return Statement(f"The hazard ratio of {what} changes with time ({p_text(p)}, {carried}): a single ratio does not describe it.")
    return Statement(
        f"No significant departure from proportional hazards of {what} was found ({p_text(p)}); with {carried} only a gross departure could be detected, "
        "so that this does not show that the hazards are proportional."
    )


def describe_range(
    what: str,
    found: Sampled,
    told: str,
    *,
    decimals: int = 2,
    unit: str = "",
    words: str = "",
    is_p: bool = False,
    short: str = "",
    structures: str = "",
) -> Statement:
    """The range of a value over cohorts, and then what is told of the reference cohort.

    Parameters
    ----------
    what : str
        The value, as the subject of a sentence.
    found : Sampled
    told : str
        A sentence on the reference cohort; alone where all cohorts give the same digits.
    decimals : int
    unit : str
    words : str
        What is said of P over the cohorts.
    is_p : bool
        Whether the value is itself a P value, written as one.
    short : str
        What is told of the reference cohort behind a range, where `told` would say the subject twice.
    structures : str
        Of how many structures the cohorts are, e.g. ``37 orders of deaths``.
    """
    low, high = (p_cell(end) if is_p else number(end, decimals) for end in (found.low, found.high))
    if not found.ranged or low == high:
        return Statement(told)
    undefined = f"; in {found.undefined} it does not exist" if found.undefined else ""
    p = f", with P {words}" if words else ""
    return Statement(
        f"{what} ranges from {low} to {high}{unit} over the {found.members} cohorts seen{structures and f' ({structures})'}{found.searched and f', {found.searched}'}{undefined}{p}. In the reference cohort: {short or told[:1].lower() + told[1:]}"
    )


def begin_with_range(found: Sampled, told: str, write: Callable[[float], str]) -> str:
    """A cell: the range of a value over cohorts before what is told of the reference cohort; that alone where all give the same digits.

    Parameters
    ----------
    found : Sampled
    told : str
    write : callable of float
        Writes an end of the range.
    """
    low, high = write(found.low), write(found.high)
    undefined = f"undefined in {found.undefined}" if found.ranged and found.undefined else ""
    if not found.ranged or low == high:
        return "; ".join(filter(None, [told, undefined]))
    return f"{', '.join(filter(None, (f'{low} to {high}', undefined, found.searched)))}; reference {told}"


def across(found: Sampled, noun: str = "", write: Callable[[float], str] = "{:g}".format) -> str:
    """A number inside a caption or remark: ``12 events``, or ``11 to 13 events (reference 12)`` where cohorts differ."""
    low, high, told = (write(value) for value in (found.low, found.high, found.reference))
    alike = not found.ranged or low == high == told
    return f"{told if alike else f'{low} to {high}'}{noun and f' {noun}'}{'' if alike else f' (reference {told})'}"


def crossing(found: Sampled, significance: float) -> str:
    """Whether a sampled P value lies on one side of a level: words to put into a sentence."""
    if not found.ranged:
        return ""
    where = f" in which it exists ({found.members - found.undefined} of {found.members})" if found.undefined else ""
    if found.high < significance:
        return f"below {significance:g} in every cohort{where}"
    if found.low >= significance:
        return f"{significance:g} or more in every cohort{where}"
    return f"from {p_cell(found.low)} to {p_cell(found.high)}: significance at {significance:g} undetermined"
