"""Statistics by which scenarios are compared: of a general page, or a row of the ledger, each with what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from analysis.errors import Undefined
from analysis.estimators.disclosure.bounded_curve import Bounds
from analysis.ledger.session.ranges import months_text, percent_text, ratio_text
from analysis.ledger.verdicts import verdicts


class Estimate(NamedTuple):
    """One statistic of a scenario.

    Attributes
    ----------
    value, lower, upper, p : float or None
        None where it does not exist. Of patients who need protection there is a text alone.
    n, events : int or None
        Patients and events that it rests on.
    direction : str
        What it says, in words.
    text : str
        Of protected patients, the range that holds the exact value.
    reason : str
        Why there is no value, where there is none.
    """

    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    n: int | None = None
    events: int | None = None
    direction: str = ""
    text: str = ""
    reason: str = ""


def known_statistics(study: str | None) -> dict[str, str]:
    """What can be asked for, with its meaning: those of any cohort, and the ids of a study's ledger."""
    from analysis.ledger.session.study_session import open_ledger

    rows = open_ledger(study) if study else ()
    return {name: function.__doc__ or "" for name, function in GENERAL.items()} | {
        row.id: row.quantity for row in rows if row.role != "context"
    }


def evaluate(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Statistics and curves of a page's patients under its parameters, as plain values.

    Parameters
    ----------
    values : mapping
        All parameters of the page, defaults included.
    names : tuple of str
        As in `known_statistics`.

    Returns
    -------
    dict
        ``statistics``: attributes of an `Estimate` by name, of one that does not exist or is not shown the reason alone;
        ``curves``: times and survival of each Kaplan-Meier curve by group, none of protected patients.
    """
    from analysis.pages.page import GeneralPage

    page = GeneralPage(**values)
    found: dict[str, Any] = {}
    for name in names:
        try:
            estimate = _statistic(page, name)
            if not estimate.text and _known_value(estimate.value) is None:
                raise Undefined("not reached" if name == "median" else "it has no finite value for these patients")
        except Undefined as reason:
            estimate = Estimate(reason=str(reason))
        found[name] = _plain(estimate)
    return {"statistics": found, "curves": _curves(page)}


def _plain(estimate: Estimate) -> dict[str, Any]:
    numbers = {name: _known_value(getattr(estimate, name)) for name in ("value", "lower", "upper", "p")}
    return estimate._asdict() | numbers


def _known_value(number: float | None) -> float | None:
    return float(number) if number is not None and np.isfinite(number) else None


def _survival_of(page):
    """The section of a general page that knows its curves."""
    from analysis.pages.any_cohort.survival import GeneralSurvival  # costly, and only an evaluation needs it

    return GeneralSurvival(page)


def _comparisons_of(page):
    """The section of a general page that compares its groups."""
    from analysis.pages.any_cohort.group_comparisons import GeneralComparisons

    return GeneralComparisons(page)


def _curves(page) -> dict[str, dict[str, list[float]]]:
    if page.protection:
        return {}
    try:
        curves = _survival_of(page).curves(0, bool(page.grouping))
    except Undefined:
        return {}
    return {
        label: {"time": [0.0, *map(float, curve.time)], "survival": [1.0, *map(float, curve.survival)]} for label, curve in curves.items()
    }


def _statistic(page, name: str) -> Estimate:
    if name not in GENERAL:
        return _row(page, name)
    return Estimate(text=PROTECTED[name](page) or "") if page.protection else GENERAL[name](page)


def _survival(page) -> Estimate:
    """survival at the horizon, percent"""
    (curve,) = _survival_of(page).curves(0, False).values()
    if curve.time[-1] < page.horizon:
        raise Undefined("no patient is followed to the horizon")
    low, high = (100 * float(limit) for limit in curve.limits_at(page.horizon, kind=page.interval, level=page.level))
    return Estimate(100 * float(curve.survival_at(page.horizon)), low, high, n=int(curve.n), events=int(curve.events.sum()))


def _median(page) -> Estimate:
    """median time to the event, months"""
    (curve,) = _survival_of(page).curves(0, False).values()
    low, high = curve.median_interval(page.interval, page.level)
    return Estimate(float(curve.median()), low, high, n=int(curve.n), events=int(curve.events.sum()))


def _hazard_ratio(page) -> Estimate:
    """hazard ratio of the first group to the last"""
    table, held = _comparisons_of(page).compared_groups()
    first, last = held[0], held[-1]
    found = _comparisons_of(page).ratio(0, first, last)
    if not found["value"]:
        raise Undefined("the ratio has no finite estimate")  # 0 is no finite estimate either
    both = table[table["group"].isin([first, last])]
    direction = _direction(found, page.called(first), page.called(last))
    return Estimate(found["value"], found["lower"], found["upper"], found["p"], len(both), int(both["event"].sum()), direction)


def _direction(found: Mapping[str, float], first: str, last: str) -> str:
    """What a hazard ratio and its interval say of the event's hazard in the first group."""
    side = "lower" if found["value"] < 1 else "higher"
    lower, upper = _known_value(found["lower"]), _known_value(found["upper"])
    open_to_1 = (lower is None or lower <= 1) and (upper is None or upper >= 1)
    return f"hazard {side} with {first} than with {last}" + (", but the interval includes 1" if open_to_1 else "")


def _row(page, id: str) -> Estimate:
    if page.protection:
        return Estimate(text=page.judged[id].recomputed or "")
    row = page.opened.ledger[id]
    beside = {other.statistic: other for other in page.opened.ledger if other.result == row.result}
    tested = [name for name in beside if name.endswith("_p")]
    parts = [row, *(beside.get(name) for name in (f"{row.statistic}_lower", f"{row.statistic}_upper", next(iter(tested), "")))]
    value = (lambda one: page.value_of(one.id)) if page.compared else (lambda one: _on_these_patients(page, one))
    found, lower, upper, p = (None if one is None else value(one) for one in parts)
    n, events = page.values[0].size(row) if page.values and page.values[0].has(row) else (None, None)
    return Estimate(found, lower, upper, p, n, events)


def _on_these_patients(page, row) -> float:
    """A row on the patients of a page alone, without the members of the ensemble, by the convention that the paper names first."""
    if not page.values or not page.values[0].has(row) or page.values[0].lacking(row):
        raise Undefined("no available table has the variables it needs")
    found = page.values[0].of(row)
    value = found[verdicts.ways(row.registered, found, page.opened.study.named_conventions(row.statistic))[0].convention]
    return float("nan") if hasattr(value, "low") else float(value)


def _survival_range(page) -> str:
    (curve,) = page.bounded_curves(grouped=False).values()
    return percent_text(Bounds(*(100 * end for end in curve.survival_at(page.horizon))))


def _median_range(page) -> str:
    (curve,) = page.bounded_curves(grouped=False).values()
    return months_text(curve.median())


def _ratio_range(page) -> str:
    found = next(iter(_comparisons_of(page).bounded_ratios().values()))
    if isinstance(found, Undefined):
        raise found
    return ratio_text(found.ratio)


PROTECTED: dict[str, Callable] = {"survival": _survival_range, "median": _median_range, "hazard_ratio": _ratio_range}
"""The same of patients who need protection, as ranges; one that has none here has no value."""

GENERAL: dict[str, Callable] = {"survival": _survival, "median": _median, "hazard_ratio": _hazard_ratio}
