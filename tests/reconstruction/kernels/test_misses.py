"""What a state misses is the same with and without what is kept from the last one."""

import math

import numpy as np
import pytest

from analysis.reconstruction.kernels import misses
from analysis.reconstruction.problem.digitised import LOWER, UPPER
from tests.reconstruction.conftest import tallied

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

#: z of the log-rank test between 3 and 4, nothing else; and a log hazard ratio above 9 beside it.
TEST, RATIO = [3.0, 4.0, *[-math.inf, math.inf] * 4], [3.0, 4.0, 9.0, math.inf, *[-math.inf, math.inf] * 3]


@pytest.fixture
def groups():
    """Two groups of five on one endpoint."""
    time, event = np.array([2, 3, 5, 7, 8, 9, 11, 12, 4, 6]), np.array([1, 1, 1, 0, 1, 1, 0, 0, 1, 0])
    first = np.arange(10) % 2 == 0
    return tallied(time, event, first, ~first)


def miss(groups, asked, weights=(1.0,), stale=True, kept=(0.0,), limit=math.inf):
    kept, many = np.array(kept), len(weights)
    ways = np.array([(k, k + 1) for k in range(many)])
    given = np.array([(0, 1)] * many), ways, np.full(many, 2), np.array(asked), np.array(weights)
    scratch = np.empty((groups[0].shape[1], 4), np.int64), np.empty(9), np.zeros(many, bool)
    total = misses.soft_miss(*groups, np.full(2, stale), *given, kept, limit, *scratch)
    return total, kept


def test_weights_multiply_and_weightless_comparisons_do_not_count(groups):
    asked = [TEST]
    one, _ = miss(groups, asked)
    assert one > 0.3
    assert miss(groups, asked * 2, weights=(2.0, 0.0), kept=(0.0, 0.0))[0] == pytest.approx(2 * one)


def test_a_comparison_of_unchanged_groups_is_taken_as_it_was(groups):
    assert miss(groups, [TEST], stale=False, kept=(0.7,))[0] == 0.7


def test_a_sum_above_its_limit_is_not_finished(groups):
    for asked in ([TEST], [RATIO]):
        whole, _ = miss(groups, asked)
        assert miss(groups, asked, limit=whole - 0.01)[0] == math.inf
        assert miss(groups, asked, limit=whole + 0.01)[0] == whole


def test_models_count_beside_what_needs_none(groups):
    test, model = miss(groups, [TEST])[0], miss(groups, [RATIO])[0]
    assert model > test + 0.3
    asked = [TEST, RATIO, TEST]
    total, kept = miss(groups, asked, weights=(1.0, 2.0, 1.0), kept=(0.0,) * 3)
    assert kept.tolist() == [test, model, test] and total == pytest.approx(2 * test + 2 * model)


def test_curves_and_follow_up_that_do_not_hold_are_counted(groups):
    # of the first group (2, 5, 8, 11, 4 months; the one of 11 censored) 80% are alive at 3 months
    curves, ends = np.array([(0, 3, 0), (0, 3, 1), (0, 3, 0)]), np.array([(79.0, 81.0), (17.0, 18.0), (50.0, 60.0)])
    spans, span_ends = np.array([(0, 2), (1, 1)]), np.array([(11.0, 11.0), (4.0, 5.0)])
    fits, hard, gaps = np.zeros(5, bool), np.ones(3, bool), np.zeros(3)
    assert misses.misfits(*groups, np.ones(2, bool), curves, ends, spans, span_ends, fits, hard, gaps, 10) == 2
    assert fits.tolist() == [True, True, False, True, False]
    assert misses.misfits(*groups, np.zeros(2, bool), curves, ends, spans, span_ends, fits, hard, gaps, 10) == 2
    assert misses.misfits(*groups, np.ones(2, bool), curves, ends, spans, span_ends, fits, hard, gaps, 0) == 1


def test_a_curve_that_did_not_hold_at_the_start_misses_by_its_distance_and_is_not_counted(groups):
    curves, ends = np.array([(0, 3, 0), (0, 3, 1), (0, 3, 0)]), np.array([(79.0, 81.0), (17.0, 18.0), (50.0, 60.0)])
    spans, span_ends = np.array([(0, 2)]), np.array([(11.0, 11.0)])
    fits, hard, gaps = np.zeros(4, bool), np.array([True, False, False]), np.zeros(3)
    assert misses.misfits(*groups, np.ones(2, bool), curves, ends, spans, span_ends, fits, hard, gaps, 10) == 0
    assert gaps.tolist() == pytest.approx([0.0, 0.0, 0.3 + 5.0 * 20 / 100 * 5])
    assert fits.tolist() == [True, True, False, True]


def test_a_limit_holds_by_any_of_the_three_transformations(groups):
    # 80 % and 17.889 %: by the plain one the lower limit is 44.9 %, by the log one 51.6 %, by the log-log one 20.4 % (R's survfit)
    curves, spans = np.array([(0, 3, LOWER), (0, 3, UPPER)]), np.empty((0, 2), np.int64)
    for low in (44.9, 51.6, 20.4):
        ends = np.array([(low - 0.05, low + 0.05), (96.9, 100.0)])
        fits, hard, gaps = np.zeros(2, bool), np.ones(2, bool), np.zeros(2)
        assert misses.misfits(*groups, np.ones(2, bool), curves, ends, spans, np.empty((0, 2)), fits, hard, gaps, 10) == 0
    ends = np.array([(48.0, 49.0), (96.9, 100.0)])
    assert misses.misfits(*groups, np.ones(2, bool), curves, ends, spans, np.empty((0, 2)), fits, hard, gaps, 10) == 1
