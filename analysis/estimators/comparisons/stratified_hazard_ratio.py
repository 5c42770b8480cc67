"""The hazard ratio of two groups of a Cox model stratified by further variables."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats, Ints
from analysis.errors import Undefined
from analysis.estimators.comparisons.two_curve_hazard_ratio import HazardRatio
from analysis.estimators.numerics import checks, distributions, newton
from analysis.estimators.regression.likelihoods.tied_likelihood import TiedLikelihood

TIES = ("efron", "breslow")


def stratified_hazard_ratio(
    time: npt.ArrayLike, event: npt.ArrayLike, first: npt.ArrayLike, strata: npt.ArrayLike, ties: str = "efron", level: float = 0.95
) -> HazardRatio:
    """Hazard of the first group as a multiple of that of the second, within strata: R's ``coxph(… ~ group + strata(…))``.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As in `kaplan_meier.kaplan_meier`.
    first : array_like of 0/1, shape (n,)
        1 in the first group.
    strata : array_like, shape (n,)
        Label of each patient's stratum, each with a baseline hazard of its own.
    ties : {"efron", "breslow"}
    level : float

    Raises
    ------
    Undefined
        If no stratum has an event with both groups at risk, or the ratio is 0 or infinite: all such events are of one group.
    """
    checks.one_of(ties, TIES, "ties")
    time, event = checks.survival_data(time, event)
    first = checks.zeros_and_ones(first, "first")
    _, stratum = checks.labels(strata, "strata")
    checks.same_length(time=time, first=first, strata=stratum)
    _, place = checks.distinct_times(time)
    parts = [stratum == one for one in np.unique(stratum)]
    informative = np.sum([_deaths_with_both_at_risk(place[rows], event[rows], first[rows]) for rows in parts], axis=0)
    if not informative.any():
        raise Undefined("a stratified hazard ratio needs a stratum with an event while both groups are at risk")
    if not informative.all():
        raise Undefined("the stratified hazard ratio is 0 or infinite")
    likelihoods = [
        TiedLikelihood(first[rows][:, None], place[rows].astype(float), event[rows], None, ties) for rows in parts if event[rows].any()
    ]

    def evaluate(beta: Floats) -> tuple[float, Floats, Floats]:
        values, gradients, hessians = zip(*(one.evaluate(beta) for one in likelihoods), strict=True)
        return float(sum(values)), np.sum(gradients, axis=0), np.sum(hessians, axis=0)

    top = newton.maximise(evaluate, np.zeros(1))
    if not top.converged:
        raise Undefined("the stratified partial likelihood could not be maximised")
    beta, error = float(top.beta[0]), float(1 / np.sqrt(-top.hessian[0, 0]))
    reach = distributions.reach(level) * error
    p = float(2 * distributions.normal_tail(abs(beta) / error))
    return HazardRatio(float(np.exp(beta)), float(np.exp(beta - reach)), float(np.exp(beta + reach)), p, error, f"stratified {ties}")


def _deaths_with_both_at_risk(place: Ints, event: Floats, first: Floats) -> Floats:
    """Deaths of the second and the first group at times at which both are at risk."""
    deaths, at_risk = (
        np.array([np.bincount(place, weights=weight * (first == one), minlength=place.max() + 1) for one in (0, 1)])
        for weight in (event, np.ones_like(event))
    )
    both = (at_risk[:, ::-1].cumsum(axis=1)[:, ::-1] > 0).all(axis=0)
    return np.asarray(deaths[:, both].sum(axis=1))
