"""Hazard ratios within strata, survival compared at a time, trends of hazards, limits and quartiles of follow-up."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.errors import Undefined
from analysis.estimators.comparisons import survival_difference as difference
from analysis.estimators.comparisons.stratified_hazard_ratio import TIES, stratified_hazard_ratio
from analysis.estimators.curves.follow_up import reverse_kaplan_meier
from analysis.estimators.curves.kaplan_meier import Curve, kaplan_meier
from analysis.ledger.statistics import groups
from analysis.ledger.statistics.designs.limits import NAN, Parts, evaluate, register_with_limits
from analysis.ledger.statistics.registry import Sample, Values, register

_STRATA: dict[str, Any] = dict(required=("endpoint", "by", "strata"), optional=("groups",))
_AT: dict[str, Any] = dict(required=("endpoint", "time", "by"), optional=("groups",))
Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Times, events, 1 in the first of two groups, strata."""


def _two_groups(sample: Sample, columns: tuple[str, ...] = ()) -> Rows:
    time, event, frame = sample.times()
    _, position = groups.split(frame, sample.arguments, sample.declared)
    known = frame[list(columns)].notna().all(axis=1).to_numpy() if columns else np.ones(len(frame), dtype=bool)
    kept = (position >= 0) & known
    if set(np.unique(position[kept])) != {0, 1}:
        raise Undefined("a comparison needs two groups")
    strata = frame.loc[kept, list(columns)].astype(str).agg(" | ".join, axis=1).to_numpy() if columns else np.zeros(int(kept.sum()))
    return time[kept], event[kept], (position[kept] == 0).astype(float), strata


def _ratio(rows: Rows, ties: str, level: float) -> Parts:
    return tuple(stratified_hazard_ratio(*rows, ties, level))


def _register_ratio(ending: str, part: int, family: str, kind: str, meaning: str) -> None:
    def from_cohort(sample: Sample) -> Values:
        try:
            rows = _two_groups(sample, groups.names(sample.arguments["strata"]))
        except Undefined:
            return dict.fromkeys(TIES, NAN)
        return evaluate(TIES, lambda ties: _ratio(rows, ties, sample.level)[part])

    from_cohort.__doc__ = meaning
    register(f"stratified_hazard_ratio{ending}", family=family, kind=kind, default="efron", **_STRATA)(from_cohort)


for _ending, _part, _family, _kind, _meaning in (
    ("", 0, "hazard ratios", "ratio", "Hazard ratio of the first group to the second in a Cox model stratified by further variables."),
    ("_lower", 1, "hazard-ratio limits", "ratio", "Lower confidence limit of a stratified hazard ratio."),
    ("_upper", 2, "hazard-ratio limits", "ratio", "Upper confidence limit of a stratified hazard ratio."),
    ("_p", 3, "hazard ratios", "p", "P of a stratified hazard ratio (Wald)."),
):
    _register_ratio(_ending, _part, _family, _kind, _meaning)


def _two_curves(sample: Sample) -> tuple[Curve, Curve, float]:
    time, event, first, _ = _two_groups(sample)
    one, two = (kaplan_meier(time[first == group], event[first == group]) for group in (1, 0))
    return one, two, float(sample.arguments["time"])


def _at(curves: tuple[Curve, Curve, float], scale: str, level: float) -> Parts:
    return difference.survival_difference(*curves, level=level)


register_with_limits(
    "survival_difference", "Kaplan-Meier estimate of the first group less that of the second at a time, in percentage points", ("",), _at,
    _two_curves, family="survival estimates", kind="survival", scale=100, **_AT,
)  # fmt: skip


@register("survival_difference_p", family="tests", kind="p", default="plain", **_AT)
def survival_difference_p(sample: Sample) -> Values:
    """P of the comparison of two Kaplan-Meier estimates at a time, of the estimates themselves or of log(−log)."""
    try:
        curves = _two_curves(sample)
    except Undefined:
        return dict.fromkeys(difference.TRANSFORMATIONS, NAN)
    return evaluate(difference.TRANSFORMATIONS, lambda scale: difference.survival_difference(*curves, scale).p)


@register("logrank_trend_p", family="log-rank tests", kind="p", required=("endpoint", "by"), optional=("groups",))
def logrank_trend_p(sample: Sample) -> Values:
    """P of a trend of hazards over the groups, in their order (log-rank test for trend)."""
    time, event, frame = sample.times()
    _, position = groups.split(frame, sample.arguments, sample.declared)
    kept = position >= 0
    return evaluate(("",), lambda _: difference.log_rank_trend_p(time[kept], event[kept], position[kept]))


_FOLLOW_UP: dict[str, Any] = dict(family="medians and follow-up", kind="number")
INTERVALS = ("log", "log-log", "plain")


def _follow_up_curve(sample: Sample) -> Curve:
    time, event, _ = sample.times()
    if not len(time):
        raise Undefined("follow-up needs a patient")
    return reverse_kaplan_meier(time, event)


def _median(curve: Curve, scale: str, level: float) -> Parts:
    return curve.median(), *curve.median_interval(kind=scale, level=level)


register_with_limits(
    "follow_up_median", "median follow-up by the reverse Kaplan-Meier method", INTERVALS, _median, _follow_up_curve, estimate=False,
    required=("endpoint",), **_FOLLOW_UP,
)  # fmt: skip


@register("follow_up_quantile", default="over all", required=("endpoint", "share"), **_FOLLOW_UP)
def follow_up_quantile(sample: Sample) -> Values:
    """Follow-up that a share of the patients, in percent, does not reach, 25 and 75 for the quartiles: over all, over survivors, or by the reverse Kaplan-Meier method."""
    time, event, _ = sample.times()
    share = float(sample.arguments["share"]) / 100

    def plain(times: np.ndarray) -> float:
        return float(np.quantile(times, share)) if len(times) else NAN

    reverse = evaluate(("reverse Kaplan-Meier",), lambda _: _follow_up_curve(sample).quantile(share))
    return {"over all": plain(time), "over survivors": plain(time[~event]), **reverse}


@register("survival_quantile", default="midpoint", required=("endpoint", "share"), **_FOLLOW_UP)
def survival_quantile(sample: Sample) -> Values:
    """Time by which a share of the patients, in percent, has had the event; the rules differ where the curve is flat there."""
    time, event, _ = sample.times()
    share = float(sample.arguments["share"]) / 100
    rules = ("midpoint", "left", "right")
    if not len(time):
        return dict.fromkeys(rules, NAN)
    curve = kaplan_meier(time, event)
    return {rule: curve.quantile(share, rule) for rule in rules}
