"""Bounds of a hazard ratio hold the exact one and its interval."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cohorts.conditions import parse
from analysis.cohorts.protection.counts import Protection
from analysis.cohorts.protection.released import Released
from analysis.errors import Undefined
from analysis.estimators.disclosure.bounded_curve import bounded
from analysis.estimators.disclosure.bounded_ratio import bounded_ratio
from analysis.estimators.regression.small_samples import hazard_ratio
from tests.cohorts.patients import STUDY, patients, with_few_events


def bounds(frame, protection):
    released = Released(STUDY, frame, protection)
    curves = [bounded(released.life(STUDY.endpoints["os"], parse(f"arm={arm}"))) for arm in "AB"]
    return bounded_ratio(*curves, protection.threshold)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(30, 300),
    st.integers(0, 10**6),
    st.booleans(),
    st.integers(2, 7),
    st.sampled_from([1.0, 3.0, 6.0]),
    st.sampled_from(["breslow", "efron"]),
)
def test_bounds_hold_ratio_and_interval(count, seed, whole, threshold, step, ties):
    frame = patients(count, seed, whole=whole)
    try:
        found = bounds(frame, Protection(threshold, step))
    except Undefined:
        return
    exact = hazard_ratio(frame["months"], frame["died"].astype(int), (frame["arm"] == "A").astype(int), ties=ties)
    assert found.ratio.low <= exact.hr <= found.ratio.high
    assert found.limits.low <= exact.lower and exact.upper <= found.limits.high


def test_many_patients_give_bounds_of_use():
    found = bounds(patients(2000, 3), Protection())
    assert found.ratio.high / found.ratio.low < 1.6


@pytest.mark.parametrize(("events", "shown"), [(4, False), (5, True), (6, True)])
def test_a_ratio_rests_on_the_threshold_of_events_in_each_group(events, shown):
    frame = with_few_events(events)
    if shown:
        assert bounds(frame, Protection()).ratio.low < 1
    else:
        with pytest.raises(Undefined, match="fewer than 5 events"):
            bounds(frame, Protection())
