"""Expected events of a curve's stretches come near the true ones, and tell when sequences cannot be listed."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.reconstruction.constraints.guides import stretches, ways
from analysis.reconstruction.constraints.risk_sets import Horizon

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


def horizon(time, estimate, error=None):
    return Horizon(
        time, lambda s, e: True, estimate - 0.005, estimate + 0.005, (0.0, math.inf) if error is None else (error - 0.005, error + 0.005)
    )


def printed(time, event, horizons=(12, 24)):
    curve = kaplan_meier(time, event)
    return [horizon(month, 100 * float(curve.survival_at(month)), 100 * float(curve.standard_error_at(month))) for month in horizons]


def simulated(size, seed=1):
    rng = np.random.default_rng(seed)
    death, end = rng.exponential(30, size), rng.uniform(6, 48, size)
    return np.ceil(np.minimum(death, end)).astype(int), death <= end


@pytest.mark.parametrize("size", [100, 400, 4_000])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_expected_events_are_within_a_twentieth_of_the_true_ones(size, seed):
    time, event = simulated(size, seed)
    parts = stretches(size, printed(time, event))
    for part in parts[:-1]:
        true = int((event & (time > part.first) & (time <= part.last)).sum())
        assert part.events == pytest.approx(true, rel=0.05, abs=1)


def test_without_censoring_the_events_are_known():
    time, event = np.repeat([3, 9, 15, 40], 100), np.repeat([True, True, True, False], 100)
    first, second, rest = stretches(400, printed(time, event))
    assert (round(first.events), round(second.events)) == (200, 100)
    assert first.others < 1 and second.others < 1
    assert (rest.first, rest.last, rest.events, round(rest.at_risk)) == (24, math.inf, None, 100)


def test_without_an_error_nobody_is_expected_to_be_censored():
    part = stretches(200, [horizon(12, 80.0)])[0]
    assert (part.events, part.others) == (pytest.approx(40), 0.0)


def test_a_level_stretch_says_nothing_of_the_censored():
    first, second, rest = stretches(200, [horizon(12, 80.0, 3.0), horizon(24, 80.0, 3.0)])
    assert (second.events, second.others) == (0.0, None)
    assert rest.at_risk == second.at_risk


def test_a_curve_that_ends_at_zero_has_expected_events():
    first, rest = stretches(200, [Horizon(12, lambda s, e: True, -0.06, 0.06, (0.0, 0.06))])
    assert first.events == pytest.approx(200) and rest.at_risk == 0


@given(st.integers(10, 2_000), st.floats(1, 99), st.floats(0.1, 30))
def test_nobody_is_expected_twice(size, estimate, error):
    first, rest = stretches(size, [horizon(12, estimate, error)])
    assert 0 <= first.events <= size and 0 <= first.others <= size
    assert rest.at_risk == pytest.approx(size - first.events - first.others, abs=1e-6)


def test_orders_grow_with_the_group():
    found = [ways(size, printed(*simulated(size))) for size in (20, 40, 100, 400)]
    assert found == sorted(found) and found[1] < 8 and found[-1] > 20
