"""Cox's partial likelihood of covariates that take few values: counts of each pattern at risk stand for the patients."""

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.estimators.regression.likelihoods.tied_likelihood import TiedLikelihood

MOST_PATTERNS = 16
"""Distinct rows of covariates up to which counting them is faster than summing over patients."""


def of_design(design: Floats, time: Floats, event: Floats, entry: Floats | None, ties: str) -> TiedLikelihood:
    """The likelihood under Breslow's or Efron's ties, by patterns where the covariates have few; parameters as of `TiedLikelihood`."""
    if design.shape[1] == 1:  # a single column is sorted as numbers, which is much faster
        values, place = np.unique(design[:, 0], return_inverse=True)
        patterns = values[:, None]
    else:
        patterns, place = np.unique(design, axis=0, return_inverse=True)
    if len(patterns) > MOST_PATTERNS:
        return TiedLikelihood(design, time, event, entry, ties)
    return PatternLikelihood(design, time, event, entry, ties, patterns, place.reshape(-1))


class PatternLikelihood(TiedLikelihood):
    """`TiedLikelihood` in counts of patterns: the same function, whose cost does not grow with the patients.

    Each failure's denominator φ is Σ_k c_k exp(x_kβ), where c_k is how many with pattern k are at risk less the share of those
    who fail at that time that Efron's method takes away.

    Parameters
    ----------
    design, time, event, entry, ties
        As of `TiedLikelihood`.
    patterns : ndarray, shape (k, p)
        Distinct rows of the design.
    place : ndarray of int, shape (n,)
        Pattern of each patient.
    """

    def __init__(self, design: Floats, time: Floats, event: Floats, entry: Floats | None, ties: str, patterns: Floats, place: Ints) -> None:
        super().__init__(design, time, event, entry, ties)
        member = (place[:, None] == np.arange(len(patterns))).astype(float)
        self.patterns, self.deaths = patterns, member[self.failed].sum(axis=0)
        self.counts = self._at_risk(member)[self.row] - self.share[:, None] * self._failing(member)[self.row]
        self.products = (patterns[:, :, None] * patterns[:, None, :]).reshape(len(patterns), -1)

    def _terms(self, beta: Floats) -> tuple[float, Floats, Floats]:
        """Value, exp(xβ) of each pattern, and the denominator of each failure."""
        linear = self.patterns @ beta
        linear = linear - linear.max()
        theta = np.exp(linear)
        denominator = self.counts @ theta
        return float(self.deaths @ linear - self.weight @ np.log(denominator)), theta, denominator

    def value(self, beta: Floats) -> float:
        """The first of `evaluate`, alone."""
        with np.errstate(all="ignore"):
            return self._terms(beta)[0]

    def evaluate(self, beta: Floats) -> tuple[float, Floats, Floats]:
        """As of `TiedLikelihood`."""
        with np.errstate(all="ignore"):
            value, theta, denominator = self._terms(beta)
            share = self.counts * theta / denominator[:, None]
            mean = share @ self.patterns
            second = (self.weight @ share @ self.products).reshape(len(beta), len(beta))
            hessian = (mean.T * self.weight) @ mean - second
            return value, self.failures - self.weight @ mean, hessian
