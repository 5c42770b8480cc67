"""The hazard ratio of two survival curves, by each of the methods programs use.

No library has Prism's two forms; the Cox forms are as in `cox.fit`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import Undefined
from analysis.estimators.comparisons import log_rank
from analysis.estimators.numerics import checks, distributions, estimable
from analysis.estimators.regression import cox

METHODS = ("logrank-oe", "mantel-haenszel", "cox-efron", "cox-breslow", "cox-exact")
TESTS = ("wald", "likelihood-ratio", "score")


@dataclass(frozen=True)
class HazardRatio:
    """Hazard of the first group over that of the reference; unpacks as hr, lower, upper, p.

    Attributes
    ----------
    hr, lower, upper : float
        Limits are NaN where the ratio is 0 or infinite; `small_samples.hazard_ratio` has the one that exists.
    p : float
    standard_error : float
        Of the log of the ratio; NaN for a Cox model whose ratio is 0 or infinite.
    method : str
    why : str
        Why there are no limits, where there are none; else empty.
    """

    hr: float
    lower: float
    upper: float
    p: float
    standard_error: float
    method: str
    why: str = ""

    def __iter__(self) -> Iterator[float]:
        return iter((self.hr, self.lower, self.upper, self.p))


def hazard_ratio(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    group: npt.ArrayLike,
    method: str = "logrank-oe",
    level: float = 0.95,
    groups: Sequence[Any] | None = None,
    test: str = "wald",
) -> HazardRatio:
    """Estimate the hazard ratio of two groups.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As in `kaplan_meier.kaplan_meier`.
    group : array_like, shape (n,)
        Label of each patient.
    method : {"logrank-oe", "mantel-haenszel", "cox-efron", "cox-breslow", "cox-exact"}
        - ``logrank-oe``: (Oa / Ea) / (Ob / Eb), standard error of its log √(1/Ea + 1/Eb) (Prism "logrank");
        - ``mantel-haenszel``: exp((Oa - Ea) / V), standard error of its log 1/√V (Prism "Mantel-Haenszel"; Peto's
          one-step estimate);
        - the others: univariable Cox regression; see `cox.fit`.
    level : float
        Confidence level; limits are exp(log HR ± z SE).
    groups : (first, reference), optional
        Labels in this order; patients of other groups are left out. Default: the two labels, sorted.
    test : {"wald", "likelihood-ratio", "score"}
        P value of the Cox kinds; the first two kinds carry the log-rank P, as Prism prints it.

    Returns
    -------
    HazardRatio

    Raises
    ------
    ValueError
        For faulty data, other than two groups, or no event at all.

    Notes
    -----
    Berry, Kitchin and Mock, Stat Med 1991;10:749-755, compare the first two. The ratio is 0 or infinite if only one
    group has events (``mantel-haenszel`` stays finite).
    """
    checks.one_of(method, METHODS, "method")
    checks.one_of(test, TESTS, "test")
    z = distributions.reach(level)
    outcome = log_rank.compare(time, event, group, groups=groups)
    if len(outcome.groups) != 2:
        raise Undefined(f"group: expected two groups, found {list(outcome.groups)}")
    if not outcome.observed.any():
        raise Undefined("event: expected at least one event, found none; a hazard ratio does not exist")
    if method.startswith("cox-"):
        return _cox(time, event, group, outcome, method, level, test)
    (oa, ob), (ea, eb), v = outcome.observed, outcome.expected, outcome.variance[0, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        if method == "logrank-oe":
            log_ratio, error = np.log(oa) - np.log(ea) - np.log(ob) + np.log(eb), np.sqrt(1 / ea + 1 / eb)
        else:
            log_ratio, error = (oa - ea) / v, 1 / np.sqrt(v)
        why = "" if np.isfinite(log_ratio) else estimable.missing_events(outcome.observed)
        limits = [np.nan, np.nan] if why else np.exp(log_ratio + np.array([-z, z]) * error)
    return HazardRatio(float(np.exp(log_ratio)), float(limits[0]), float(limits[1]), outcome.p, float(error), method, why)


def _cox(
    time: npt.ArrayLike, event: npt.ArrayLike, group: npt.ArrayLike, outcome: log_rank.LogRank, method: str, level: float, test: str
) -> HazardRatio:
    """Fit the univariable Cox model of the indicator of the first group."""
    _, codes = checks.labels(group, "group", outcome.groups)
    frame = pd.DataFrame({"time": np.asarray(time, float), "event": np.asarray(event, float), "first": codes == 0})
    fitted = cox.fit(frame[codes >= 0], "time", "event", ["first"], ties=method.removeprefix("cox-"), level=level, leave_one_out=False)
    row = fitted.of("first")
    p = {"wald": row["wald_p"], "likelihood-ratio": fitted.likelihood_ratio_p, "score": fitted.score_p}[test]
    why = estimable.missing_events(outcome.observed) or fitted.note if np.isnan([row["lower"], row["upper"]]).all() else ""
    return HazardRatio(row["hr"], row["lower"], row["upper"], float(p), row["standard_error"], method, why)
