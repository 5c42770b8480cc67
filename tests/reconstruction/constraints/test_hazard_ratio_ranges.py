"""Ranges of observed and expected events agree with the evaluators of survival comparisons."""

import math

import numpy as np
import pytest

from analysis.reconstruction.constraints.hazard_ratio_ranges import CELL, LOG, SCALE, differences, moments, ratios, slopes
from analysis.reconstruction.kernels.kernels import Z
from tests.reconstruction.conftest import compared

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


@pytest.fixture(params=range(6))
def cohort(request):
    """Times, events and groups of a random cohort with ties, and what the evaluators say of it."""
    rng = np.random.default_rng(request.param)
    time, event = rng.integers(1, 15, 30), rng.random(30) < 0.5
    first = rng.random(30) < 0.5
    return time, event, first, compared(time, event.astype(np.int64), first, ~first)


def summed(time, event, first):
    """Expected events and variance of the first group, from the months' parts."""
    parts = []
    for month in sorted(set(time[event])):
        at_risk = time >= month
        parts.append(moments(int((at_risk & first).sum()), int(at_risk.sum()), int((event & (time == month)).sum())))
    return np.sum(parts, axis=0)


def printed(log_ratio, error, share):
    """Intervals around a hazard ratio and its limits, a share of each wide to either side."""
    values = [math.exp(log_ratio + shift * error) for shift in (0, -Z, Z)]
    return dict(zip(("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper"), ((v * (1 - share), v * (1 + share)) for v in values)))


def test_parts_of_the_months_add_up_to_the_log_rank_test(cohort):
    time, event, first, out = cohort
    expected, variance = summed(time, event, first) / SCALE
    assert (event[first].sum() - expected) ** 2 / variance == pytest.approx(out[0], rel=2e-2, abs=1e-3)


def test_observed_over_expected_ranges_hold_the_truth_and_nothing_far_from_it(cohort):
    time, event, first, out = cohort
    expected, _ = summed(time, event, first)
    ranges = ratios(int(event.sum()), printed(out[1], out[2], 0.01))
    assert any(number == event[first].sum() and low <= expected <= high for number, low, high in ranges)
    total = int(event.sum())
    for number, low, high in ranges:
        for end in (low / SCALE, high / SCALE):
            assert (number / end) / ((total - number) / (total - end)) == pytest.approx(math.exp(out[1]), rel=0.0101)


def test_mantel_haenszel_ranges_hold_the_truth_and_nothing_far_from_it(cohort):
    time, event, first, out = cohort
    expected, variance = summed(time, event, first)
    lows, highs = differences(int(event.sum()), printed(out[3], out[4], 0.02))
    cell = int(variance) // CELL
    assert lows[cell] <= SCALE * event[first].sum() - expected <= highs[cell]
    for position, (low, high) in enumerate(zip(lows, highs)):
        for end in (low, high) if low <= high else ():
            at = (CELL * position + CELL / 2) / SCALE
            for shift in (-Z, Z):
                assert math.exp(end / SCALE / at + shift / math.sqrt(at)) == pytest.approx(math.exp(out[3] + shift * out[4]), rel=0.03)


def test_a_slope_range_holds_the_hazard_ratio_however_narrowly_it_is_printed(cohort):
    time, event, first, out = cohort
    expected, variance = summed(time, event, first)
    ratio = math.exp((SCALE * event[first].sum() - expected) / variance)
    assert ratio == pytest.approx(math.exp(out[3]), rel=1e-3)
    low, high = slopes((ratio * (1 - 1e-6), ratio * (1 + 1e-6)))
    assert low * variance <= LOG * (SCALE * event[first].sum() - expected) <= high * variance
    assert math.exp(low / LOG) == pytest.approx(ratio, rel=2e-6) and math.exp(high / LOG) == pytest.approx(ratio, rel=2e-6)


def test_a_hazard_ratio_printed_as_nought_is_not_bounded_from_below():
    assert slopes((0.0, 0.005)) == (None, math.floor(LOG * math.log(0.005)))


def test_no_hazard_ratio_is_possible_without_an_event_in_a_group():
    assert all(0 < number < 5 for number, _, _ in ratios(5, {"hazard_ratio": (0.001, 1000.0)}))


def test_a_limit_printed_as_nought_bounds_nothing_from_below():
    open_, closed = (differences(8, {"hazard_ratio_lower": (low, 0.05), "hazard_ratio_upper": (0.5, 1.0)}) for low in (0.0, 1e-12))
    assert open_ == closed and any(low <= high for low, high in zip(*open_))
