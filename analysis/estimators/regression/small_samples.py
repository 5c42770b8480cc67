"""The hazard ratio of a yes/no covariate in few patients: profile likelihood, and Firth's where a group has no event.

No library has it but firthmodels, for Breslow's handling of ties and one row a patient.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from analysis.errors import Undefined
from analysis.estimators.engines.shown import active
from analysis.estimators.ensemble_range import each
from analysis.estimators.numerics import checks, distributions, newton, newton_batch, profile_likelihood
from analysis.estimators.regression import cox, partial_likelihood
from analysis.estimators.regression.likelihoods.pattern_batch import PatternBatch
from analysis.estimators.regression.likelihoods.pattern_likelihood import PatternLikelihood


class SmallSampleRatio(NamedTuple):
    """Hazard of those with the covariate over that of the others, limits, P, and what to say of them.

    Attributes
    ----------
    hr : float
        Maximum-likelihood estimate; 0 or infinite where one group has no event while both are at risk.
    lower, upper : float
        Of the profile likelihood. Where the estimate is 0 or infinite, one limit is, too, and the other is Firth's.
    p : float
        Likelihood-ratio test, penalised in that case: the plain one rejects too often there.
    after_firth : bool
        Whether limit and P are those of Firth's penalised likelihood.
    """

    hr: float
    lower: float
    upper: float
    p: float
    after_firth: bool


class Compared(NamedTuple):
    """Patients to be compared, one entry each, or one an interval (entry, time]: as `hazard_ratio` takes them."""

    time: npt.ArrayLike
    event: npt.ArrayLike
    covariate: npt.ArrayLike
    entry: npt.ArrayLike | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """By name, those that are given."""
        return {name: column for name, column in self._asdict().items() if column is not None}


def hazard_ratios(compared: Sequence[Compared | Undefined], ties: str = "efron", level: float = 0.95) -> list[SmallSampleRatio | Undefined]:
    """Estimate the hazard ratio of many cohorts at once, as an ensemble needs it.

    Parameters
    ----------
    compared : sequence of Compared, or of Undefined, which stays as it is
    ties, level
        As of `hazard_ratio`.

    Returns
    -------
    list of SmallSampleRatio, or of Undefined where `hazard_ratio` raises it

    Notes
    -----
    All iterations run over arrays cohorts × failures. Whatever is out of the ordinary, such as a group without events, is left to
    `hazard_ratio`, and so is everything where values are shown or ties are exact.
    """
    found: list[SmallSampleRatio | None] = [None] * len(compared)
    if len(compared) > 1 and ties != "exact" and not active():
        read = each(lambda one: cox.likelihood(one.columns, "time", "event", "covariate", ties, _entry(one)), compared)
        usual = {place: one for place, one in enumerate(read) if not isinstance(one, Undefined) and _is_yes_or_no(one[0])}
        if usual:
            for place, ratio in zip(usual, _regular(list(usual.values()), level), strict=True):
                found[place] = ratio
    return [
        ratio if ratio is not None else each(lambda one: hazard_ratio(*one, ties=ties, level=level), [one])[0]
        for ratio, one in zip(found, compared, strict=True)
    ]


def _entry(compared: Compared) -> str | None:
    return None if compared.entry is None else "entry"


def _is_yes_or_no(likelihood: object) -> bool:
    return isinstance(likelihood, PatternLikelihood) and len(likelihood.patterns) == 2


def _regular(models: Sequence[tuple[Any, float]], level: float) -> list[SmallSampleRatio | None]:
    """Return the ratio of each model with a finite estimate and limits, by the rules of `partial_likelihood.maximum`; None for others."""
    batch, scale = PatternBatch([likelihood for likelihood, _ in models]), np.array([deviation for _, deviation in models])
    zero = np.zeros((len(models), 1))
    null, _, informed = batch.evaluate(zero, np.arange(len(models)))
    top = newton_batch.maximise(batch, zero)
    beta, information, informed = top.beta[:, 0], top.information[:, 0, 0], informed[:, 0, 0]
    regular = top.converged & (np.abs(beta) <= newton.FAR) & (information >= newton.FAINT * informed)
    regular &= informed > 1e-11 * np.maximum(informed, batch.deaths.sum(axis=1))
    with np.errstate(all="ignore"):
        reach = np.where(regular, distributions.reach(level) / np.sqrt(information), np.nan)
    ends = [profile_likelihood.limits_of_many(batch, beta + side * reach, top.value, level) for side in (-1, 1)]
    ratios = np.exp(np.stack([beta, *ends]) / scale)
    p = distributions.chi_square_tail(2 * (top.value - null), 1)
    return [
        SmallSampleRatio(float(ratio[0]), float(ratio[1]), float(ratio[2]), float(one), False) if np.isfinite(ratio).all() else None
        for ratio, one in zip(ratios.T, p, strict=True)
    ]


def hazard_ratio(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    covariate: npt.ArrayLike,
    entry: npt.ArrayLike | None = None,
    ties: str = "efron",
    level: float = 0.95,
) -> SmallSampleRatio:
    """Estimate a hazard ratio with limits that do not rest on a standard error.

    Parameters
    ----------
    time, event, entry : array_like, shape (n,)
        As in `cox.fit`.
    covariate : array_like of 0 and 1, shape (n,)
    ties : {"efron", "breslow", "exact"}
    level : float

    Returns
    -------
    SmallSampleRatio

    Raises
    ------
    Undefined
        As in `cox.fit`: nobody, no event, a covariate that does not vary while somebody has an event.

    Notes
    -----
    Heinze and Schemper, Biometrics 2001;57:114-119, for the penalised limits and test, whose size holds where a group
    has no event.
    """
    columns = {"time": time, "event": event, "covariate": covariate} | ({} if entry is None else {"entry": entry})
    fitted = cox.fit(
        columns,
        "time",
        "event",
        ["covariate"],
        ties=ties,
        entry=None if entry is None else "entry",
        level=level,
        leave_one_out=False,
        interval="profile",
    )
    row = fitted.of("covariate")
    if not fitted.infinite:
        return SmallSampleRatio(row["hr"], row["lower"], row["upper"], fitted.likelihood_ratio_p, False)
    lower, upper, p = _firth(_likelihood(columns, ties), level)
    return SmallSampleRatio(row["hr"], lower if row["hr"] > 0 else 0.0, upper if row["hr"] == 0 else np.inf, p, True)


def _likelihood(columns: dict[str, Any], ties: str) -> Callable[[float], float]:
    """Return the partial log-likelihood with half the log information added: Firth's penalty for one coefficient."""
    entry = columns.get("entry")
    times = np.concatenate([np.asarray(columns["time"], float), [] if entry is None else np.asarray(entry, float)])
    grid, place = checks.distinct_times(times)
    times, n = grid[place], len(columns["event"])
    design = checks.zeros_and_ones(columns["covariate"], "covariate")[:, None]
    evaluate = partial_likelihood.maximum(
        design, times[:n], checks.zeros_and_ones(columns["event"], "event"), None if entry is None else times[n:], ties
    ).evaluate

    def penalised(b: float) -> float:
        value, _, hessian = evaluate(np.array([b]))
        return value + np.log(-hessian[0, 0]) / 2 if hessian[0, 0] < 0 else -np.inf

    return penalised


def _firth(penalised: Callable[[float], float], level: float) -> tuple[float, float, float]:
    """Return the profile limits of the ratio, and the P of the penalised likelihood-ratio test."""
    found = minimize_scalar(
        lambda b: -penalised(b), bracket=(-1, 0, 1) if penalised(0) > max(penalised(-1), penalised(1)) else (-1, 1), options={"xtol": 1e-12}
    )
    if not np.isfinite(found.fun):
        raise Undefined("covariate: the penalised likelihood could not be maximised")
    ends = profile_likelihood.limits(penalised, found.x, -found.fun, 0, level)
    p = float(distributions.chi_square_tail(2 * (-found.fun - penalised(0.0)), 1))
    return float(np.exp(ends[0])), float(np.exp(ends[1])), p
