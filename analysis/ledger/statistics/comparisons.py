"""Two survival curves compared: log-rank P and univariable hazard ratios."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import Undefined
from analysis.estimators.comparisons import log_rank
from analysis.estimators.comparisons.two_curve_hazard_ratio import hazard_ratio as estimate
from analysis.estimators.group_tests.rates import METHODS as RATES
from analysis.estimators.group_tests.rates import RateRatio, rate_ratio
from analysis.estimators.regression import robust
from analysis.ledger.statistics import groups
from analysis.ledger.statistics.lazy import Lazy
from analysis.ledger.statistics.registry import Sample, Values, register

WEIGHTS = ("logrank", "gehan-breslow-wilcoxon")
METHODS = ("logrank-oe", "mantel-haenszel", "cox-efron", "cox-breslow", "cox-exact")
_COX = "cox-"
_COMPARISON: dict[str, Any] = dict(required=("endpoint", "by"), optional=("groups",))
_RATIO: dict[str, Any] = dict(required=("endpoint", "by"), optional=("cluster", "groups"))


def _two_groups(sample: Sample) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Times, events and groups (0 the first named, 1 the reference …); None unless two groups hold anybody."""
    time, event, frame = groups.within_clusters(*sample.times(), sample.arguments)
    _, position = groups.split(frame, sample.arguments, sample.declared)
    inside = position >= 0
    time, event, position = time[inside], event[inside], position[inside]
    return (time, event, position) if len(np.unique(position)) > 1 else None


@register("logrank_p", family="log-rank tests", kind="p", default="logrank", **_COMPARISON)
def logrank_p(sample: Sample) -> Values:
    """P of the comparison of survival curves."""
    compared = _two_groups(sample)
    if compared is None or not compared[1].any():
        return dict.fromkeys(WEIGHTS, float("nan"))
    time, event, group = compared

    def p(weights: str) -> float:
        return log_rank.compare(time, event, group, weights=weights).p

    return Lazy({weights: partial(p, weights) for weights in WEIGHTS})


@register("stratified_logrank_p", family="log-rank tests", kind="p", required=("endpoint", "by", "strata"), optional=("groups",))
def stratified_logrank_p(sample: Sample) -> Values:
    """P of the log-rank test stratified by further variables; patients with an unknown stratum are left out."""
    time, event, frame = sample.times()
    _, position = groups.split(frame, sample.arguments, sample.declared)
    columns = frame[list(groups.names(sample.arguments["strata"]))]
    kept = (position >= 0) & columns.notna().all(axis=1).to_numpy()
    if len(np.unique(position[kept])) < 2 or not event[kept].any():
        return {"": float("nan")}
    strata = columns[kept].astype(str).agg(" | ".join, axis=1).to_numpy()
    return {"": log_rank.compare(time[kept], event[kept], position[kept], strata=strata).p}


def _estimate(sample: Sample, method: str) -> tuple[float, float, float, float]:
    """Hazard ratio of the first group to the second, its limits and P, by one documented method."""
    nothing = (float("nan"), float("nan"), float("nan"), float("nan"))

    def compute() -> tuple[float, float, float, float]:
        compared = _two_groups(sample)
        if compared is None or len(np.unique(compared[2])) != 2:
            return nothing
        try:
            found = (
                _estimate_clustered(sample, method)
                if "cluster" in sample.arguments
                else estimate(*compared, method=method, level=sample.level)
            )
        except Undefined:  # e.g. exact ties too many to count: this convention says nothing here
            return nothing
        return found.hr, found.lower, found.upper, found.p

    return sample.once(f"hazard ratio {method}", ("endpoint", "by", "groups", "cluster", "level"), compute)


def _estimate_clustered(sample: Sample, method: str) -> robust.RobustRatio:
    """The same with a standard error that keeps rows of one cluster together, such as matched pairs."""
    time, event, frame = groups.within_clusters(*sample.times(), sample.arguments)
    _, position = groups.split(frame, sample.arguments, sample.declared)
    rows = pd.DataFrame({"time": time, "event": event.astype(int), "first": (position == 0).astype(int)})[position >= 0]
    members = groups.clusters(frame, sample.arguments)[position >= 0]
    return robust.cox(rows, "time", "event", "first", members, method.removeprefix(_COX), sample.level)["first"]


