"""Sums over subsets of those at risk: by definition and compiled."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimators.regression.exact_ties import polynomials


def drawn(seed, patients, covariates, times):
    rng = np.random.default_rng(seed)
    theta = rng.random((times, patients)) * rng.choice([0.0, 0.01, 1.0, 5.0], (times, patients))  # 0: not at risk
    return theta, rng.normal(size=(patients, covariates)), rng.integers(0, min(patients, 5) + 1, times)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 7), st.integers(1, 3), st.integers(1, 4))
def test_sums_are_those_over_all_subsets(seed, patients, covariates, times):
    theta, design, size = drawn(seed, patients, covariates, times)
    value, first, second = polynomials(theta, design, size)
    for i, degree in enumerate(size):
        subsets = [list(subset) for subset in combinations(range(patients), degree)]
        weights, totals = [theta[i, subset].prod() for subset in subsets], [design[subset].sum(axis=0) for subset in subsets]
        assert value[i] == pytest.approx(sum(weights))
        np.testing.assert_allclose(first[i], sum(w * x for w, x in zip(weights, totals)), atol=1e-9)
        np.testing.assert_allclose(second[i], sum(w * np.outer(x, x) for w, x in zip(weights, totals)), atol=1e-9)
