"""Cox's partial likelihood under each method for ties, maximised, with the tests of single covariates.

No library has the tests of one covariate left out, the score test or limits of the profile likelihood of a Cox model.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.errors import Undefined
from analysis.estimators.numerics import distributions, newton, profile_likelihood, separation
from analysis.estimators.regression.likelihoods.pattern_likelihood import of_design


@dataclass(frozen=True, eq=False)
class Fit:
    maximum: newton.Maximum
    null: newton.Maximum
    signs: Ints
    evaluate: newton.Evaluate
    value: Callable[[Floats], float]


def maximum(design: Floats, time: Floats, event: Floats, entry: Floats | None, ties: str) -> Fit:
    """Return the maximum, the evaluation at zero, and the sign of each infinite coefficient.

    Parameters
    ----------
    design : ndarray, shape (n, p)
        Covariates, each with mean 0 and standard deviation 1.
    time, event : ndarray, shape (n,)
    entry : ndarray, shape (n,), optional
        Starts of the rows' intervals; at risk at t means entry < t <= time.
    ties : {"efron", "breslow", "exact"}

    Raises
    ------
    Undefined
        If the events carry no information about the covariates, or no maximum is found.
    """
    exact = ties == "exact"
    if exact:
        from analysis.estimators.regression.exact_ties import ExactLikelihood  # compiled, which is costly to import and seldom needed
    likelihood = ExactLikelihood(design, time, event, entry) if exact else of_design(design, time, event, entry, ties)
    zero = np.zeros(design.shape[1])
    null = newton.at(likelihood.evaluate, zero)
    information = np.linalg.eigvalsh(-null.hessian)
    if information[0] <= 1e-11 * max(information[-1], event.sum()):
        raise Undefined(
            "covariates: the events carry no information about them (constant within every risk set, "
            "or linear combinations of each other there)"
        )
    top = newton.maximise(likelihood.evaluate, null)
    signs = np.zeros(zero.size, int)
    if newton.may_run_off(top, null):
        pairs = separation.pairs_of_risk_sets(design, time, event, entry, not exact)
        signs = separation.infinite_coefficients(pairs)
        if not signs.any() and not newton.attained(top):
            raise Undefined("covariates: the partial likelihood could not be maximised")
    return Fit(top, null, signs, likelihood.evaluate, likelihood.value)


def score_statistic(gradient: Floats, hessian: Floats, run_off: bool = False) -> float:
    """Return gradient' (-Hessian)⁻¹ gradient, NaN if the information is singular; where coefficients run off, its limit."""
    if run_off:
        return float(gradient @ np.linalg.pinv(-hessian, rcond=separation.VANISHED, hermitian=True) @ gradient)
    try:
        return float(gradient @ np.linalg.solve(-hessian, gradient))
    except np.linalg.LinAlgError:
        return float("nan")


def leave_out(full: Fit, k: int, design: Floats, time: Floats, event: Floats, entry: Floats | None, ties: str) -> tuple[float, float]:
    """Return the likelihood-ratio and score P values of leaving out covariate `k`.

    Parameters
    ----------
    full : Fit
        Of the model with all of them.
    k : int
    design, time, event, entry, ties
        As in `maximum`.
    """
    rest = [j for j in range(design.shape[1]) if j != k]
    beta, run_off = np.zeros(design.shape[1]), False
    if rest:
        reduced = maximum(design[:, rest], time, event, entry, ties)
        beta[rest], run_off = reduced.maximum.beta, bool(reduced.signs.any())
    value, gradient, hessian = full.evaluate(beta) if rest else full.null[1:4]
    ratio_p = float(distributions.chi_square_tail(2 * (full.maximum.value - value), 1))
    return ratio_p, float(distributions.chi_square_tail(score_statistic(gradient, hessian, run_off), 1))


def profile_limits(fit: Fit, k: int, level: float) -> tuple[float, float]:
    """Return the profile-likelihood limits of coefficient `k` of a `Fit`; infinite on the side that it runs to."""
    top = fit.maximum
    rest = [j for j in range(len(top.beta)) if j != k]

    def profile(b: float) -> float:
        beta = top.beta.copy()
        beta[k] = b
        if not rest:
            return fit.value(beta)

        def evaluate(others: Floats) -> tuple[float, Floats, Floats]:
            beta[rest] = others
            value, gradient, hessian = fit.evaluate(beta)
            return value, gradient[rest], hessian[np.ix_(rest, rest)]

        return newton.maximise(evaluate, top.beta[rest]).value

    return profile_likelihood.limits(profile, top.beta[k], top.value, fit.signs[k], level)
