"""Two values of each patient: `first` and `second`, as before and after; changes are the second less the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.estimators.group_tests import paired
from analysis.ledger.statistics.designs.limits import Parts, evaluate, register_with_limits
from analysis.ledger.statistics.groups import assign_groups, levels_of
from analysis.ledger.statistics.registry import Cells, Sample, Values, register

Pairs = tuple[np.ndarray, np.ndarray]
_FAMILY = "pairs"
_PAIR: dict[str, Any] = dict(family=_FAMILY, required=("first", "second"))


def _pairs(sample: Sample) -> Pairs:
    """Values of those who have both."""
    frame = sample.frame[[sample.arguments["first"], sample.arguments["second"]]].dropna()
    return frame.iloc[:, 0].to_numpy(dtype=float), frame.iloc[:, 1].to_numpy(dtype=float)


def _change(pairs: Pairs, method: str, level: float) -> Parts:
    return paired.paired_change(*pairs, level)


register_with_limits("mean_change", "mean change from the first value to the second", ("",), _change, _pairs, kind="number", **_PAIR)


@register("sd_change", kind="number", **_PAIR)
def sd_change(sample: Sample) -> Values:
    """Standard deviation of the change from the first value to the second."""
    pairs = _pairs(sample)
    return evaluate(("",), lambda _: paired.paired_change(*pairs).sd)


@register("median_change", kind="number", **_PAIR)
def median_change(sample: Sample) -> Values:
    """Median change from the first value to the second."""
    first, second = _pairs(sample)
    return {"": float(np.median(second - first)) if len(first) else float("nan")}


@register("paired_t_p", kind="p", **_PAIR)
def paired_t_p(sample: Sample) -> Values:
    """P of the paired t test."""
    pairs = _pairs(sample)
    return evaluate(("",), lambda _: paired.paired_change(*pairs).p)


@register("signed_rank_p", kind="p", default="asymptotic-continuity", **_PAIR)
def signed_rank_p(sample: Sample) -> Values:
    """P of Wilcoxon's signed-rank test of two values of each patient; values that do not change are left out."""
    pairs = _pairs(sample)
    return evaluate(paired.SIGNED_RANK, lambda method: paired.signed_rank_p(*pairs, method))


@register("sign_test_p", kind="p", **_PAIR)
def sign_test_p(sample: Sample) -> Values:
    """P of the sign test of two values of each patient (exact)."""
    pairs = _pairs(sample)
    return evaluate(("",), lambda _: paired.sign_test_p(*pairs))


def _discordant(sample: Sample) -> tuple[int, int]:
    first, second = _pairs(sample)
    return int(((first == 1) & (second == 0)).sum()), int(((first == 0) & (second == 1)).sum())


def _mcnemar(counts: tuple[int, int]) -> Values:
    return evaluate(paired.MCNEMAR, lambda test: paired.mcnemar_p(*counts, test))


def _mcnemar_of_cells(cells: Cells) -> Values:
    table = cells.table()
    return _mcnemar((int(table[0, 1]), int(table[1, 0])))


@register(
    "mcnemar_p", kind="p", default="exact", from_printed=_mcnemar_of_cells, needs="counts of the first by the second finding: a ; b | c ; d",
    fits=lambda r, c: (r, c) == (2, 2), **_PAIR,
)  # fmt: skip
def mcnemar_p(sample: Sample) -> Values:
    """P of McNemar's test of two yes-or-no findings of each patient."""
    return _mcnemar(_discordant(sample))


def _correlation(method: str) -> Callable[[Pairs, str, float], Parts]:
    return lambda pairs, _, level: paired.correlate(*pairs, method, level)


register_with_limits(
    "correlation", "correlation of two values of each patient (Pearson)", ("",), _correlation("pearson"), _pairs, kind="number", **_PAIR
)


def _rank(sample: Sample) -> Pairs:
    """The same, where levels of a category count in their order."""
    columns = []
    for name in (sample.arguments["first"], sample.arguments["second"]):
        declared = sample.declared[name]
        if declared.type == "category":
            place = assign_groups(sample.frame, name, levels_of(declared), declared).astype(float)
            columns.append(np.where(place < 0, np.nan, place))
        else:
            columns.append(sample.frame[name].to_numpy(dtype=float, na_value=np.nan))
    known = ~np.isnan(columns).any(axis=0)
    return columns[0][known], columns[1][known]


@register("rank_correlation", kind="number", **_PAIR)
def rank_correlation(sample: Sample) -> Values:
    """Rank correlation of two values of each patient (Spearman); levels of a category count in their order."""
    pairs = _rank(sample)
    return evaluate(("",), lambda _: paired.correlate(*pairs, "spearman").r)


@register("correlation_p", kind="p", default="pearson", **_PAIR)
def correlation_p(sample: Sample) -> Values:
    """P of the correlation of two values of each patient, or of their ranks, where levels of a category count in their order."""
    pairs = _rank(sample)
    categories = any(sample.declared[sample.arguments[key]].type == "category" for key in ("first", "second"))
    if categories:
        return evaluate(("spearman",), lambda method: paired.correlate(*pairs, method).p)
    return evaluate(paired.CORRELATIONS, lambda method: paired.correlate(*pairs, method).p)
