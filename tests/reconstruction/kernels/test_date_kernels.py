"""Compiled statistics of the search for dates against the estimators."""

import numpy as np
import pandas as pd
import pytest

from analysis.estimators.comparisons import log_rank
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.regression import cox
from analysis.estimators.time_dependent.counting_process import start_stop
from analysis.reconstruction.kernels import date_kernels as kernels

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


@pytest.fixture(params=range(4))
def sample(request):
    rng = np.random.default_rng(request.param)
    times = rng.integers(1, 40, 50)
    switch = np.where(rng.random(50) < 0.5, rng.integers(1, 20, 50), -1)
    return np.argsort(times, kind="mergesort"), times, rng.integers(0, 2, 50), rng.integers(0, 3, 50), switch


def test_curve_and_limits(sample):
    order, times, events, group, _ = sample
    member = group == 1
    curve = kaplan_meier(times[member], events[member])
    survival, greenwood = kernels.curve_at(order, times, events, member, 20)
    lower, upper = curve.interval_at(20)
    assert kernels.curve_value(survival, greenwood, kernels.ESTIMATE) == pytest.approx(100 * curve.survival_at(20))
    assert kernels.curve_value(survival, greenwood, kernels.LOWER) == pytest.approx(100 * lower)
    assert kernels.curve_value(survival, greenwood, kernels.UPPER) == pytest.approx(100 * upper)


def test_a_curve_that_falls_to_zero():
    times, everybody = np.array([3, 5]), np.ones(2, bool)
    survival, greenwood = kernels.curve_at(np.array([0, 1]), times, np.array([1, 1]), everybody, 5)
    assert kernels.curve_value(survival, greenwood, kernels.UPPER) == 0


def test_log_rank(sample):
    order, times, events, group, _ = sample
    inside = group < 2
    expected = log_rank.compare(times[inside], events[inside], group[inside])
    assert kernels.log_rank_z(order, times, events, group == 0, group == 1) ** 2 == pytest.approx(expected.chi_square)


def test_log_rank_of_one_group_is_zero():
    times, nobody = np.array([3, 5]), np.zeros(2, bool)
    assert kernels.log_rank_z(np.array([0, 1]), times, np.array([1, 0]), ~nobody, nobody) == 0


def test_switching_covariate(sample):
    order, times, events, group, switch = sample
    member = group < 2
    frame = pd.DataFrame({"time": times, "event": events, "switch": np.where(switch < 0, np.nan, switch)})[member]
    expected = cox.fit(
        start_stop(frame, "time", "event", "switch", at_switch="from"), "stop", "event", ["switched"], ties="breslow", entry="start"
    ).summary
    beta, error = kernels.switching_cox(order, times, events, member, switch)
    assert np.exp(beta) == pytest.approx(expected.loc["switched", "hr"], rel=1e-6)
    assert np.exp(beta - kernels.Z * error) == pytest.approx(expected.loc["switched", "lower"], rel=1e-6)


def test_a_covariate_that_nobody_has_has_no_estimate():
    times = np.array([1, 2, 3])
    beta, error = kernels.switching_cox(np.arange(3), times, np.ones(3, int), np.ones(3, bool), np.full(3, -1))
    assert beta == 0 and np.isinf(error)


def test_summaries_leave_the_unknown_out():
    values, member = np.array([7, -1, 3, 9, 5]), np.array([True, True, True, False, True])
    assert [kernels.summary(values, member, kind) for kind in (kernels.MEDIAN, kernels.MINIMUM, kernels.MAXIMUM)] == [5, 3, 7]
    assert kernels.summary(values, np.zeros(5, bool), kernels.MEDIAN) == -1


@pytest.mark.parametrize(("until", "number"), [(2, 0), (3, 1), (4, 1), (5, 2), (7, 3)])
def test_values_up_to_a_threshold_are_counted_that_one_included(until, number):
    values, member = np.array([5, 3, -1, 7, 4]), np.array([True, True, True, True, False])
    assert kernels.summary(values, member, kernels.UNTIL + until) == number
