"""The maximiser, on functions whose maximum or limit is known."""

import numpy as np
import pytest

from analysis.estimators.numerics import newton


def evaluated(function, calls):
    def evaluate(beta):
        calls.append(float(beta[0]))
        value, slope, curvature = function(float(beta[0]))
        return value, np.array([slope]), np.array([[curvature]])

    return evaluate


def running_off(b):
    """log(1 / (1 + exp(-b))): rises to 0 for ever."""
    p = 1 / (1 + np.exp(-b))
    return -np.log1p(np.exp(-b)), 1 - p, -p * (1 - p)


def test_a_parabola_is_climbed_in_one_step():
    calls = []
    top = newton.maximise(evaluated(lambda b: (-((b - 3) ** 2), -2 * (b - 3), -2.0), calls), np.zeros(1))
    assert top.converged and top.beta[0] == pytest.approx(3) and len(calls) <= 3


def test_what_runs_off_is_left_at_its_limit():
    calls = []
    top = newton.maximise(evaluated(running_off, calls), np.zeros(1))
    assert not top.converged and top.beta[0] > newton.FAR and top.value == pytest.approx(0, abs=1e-14)
    assert len(calls) < 60


def test_an_iteration_goes_on_from_what_was_found():
    calls = []
    evaluate = evaluated(lambda b: (-((b - 3) ** 2), -2 * (b - 3), -2.0), calls)
    start = newton.at(evaluate, np.zeros(1))
    assert newton.maximise(evaluate, start).beta[0] == pytest.approx(3) and calls.count(0.0) == 1


def test_a_flat_function_is_not_converged():
    assert not newton.maximise(lambda beta: (0.0, np.zeros(1), np.zeros((1, 1))), np.zeros(1)).converged


def test_a_maximum_may_run_off_where_the_information_has_faded_to_the_threshold_and_only_there():
    start = newton.Maximum(np.zeros(1), 0.0, np.zeros(1), np.array([[-1.0]]), False)
    for share, expected in ((0.99, True), (1.01, False)):
        assert newton.may_run_off(start._replace(hessian=-np.array([[share * newton.FAINT]]), converged=True), start) is expected
