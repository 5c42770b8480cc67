"""Summaries of a numeric variable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.ledger.statistics.registry import Sample, Values, register

_SUMMARY: dict[str, Any] = dict(family="continuous summaries", kind="number", required=("variable",))


def _values(sample: Sample) -> np.ndarray:
    values = sample.frame[sample.arguments["variable"]]
    return values[values.notna()].to_numpy(dtype=float)


def _of(function: Callable[[np.ndarray], Any], values: np.ndarray, least: int = 1) -> float:
    return float(function(values)) if len(values) >= least else float("nan")


@register("mean", **_SUMMARY)
def mean(sample: Sample) -> Values:
    """Arithmetic mean, missing values left out."""
    return {"": _of(np.mean, _values(sample))}


@register("sd", **_SUMMARY, default="n-1")
def sd(sample: Sample) -> Values:
    """Standard deviation; denominators n − 1 (the sample's) and n."""
    values = _values(sample)
    return {"n-1": _of(lambda v: np.std(v, ddof=1), values, 2), "n": _of(np.std, values)}


@register("median", **_SUMMARY)
def median(sample: Sample) -> Values:
    """Median; the mean of the two middle values where their number is even."""
    return {"": _of(np.median, _values(sample))}


@register("minimum", **_SUMMARY)
def minimum(sample: Sample) -> Values:
    """Least value."""
    return {"": _of(np.min, _values(sample))}


@register("maximum", **_SUMMARY)
def maximum(sample: Sample) -> Values:
    """Greatest value."""
    return {"": _of(np.max, _values(sample))}


QUANTILES = {"type 7": "linear", "type 6": "weibull", "type 2": "averaged_inverted_cdf"}
"""Definitions after Hyndman and Fan (Am Stat 1996;50:361-365): R and Excel, SPSS and Prism, SAS; with numpy's names."""


@register("quantile", family="continuous summaries", kind="number", required=("variable", "share"), default="type 7")
def quantile(sample: Sample) -> Values:
    """Value below which a share of the patients lies, in percent: 25 and 75 for the quartiles."""
    values, share = _values(sample), float(sample.arguments["share"]) / 100
    return {kind: float(np.quantile(values, share, method=method)) if len(values) else float("nan") for kind, method in QUANTILES.items()}  # type: ignore[call-overload]
