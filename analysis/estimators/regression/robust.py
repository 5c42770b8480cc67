"""Variances that take rows of one patient (a child enrolled twice, courses of one child) as belonging together.

lifelines has robust errors of its own, which differ from R's where times are tied (see `engines.shortcomings`): these are ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from analysis.arrays import Bools, Floats, Frame, Ints
from analysis.errors import Undefined
from analysis.estimators.numerics import checks, distributions
from analysis.estimators.regression import cox as cox_models

TIES = ("efron", "breslow")
"""Ways to handle ties of which R gives robust errors; of exact ties it has none."""


class RobustRatio(NamedTuple):
    """Hazard ratio, standard error of its logarithm, Wald limits and P from it, number of clusters."""

    hr: float
    standard_error: float
    lower: float
    upper: float
    p: float
    clusters: int


@dataclass(frozen=True)
class Summarised:
    """Ratios by covariate, read as those of `cox.CoxResult` are."""

    ratios: Mapping[str, RobustRatio]

    @property
    def summary(self) -> pd.DataFrame:
        """DataFrame, one row a covariate: hr, standard_error, lower, upper, wald_p."""
        found = pd.DataFrame([ratio._asdict() for ratio in self.ratios.values()], index=pd.Index(self.ratios, name="covariate"))
        return found.rename(columns={"p": "wald_p"})


class RankDifference(NamedTuple):
    """First group's mean rank less the reference's, its standard error, two-sided P, number of clusters."""

    difference: float
    standard_error: float
    p: float
    clusters: int


def cox(
    frame: Frame, time: str, event: str, covariates: Sequence[str] | str, cluster: npt.ArrayLike, ties: str = "efron", level: float = 0.95
) -> dict[str, RobustRatio]:
    """Fit a Cox model whose standard errors are those of Lin and Wei, summed within clusters.

    Parameters
    ----------
    frame, time, event, covariates, level
        As in `cox.fit`.
    cluster : array_like, shape (n,)
        Whose row it is.
    ties : {"efron", "breslow"}

    Returns
    -------
    dict of str to RobustRatio
        By covariate. The estimates are those of the plain model.

    Raises
    ------
    ValueError
        As in `cox.fit`, and where an estimate is 0 or infinite: no standard error exists, of whatever kind.

    Notes
    -----
    Lin and Wei, J Am Stat Assoc 1989;84:1074-1078; what ``coxph(..., cluster = )`` of R calls the robust standard
    error. With few clusters it is too small rather than too large.
    """
    checks.one_of(ties, TIES, "ties")
    fitted = cox_models.fit(frame, time, event, covariates, ties=ties, leave_one_out=False)
    if fitted.infinite:
        raise Undefined(f"{', '.join(fitted.infinite)}: no finite estimate, and so no standard error")
    beta = fitted.columns["coefficient"]
    design = np.column_stack([checks.numbers(frame[name], name) for name in fitted.names])
    grid, place = checks.distinct_times(checks.numbers(frame[time], time))
    scores = _scores(design, grid[place], checks.zeros_and_ones(frame[event], event) == 1, beta, ties)
    names, member = checks.labels(cluster, "cluster")
    checks.same_length(cluster=member, time=place)
    influence = _sums(scores @ fitted.covariance, member)
    errors = np.sqrt(np.diag(influence.T @ influence))
    z = distributions.reach(level)
    p = 2 * distributions.normal_tail(np.abs(beta) / errors)
    columns = np.array([np.exp(beta), errors, np.exp(beta - z * errors), np.exp(beta + z * errors), p])
    return {
        name: RobustRatio(hr, error, lower, upper, single, len(names))
        for name, (hr, error, lower, upper, single) in zip(fitted.names, columns.T.tolist(), strict=True)
    }


def _scores(design: Floats, time: Floats, event: Bools, beta: Floats, ties: str) -> Floats:
    """Return the score residuals, one row a patient: what each contributes to the gradient at the estimate."""
    theta = np.exp((design - design.mean(axis=0)) @ beta)
    scores = np.zeros(design.shape)
    for t in np.unique(time[event]):
        at_risk, dead = time >= t, (time == t) & event
        d = int(dead.sum())
        # Efron: the failures of one time leave the risk set one after the other, each in part
        for left in np.arange(d) / d if ties == "efron" else np.zeros(d):
            weight = theta * at_risk * (1 - left * dead)
            mean = weight @ design / weight.sum()
            scores += (dead / d - weight / weight.sum())[:, None] * (design - mean)
    return scores


def ranks(values: npt.ArrayLike, group: npt.ArrayLike, cluster: npt.ArrayLike, groups: Sequence[Any] | None = None) -> RankDifference:
    """Compare the mean ranks of two groups, rows of one cluster kept together in the variance.

    Parameters
    ----------
    values : array_like, shape (n,)
    group, cluster : array_like, shape (n,)
        A cluster may lie in both groups.
    groups : (first, reference), optional
        Default: the two labels, sorted.

    Returns
    -------
    RankDifference
        P of a z test; NaN where a group does not vary at all, so that the standard error is 0.

    Raises
    ------
    ValueError
        For faulty data, or other than two groups.

    Notes
    -----
    A generalised estimating equation of the ranks with independence as its working correlation (Liang and Zeger,
    Biometrika 1986;73:13-22), uncorrected: with few clusters the standard error is too small rather than too large.
    """
    values = checks.numbers(values, "values")
    names, codes = checks.labels(group, "group", groups)
    labels, member = checks.labels(cluster, "cluster")
    checks.same_length(values=values, group=codes, cluster=member)
    if len(names) != 2:
        raise Undefined(f"group: expected two groups, found {list(names)}")
    kept = codes >= 0
    rank, codes, member = rankdata(values[kept]), codes[kept], np.unique(member[kept], return_inverse=True)[1]
    gap, terms = 0.0, np.zeros(len(rank))
    for code, sign in ((0, 1), (1, -1)):
        inside = codes == code
        gap += sign * rank[inside].mean()
        terms[inside] = sign * (rank[inside] - rank[inside].mean()) / inside.sum()
    error = float(np.sqrt((np.bincount(member, terms) ** 2).sum()))
    p = float(2 * distributions.normal_tail(abs(gap) / error)) if error > 0 else float("nan")
    return RankDifference(float(gap), error, p, int(member.max()) + 1)


def _sums(rows: Floats, member: Ints) -> Floats:
    """Return the sums of rows over each cluster."""
    return np.column_stack([np.bincount(member, column) for column in rows.T])
