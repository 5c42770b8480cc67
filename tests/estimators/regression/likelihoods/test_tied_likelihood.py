import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.hazard_regression import PHReg

from analysis.estimators.regression.likelihoods.tied_likelihood import TiedLikelihood


def sample(seed, n, p, months, delayed):
    rng = np.random.default_rng(seed)
    time = rng.integers(1, months + 1, n).astype(float)
    event = (rng.random(n) < 0.6).astype(float)
    event[0] = 1
    entry = np.floor(time * rng.random(n)) if delayed else None
    return rng.normal(size=(n, p)), time, event, entry, rng.normal(size=p)


def by_definition(design, time, event, entry, ties, beta):
    """Value, gradient and Hessian as the formulas stand, risk set by risk set."""
    theta = np.exp(design @ beta)
    value, gradient, hessian = 0.0, np.zeros(len(beta)), np.zeros((len(beta), len(beta)))
    for t in np.unique(time[event == 1]):
        risk = (time >= t) & (True if entry is None else entry < t)
        fail = (time == t) & (event == 1)
        d = fail.sum()
        value += (design[fail] @ beta).sum()
        gradient += design[fail].sum(axis=0)
        for k in range(d):
            weight = theta * (risk - (k / d if ties == "efron" else 0) * fail)
            mean = weight @ design / weight.sum()
            value -= np.log(weight.sum())
            gradient -= mean
            hessian -= (design.T * weight) @ design / weight.sum() - np.outer(mean, mean)
    return value, gradient, hessian


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10_000), st.integers(2, 60), st.integers(1, 3), st.integers(1, 40), st.booleans(), st.sampled_from(["breslow", "efron"])
)
def test_sums_over_sorted_arrays_are_those_over_risk_sets(seed, n, p, months, delayed, ties):
    design, time, event, entry, beta = sample(seed, n, p, months, delayed)
    found = TiedLikelihood(design, time, event, entry, ties).evaluate(beta)
    for one, other in zip(found, by_definition(design, time, event, entry, ties, beta)):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_the_likelihood_is_that_of_statsmodels(ties):
    design, time, event, _, beta = sample(3, 400, 3, 30, delayed=False)
    reference = PHReg(time, design, event, ties=ties)
    value, gradient, hessian = TiedLikelihood(design, time, event, None, ties).evaluate(beta)
    assert value == pytest.approx(reference.loglike(beta), rel=1e-12)
    np.testing.assert_allclose(gradient, reference.score(beta), rtol=1e-10)
    np.testing.assert_allclose(hessian, reference.hessian(beta), rtol=1e-9)
