"""Risks of two groups compared, and trends of proportions: the subset is the event, the groups are those of a variable."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from analysis.estimators.group_tests import contingency, risks, several_groups
from analysis.ledger.statistics import groups
from analysis.ledger.statistics.registry import Cells, Sample, Values, register

_GROUPS: dict[str, Any] = dict(required=("by",), optional=("groups",))
_TWO: dict[str, Any] = dict(needs="events ; patients | events ; patients", fits=lambda r, c: (r, c) == (2, 2))
_SEVERAL: dict[str, Any] = dict(needs="events ; patients | events ; patients | …", fits=lambda r, c: r >= 2 and c == 2)
_NAN = float("nan")

Counts = tuple[np.ndarray, np.ndarray]
"""Events and patients of each group, shape (k,)."""


def _count(sample: Sample) -> Counts:
    names, position = groups.split(sample.population, sample.arguments, sample.declared)
    inside = position >= 0
    patients = np.bincount(position[inside], minlength=len(names))
    return np.bincount(position[inside & sample.chosen], minlength=len(names)), patients


def _counts_of_cells(cells: Cells) -> Counts:
    table = cells.table()
    return table[:, 0], table[:, 1]


def _compare(counts: Counts, compare: Callable[..., Any], part: int, scale: float = 1.0) -> float:
    events, patients = counts
    if len(patients) != 2 or not patients.all() or (events > patients).any():
        return _NAN
    found = compare((int(events[0]), int(events[1])), (int(patients[0]), int(patients[1])))
    return scale * float(found[part])


def _relative_risk(part: int, counts: Counts, level: float) -> Values:
    return {"": _compare(counts, partial(risks.relative_risk, level=level), part)}


def _risk_difference(part: int, counts: Counts, level: float) -> Values:
    methods = risks.DIFFERENCES if part else ("",)
    compare = {method: partial(risks.risk_difference, method=method or "wald", level=level) for method in methods}
    return {method: _compare(counts, one, part, 100) for method, one in compare.items()}


def _odds_ratio(part: int, counts: Counts, level: float) -> Values:
    def of(kind: str, events: tuple[int, int], patients: tuple[int, int]) -> tuple[float, float, float]:
        table = [[number, total - number] for number, total in zip(events, patients, strict=True)]
        found = contingency.odds_ratio(table, kind=kind, level=level)
        return found.odds_ratio, found.lower, found.upper

    return {kind: _compare(counts, partial(of, kind), part) for kind in ("sample", "conditional")}


def _register(name: str, kind: str, compute: Callable[[Counts, float], Values], meaning: str, default: str = "") -> None:
    def from_cohort(sample: Sample) -> Values:
        return compute(_count(sample), sample.level)

    from_cohort.__doc__ = meaning
    family = "risks compared"
    register(
        name,
        family=family,
        kind=kind,
        default=default,
        from_printed=lambda cells: compute(_counts_of_cells(cells), cells.level),
        **_GROUPS,
        **_TWO,
    )(from_cohort)


_PARTS = (("", 0, ""), ("_lower", 1, "Lower confidence limit of the "), ("_upper", 2, "Upper confidence limit of the "))
for _ending, _part, _limit in _PARTS:
    for _name, _kind, _compute, _meaning, _default in (
        ("relative_risk", "ratio", _relative_risk, "risk of the first group as a multiple of that of the second", ""),
        ("risk_difference", "number", _risk_difference, "risk of the first group less that of the second, in percentage points", "wald"),
        ("odds_ratio", "ratio", _odds_ratio, "odds of the first group as a multiple of those of the second, without covariates", "sample"),
    ):
        _words = f"{_limit}{_meaning}" if _limit else _meaning[:1].upper() + _meaning[1:]
        _register(f"{_name}{_ending}", _kind, partial(_compute, _part), f"{_words}.", _default if _part or _name == "odds_ratio" else "")


def _trend(counts: Counts) -> Values:
    return {test: several_groups.trend_p(*counts, test=test) for test in several_groups.TRENDS}


@register(
    "trend_p", family="tests", kind="p", default="cochran-armitage", from_printed=lambda cells: _trend(_counts_of_cells(cells)), **_GROUPS, **_SEVERAL
)  # fmt: skip
def trend_p(sample: Sample) -> Values:
    """P of a linear trend of proportions over the groups, in their order."""
    return _trend(_count(sample))
