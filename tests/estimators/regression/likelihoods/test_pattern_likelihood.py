import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimators.regression.likelihoods.pattern_likelihood import MOST_PATTERNS, PatternLikelihood, of_design
from analysis.estimators.regression.likelihoods.tied_likelihood import TiedLikelihood


def sample(seed, n, p, months, delayed):
    rng = np.random.default_rng(seed)
    time = rng.integers(1, months + 1, n).astype(float)
    event = (rng.random(n) < 0.6).astype(float)
    event[0] = 1
    entry = np.floor(time * rng.random(n)) if delayed else None
    return (rng.random((n, p)) < 0.4).astype(float) - 0.3, time, event, entry, rng.normal(size=p)


@settings(deadline=None, max_examples=100)
@given(
    st.integers(0, 10_000), st.integers(2, 60), st.integers(1, 4), st.integers(1, 40), st.booleans(), st.sampled_from(["breslow", "efron"])
)
def test_counts_of_patterns_give_what_sums_over_patients_give(seed, n, p, months, delayed, ties):
    design, time, event, entry, beta = sample(seed, n, p, months, delayed)
    counted = of_design(design, time, event, entry, ties)
    assert isinstance(counted, PatternLikelihood)
    for one, other in zip(counted.evaluate(beta), TiedLikelihood(design, time, event, entry, ties).evaluate(beta), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12 * n)
    assert counted.value(beta) == counted.evaluate(beta)[0]


@pytest.mark.parametrize("patterns", [MOST_PATTERNS - 1, MOST_PATTERNS, MOST_PATTERNS + 1])
def test_many_patterns_are_summed_over_patients(patterns):
    rng = np.random.default_rng(1)
    design = np.tile(np.arange(patterns, dtype=float), 3)[:, None]
    data = (rng.integers(1, 9, len(design)).astype(float), np.ones(len(design)), None, "efron")
    found = of_design(design, *data)
    assert isinstance(found, PatternLikelihood) == (patterns <= MOST_PATTERNS)
    np.testing.assert_allclose(found.value(np.array([0.1])), TiedLikelihood(design, *data).evaluate(np.array([0.1]))[0], rtol=1e-12)


def test_what_overflows_is_not_finite():
    design = np.array([[0.0], [1.0], [1.0]])
    found = of_design(design, np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 0.0]), None, "efron")
    assert not np.isfinite(found.value(np.array([np.inf])))
