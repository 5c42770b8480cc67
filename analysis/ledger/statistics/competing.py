"""Cumulative incidence with a competing event, its comparison between groups, and the model of its hazard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import Undefined
from analysis.estimators.comparisons.gray import gray_test
from analysis.estimators.curves.competing_risks import Incidence, cumulative_incidence
from analysis.estimators.regression import fine_gray
from analysis.ledger.statistics import groups
from analysis.ledger.statistics.registry import Sample, Values, register
from analysis.ledger.statistics.regression import per_units

INTERVALS = ("log-log", "plain")
_NAN = float("nan")
_AT: dict[str, Any] = dict(kind="survival", required=("endpoint", "time", "competing"))


def _causes(sample: Sample) -> tuple[np.ndarray, np.ndarray, Any]:
    """Times, causes (0 censored, 1 the endpoint's event, 2 the competing one) and rows; a row without a known competing event has none."""
    time, event, frame = sample.times()
    other = frame[sample.arguments["competing"]].fillna(False).to_numpy(dtype=bool) & (time <= sample.endpoint.until)
    return time, np.where(event, 1, np.where(other, 2, 0)), frame


def _curve(sample: Sample) -> Incidence | None:
    def compute() -> Incidence | None:
        time, cause, _ = _causes(sample)
        return cumulative_incidence(time, cause) if len(time) else None

    return sample.once("cumulative incidence", ("endpoint", "competing"), compute)


def _limit(sample: Sample, part: int) -> Values:
    curve, time = _curve(sample), float(sample.arguments["time"])
    return {
        kind: _NAN if curve is None else 100 * float(curve.interval_at(time, kind=kind, level=sample.level)[part]) for kind in INTERVALS
    }


@register("cumulative_incidence", family="survival estimates", **_AT)
def cumulative_incidence_at(sample: Sample) -> Values:
    """Cumulative incidence at a time with a competing event (Aalen-Johansen), in percent."""
    curve = _curve(sample)
    return {"": _NAN if curve is None else 100 * float(curve.incidence_at(float(sample.arguments["time"])))}


@register("cumulative_incidence_se", family="survival errors and limits", **_AT)
def cumulative_incidence_se(sample: Sample) -> Values:
    """Standard error of the cumulative incidence with a competing event, in percentage points."""
    curve = _curve(sample)
    return {"": _NAN if curve is None else 100 * float(curve.standard_error_at(float(sample.arguments["time"])))}


@register("cumulative_incidence_lower", family="survival errors and limits", default="log-log", **_AT)
def cumulative_incidence_lower(sample: Sample) -> Values:
    """Lower confidence limit of the cumulative incidence with a competing event, in percent."""
    return _limit(sample, 0)


@register("cumulative_incidence_upper", family="survival errors and limits", default="log-log", **_AT)
def cumulative_incidence_upper(sample: Sample) -> Values:
    """Upper confidence limit of the cumulative incidence with a competing event, in percent."""
    return _limit(sample, 1)


@register("gray_p", family="log-rank tests", kind="p", required=("endpoint", "competing", "by"), optional=("groups",))
def gray_p(sample: Sample) -> Values:
    """P of Gray's test: cumulative incidence compared between groups."""
    time, cause, frame = _causes(sample)
    _, position = groups.split(frame, sample.arguments, sample.declared)
    inside = position >= 0
    if len(np.unique(position[inside])) < 2 or not (cause[inside] == 1).any():
        return {"": _NAN}
    return {"": gray_test(time[inside], cause[inside], position[inside]).p}


_FINE_GRAY: dict[str, Any] = dict(family="regression", required=("endpoint", "competing", "covariates", "term"))


def _fine_gray(sample: Sample, column: str) -> Values:
    """A column of the model's summary for the term."""
    covariates = groups.names(sample.arguments["covariates"])

    def model() -> pd.DataFrame | None:
        time, cause, frame = _causes(sample)
        design = groups.design(frame, covariates, sample.declared)
        kept = frame.index.isin(design.index)
        try:
            return fine_gray.fit(
                design.assign(_time=time[kept], _cause=cause[kept]), "_time", "_cause", list(covariates), level=sample.level
            ).summary
        except (Undefined, np.linalg.LinAlgError):
            return None

    summary = sample.once("fine gray", ("endpoint", "competing", "covariates", "level"), model)
    return {"": _NAN if summary is None else per_units(float(summary.loc[sample.arguments["term"], column]), sample, column)}


@register("fine_gray_hr", kind="ratio", optional=("per",), **_FINE_GRAY)
def fine_gray_hr(sample: Sample) -> Values:
    """Subdistribution hazard ratio of a term of Fine and Gray's model, alone or adjusted for other covariates."""
    return _fine_gray(sample, "hr")


@register("fine_gray_lower", kind="ratio", optional=("per",), **_FINE_GRAY)
def fine_gray_lower(sample: Sample) -> Values:
    """Lower confidence limit of a subdistribution hazard ratio."""
    return _fine_gray(sample, "lower")


@register("fine_gray_upper", kind="ratio", optional=("per",), **_FINE_GRAY)
def fine_gray_upper(sample: Sample) -> Values:
    """Upper confidence limit of a subdistribution hazard ratio."""
    return _fine_gray(sample, "upper")


@register("fine_gray_p", kind="p", **_FINE_GRAY)
def fine_gray_p(sample: Sample) -> Values:
    """P of a term of Fine and Gray's model (Wald)."""
    return _fine_gray(sample, "p")
