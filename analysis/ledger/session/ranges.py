"""Statistics of the ledger as ranges that hold the exact value, each from ranges of counts alone.

A statistic that has no form here is not shown of patients who need protection.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, isfinite

import numpy as np

from analysis.cohorts.conditions import Condition, parse
from analysis.cohorts.protection.counts import Below, Count
from analysis.cohorts.protection.released import Released
from analysis.cohorts.study_parts import PER_MONTH
from analysis.errors import Undefined
from analysis.estimators.disclosure.bounded_curve import BoundedCurve, Bounds, bounded
from analysis.ledger.rows.row import Row

Form = Callable[[Row, Released], tuple[str, str]]
"""Of a row and what may be known of the patients, the text and its convention."""


def percent_text(share: Bounds) -> str:
    """Bounds of a percentage in whole numbers, rounded outwards: ``71 to 86%``."""
    low, high = max(floor(share.low + 1e-9), 0), min(ceil(share.high - 1e-9), 100)
    return f"{low} to {high}%"


def months_text(time: Bounds, unit: str = "") -> str:
    """Bounds of a time or measurement: ``12 to 24``, ``more than 12``, ``at most 24``."""
    if isfinite(time.high):
        return f"{time.low:g} to {time.high:g}{unit}" if isfinite(time.low) else f"at most {time.high:g}{unit}"
    if not isfinite(time.low) or time.low == 0:
        raise Undefined("too few patients to give a range")
    return f"at least {time.low:g}{unit}"


def ratio_text(ratio: Bounds) -> str:
    """Bounds of a ratio, to two decimals and rounded outwards."""
    low = f"{floor(ratio.low * 100) / 100:.2f}"
    return f"{low} to {ceil(ratio.high * 100) / 100:.2f}" if isfinite(ratio.high) else f"at least {low}"


def share(part: Count, whole: Count) -> Bounds:
    """Bounds of the percentage that a part is of a whole.

    Raises
    ------
    Undefined
        If there may be fewer patients than the threshold.
    """
    if not whole.low:
        raise Undefined(f"there are {whole} patients")
    return Bounds(100 * part.low / whole.high, min(100 * part.high / whole.low, 100.0))


def quantile(below: Below, p: float) -> Bounds:
    """Bounds of a quantile of measured values (linear between order statistics), at ends of intervals.

    Raises
    ------
    Undefined
        If there may be fewer patients than the threshold.
    """
    if not below.known.low:
        raise Undefined(f"a value is known of {below.known} patients")
    spare = below.known.high - below.known.low
    under = np.flatnonzero(np.minimum(below.counts + spare, below.known.high) <= p * (below.known.low - 1))
    over = np.flatnonzero(below.counts >= p * (below.known.high - 1) + 1)
    return Bounds(float(below.ends[under[-1]]) if len(under) else -np.inf, float(below.ends[over[0]]) if len(over) else np.inf)


def _patients(row: Row, released: Released) -> Condition:
    return released.study.populations[row.population].condition & row.subset


def _curve(row: Row, released: Released, reverse: bool = False) -> BoundedCurve:
    return bounded(released.life(released.study.endpoints[row.arguments["endpoint"]], _patients(row, released), reverse=reverse))


def _count(row: Row, released: Released) -> tuple[str, str]:
    return str(released.count(_patients(row, released))), ""


def _percent(row: Row, released: Released) -> tuple[str, str]:
    whole = released.count(released.study.populations[row.population].condition)
    return percent_text(share(released.count(_patients(row, released)), whole)), ""


def _hundredfold(bounds: Bounds, complement: bool = False) -> Bounds:
    low, high = _scale(bounds, 100)
    return Bounds(100 - high, 100 - low) if complement else Bounds(low, high)


def _scale(bounds: Bounds, unit: float) -> Bounds:
    return Bounds(bounds.low * unit, bounds.high * unit)


def _unit(row: Row, released: Released) -> float:
    """Units of the endpoint's time in a month."""
    return PER_MONTH.get(released.study.endpoints[row.arguments["endpoint"]].unit, 1.0)


def _months(row: Row, released: Released) -> float:
    return float(row.arguments["time"]) / _unit(row, released)


def _at(what: Callable[[BoundedCurve, float], Bounds], complement: bool = False, convention: str = "") -> Form:
    def form(row: Row, released: Released) -> tuple[str, str]:
        return percent_text(_hundredfold(what(_curve(row, released), _months(row, released)), complement)), convention

    return form


def _limit(which: int, complement: bool = False) -> Form:
    def form(row: Row, released: Released) -> tuple[str, str]:
        kind = (*released.study.named_conventions(row.statistic), row.registered.default)[0]
        limits = _curve(row, released).limits_at(_months(row, released), kind, row.level)
        return percent_text(_hundredfold(limits[which], complement)), kind

    return form


def _median(row: Row, released: Released) -> tuple[str, str]:
    return months_text(quantile(released.below(row.arguments["variable"], _patients(row, released)), 0.5)), ""


def _survival_median(row: Row, released: Released) -> tuple[str, str]:
    return months_text(_scale(_curve(row, released).median(), _unit(row, released))), "any rule"


def _follow_up(row: Row, released: Released) -> tuple[str, str]:
    convention = (*released.study.named_conventions(row.statistic), row.registered.default)[0]
    if convention.startswith("reverse"):
        return months_text(_scale(_curve(row, released, reverse=True).median(), _unit(row, released))), convention
    endpoint, chosen = released.study.endpoints[row.arguments["endpoint"]], _patients(row, released)
    known = parse(f"{endpoint.event}=0") if convention == "over survivors" else parse(f"{endpoint.event}!=?")
    return months_text(quantile(released.below(endpoint.time, chosen & known), 0.5)), convention


FORMS: dict[str, Form] = {
    "count": _count,
    "percent": _percent,
    "survival": _at(BoundedCurve.survival_at),
    "survival_se": _at(BoundedCurve.standard_error_at),
    "survival_lower": _limit(0),
    "survival_upper": _limit(1),
    "incidence": _at(BoundedCurve.survival_at, complement=True),
    "incidence_se": _at(BoundedCurve.standard_error_at),
    "incidence_lower": _limit(1, complement=True),
    "incidence_upper": _limit(0, complement=True),
    "survival_median": _survival_median,
    "follow_up_median": _follow_up,
    "median": _median,
}
