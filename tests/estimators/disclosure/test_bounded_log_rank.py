"""Bounds of a log-rank P hold the exact one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cohorts.conditions import parse
from analysis.cohorts.protection.counts import Protection
from analysis.cohorts.protection.released import Released
from analysis.errors import Undefined
from analysis.estimators.comparisons import log_rank
from analysis.estimators.disclosure.bounded_curve import bounded
from analysis.estimators.disclosure.bounded_log_rank import bounded_p
from tests.cohorts.patients import STUDY, patients, with_few_events


def bounds(frame, protection):
    released = Released(STUDY, frame, protection)
    return bounded_p(*(bounded(released.life(STUDY.endpoints["os"], parse(f"arm={arm}"))) for arm in "AB"), protection.threshold)


def slower(frame, factor):
    """The same patients, those of arm A with longer times."""
    return frame.assign(months=np.where(frame["arm"] == "A", frame["months"] * factor, frame["months"]).round(4))


@settings(deadline=None, max_examples=80)
@given(
    st.integers(30, 300),
    st.integers(0, 10**6),
    st.booleans(),
    st.integers(2, 7),
    st.sampled_from([1.0, 3.0, 6.0]),
    st.sampled_from([1.0, 2.0, 6.0]),
)
def test_bounds_hold_the_p_value(count, seed, whole, threshold, step, factor):
    frame = slower(patients(count, seed, whole=whole), factor)
    try:
        found = bounds(frame, Protection(threshold, step))
    except Undefined:
        return
    exact = log_rank.compare(frame["months"], frame["died"].astype(int), frame["arm"], groups=["A", "B"]).p
    assert found.low <= exact + 1e-12 and exact <= found.high + 1e-12


@pytest.mark.parametrize("seed", range(8))
def test_bounds_hold_the_p_value_of_many_ties(seed):
    """All events at two times, half of them of one patient fewer than are at risk."""
    draw = np.random.default_rng(seed)
    frame = patients(80, seed).assign(months=draw.choice([4.0, 5.0, 5.5], 80), died=draw.random(80) < 0.8)
    found = bounds(frame, Protection(2, 1.0))
    exact = log_rank.compare(frame["months"], frame["died"].astype(int), frame["arm"], groups=["A", "B"]).p
    assert found.low <= exact <= found.high


def test_many_patients_give_bounds_of_use():
    assert bounds(slower(patients(400, 3), 3.0), Protection()).high < 0.001
    assert bounds(patients(2000, 3), Protection()).low > 0.0001


@pytest.mark.parametrize(("events", "shown"), [(4, False), (5, True), (6, True)])
def test_a_p_value_rests_on_the_threshold_of_events_in_each_group(events, shown):
    frame = with_few_events(events)
    if shown:
        assert bounds(frame, Protection()).low < 0.5
    else:
        with pytest.raises(Undefined, match="fewer than 5 events"):
            bounds(frame, Protection())
