"""Risk-set sequences: every one that gives the printed digits, and no other."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.reconstruction.constraints.risk_sets import Horizon, TooMany, count_events, sequences, steps

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


def horizon(time, estimate, error, decimals=2):
    half = 0.5 * 10**-decimals + 1e-9
    return Horizon(time, lambda s, e: abs(s - estimate) <= half and abs(e - error) <= half, estimate - half)


def curve(sequence):
    survival, greenwood = 1.0, 0.0
    for n in sequence:
        survival *= (n - 1) / n
        greenwood += 1 / (n * (n - 1)) if n > 1 else 0
    return 100 * survival, 100 * survival * math.sqrt(greenwood)


@pytest.mark.parametrize("estimate, error", [(75.0, 21.65), (50.0, 20.41), (100.0, 0.0), (53.33, 24.82)])
def test_agrees_with_trying_every_subset(estimate, error):
    size = 8
    expected = {
        tuple(sorted(subset, reverse=True))
        for length in range(size + 1)
        for subset in itertools.combinations(range(1, size + 1), length)
        if abs(curve(sorted(subset, reverse=True))[0] - estimate) <= 0.005 + 1e-9
        and abs(curve(sorted(subset, reverse=True))[1] - error) <= 0.005 + 1e-9
    }
    assert {found for (found,) in sequences(size, [horizon(12, estimate, error)])} == expected


def test_a_curve_to_zero_is_found():
    assert ((1,),) in sequences(3, [Horizon(12, lambda s, e: s == 0, 0.0)])


def test_a_later_horizon_continues_the_earlier_one():
    first, second = curve((10, 8)), curve((10, 8, 5))
    found = sequences(10, [horizon(12, *(round(v, 4) for v in first), 4), horizon(24, *(round(v, 4) for v in second), 4)])
    assert ((10, 8), (5,)) in found
    assert all(later[0] < earlier[-1] for earlier, later in found)


def test_ties_need_consecutive_numbers_at_risk():
    assert steps((9, 8, 5)) == [(9, 1), (9, 2), (8, 1), (5, 1)]


@given(st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=1, max_size=30), st.integers(1, 20))
def test_the_number_at_risk_tells_how_many_events_have_happened(patients, month):
    sequence = []
    for time in sorted({time for time, event in patients if event}):
        at_risk = sum(other >= time for other, _ in patients)
        sequence += [at_risk - k for k in range(sum(patient == (time, True) for patient in patients))]
    at_risk = sum(time >= month for time, _ in patients)
    assert count_events(tuple(sequence), at_risk) == sum(event and time < month for time, event in patients)


def test_horizons_out_of_order_are_refused():
    with pytest.raises(ValueError, match="ascend"):
        sequences(5, [horizon(24, 80, 17.89), horizon(12, 80, 17.89)])


def test_too_many_sequences_are_refused_rather_than_cut_off():
    with pytest.raises(ValueError, match="more than 10"):
        sequences(30, [Horizon(12, lambda s, e: True, 40.0)], limit=10)


def test_a_curve_of_thousands_is_given_up_and_not_a_crash():
    horizon = Horizon(12, lambda estimate, error: False, lowest=20.0)
    with pytest.raises(TooMany):
        sequences(4_000, [horizon])
    with pytest.raises(TooMany):
        sequences(60, [horizon], effort=1_000)
