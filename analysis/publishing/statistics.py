"""Single numbers by which scenarios are compared: of a general page, or a row of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from analysis.errors import Undefined


def known_statistics(study: str | None) -> dict[str, str]:
    """What can be asked for, with its meaning: those of any cohort, and the ids of a study's ledger."""
    from analysis.ledger.opening import open_ledger

    rows = open_ledger(study) if study else ()
    return {name: function.__doc__ for name, function in GENERAL.items()} | {row.id: row.quantity for row in rows if row.role != "context"}


def evaluate(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, float | None]:
    """Statistics of a page's patients under its parameters; None where one does not exist or is not shown.

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
            value = GENERAL[name](page) if name in GENERAL else _row(page, name)
            found[name] = float(value) if np.isfinite(value) else None
        except Undefined:
            found[name] = None
    return found


def _survival(page) -> float:
    """survival at the horizon, percent"""
    (curve,) = page._safe(page._curves(0, False)).values()
    return 100 * float(curve.survival_at(page.horizon)) if curve.time[-1] >= page.horizon else float("nan")


def _median(page) -> float:
    """median time to the event, months"""
    (curve,) = page._safe(page._curves(0, False)).values()
    return float(curve.median())


def _hazard_ratio(page) -> float:
    """hazard ratio of the first group to the last"""
    _, held = page._compared_groups()
    return page._ratio(0, held[0], held[-1])["value"] or float("nan")  # 0 is no finite estimate either


def _row(page, id: str) -> float:
    entry = page.judged[id]
    if page.compared:
        return page.value_of(id)
    value = entry.values[entry.convention] if entry.values else float("nan")  # none where it is hidden
    return float("nan") if hasattr(value, "low") else float(value)


GENERAL: dict[str, Callable] = {"survival": _survival, "median": _median, "hazard_ratio": _hazard_ratio}
