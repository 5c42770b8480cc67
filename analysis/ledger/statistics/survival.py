"""Kaplan-Meier estimates, their errors and limits, medians and follow-up; in percent or the unit of time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.errors import Undefined
from analysis.estimators.curves.follow_up import reverse_kaplan_meier
from analysis.estimators.curves.kaplan_meier import Curve, kaplan_meier
from analysis.estimators.curves.rmst import restricted_mean
from analysis.ledger.statistics.counting import sum_of_cells
from analysis.ledger.statistics.registry import Sample, Values, register

INTERVALS = ("log", "log-log", "plain")
_AT: dict[str, Any] = dict(kind="survival", required=("endpoint", "time"))


def _curve(sample: Sample) -> Curve | None:
    def compute() -> Curve | None:
        time, event, _ = sample.times()
        return kaplan_meier(time, event) if len(time) else None

    return sample.once("curve", ("endpoint",), compute)


def _at(sample: Sample) -> float:
    return float(sample.arguments["time"])


def _percent(value: float) -> float:
    return 100 * float(value)


def _estimate(sample: Sample) -> float:
    curve = _curve(sample)
    return float("nan") if curve is None else _percent(curve.survival_at(_at(sample)))


def _standard_error(sample: Sample) -> float:
    curve = _curve(sample)
    return float("nan") if curve is None else _percent(curve.standard_error_at(_at(sample)))


def _limits(sample: Sample) -> dict[str, tuple[float, float]]:
    curve = _curve(sample)
    if curve is None:
        return {kind: (float("nan"), float("nan")) for kind in INTERVALS}
    limits = {kind: curve.interval_at(_at(sample), kind=kind, level=sample.level) for kind in INTERVALS}
    return {kind: (_percent(low), _percent(high)) for kind, (low, high) in limits.items()}


@register("survival", family="survival estimates", **_AT)
def survival(sample: Sample) -> Values:
    """Kaplan-Meier estimate at a time, in percent."""
    return {"": _estimate(sample)}


@register("survival_se", family="survival errors and limits", **_AT)
def survival_se(sample: Sample) -> Values:
    """Greenwood's standard error of the Kaplan-Meier estimate, in percent."""
    return {"": _standard_error(sample)}


@register("survival_lower", family="survival errors and limits", default="log", **_AT)
def survival_lower(sample: Sample) -> Values:
    """Lower confidence limit of the Kaplan-Meier estimate, in percent."""
    return {kind: low for kind, (low, _) in _limits(sample).items()}


@register("survival_upper", family="survival errors and limits", default="log", **_AT)
def survival_upper(sample: Sample) -> Values:
    """Upper confidence limit of the Kaplan-Meier estimate, in percent."""
    return {kind: high for kind, (_, high) in _limits(sample).items()}


@register("incidence", family="survival estimates", **_AT)
def incidence(sample: Sample) -> Values:
    """Complement of the Kaplan-Meier estimate, in percent."""
    return {"": 100 - _estimate(sample)}


@register("incidence_se", family="survival errors and limits", **_AT)
def incidence_se(sample: Sample) -> Values:
    """Standard error of the complement of the Kaplan-Meier estimate, in percent."""
    return {"": _standard_error(sample)}


@register("incidence_lower", family="survival errors and limits", default="log", **_AT)
def incidence_lower(sample: Sample) -> Values:
    """Lower confidence limit of the complement of the Kaplan-Meier estimate, in percent."""
    return {kind: 100 - high for kind, (_, high) in _limits(sample).items()}


@register("incidence_upper", family="survival errors and limits", default="log", **_AT)
def incidence_upper(sample: Sample) -> Values:
    """Upper confidence limit of the complement of the Kaplan-Meier estimate, in percent."""
    return {kind: 100 - low for kind, (low, _) in _limits(sample).items()}


@register("survival_median", family="medians and follow-up", kind="number", required=("endpoint",), default="midpoint")
def survival_median(sample: Sample) -> Values:
    """Median survival, in the endpoint's unit of time; the rules differ where the curve is flat at one half."""
    curve = _curve(sample)
    return {rule: float("nan") if curve is None else curve.median(rule=rule) for rule in ("midpoint", "left", "right")}


def _median_limits(sample: Sample) -> dict[str, tuple[float, float]]:
    curve = _curve(sample)
    return {
        kind: (float("nan"), float("nan")) if curve is None else curve.median_interval(kind=kind, level=sample.level) for kind in INTERVALS
    }


@register("survival_median_lower", family="medians and follow-up", kind="number", required=("endpoint",), default="log")
def survival_median_lower(sample: Sample) -> Values:
    """Lower confidence limit of the median survival, in the unit of time: where the lower limit of the estimate crosses one half."""
    return {kind: low for kind, (low, _) in _median_limits(sample).items()}


@register("survival_median_upper", family="medians and follow-up", kind="number", required=("endpoint",), default="log")
def survival_median_upper(sample: Sample) -> Values:
    """Upper confidence limit of the median survival, in the unit of time: where the upper limit of the estimate crosses one half."""
    return {kind: high for kind, (_, high) in _median_limits(sample).items()}


@register("rmst", family="medians and follow-up", kind="number", required=("endpoint", "time"))
def rmst(sample: Sample) -> Values:
    """Restricted mean survival until a time, in the unit of time."""
    time, event, _ = sample.times()
    try:
        return {"": float(restricted_mean(time, event, _at(sample)).mean) if len(time) else float("nan")}
    except Undefined:  # follow-up ends before the time
        return {"": float("nan")}


def _follow_up(sample: Sample, summary: Callable[[np.ndarray], Any]) -> Values:
    time, event, _ = sample.times()
    survivors = time[~event]
    return {
        "over all": float(summary(time)) if len(time) else float("nan"),
        "over survivors": float(summary(survivors)) if len(survivors) else float("nan"),
    }


@register("follow_up_median", family="medians and follow-up", kind="number", required=("endpoint",), default="over all")
def follow_up_median(sample: Sample) -> Values:
    """Median follow-up, in the unit of time: over all, over survivors, or by the reverse Kaplan-Meier method."""
    time, event, _ = sample.times()
    reverse = reverse_kaplan_meier(time, event).median() if len(time) else float("nan")
    return {**_follow_up(sample, np.median), "reverse Kaplan-Meier": reverse}


@register("follow_up_minimum", family="medians and follow-up", kind="number", required=("endpoint",), default="over all")
def follow_up_minimum(sample: Sample) -> Values:
    """Shortest follow-up, in the unit of time."""
    return _follow_up(sample, np.min)


@register("follow_up_maximum", family="medians and follow-up", kind="number", required=("endpoint",), default="over all")
def follow_up_maximum(sample: Sample) -> Values:
    """Longest follow-up, in the unit of time."""
    return _follow_up(sample, np.max)


@register("at_risk", family="counts", kind="exact", required=("endpoint", "time"))
def at_risk(sample: Sample) -> Values:
    """Patients at risk just before a time, as in the table below a curve."""
    curve = _curve(sample)
    return {"": 0.0 if curve is None else float(curve.at_risk_at(_at(sample)))}


@register(
    "events", family="counts", kind="exact", required=("endpoint",), optional=("time",), from_printed=sum_of_cells, needs="one sum",
    fits=lambda r, c: (r, c) == (1, 1),
)  # fmt: skip
def events(sample: Sample) -> Values:
    """Events of an endpoint, all of follow-up or up to and including a time."""
    time, event, _ = sample.times()
    until = _at(sample) if "time" in sample.arguments else np.inf
    return {"": float((event & (time <= until)).sum())}
