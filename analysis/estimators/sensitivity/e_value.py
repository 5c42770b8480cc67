"""E-values: how strong unmeasured confounding would have to be to explain an association away."""

from typing import NamedTuple

import numpy as np

from analysis.errors import Undefined
from analysis.estimators.numerics import checks

KINDS = ("risk-ratio", "hazard-ratio-rare", "hazard-ratio-common", "odds-ratio-rare", "odds-ratio-common")


class EValue(NamedTuple):
    """E-value of the estimate and of the confidence limit nearer to 1 (1 if the interval holds 1)."""

    estimate: float
    limit: float


def e_value(ratio: float, lower: float | None = None, upper: float | None = None, kind: str = "risk-ratio") -> EValue:
    """Return the E-value of a ratio: the least association, on the risk-ratio scale, that a confounder would need
    with both exposure and outcome to account for it.

    Parameters
    ----------
    ratio : float
    lower, upper : float, optional
        Confidence limits; without them the limit's E-value is NaN.
    kind : {"risk-ratio", "hazard-ratio-rare", "hazard-ratio-common", "odds-ratio-rare", "odds-ratio-common"}
        How the ratio becomes a risk ratio. Rare (under some 15% by the end): as it is. Common: √OR;
        (1 - 0.5^√HR) / (1 - 0.5^√(1/HR)).

    Returns
    -------
    EValue

    Raises
    ------
    ValueError
        For ratios that are not positive and finite, or limits in the wrong order.

    Notes
    -----
    VanderWeele and Ding, Ann Intern Med 2017;167:268-274: RR + √(RR (RR - 1)), of 1/RR if RR < 1. Of no use for an
    estimate that suffers from another bias, such as immortal time: it speaks of confounding alone.
    """
    checks.one_of(kind, KINDS, "kind")
    for name, value in (("ratio", ratio), ("lower", lower), ("upper", upper)):
        if value is not None and not (np.isfinite(value) and value > 0):
            raise Undefined(f"{name}: expected a positive finite ratio, found {value}")
    estimate = _of_risk_ratio(_risk_ratio(ratio, kind))
    if lower is None and upper is None:
        return EValue(estimate, float("nan"))
    if lower is None or upper is None or not lower <= ratio <= upper:
        raise ValueError(f"lower, upper: expected limits around {ratio}, found {lower} and {upper}")
    if lower <= 1 <= upper:
        return EValue(estimate, 1.0)
    return EValue(estimate, _of_risk_ratio(_risk_ratio(lower if ratio > 1 else upper, kind)))


def _risk_ratio(ratio: float, kind: str) -> float:
    if kind == "odds-ratio-common":
        return float(np.sqrt(ratio))
    if kind == "hazard-ratio-common":
        return float((1 - 0.5 ** np.sqrt(ratio)) / (1 - 0.5 ** np.sqrt(1 / ratio)))
    return float(ratio)


def _of_risk_ratio(ratio: float) -> float:
    away = max(ratio, 1 / ratio)
    return float(away + np.sqrt(away * (away - 1)))
