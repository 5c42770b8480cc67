"""Sentences that follow from values: direction, significance, and what an interval leaves open.

Nothing that is not significant is called better, worse, higher or lower, and the absence of significance is never
called the absence of a difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import isfinite, isnan


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
    """Two limits: ``0.16–1.56``, ``−3.1 to 13.2``; ``none`` where neither exists."""
    if isnan(lower) and isnan(upper):
        return "none"
    return span(number(lower, decimals), number(upper, decimals))


def span(low: str, high: str) -> str:
    """Two ends of a range: an en dash between them, or *to* where one has a minus sign or is a bound."""
    return f"{low} to {high}" if {low[:1], high[:1]} & {"−", "-", "<", ">"} else f"{low}–{high}"


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
        return Statement(f"{what} cannot be compared: one of the groups has no patients.")
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
    method: str = "",
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
    method : str
        How the ratio was found, where another one of the same groups may stand near: ``by the log-rank method (O/E)``.
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
    opening = f"Hazard ratio for {what}, {first} vs {reference}{method and f', {method}'}: {number(hr)} ({100 * level:g}% CI {interval(lower, upper)}; {told})"
    if is_significant(p, significance):
        return Statement(f"{opening}; the hazard was {'lower' if hr < 1 else 'higher'} with {first}, {_standing(randomised)}.")
    return Statement(f"{opening}; {evidence(p, significance)}{_compatible(lower, upper)}.")


def odds(
    what: str,
    term: str,
    ratio: tuple[float, float, float],
    p: float,
    *,
    reference: str = "none",
    adjusted: bool = False,
    significance: float = 0.05,
    level: float = 0.95,
    test: str = "",
) -> Statement:
    """An odds ratio of those with `term` to the `reference`, its interval and P in a sentence; other arguments as in `hazards`."""
    value, lower, upper = ratio
    told = f"{test} {p_text(p)}".strip()
    if not 0 < value < float("inf"):
        return Statement(f"The odds ratio of {what} with {term} has no finite estimate ({told}): {evidence(p, significance)}.")
    opening = f"{'Adjusted odds' if adjusted else 'Odds'} ratio for {what}, {term} vs {reference}: {number(value)} ({100 * level:g}% CI {interval(lower, upper)}; {told})"
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
