import numpy as np
import pandas as pd
import pytest

from analysis.errors import Undefined
from analysis.estimators.numerics import newton, profile_likelihood
from analysis.estimators.regression import logistic
from analysis.estimators.regression.likelihoods import logistic_batch
from analysis.estimators.regression.likelihoods.binomial_batch import BinomialBatch, patterns_of


def climb(y, x, offset=0.0):
    """One model by its rows, one patient each: what the arrays are held against."""

    def evaluate(beta):
        linear = x @ beta + offset
        p = 1 / (1 + np.exp(-linear))
        return -np.logaddexp(0.0, np.where(y == 1, -1, 1) * linear).sum(), (y - p) @ x, -(x.T * (p * (1 - p))) @ x

    return newton.maximise(evaluate, np.zeros(x.shape[1]))


def cohort(seed, n=150):
    random = np.random.default_rng(seed)
    a, b, c = random.random((3, n)) < [[0.5], [0.3], [0.2]]
    y = random.random(n) < 1 / (1 + np.exp(0.5 - a + 0.7 * c))
    return pd.DataFrame({"y": y, "a": a, "b": b, "c": c, "age": random.normal(8, 4, n).round(1)}).astype(float)


@pytest.mark.parametrize("covariates", [["a"], ["a", "b", "c"], ["a", "age"]])
@pytest.mark.parametrize("interval", logistic.INTERVALS)
def test_cohorts_fitted_together_are_those_fitted_by_their_rows(covariates, interval):
    frames = [cohort(seed) for seed in range(8)]
    for frame, found in zip(frames, logistic.fit_many(frames, "y", covariates, interval), strict=True):
        y, x = frame["y"].to_numpy(), np.column_stack([np.ones(len(frame)), frame[covariates]])
        top = climb(y, x)
        assert found.log_likelihood == pytest.approx(top.value, rel=1e-12)
        np.testing.assert_allclose([found.intercept, *found.summary.coefficient], top.beta, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(found.summary.standard_error, np.sqrt(np.diag(np.linalg.inv(-top.hessian)))[1:], rtol=1e-10)
        if interval == "profile":
            for k, name in enumerate(covariates, start=1):
                rest, column = np.delete(x, k, axis=1), x[:, k]
                ends = profile_likelihood.limits(lambda b, y=y, c=column, r=rest: climb(y, r, b * c).value, top.beta[k], top.value, 0)
                np.testing.assert_allclose(np.log(found.summary.loc[name, ["lower", "upper"]].astype(float)), ends, rtol=1e-9, atol=1e-10)


def test_a_cohort_alone_and_among_others_is_the_same_to_the_last_digits():
    frames = [cohort(seed, n) for seed, n in ((1, 40), (2, 90), (3, 25), (1, 40))]
    together = logistic.fit_many(frames, "y", ["a", "b"], "profile")
    for frame, found in zip(frames, together, strict=True):
        pd.testing.assert_frame_equal(found.summary, logistic.fit(frame, "y", ["a", "b"], "profile").summary, rtol=1e-12)


def test_a_cohort_without_such_a_model_leaves_the_others_as_they_are():
    constant, separated = cohort(1).assign(a=1.0), cohort(2).assign(a=lambda f: np.where(f.y == 1, f.a, 0.0))
    missing = Undefined("nobody")
    found = logistic.fit_many([constant, separated, missing, cohort(3)], "y", ["a", "b"], "profile")
    assert isinstance(found[0], Undefined) and found[2] is missing
    assert found[1].infinite == ("a",) and found[1].summary.upper["a"] == np.inf and np.isfinite(found[1].summary.lower["a"])
    pd.testing.assert_frame_equal(found[3].summary, logistic.fit(cohort(3), "y", ["a", "b"], "profile").summary, rtol=1e-12)


def test_limits_beside_a_covariate_that_runs_off_are_those_of_the_patients_without_it():
    frame = cohort(5).assign(c=lambda f: np.where(f.y == 1, f.c, 0.0))
    found = logistic.fit(frame, "y", ["a", "c"], "profile").summary.loc["a"]
    # as the coefficient of c goes to infinity, those with it tell nothing of a
    without = logistic.fit(frame[frame.c == 0], "y", ["a"], "profile").summary.loc["a"]
    np.testing.assert_allclose(
        found[["coefficient", "lower", "upper"]].astype(float), without[["coefficient", "lower", "upper"]].astype(float), rtol=1e-8
    )


def test_limits_not_found_by_tangents_are_searched_for(monkeypatch):
    frame = cohort(4)
    expected = logistic.fit(frame, "y", ["a", "b"], "profile").summary
    monkeypatch.setattr(profile_likelihood, "limits_of_many", lambda profiles, start, *_: np.full(len(start), np.nan))
    pd.testing.assert_frame_equal(logistic.fit(frame, "y", ["a", "b"], "profile").summary, expected, rtol=1e-9)


def test_models_in_parts_that_fit_into_memory_are_those_at_once(monkeypatch):
    expected = logistic.fit(cohort(6), "y", ["a", "b", "age"], "profile").summary
    monkeypatch.setattr(logistic_batch, "MOST_CELLS", 1)
    pd.testing.assert_frame_equal(logistic.fit(cohort(6), "y", ["a", "b", "age"], "profile").summary, expected, rtol=1e-12)


def test_patterns_count_every_patient_once():
    random = np.random.default_rng(0)
    design, met = random.integers(0, 4, (300, 6)).astype(float), random.integers(0, 2, 300).astype(float)
    rows, yes, no = patterns_of(design, met)
    expected = pd.DataFrame(design).assign(met=met, unmet=1 - met).groupby(list(range(6)))[["met", "unmet"]].sum().reset_index()
    found = pd.DataFrame(rows).assign(met=yes, unmet=no).sort_values(list(range(6)), ignore_index=True)
    np.testing.assert_array_equal(found, expected)


def test_the_likelihood_of_patterns_is_that_of_rows():
    frame = cohort(7)
    x, y = np.column_stack([np.ones(150), frame[["a", "b"]]]), frame["y"].to_numpy()
    beta = np.array([[0.3, -0.2, 1.1]])
    value, gradient, information = BinomialBatch.of([patterns_of(x, y)]).evaluate(beta, np.array([0]))
    p = 1 / (1 + np.exp(-x @ beta[0]))
    assert value[0] == pytest.approx((y * np.log(p) + (1 - y) * np.log(1 - p)).sum(), rel=1e-13)
    np.testing.assert_allclose(gradient[0], (y - p) @ x, rtol=1e-12)
    np.testing.assert_allclose(information[0], (x.T * p * (1 - p)) @ x, rtol=1e-12)
