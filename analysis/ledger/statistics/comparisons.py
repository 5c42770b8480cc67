"""Two survival curves compared: log-rank P and univariable hazard ratios."""

from __future__ import annotations

import numpy as np

from analysis.estimators import log_rank
from analysis.estimators.two_curve_hazard_ratio import hazard_ratio as estimate
from analysis.ledger.statistics import groups
from analysis.ledger.statistics.registry import Sample, Values, register

WEIGHTS = ("logrank", "gehan-breslow-wilcoxon")
METHODS = ("logrank-oe", "mantel-haenszel", "cox-efron", "cox-breslow", "cox-exact")
_COMPARISON = dict(required=("endpoint", "by"), optional=("groups",))


def _compared(sample: Sample) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Times, events and groups (0 the first named, 1 the reference …); None unless two groups hold anybody."""
    time, event, frame = sample.times()
    _, position = groups.split(frame, sample.arguments, sample.declared)
    inside = position >= 0
    time, event, position = time[inside], event[inside], position[inside]
    return (time, event, position) if len(np.unique(position)) > 1 else None


@register("logrank_p", family="log-rank tests", kind="p", default="logrank", **_COMPARISON)
def logrank_p(sample: Sample) -> Values:
    """P of the comparison of survival curves."""
    compared = _compared(sample)
    if compared is None or not compared[1].any():
        return {weights: float("nan") for weights in WEIGHTS}
    return {weights: log_rank.compare(*compared, weights=weights).p for weights in WEIGHTS}


def _estimates(sample: Sample) -> dict[str, tuple[float, float, float, float]]:
    """Hazard ratio of the first group to the second, its 95 % limits and P, by every documented method."""
    return sample.once("hazard ratio", ("endpoint", "by", "groups"), lambda: _computed(sample))


def _computed(sample: Sample) -> dict[str, tuple[float, float, float, float]]:
    compared = _compared(sample)
    nothing = (float("nan"),) * 4
    if compared is None or len(np.unique(compared[2])) != 2:
        return dict.fromkeys(METHODS, nothing)
    time, event, position = compared
    found = {}
    for method in METHODS:
        try:
            found[method] = tuple(estimate(time, event, position, method=method, level=0.95))
        except ValueError:  # e.g. exact ties too many to count: this convention says nothing here
            found[method] = nothing
    return found


@register("hazard_ratio", family="hazard ratios", kind="ratio", default="logrank-oe", **_COMPARISON)
def hazard_ratio(sample: Sample) -> Values:
    """Hazard ratio of the first group to the second, without covariates."""
    return {method: values[0] for method, values in _estimates(sample).items()}


@register("hazard_ratio_lower", family="hazard-ratio limits", kind="ratio", default="logrank-oe", **_COMPARISON)
def hazard_ratio_lower(sample: Sample) -> Values:
    """Lower 95 % limit of the univariable hazard ratio."""
    return {method: values[1] for method, values in _estimates(sample).items()}


@register("hazard_ratio_upper", family="hazard-ratio limits", kind="ratio", default="logrank-oe", **_COMPARISON)
def hazard_ratio_upper(sample: Sample) -> Values:
    """Upper 95 % limit of the univariable hazard ratio."""
    return {method: values[2] for method, values in _estimates(sample).items()}


@register("hazard_ratio_p", family="hazard ratios", kind="p", default="logrank", **_COMPARISON)
def hazard_ratio_p(sample: Sample) -> Values:
    """P that stands beside a univariable hazard ratio."""
    return {"logrank": logrank_p(sample)["logrank"], **{m: v[3] for m, v in _estimates(sample).items() if m.startswith("cox")}}
