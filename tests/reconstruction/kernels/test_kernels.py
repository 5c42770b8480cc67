"""The compiled evaluators say what the estimators say."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimators.comparisons.log_rank import compare
from analysis.estimators.comparisons.two_curve_hazard_ratio import hazard_ratio
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.reconstruction.kernels import kernels
from tests.reconstruction.conftest import compared, tallied

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

SAMPLE = st.lists(st.tuples(st.integers(0, 15), st.booleans(), st.booleans()), min_size=6, max_size=30)


def arrays(sample):
    time, event, group = (np.array(column) for column in zip(*sample))
    return time.astype(np.int64), event.astype(np.int64), group


@settings(max_examples=60, deadline=None)
@given(SAMPLE, st.integers(0, 20))
def test_kaplan_meier(sample, horizon):
    time, event, _ = arrays(sample)
    curve = kaplan_meier(time, event)
    leaving, deaths, sizes = tallied(time, event, np.ones(len(time), bool))
    estimate, error = kernels.kaplan_meier(leaving[0], deaths[0], sizes[0], horizon)
    assert estimate == pytest.approx(100 * float(curve.survival_at(horizon)))
    if estimate > 0:
        assert error == pytest.approx(100 * float(curve.standard_error_at(horizon)))


@settings(max_examples=60, deadline=None)
@given(SAMPLE)
def test_two_curves(sample):
    time, event, group = arrays(sample)
    if len(set(group)) < 2 or not event.any():
        return
    out = compared(time, event, group, ~group)
    expected = compare(time, event, np.where(group, 0, 1))
    if math.isnan(out[0]):
        assert math.isnan(expected.p) or expected.chi_square == pytest.approx(0, abs=1e-9) or min(expected.expected) <= 0
        return
    assert out[0] == pytest.approx(expected.chi_square, abs=1e-9)
    if 0 < event[group].sum() < event.sum():
        for position, method in enumerate(kernels.METHODS):
            b, se = out[1 + 2 * position], out[2 + 2 * position]
            if math.isnan(b) or abs(b) > 6:  # a group whose events all come while alone: no finite Cox estimate
                continue
            ratio = hazard_ratio(time, event, np.where(group, 0, 1), method=method)
            assert math.exp(b) == pytest.approx(ratio.hr, rel=1e-5)
            assert math.exp(b + kernels.Z * se) == pytest.approx(ratio.upper, rel=1e-4)


def test_rows_outside_the_group_and_without_a_time_do_not_count():
    time, event = np.array([5, -1, 3, 4]), np.array([1, 0, 1, 1])
    member = np.array([True, True, False, True])
    leaving, deaths, sizes = tallied(time, event, member)
    assert sizes[0] == 2
    assert kernels.kaplan_meier(leaving[0], deaths[0], sizes[0], 4)[0] == pytest.approx(50.0)


@pytest.mark.parametrize("kind, survivors, expected", [(0, False, 4.5), (1, False, 2.0), (2, False, 9.0), (0, True, 7.0), (1, True, 5.0)])
def test_follow_up(kind, survivors, expected):
    time, event = np.array([2, 9, 5, 4]), np.array([1, 0, 0, 1])
    leaving, deaths, _ = tallied(time, event, np.ones(4, bool))
    assert kernels.follow_up(leaving[0], deaths[0], kind, survivors) == expected


def test_follow_up_of_nobody_is_not_known():
    assert math.isnan(kernels.follow_up(np.array([0, 1]), np.array([0, 1]), 0, True))


def test_a_comparison_inside_all_its_intervals_misses_nothing():
    time, event = np.array([2, 3, 5, 7, 8, 9, 11, 12]), np.array([1, 1, 1, 0, 1, 1, 0, 0])
    first = np.array([True, True, False, False, True, False, True, False])
    out = compared(time, event, first, ~first)
    z = math.sqrt(out[0])
    nothing = [-math.inf, math.inf]

    def miss(method, log_rank=nothing, ratio=nothing, wald=nothing):
        ends = np.array([[*log_rank, *ratio, *nothing, *nothing, *wald]])
        return kernels.comparison_miss(out, np.array([method]), ends, 0, 1, True)[0]

    for method in range(len(kernels.METHODS)):
        b, se = out[1 + 2 * method], out[2 + 2 * method]
        wald = abs(b / se)
        assert miss(method, [z - 0.01, z + 0.01], [b - 0.01, b + 0.01], [wald - 0.01, wald + 0.01]) == 0
        assert miss(method, [z + 0.01, z + 0.02]) == miss(method, ratio=[b + 0.01, 9.0]) == pytest.approx(0.4)
        assert miss(method, wald=[wald + 0.01, 9.0]) == pytest.approx(0.4)


def test_a_miss_is_sure_only_where_no_model_can_make_it_less():
    time, event = np.array([2, 3, 5, 7, 8, 9, 11, 12]), np.array([1, 1, 1, 0, 1, 1, 0, 0])
    first = np.array([True, True, False, False, True, False, True, False])
    out, nothing = compared(time, event, first, ~first), [-math.inf, math.inf]
    right, wrong = ([*nothing, least, 9.0, *nothing * 3] for least in (out[1] - 1.0, out[1:9:2].max() + 0.01))

    def miss(methods, modelled, *ends):
        return kernels.comparison_miss(out, np.array(methods), np.array(ends), 0, len(methods), modelled)

    assert miss([0, 2], False, right, right) == miss([2, 0], False, right, right) == (0, True)
    assert miss([0, 2], False, wrong, wrong) == (0, False)  # less than the miss, until the model is known
    assert miss([0, 2], True, wrong, wrong)[1] and miss([0, 2], True, wrong, wrong)[0] > 0.3
