"""Ranges over cohorts in words: sentences, cells and remarks that tell a range before the reference cohort's value."""

from __future__ import annotations

from collections.abc import Callable

from analysis.estimators.ensemble_range import Sampled
from analysis.tables.sentences import Statement, number, p_cell, span


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
    undefined = f"; in {found.undefined} it is not estimable" if found.undefined else ""
    p = f", with P {words}" if words else ""
    return Statement(
        f"{what} ranges from {low} to {high}{unit} across {found.members} compatible cohorts{structures and f' ({structures})'}{found.searched and f', {found.searched}'}{undefined}{p}. In the reference cohort: {short or told[:1].lower() + told[1:]}"
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
    return f"{', '.join(filter(None, (span(low, high), undefined, found.searched)))}; reference {told}"


def across(found: Sampled, noun: str = "", write: Callable[[float], str] = "{:g}".format) -> str:
    """A number inside a caption or remark: ``12 events``, or ``11–13 events (reference 12)`` where cohorts differ."""
    low, high, told = (write(value) for value in (found.low, found.high, found.reference))
    alike = not found.ranged or low == high == told
    return f"{told if alike else span(low, high)}{noun and f' {noun}'}{'' if alike else f' (reference {told})'}"


def crossing(found: Sampled, significance: float) -> str:
    """Whether a sampled P value lies on one side of a level: words to put into a sentence."""
    if not found.ranged:
        return ""
    where = f" in which it exists ({found.members - found.undefined} of {found.members})" if found.undefined else ""
    if found.high < significance:
        return f"< {significance:g} in every cohort{where}"
    if found.low >= significance:
        return f"≥ {significance:g} in every cohort{where}"
    return f"from {p_cell(found.low)} to {p_cell(found.high)}: significance at {significance:g} undetermined"
