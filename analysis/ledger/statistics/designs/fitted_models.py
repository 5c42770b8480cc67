"""What papers say of a fitted Cox model: its concordance index, the test of proportional hazards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import Undefined
from analysis.estimators.comparisons.concordance import concordance
from analysis.estimators.regression import cox, proportional_hazards
from analysis.ledger.statistics import groups
from analysis.ledger.statistics.designs.limits import NAN, Parts, evaluate, register_with_limits
from analysis.ledger.statistics.registry import Sample, Values, register

_MODEL: dict[str, Any] = dict(required=("endpoint", "covariates"))


def _table(sample: Sample) -> tuple[pd.DataFrame, list[str]]:
    """Covariates of those of whom all are known, with `_time` and `_event`; the covariates' names."""
    time, event, frame = sample.times()
    names = list(groups.names(sample.arguments["covariates"]))
    design = groups.design(frame, names, sample.declared)
    kept = frame.index.isin(design.index)
    return design.assign(_time=time[kept], _event=event[kept].astype(int)), names


def _predicted(sample: Sample) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times, events and what the model predicts; of one covariate, its direction alone matters."""
    table, names = _table(sample)
    try:
        fitted = cox.fit(table, "_time", "_event", names, ties="efron", leave_one_out=False)
    except np.linalg.LinAlgError:
        raise Undefined("covariates: one follows from the others") from None
    ratios = fitted.summary["hr"].to_numpy(dtype=float)
    if len(names) > 1 and fitted.infinite:
        raise Undefined(f"{', '.join(fitted.infinite)}: no finite estimate, and so no prediction")
    weights = np.log(ratios) if len(names) > 1 else np.where(ratios >= 1, 1.0, -1.0)
    return table["_time"].to_numpy(), table["_event"].to_numpy(), (table[names].to_numpy(dtype=float) * weights).sum(axis=1)


def _concordance(found: tuple[np.ndarray, np.ndarray, np.ndarray], scale: str, level: float) -> Parts:
    value, _, lower, upper = concordance(*found, level=level)
    return value, lower, upper


register_with_limits(
    "concordance", "concordance index (Harrell's C) of a Cox model in the patients to whom it was fitted", ("",), _concordance, _predicted,
    family="regression", kind="number", **_MODEL,
)  # fmt: skip


@register("proportional_hazards_p", family="regression", kind="p", default="km", required=_MODEL["required"], optional=("term",))
def proportional_hazards_p(sample: Sample) -> Values:
    """P of the test of proportional hazards of a Cox model (Grambsch and Therneau), of one term or of all; by the scale of time."""
    transforms = proportional_hazards.TRANSFORMS
    try:
        table, names = _table(sample)
    except Undefined:
        return dict.fromkeys(transforms, NAN)
    term = sample.arguments.get("term", "")

    def tested(transform: str) -> float:
        try:
            found = proportional_hazards.check(table, "_time", "_event", names, transform)
        except np.linalg.LinAlgError:
            raise Undefined("covariates: one follows from the others") from None
        return float(found.terms.loc[term, "p"]) if term else found.p

    return evaluate(transforms, tested)