def _part(sample: Sample, position: int, methods: Sequence[str] = METHODS) -> Values:
    """One of hazard ratio, lower limit, upper limit and P, by method; of rows in clusters, by those of Cox that know them."""
    if "cluster" in sample.arguments:
        methods = [f"{_COX}{ties}" for ties in robust.TIES]

    def part(method: str) -> float:
        return _estimate(sample, method)[position]

    return Lazy({method: partial(part, method) for method in methods})


@register("hazard_ratio", family="hazard ratios", kind="ratio", default="logrank-oe", **_RATIO)
def hazard_ratio(sample: Sample) -> Values:
    """Hazard ratio of the first group to the second, without covariates."""
    return _part(sample, 0)


@register("hazard_ratio_lower", family="hazard-ratio limits", kind="ratio", default="logrank-oe", **_RATIO)
def hazard_ratio_lower(sample: Sample) -> Values:
    """Lower confidence limit of the univariable hazard ratio."""
    return _part(sample, 1)


@register("hazard_ratio_upper", family="hazard-ratio limits", kind="ratio", default="logrank-oe", **_RATIO)
def hazard_ratio_upper(sample: Sample) -> Values:
    """Upper confidence limit of the univariable hazard ratio."""
    return _part(sample, 2)


@register("hazard_ratio_p", family="hazard ratios", kind="p", default="logrank", **_RATIO)
def hazard_ratio_p(sample: Sample) -> Values:
    """P that stands beside a univariable hazard ratio."""
    cox = _part(sample, 3, [method for method in METHODS if method.startswith(_COX)])
    if "cluster" in sample.arguments:
        return cox
    return Lazy({"logrank": lambda: logrank_p(sample)["logrank"], **{method: partial(cox.__getitem__, method) for method in cox}})


def _rates(sample: Sample, method: str) -> RateRatio | None:
    compared = _two_groups(sample)
    if compared is None or len(np.unique(compared[2])) != 2:
        return None
    time, event, group = compared
    first = group == group.min()
    try:
        return rate_ratio(
            (int(event[first].sum()), int(event[~first].sum())), (time[first].sum(), time[~first].sum()), method, sample.level
        )
    except Undefined:
        return None


def _rate_part(sample: Sample, part: str) -> Values:
    found = {method: _rates(sample, method) for method in RATES}
    return {method: float("nan") if one is None else getattr(one, part) for method, one in found.items()}


@register("event_rate", family="medians and follow-up", kind="number", required=("endpoint",), optional=("per",))
def event_rate(sample: Sample) -> Values:
    """Events over all follow-up, for so many units of the endpoint's time: 100, or as `per` says; 1200 for 100 years in months."""
    time, event, _ = sample.times()
    return {"": float(event.sum() / time.sum() * float(sample.arguments.get("per", 100))) if time.sum() else float("nan")}


@register("rate_ratio", family="hazard ratios", kind="ratio", **_COMPARISON)
def rate_ratio_of(sample: Sample) -> Values:
    """Events over follow-up of the first group as a multiple of those of the second."""
    return {"": _rate_part(sample, "ratio")["exact"]}


@register("rate_ratio_lower", family="hazard-ratio limits", kind="ratio", default="exact", **_COMPARISON)
def rate_ratio_lower(sample: Sample) -> Values:
    """Lower confidence limit of a rate ratio."""
    return _rate_part(sample, "lower")


@register("rate_ratio_upper", family="hazard-ratio limits", kind="ratio", default="exact", **_COMPARISON)
def rate_ratio_upper(sample: Sample) -> Values:
    """Upper confidence limit of a rate ratio."""
    return _rate_part(sample, "upper")


@register("rate_ratio_p", family="hazard ratios", kind="p", default="exact", **_COMPARISON)
def rate_ratio_p(sample: Sample) -> Values:
    """P of the comparison of two event rates."""
    return _rate_part(sample, "p")
