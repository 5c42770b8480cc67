"""Single numbers by which scenarios are compared: of a general page, or a row of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from analysis.errors import Undefined
from analysis.estimators.bounded_curve import Bounds
from analysis.ledger.ranges import months_text, percent_text, ratio_text


def known_statistics(study: str | None) -> dict[str, str]:
    """What can be asked for, with its meaning: those of any cohort, and the ids of a study's ledger."""
    from analysis.ledger.opening import open_ledger

    rows = open_ledger(study) if study else ()
    return {name: function.__doc__ for name, function in GENERAL.items()} | {row.id: row.quantity for row in rows if row.role != "context"}


def evaluate(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, float | str | None]:
    """Statistics of a page's patients under its parameters; None where one does not exist or is not shown.

    Of patients who need protection they are texts, ranges that hold the exact value.

    Parameters
    ----------
    values : mapping
        All parameters of the page, defaults included.
    names : tuple of str
        As in `known_statistics`.
    """
    from analysis.publishing.page import GeneralPage

    page = GeneralPage(**values)
    found = {}
    for name in names:
        try:
            value = _statistic(page, name)
            found[name] = (value or None) if isinstance(value, str) else float(value) if np.isfinite(value) else None
        except Undefined:
            found[name] = None
    return found


def _statistic(page, name: str) -> float | str:
    if name not in GENERAL:
        return _row(page, name)
    return (PROTECTED if page.protection else GENERAL)[name](page)


def _survival(page) -> float:
    """survival at the horizon, percent"""
    (curve,) = page._curves(0, False).values()
    return 100 * float(curve.survival_at(page.horizon)) if curve.time[-1] >= page.horizon else float("nan")


def _median(page) -> float:
    """median time to the event, months"""
    (curve,) = page._curves(0, False).values()
    return float(curve.median())


def _hazard_ratio(page) -> float:
    """hazard ratio of the first group to the last"""
    _, held = page._compared_groups()
    return page._ratio(0, held[0], held[-1])["value"] or float("nan")  # 0 is no finite estimate either


def _row(page, id: str) -> float | str:
    entry = page.judged[id]
    if page.protection:
        return entry.recomputed
    if page.compared:
        return page.value_of(id)
    value = entry.values[entry.convention] if entry.values else float("nan")  # none where it is hidden
    return float("nan") if hasattr(value, "low") else float(value)


def _survival_range(page) -> str:
    (curve,) = page.bounded_curves(grouped=False).values()
    return percent_text(Bounds(*(100 * end for end in curve.survival_at(page.horizon))))


def _median_range(page) -> str:
    (curve,) = page.bounded_curves(grouped=False).values()
    return months_text(curve.median())


def _ratio_range(page) -> str:
    found = next(iter(page.bounded_ratios().values()))
    if isinstance(found, Undefined):
        raise found
    return ratio_text(found.ratio)


PROTECTED: dict[str, Callable] = {"survival": _survival_range, "median": _median_range, "hazard_ratio": _ratio_range}
"""The same of patients who need protection, as ranges; one that has none here has no value."""

GENERAL: dict[str, Callable] = {"survival": _survival, "median": _median, "hazard_ratio": _hazard_ratio}
