"""Partial likelihoods of one covariate of few values in many cohorts at once, as arrays cohorts × failures × patterns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.estimators.regression.likelihoods.pattern_likelihood import PatternLikelihood


class PatternBatch:
    """`PatternLikelihood` of many models of one covariate each, for `newton_batch.maximise` and `profile_likelihood.limits_of_many`.

    Parameters
    ----------
    models : sequence of PatternLikelihood
        With as many patterns each; those with fewer failures are filled up by failures without weight.
    """

    def __init__(self, models: Sequence[PatternLikelihood]):
        failures, patterns = max(len(model.row) for model in models), len(models[0].patterns)
        self.counts = np.ones((len(models), failures, patterns))
        self.weight = np.zeros((len(models), failures))
        for place, model in enumerate(models):
            self.counts[place, : len(model.row)], self.weight[place, : len(model.row)] = model.counts, model.weight
        self.values = np.stack([model.patterns[:, 0] for model in models])
        self.deaths = np.stack([model.deaths for model in models])

    def evaluate(self, beta: Floats, chosen: Ints) -> tuple[Floats, Floats, Floats]:
        """As `newton_batch.Likelihoods` wants it."""
        values, deaths, counts, weight = (array[chosen] for array in (self.values, self.deaths, self.counts, self.weight))
        with np.errstate(all="ignore"):
            linear = values * beta
            linear -= linear.max(axis=1, keepdims=True)
            share = counts * np.exp(linear)[:, None, :]
            denominator = share.sum(axis=2)
            mean = np.matmul(share, values[:, :, None])[:, :, 0] / denominator
            second = np.matmul(share, values[:, :, None] ** 2)[:, :, 0] / denominator
            value = (deaths * linear).sum(axis=1) - (weight * np.log(denominator)).sum(axis=1)
            gradient = (deaths * values).sum(axis=1) - (weight * mean).sum(axis=1)
            return value, gradient[:, None], (weight * (second - mean**2)).sum(axis=1)[:, None, None]

    def at(self, b: Floats, chosen: Ints) -> tuple[Floats, Floats]:
        """As `profile_likelihood.Profiles` wants it: a single coefficient leaves nothing to be maximised."""
        value, gradient, _ = self.evaluate(b[:, None], chosen)
        return value, gradient[:, 0]
