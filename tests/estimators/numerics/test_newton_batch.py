import numpy as np
import pytest
from scipy.special import expit

from analysis.estimators.numerics import newton, newton_batch


class Logistic:
    """Made-up models of 40 patients, two covariates each."""

    def __init__(self, b=6, seed=0):
        random = np.random.default_rng(seed)
        self.x = np.concatenate([np.ones((b, 40, 1)), random.normal(size=(b, 40, 2))], axis=2)
        self.y = (random.random((b, 40)) < 0.4).astype(float)

    def evaluate(self, beta, chosen):
        x, y = self.x[chosen], self.y[chosen]
        linear = np.einsum("bkp,bp->bk", x, beta)
        p = expit(linear)
        value = (y * linear - np.logaddexp(0, linear)).sum(axis=1)
        return value, np.einsum("bk,bkp->bp", y - p, x), np.einsum("bkp,bk,bkq->bpq", x, p * (1 - p), x)

    def alone(self, place):
        def evaluate(beta):
            value, gradient, information = self.evaluate(beta[None], np.array([place]))
            return float(value[0]), gradient[0], -information[0]

        return evaluate


def held_against_one_by_one(models, start):
    together = newton_batch.maximise(models, start)
    for place in range(len(start)):
        alone = newton.maximise(models.alone(place), start[place])
        assert together.converged[place] == alone.converged
        assert together.value[place] == pytest.approx(alone.value, rel=1e-12)
        np.testing.assert_allclose(together.beta[place], alone.beta, rtol=1e-10, atol=1e-12)
    return together


def test_many_maxima_are_those_found_one_by_one():
    models = Logistic()
    assert held_against_one_by_one(models, np.zeros((6, 3))).converged.all()


def test_steps_that_lead_downhill_are_halved():
    held_against_one_by_one(Logistic(), np.tile([4.0, -3.0, 3.0], (6, 1)))


def test_one_that_runs_off_does_not_keep_the_others_from_converging():
    models = Logistic()
    models.y[2] = (models.x[2, :, 1] > 0).astype(float)
    found = newton_batch.maximise(models, np.zeros((6, 3)))
    assert found.converged.tolist() == [True, True, False, True, True, True] and np.abs(found.beta[2]).max() > newton.FAR


def test_a_singular_system_is_nan_and_the_others_are_solved():
    found = newton_batch.solve(np.array([np.eye(2), np.zeros((2, 2)), 2 * np.eye(2)]), np.ones((3, 2)))
    np.testing.assert_array_equal(found, [[1, 1], [np.nan, np.nan], [0.5, 0.5]])
