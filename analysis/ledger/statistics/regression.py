"""Multivariable models: Cox, Cox with a covariate that switches on, logistic."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from analysis.errors import Undefined
from analysis.estimators.numerics import distributions
from analysis.estimators.regression import cox, logistic, robust
from analysis.estimators.time_dependent.counting_process import start_stop
from analysis.estimators.time_dependent.landmark import landmark, status_at
from analysis.ledger.statistics import groups
from analysis.ledger.statistics.lazy import Lazy
from analysis.ledger.statistics.registry import Sample, Values, register

T = TypeVar("T")
TIES = ("breslow", "efron", "exact")
#: Rules of `start_stop` for an event in the month of the switch, and how a convention names them. Without a name, the
#: counting process (start, stop] of R, which all analyses of our own follow; SPSS evaluates ``T_ >= switch``.
AT_SWITCH = {"after": "", "from": ", switched from its month on"}
_COX: dict[str, Any] = dict(required=("endpoint", "covariates", "term"), default="breslow")
_OF_COX: dict[str, Any] = dict(optional=("cluster", "per"))
_PER: dict[str, Any] = dict(optional=("per",))
_SWITCH: dict[str, Any] = dict(required=("endpoint", "switch_time"), optional=("term",), default="breslow")
_LANDMARK: dict[str, Any] = dict(required=("endpoint", "switch_time", "landmark"), default="breslow")
#: What `CoxResult.test_without` returns, in its order.
_LEAVING_OUT = ("likelihood_ratio_p", "score_p")
_LOGISTIC: dict[str, Any] = dict(required=("outcome", "covariates", "term"))


def _or_none(compute: Callable[[], T]) -> T | None:
    """A model or a test of one; None where it cannot be fitted to these rows."""
    try:
        return compute()
    except (Undefined, np.linalg.LinAlgError):
        return None


def _summary(fit: Callable[[], cox.CoxResult | logistic.LogisticResult]) -> pd.DataFrame | None:
    """Summary of a fitted model; None where the model cannot be fitted to these rows."""
    return _or_none(lambda: fit().summary)


def _number(summary: pd.DataFrame | None, term: str, column: str) -> float:
    return float("nan") if summary is None else float(summary.loc[term, column])


def per_units(ratio: float, sample: Sample, column: str = "") -> float:
    """A ratio, or its limit, for so many units of its term as `per` says: 10 for one of ten years; a P value as it is."""
    return ratio if column.endswith("p") else ratio ** float(sample.arguments.get("per", 1))


def _cox(sample: Sample, column: str) -> Values:
    """What a model says of the term, by ties: a column of its summary, or a test of the term left out."""
    covariates, term = groups.names(sample.arguments["covariates"]), sample.arguments["term"]
    clustered = "cluster" in sample.arguments

    def table() -> pd.DataFrame:
        time, event, frame = sample.times()
        time, event, frame = groups.within_clusters(time, event, frame, sample.arguments)
        design = groups.design(frame, covariates, sample.declared)
        kept = frame.index.isin(design.index)
        return design.assign(_time=time[kept], _event=event[kept].astype(int), _cluster=groups.clusters(frame[kept], sample.arguments))

    def fit(ties: str) -> cox.CoxResult | robust.Summarised:
        rows = table()
        if clustered:
            return robust.Summarised(robust.cox(rows, "_time", "_event", list(covariates), rows["_cluster"], ties, sample.level))
        return cox.fit(rows, "_time", "_event", list(covariates), ties=ties, level=sample.level, leave_one_out=False)

    def number(ties: str) -> float:
        asked = ("endpoint", "covariates", "cluster", "level")
        model = sample.once(f"cox {ties}", asked, lambda: _or_none(lambda: fit(ties)))
        if model is None:
            return float("nan")
        if column in _LEAVING_OUT:
            tests = _or_none(lambda: model.test_without(term))
            return float("nan") if tests is None else tests[_LEAVING_OUT.index(column)]
        return per_units(_number(model.summary, term, column), sample, column)

    return Lazy({ties: partial(number, ties) for ties in (robust.TIES if clustered else TIES)})


@register("cox_hr", family="regression", kind="ratio", **_COX, **_OF_COX)
def cox_hr(sample: Sample) -> Values:
    """Hazard ratio of a term of a multivariable Cox model."""
    return _cox(sample, "hr")


@register("cox_lower", family="regression", kind="ratio", **_COX, **_OF_COX)
def cox_lower(sample: Sample) -> Values:
    """Lower confidence limit of a hazard ratio of a multivariable Cox model."""
    return _cox(sample, "lower")


@register("cox_upper", family="regression", kind="ratio", **_COX, **_OF_COX)
def cox_upper(sample: Sample) -> Values:
    """Upper confidence limit of a hazard ratio of a multivariable Cox model."""
    return _cox(sample, "upper")


@register("cox_p", family="regression", kind="p", optional=("cluster",), **_COX)
def cox_p(sample: Sample) -> Values:
    """P of a term of a multivariable Cox model: Wald, likelihood ratio and score; of rows in clusters, Wald alone."""
    if "cluster" in sample.arguments:
        return _cox(sample, "wald_p")
    tests = {"": _cox(sample, "wald_p"), ", likelihood ratio": _cox(sample, "likelihood_ratio_p"), ", score": _cox(sample, "score_p")}
    return Lazy({ties + words: partial(values.__getitem__, ties) for words, values in tests.items() for ties in TIES})


@register(
    "interaction_p",
    family="regression",
    kind="p",
    required=("endpoint", "by", "modifier"),
    optional=("groups", "levels"),
    default="breslow",
)
def interaction_p(sample: Sample) -> Values:
    """P of the interaction of two groups with the levels of a modifier in a Cox model: Wald and likelihood ratio."""

    def compared(ties: str) -> tuple[float, float]:
        time, event, frame = sample.times()
        _, group = groups.split(frame, sample.arguments, sample.declared)
        _, level = groups.split(frame, sample.arguments, sample.declared, key="levels", variable="modifier")
        kept = (group >= 0) & (level >= 0)
        if len(np.unique(group[kept])) != 2 or len(np.unique(level[kept])) < 2:
            return float("nan"), float("nan")
        group, level = group[kept], level[kept]
        table = pd.DataFrame({"_time": time[kept], "_event": event[kept].astype(int), "group": (group == group.min()).astype(int)})
        main, products = ["group"], list[str]()
        for one in np.unique(level)[1:]:
            table[f"level {one}"] = (level == one).astype(int)
            table[f"product {one}"] = table["group"] * table[f"level {one}"]
            main, products = [*main, f"level {one}"], [*products, f"product {one}"]
        try:
            whole, without = (
                cox.fit(table, "_time", "_event", names, ties=ties, leave_one_out=False) for names in ([*main, *products], main)
            )
        except (Undefined, np.linalg.LinAlgError):
            return float("nan"), float("nan")
        likelihood_ratio = distributions.chi_square_tail(2 * (whole.log_likelihood - without.log_likelihood), len(products))
        if whole.infinite:
            return float("nan"), float(likelihood_ratio)
        beta = whole.summary.loc[products, "coefficient"].to_numpy(float)
        block = whole.covariance[-len(products) :, -len(products) :]
        return float(distributions.chi_square_tail(float(beta @ np.linalg.solve(block, beta)), len(products))), float(likelihood_ratio)

    def p(ties: str, part: int) -> float:
        found: tuple[float, float] = sample.once(
            f"interaction {ties}", ("endpoint", "by", "modifier", "groups", "levels"), partial(compared, ties)
        )
        return found[part]

    return Lazy({ties + words: partial(p, ties, part) for part, words in enumerate(("", ", likelihood ratio")) for ties in TIES})


def _switching(sample: Sample, column: str) -> Values:
    """By ties, and by what holds at an event in the very month of the switch: the state before it or after."""

    def model(rule: str, ties: str) -> pd.DataFrame | None:
        time, event, frame = sample.times()
        switch = frame[sample.arguments["switch_time"]].astype("Float64").astype(float).to_numpy()
        table = pd.DataFrame({"time": time, "event": event.astype(int), "switch": switch})
        return _summary(
            lambda: cox.fit(
                start_stop(table, "time", "event", "switch", at_switch=rule),
                "stop",
                "event",
                ["switched"],
                ties=ties,
                level=sample.level,
                entry="start",
                leave_one_out=False,
            )
        )

    def number(rule: str, ties: str) -> float:
        summary = sample.once(f"switching cox {rule} {ties}", ("endpoint", "switch_time", "level"), lambda: model(rule, ties))
        return _number(summary, "switched", column)

    return Lazy({ties + words: partial(number, rule, ties) for rule, words in AT_SWITCH.items() for ties in ("breslow", "efron")})


@register("cox_td_hr", family="regression", kind="ratio", **_SWITCH)
def cox_td_hr(sample: Sample) -> Values:
    """Hazard ratio after a switch (e.g. remission) against before, as a time-dependent covariate."""
    return _switching(sample, "hr")


@register("cox_td_lower", family="regression", kind="ratio", **_SWITCH)
def cox_td_lower(sample: Sample) -> Values:
    """Lower confidence limit of the hazard ratio of a time-dependent covariate."""
    return _switching(sample, "lower")


@register("cox_td_upper", family="regression", kind="ratio", **_SWITCH)
def cox_td_upper(sample: Sample) -> Values:
    """Upper confidence limit of the hazard ratio of a time-dependent covariate."""
    return _switching(sample, "upper")


@register("landmark_hr", family="regression", kind="ratio", **_LANDMARK)
def landmark_hr(sample: Sample) -> Values:
    """Hazard ratio, among those under observation at a landmark (in the unit of time), of a switch by then against none."""
    time, event, frame = sample.times()
    switch, at = (
        frame[sample.arguments["switch_time"]].astype("Float64").to_numpy(float, na_value=np.nan),
        float(sample.arguments["landmark"]),
    )

    def number(ties: str) -> float:
        try:
            kept = landmark(time, event, at)
        except Undefined:  # nobody is left at the landmark
            return float("nan")
        table = pd.DataFrame({"time": kept.time, "event": kept.event.astype(int), "switched": status_at(switch, at)[kept.kept]})
        return _number(_summary(lambda: cox.fit(table, "time", "event", ["switched"], ties=ties, leave_one_out=False)), "switched", "hr")

    return Lazy({ties: partial(number, ties) for ties in ("breslow", "efron")})


def _logistic(sample: Sample, column: str) -> float:
    def compute() -> pd.DataFrame | None:
        covariates = groups.names(sample.arguments["covariates"])
        outcome = sample.arguments["outcome"]
        table = groups.design(sample.frame, [outcome, *covariates], sample.declared)
        return _summary(lambda: logistic.fit(table, outcome, list(covariates), level=sample.level))

    found = _number(sample.once("logistic", ("outcome", "covariates", "level"), compute), sample.arguments["term"], column)
    return per_units(found, sample, column)


@register("logistic_or", family="regression", kind="ratio", **_LOGISTIC, **_PER)
def logistic_or(sample: Sample) -> Values:
    """Odds ratio of a term of a logistic model."""
    return {"": _logistic(sample, "odds_ratio")}


@register("logistic_lower", family="regression", kind="ratio", **_LOGISTIC, **_PER)
def logistic_lower(sample: Sample) -> Values:
    """Lower confidence limit of an odds ratio (Wald)."""
    return {"": _logistic(sample, "lower")}


@register("logistic_upper", family="regression", kind="ratio", **_LOGISTIC, **_PER)
def logistic_upper(sample: Sample) -> Values:
    """Upper confidence limit of an odds ratio (Wald)."""
    return {"": _logistic(sample, "upper")}


@register("logistic_p", family="regression", kind="p", default="wald", **_LOGISTIC)
def logistic_p(sample: Sample) -> Values:
    """P of a term of a logistic model."""
    columns = {"wald": "wald_p", "likelihood ratio": "likelihood_ratio_p", "score": "score_p"}
    return {test: _logistic(sample, column) for test, column in columns.items()}
