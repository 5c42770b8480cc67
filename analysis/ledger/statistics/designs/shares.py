"""Limits of a percentage, and its test against a share that was fixed beforehand."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.estimators.group_tests import proportions
from analysis.ledger.statistics.designs.limits import NAN, Parts, register_with_limits
from analysis.ledger.statistics.registry import Cells, Sample, Values, register

METHODS = ("clopper-pearson", "wilson", "wald", "agresti-coull", "wilson-continuity", "jeffreys")
TESTS = {"exact": "two-sided", "exact, greater": "greater", "exact, less": "less"}
Counts = tuple[int, int]
"""Patients with the feature, and all."""


def _count(sample: Sample) -> Counts:
    return int(np.sum(sample.chosen)), len(sample.population)


def printed_counts(cells: Cells) -> Counts:
    """Numerator and denominator of a row of cells."""
    (k, n), *_ = cells.table()
    return int(k), int(n)


def share_with_limits(counts: Counts, method: str, level: float) -> Parts:
    """Share, lower and upper limit, in percent; NaN where there is nobody."""
    k, n = counts
    if not 0 <= k <= n or not n:
        return NAN, NAN, NAN
    low, high = proportions.interval(k, n, method, level)
    return 100 * k / n, 100 * low, 100 * high


SHAPE: dict[str, Any] = dict(needs="numerator ; denominator", fits=lambda r, c: (r, c) == (1, 2))
register_with_limits(
    "percent", "percentage of the population that meets the subset", METHODS, share_with_limits, _count,
    family="percentages", kind="percent", from_printed=printed_counts, estimate=False, **SHAPE,
)  # fmt: skip


def _p(counts: Counts, against: str) -> Values:
    k, n = counts
    if not 0 <= k <= n or not n:
        return dict.fromkeys(TESTS, NAN)
    return {name: proportions.binomial_p(k, n, float(against) / 100, alternative) for name, alternative in TESTS.items()}


@register(
    "percent_p", family="tests", kind="p", default="exact", required=("against",),
    from_printed=lambda cells: _p(printed_counts(cells), cells.arguments["against"]), **SHAPE,
)  # fmt: skip
def percent_p(sample: Sample) -> Values:
    """P of the percentage of the population that meets the subset, against a percentage fixed beforehand: two-sided and one-sided."""
    return _p(_count(sample), sample.arguments["against"])
