"""Diagnostic tests: the subset is a positive test, `outcome` who has the disease; and two raters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from analysis.estimators.group_tests import diagnostic
from analysis.ledger.statistics import groups
from analysis.ledger.statistics.designs.limits import Parts, register_with_limits
from analysis.ledger.statistics.designs.shares import METHODS, SHAPE, printed_counts, share_with_limits
from analysis.ledger.statistics.registry import Cells, Sample

_FAMILY = "diagnostic tests"


class Tested(NamedTuple):
    """Patients by test and disease: true and false positives, false and true negatives."""

    tp: int
    fp: int
    fn: int
    tn: int


def _count(sample: Sample) -> Tested:
    """Counts of those whose disease and test are known."""
    truth = sample.population[sample.arguments["outcome"]]
    tests = [sample.population[name] for name in sample.condition.variables]
    known = np.logical_and.reduce([one.notna().to_numpy() for one in (truth, *tests)])
    ill, positive = truth[known].to_numpy(dtype=bool), sample.chosen[known]
    return Tested(*(int(part.sum()) for part in (positive & ill, positive & ~ill, ~positive & ill, ~positive & ~ill)))


_SHARES: dict[str, tuple[str, Callable[[Tested], tuple[int, int]]]] = {
    "sensitivity": ("share of positive tests among those with the disease, in percent", lambda t: (t.tp, t.tp + t.fn)),
    "specificity": ("share of negative tests among those without the disease, in percent", lambda t: (t.tn, t.tn + t.fp)),
    "positive_predictive_value": ("share with the disease among positive tests, in percent", lambda t: (t.tp, t.tp + t.fp)),
    "negative_predictive_value": ("share without the disease among negative tests, in percent", lambda t: (t.tn, t.tn + t.fn)),
    "accuracy": ("share of tests that are right, in percent", lambda t: (t.tp + t.tn, sum(t))),
}


def _share_of(counts: Callable[[Tested], tuple[int, int]], sample: Sample) -> tuple[int, int]:
    return counts(_count(sample))


for _name, (_meaning, _counts) in _SHARES.items():
    register_with_limits(
        _name, _meaning, METHODS, share_with_limits, partial(_share_of, _counts), family=_FAMILY, kind="percent",
        from_printed=printed_counts, required=("outcome",), **SHAPE,
    )  # fmt: skip


def _ratio(of: str, counts: tuple[tuple[int, int], tuple[int, int]], method: str, level: float) -> Parts:
    return diagnostic.likelihood_ratio(*counts, of, level)


def _of_patients(sample: Sample) -> tuple[tuple[int, int], tuple[int, int]]:
    tested = _count(sample)
    return (tested.tp, tested.fp), (tested.tp + tested.fn, tested.fp + tested.tn)


def _of_cells(cells: Cells) -> tuple[tuple[int, int], tuple[int, int]]:
    table = cells.table()
    return (int(table[0, 0]), int(table[1, 0])), (int(table[0, 1]), int(table[1, 1]))


for _of in ("positive", "negative"):
    register_with_limits(
        f"{_of}_likelihood_ratio", f"likelihood ratio of a {_of} test", ("",), partial(_ratio, _of), _of_patients, family=_FAMILY,
        kind="ratio", from_printed=_of_cells, required=("outcome",),
        needs="positive with the disease ; all with it | positive without ; all without", fits=lambda r, c: (r, c) == (2, 2),
    )  # fmt: skip


def _measurements(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    frame = sample.frame[[sample.arguments["variable"], sample.arguments["outcome"]]].dropna()
    return frame.iloc[:, 0].to_numpy(dtype=float), frame.iloc[:, 1].to_numpy(dtype=float)


def _area(given: tuple[np.ndarray, np.ndarray], method: str, level: float) -> Parts:
    return diagnostic.area_under_curve(*given, method, level)


register_with_limits(
    "auc", "area under the receiver operating characteristic curve of a variable for an outcome", diagnostic.AREAS, _area, _measurements,
    family=_FAMILY, kind="ratio", required=("variable", "outcome"),
)  # fmt: skip


def _cross_tabulate(sample: Sample) -> np.ndarray:
    """Patients by the findings of two raters, in the levels of the first."""
    first, second = sample.arguments["first"], sample.arguments["second"]
    levels = groups.levels_of(sample.declared[first])
    one, two = (groups.assign_groups(sample.frame, name, levels, sample.declared[name]) for name in (first, second))
    known = (one >= 0) & (two >= 0)
    return np.bincount(one[known] * len(levels) + two[known], minlength=len(levels) ** 2).reshape(len(levels), -1)


def _kappa(table: np.ndarray, method: str, level: float) -> Parts:
    return diagnostic.kappa(table, level)


def _square(cells: Cells) -> Any:
    return cells.table()


register_with_limits(
    "kappa", "kappa of Cohen, unweighted, of two findings of each patient", ("",), _kappa, _cross_tabulate, family=_FAMILY, kind="ratio",
    from_printed=_square, required=("first", "second"), needs="a square table of counts: a ; b | c ; d", fits=lambda r, c: r == c >= 2,
)  # fmt: skip
