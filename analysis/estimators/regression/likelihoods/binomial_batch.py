"""Logistic likelihoods of many models at once: counts of each pattern of covariates stand for the patients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from analysis.arrays import Bools, Floats, Ints
from analysis.estimators.numerics import newton_batch


class Patterns(NamedTuple):
    """Distinct rows of a design, shape (k, p), and how many patients of each met the outcome or did not, shape (k,)."""

    rows: Floats
    met: Floats
    unmet: Floats


def patterns_of(design: Floats, met: Floats) -> Patterns:
    """Count patients by pattern.

    Parameters
    ----------
    design : ndarray, shape (n, p)
    met : ndarray, shape (n,)
        Outcome, 0 or 1.
    """
    code, size = np.zeros(len(design), np.int64), 1
    for column in design.T:
        values, place = np.unique(column, return_inverse=True)
        code = code * len(values) + place.reshape(-1)
        size *= len(values)
        if size > len(design):  # numbered anew, so that the next column does not overflow
            kept, code = np.unique(code, return_inverse=True)
            size = len(kept)
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    counts, events = np.bincount(place).astype(float), np.asarray(np.bincount(place, met), float)
    return Patterns(design[first], events, np.asarray(counts - events, float))


class BinomialBatch:
    """Log-likelihoods Σ met·log p + unmet·log(1 - p), with logit p = xβ + offset.

    Attributes
    ----------
    x : ndarray, shape (b, k, p)
        Patterns of each model, padded by patterns without patients.
    met, unmet, offset : ndarray, shape (b, k)
    """

    def __init__(self, x: Floats, met: Floats, unmet: Floats, offset: Floats | None = None):
        self.x, self.met, self.unmet = x, met, unmet
        self.offset = np.zeros(met.shape) if offset is None else offset

    @classmethod
    def of(cls, tables: Sequence[Patterns]) -> BinomialBatch:
        """Models with as many covariates each."""
        most, columns = max(len(table.met) for table in tables), tables[0].rows.shape[1]
        x, met, unmet = np.zeros((len(tables), most, columns)), np.zeros((len(tables), most)), np.zeros((len(tables), most))
        for place, table in enumerate(tables):
            x[place, : len(table.met)], met[place, : len(table.met)], unmet[place, : len(table.met)] = table
        return cls(x, met, unmet)

    def take(self, chosen: Ints) -> BinomialBatch:
        """The models numbered `chosen`."""
        return BinomialBatch(self.x[chosen], self.met[chosen], self.unmet[chosen], self.offset[chosen])

    def without(self, column: Ints) -> BinomialBatch:
        """The models without one column each, shape (b,)."""
        return BinomialBatch(np.take_along_axis(self.x, self.kept(column)[:, None, :], axis=2), self.met, self.unmet, self.offset)

    def kept(self, column: Ints) -> Ints:
        """Columns of each model but one, shape (b, p - 1)."""
        others = np.arange(self.x.shape[2] - 1)
        return np.asarray(others + (others >= column[:, None]))

    def evaluate(self, beta: Floats, chosen: Ints) -> tuple[Floats, Floats, Floats]:
        """As `newton_batch.Likelihoods` wants it."""
        every = len(chosen) == len(self.met)
        x, met, unmet, offset = (array if every else array[chosen] for array in (self.x, self.met, self.unmet, self.offset))
        with np.errstate(all="ignore"):
            linear = np.matmul(x, beta[:, :, None])[:, :, 0] + offset
            p = expit(linear)
            count = met + unmet
            value = -(met * np.logaddexp(0.0, -linear) + unmet * np.logaddexp(0.0, linear)).sum(axis=1)
            gradient = np.matmul((met - count * p)[:, None, :], x)[:, 0, :]
            return value, gradient, np.matmul(x.transpose(0, 2, 1) * (count * p * (1 - p))[:, None, :], x)


class LogisticProfiles:
    """`profile_likelihood.Profiles` of one coefficient of each model.

    Parameters
    ----------
    models : BinomialBatch
    column : ndarray of int, shape (b,)
        The coefficient's.
    beta : ndarray, shape (b, p)
        Of all coefficients, to begin with.
    finite : ndarray of bool, shape (b,)
        Whether all are finite; else each point is found from nothing, as where a coefficient has run off little information is
        left to find the others by, and what it comes to is the limit of the likelihood.
    """

    def __init__(self, models: BinomialBatch, column: Ints, beta: Floats, finite: Bools):
        self.rest = models.without(column)
        self.along = np.take_along_axis(models.x, column[:, None, None], axis=2)[:, :, 0]
        self.others = np.where(finite[:, None], np.take_along_axis(beta, models.kept(column), axis=1), 0.0)
        self.finite = finite

    def at(self, b: Floats, chosen: Ints) -> tuple[Floats, Floats]:
        """As `profile_likelihood.Profiles` wants it."""
        along = self.along[chosen]
        models = self.rest.take(chosen)
        models.offset = models.offset + along * b[:, None]
        top = newton_batch.maximise(models, self.others[chosen])
        finite = self.finite[chosen]
        self.others[chosen[finite]] = top.beta[finite]
        with np.errstate(all="ignore"):
            p = expit(np.matmul(models.x, top.beta[:, :, None])[:, :, 0] + models.offset)
            slope = ((models.met - (models.met + models.unmet) * p) * along).sum(axis=1)
        return np.where(top.converged | ~finite, top.value, np.nan), slope
