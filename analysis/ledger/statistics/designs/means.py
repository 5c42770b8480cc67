"""Limits of a mean and of the difference of two, and the standard error."""

from __future__ import annotations

import numpy as np

from analysis.estimators.group_tests import means
from analysis.ledger.statistics import groups
from analysis.ledger.statistics.designs.limits import NAN, Parts, register_with_limits
from analysis.ledger.statistics.registry import Sample, Values, register

_FAMILY = "continuous summaries"


def _values(sample: Sample) -> np.ndarray:
    return sample.frame[sample.arguments["variable"]].dropna().to_numpy(dtype=float)


def _limits(values: np.ndarray, method: str, level: float) -> Parts:
    return means.mean_limits(values, level)


register_with_limits(
    "mean", "arithmetic mean, by the t distribution", ("",), _limits, _values, family=_FAMILY, kind="number", estimate=False,
    required=("variable",),
)  # fmt: skip


@register("standard_error", family=_FAMILY, kind="number", required=("variable",))
def standard_error(sample: Sample) -> Values:
    """Standard error of the mean, SD over √n."""
    values = _values(sample)
    return {"": float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else NAN}


def _two(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    _, position = groups.split(sample.frame, sample.arguments, sample.declared)
    values = sample.frame[sample.arguments["variable"]]
    known = values.notna().to_numpy()
    first, second = (values[known & (position == number)].to_numpy(dtype=float) for number in (0, 1))
    return first, second


def _difference(samples: tuple[np.ndarray, np.ndarray], method: str, level: float) -> Parts:
    return means.mean_difference(*samples, method, level)


register_with_limits(
    "mean_difference", "mean of the first group less that of the second", means.DIFFERENCES, _difference, _two, family=_FAMILY,
    kind="number", required=("variable", "by"), optional=("groups",),
)  # fmt: skip
