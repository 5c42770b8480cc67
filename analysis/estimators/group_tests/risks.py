"""Risks of two groups compared: relative risk and risk difference, with their limits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.estimators.group_tests import proportions
from analysis.estimators.numerics import checks, distributions

DIFFERENCES = ("wald", "newcombe")


class Comparison(NamedTuple):
    """An estimate with its limits; NaN where there is none."""

    estimate: float
    lower: float
    upper: float


def relative_risk(events: tuple[int, int], patients: tuple[int, int], level: float = 0.95) -> Comparison:
    """Return the risk of the first group as a multiple of that of the second.

    Limits are exp(log RR ± z √(1/a - 1/n₁ + 1/b - 1/n₂)) for a of n₁ and b of n₂ events (Katz et al., Biometrics
    1978;34:469-474), which Prism, SAS and R's ``epitools::riskratio.wald`` print; NaN where a group has no event.

    Parameters
    ----------
    events, patients : tuple of int, shape (2,)
    level : float

    Raises
    ------
    ValueError
        For a group without patients, or with more events than patients.
    """
    (a, b), (n, m) = _check(events, patients)
    if not b:
        return Comparison(float("nan") if not a else float("inf"), float("nan"), float("nan"))
    ratio = (a / n) / (b / m)
    if not a:
        return Comparison(0.0, float("nan"), float("nan"))
    reach = distributions.reach(level) * np.sqrt(1 / a - 1 / n + 1 / b - 1 / m)
    return Comparison(ratio, float(ratio * np.exp(-reach)), float(ratio * np.exp(reach)))


def risk_difference(events: tuple[int, int], patients: tuple[int, int], method: str = "wald", level: float = 0.95) -> Comparison:
    """Return the risk of the first group less that of the second, as a proportion.

    Parameters
    ----------
    events, patients : tuple of int, shape (2,)
    method : {"wald", "newcombe"}
        ``wald``: ± z √(p₁(1 - p₁)/n₁ + p₂(1 - p₂)/n₂) (R's ``prop.test`` without correction); ``newcombe``: from the two
        Wilson intervals (Newcombe, Stat Med 1998;17:873-890, method 10), which Prism prints.
    level : float

    Raises
    ------
    ValueError
        For an unknown method, a group without patients, or one with more events than patients.
    """
    checks.one_of(method, DIFFERENCES, "method")
    (a, b), (n, m) = _check(events, patients)
    p, q = a / n, b / m
    if method == "wald":
        reach = distributions.reach(level) * np.sqrt(p * (1 - p) / n + q * (1 - q) / m)
        return Comparison(p - q, float(p - q - reach), float(p - q + reach))
    (low, high), (other_low, other_high) = (proportions.interval(k, size, "wilson", level) for k, size in ((a, n), (b, m)))
    return Comparison(p - q, float(p - q - np.hypot(p - low, other_high - q)), float(p - q + np.hypot(high - p, q - other_low)))


def _check(events: tuple[int, int], patients: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    for number, total in zip(events, patients, strict=True):
        if not 0 <= number <= total or not total:
            raise ValueError(f"events, patients: expected from 0 to all of one or more patients, found {number} of {total}")
    return (int(events[0]), int(events[1])), (int(patients[0]), int(patients[1]))
