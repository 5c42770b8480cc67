"""Many logistic models of the same covariates fitted at once: maxima, tests of leaving a covariate out, profile limits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.estimators.numerics import distributions, newton, newton_batch, profile_likelihood, separation
from analysis.estimators.regression.likelihoods.binomial_batch import BinomialBatch, LogisticProfiles

MOST_CELLS = 4_000_000
"""Cells of the designs of models that are fitted at once."""


def maximise(models: BinomialBatch) -> tuple[newton_batch.Maxima, Ints, Bools]:
    """Maxima, the sign of each infinite coefficient, shape (b, p), and whether a model has one of both, shape (b,)."""
    zero = np.zeros((len(models.met), models.x.shape[2]))
    top = newton_batch.maximise(models, zero)
    least = np.linalg.eigvalsh(models.evaluate(zero, np.arange(len(zero)))[2])[:, 0]
    signs, found = np.zeros(zero.shape, int), np.ones(len(zero), bool)
    for place, start in enumerate(least):
        one = newton.Maximum(
            top.beta[place], float(top.value[place]), top.gradient[place], -top.information[place], bool(top.converged[place])
        )
        if newton.may_run_off(one, start):
            x, met, unmet = models.x[place], models.met[place] > 0, models.unmet[place] > 0
            signs[place] = separation.infinite_coefficients(np.concatenate([x[met], -x[unmet]]))
            found[place] = signs[place].any() or newton.attained(one)
    return top, signs, found


def leave_one_out(models: BinomialBatch, top: newton_batch.Maxima) -> tuple[Floats, Floats]:
    """Likelihood-ratio and score P values of leaving out each covariate but the intercept, which is first, shape (b, p - 1)."""
    number, column = _each(models)
    found = np.concatenate([_leave_out(models, top, number[some], column[some]) for some in _blocks(models, len(number))], axis=1)
    ratio, score = distributions.chi_square_tail(found, 1).reshape(2, len(models.met), -1)
    return ratio, score


def _leave_out(models: BinomialBatch, top: newton_batch.Maxima, number: Ints, column: Ints) -> Floats:
    """Likelihood-ratio and score statistics of leaving out one column each of the models numbered so, shape (2, b)."""
    full = models.take(number)
    reduced = newton_batch.maximise(full.without(column), np.zeros((len(number), models.x.shape[2] - 1)))
    beta = np.stack([np.insert(one, place, 0.0) for one, place in zip(reduced.beta, column, strict=True)])
    _, gradient, information = full.evaluate(beta, np.arange(len(number)))
    score = np.einsum("bp,bp->b", gradient, newton_batch.solve(information, gradient))
    return np.stack([2 * (top.value[number] - reduced.value), score])


def profile_limits(models: BinomialBatch, top: newton_batch.Maxima, signs: Ints, reach: Floats, level: float) -> Floats:
    """Profile-likelihood limits of each coefficient but the intercept.

    Parameters
    ----------
    models : BinomialBatch
    top, signs
        From `maximise`.
    reach : ndarray, shape (b, p - 1)
        How far Wald's limits are from the estimates.
    level : float

    Returns
    -------
    ndarray, shape (b, p - 1, 2)
        Infinite on the side that the coefficient runs to.

    Notes
    -----
    A limit that `profile_likelihood.limits_of_many` does not find is searched for by `profile_likelihood.limits`.
    """
    number, column = (np.tile(array, 2) for array in _each(models))
    side = np.repeat([-1, 1], len(number) // 2)
    infinite = signs[number, column] == side
    finite = np.flatnonzero(~infinite)
    found = side * np.full(len(side), np.inf)
    number, column, side = number[finite], column[finite], side[finite]
    start = np.where(signs[number, column] == 0, top.beta[number, column] + side * reach[number, column - 1], 0.0)
    ends = np.full(len(finite), np.nan)
    for some in _blocks(models, len(finite)):
        profiles = LogisticProfiles(models.take(number[some]), column[some], top.beta[number[some]], (signs[number[some]] == 0).all(axis=1))
        ends[some] = profile_likelihood.limits_of_many(profiles, start[some], top.value[number[some]], level)
    for place in np.flatnonzero(~(side * (ends - top.beta[number, column]) > 0)):
        k = column[place]
        sought = profile_likelihood.limits(
            _one_profile(models.take(number[[place]]), k),
            top.beta[number[place], k],
            top.value[number[place]],
            signs[number[place], k],
            level,
        )
        ends[place] = sought[int(side[place] > 0)]
    found[finite] = ends
    return found.reshape(2, len(models.met), -1).transpose(1, 2, 0)


def _each(models: BinomialBatch) -> tuple[Ints, Ints]:
    """Model and column of each covariate of each model but the intercept."""
    covariates = models.x.shape[2] - 1
    return np.repeat(np.arange(len(models.met)), covariates), np.tile(np.arange(1, covariates + 1), len(models.met))


def _blocks(models: BinomialBatch, count: int) -> list[Ints]:
    """Numbers of so many further models of this size, in parts that fit into memory."""
    together = max(MOST_CELLS // models.x[0].size, 1)
    return [np.arange(first, min(first + together, count)) for first in range(0, count, together)]


def _one_profile(model: BinomialBatch, column: int) -> Callable[[float], float]:
    """Return the profile of one coefficient of one model, each point found from nothing."""
    rest, along = model.without(np.array([column])), model.x[:, :, column]

    def profile(b: float) -> float:
        held = BinomialBatch(rest.x, rest.met, rest.unmet, rest.offset + along * b)
        return float(newton_batch.maximise(held, np.zeros((1, rest.x.shape[2]))).value[0])

    return profile
