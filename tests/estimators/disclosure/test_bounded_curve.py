"""Bounds of a protected curve, and of all that follows from it, hold the exact value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cohorts.protection.counts import Count, Life, Protection
from analysis.cohorts.protection.released import Released
from analysis.errors import Undefined
from analysis.estimators.curves import rmst
from analysis.estimators.curves.follow_up import reverse_kaplan_meier
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.disclosure.bounded_curve import bounded
from tests.cohorts.patients import COHORTS, STUDY

HAIR = 1e-9
PROTECTIONS = st.builds(Protection, st.integers(2, 9), st.sampled_from([1.0, 3.0, 6.0]))


def pair(frame, protection, reverse=False):
    """The exact curve and the bounded one; None where too few patients are left to show."""
    exact = kaplan_meier(frame["months"], frame["died"].astype(int))
    try:
        return exact, bounded(Released(STUDY, frame, protection).life(STUDY.endpoints["os"], reverse=reverse))
    except Undefined:
        assert len(frame) < protection.threshold or (frame["months"] > 0).sum() < protection.threshold
        return None


def times(curve):
    """The times of a curve, and some between them."""
    return [*curve.time, *(curve.time[:-1] + 0.37 * np.diff(curve.time))]


def inside(value, bounds):
    return np.isnan(value) or bounds.low - HAIR <= value <= bounds.high + HAIR


@settings(deadline=None, max_examples=60)
@given(COHORTS, PROTECTIONS)
def test_bounds_hold_survival_its_error_and_the_numbers(frame, protection):
    found = pair(frame, protection)
    for t in times(found[1]) if found else ():
        exact, curve = found
        assert inside(exact.survival_at(t), curve.survival_at(t))
        assert inside(exact.standard_error_at(t), curve.standard_error_at(t))
        assert curve.followed_at(t).low <= (frame["months"] > t).sum() <= curve.followed_at(t).high
        assert curve.events_at(t).low <= (frame["died"] & (frame["months"] <= t)).sum() <= curve.events_at(t).high


@settings(deadline=None, max_examples=80)
@given(COHORTS, PROTECTIONS, st.sampled_from(["log", "log-log", "plain"]), st.sampled_from([0.8, 0.95]))
def test_bounds_hold_both_confidence_limits(frame, protection, kind, level):
    found = pair(frame, protection)
    for t in times(found[1]) if found else ():
        exact, curve = found
        for value, bounds in zip(exact.interval_at(t, kind=kind, level=level), curve.limits_at(t, kind, level), strict=True):
            assert inside(value, bounds)


@settings(deadline=None, max_examples=80)
@given(COHORTS, PROTECTIONS, st.sampled_from(["log", "plain"]))
def test_bounds_hold_the_median_and_its_interval(frame, protection, kind):
    found = pair(frame, protection)
    if found:
        exact, curve = found
        assert inside(exact.median(), curve.median()) and (np.isfinite(exact.median()) or np.isinf(curve.median().high))
        low, high = exact.median_interval(kind)
        limits = curve.median_limits(kind)
        assert np.isnan(low) or limits.low <= low
        assert (np.isnan(high) and np.isinf(limits.high)) or high <= limits.high


@settings(deadline=None, max_examples=80)
@given(COHORTS, PROTECTIONS, st.floats(0.1, 60))
def test_bounds_hold_the_restricted_mean(frame, protection, horizon):
    found = pair(frame, protection)
    if found and horizon <= found[1].time[-1]:
        exact = rmst.restricted_mean(frame["months"], frame["died"].astype(int), horizon).mean
        assert inside(exact, found[1].restricted_mean(horizon))


@settings(deadline=None, max_examples=60)
@given(COHORTS, PROTECTIONS)
def test_bounds_hold_the_median_follow_up(frame, protection):
    found = pair(frame, protection, reverse=True)
    if found:
        exact = reverse_kaplan_meier(frame["months"], frame["died"].astype(int)).median()
        assert inside(exact, found[1].median()) and (np.isfinite(exact) or np.isinf(found[1].median().high))


def test_bounds_of_a_small_cohort_are_those_of_the_two_extreme_ones():
    """20 to 24 patients, fewer than 5 events by 12 months and 15 to 19 still followed: at least 15/19, at most all."""
    curve = bounded(Life(12.0, 5, 20, 5, np.array([20, 15]), np.array([0, 0])))
    assert curve.survival_at(12) == pytest.approx((15 / 19, 1.0))
    assert (curve.patients, curve.followed_at(12), curve.events_at(12)) == (Count(20, 24), Count(15, 19), Count(0, 4))


def test_the_case_that_was_shown_wrong_is_held():
    """Twenty patients, deaths at 7.5, 15, 22.5, 30, 37.5 and 45 months: 94.4, 80.8 and 71.8 % at 12, 24 and 36."""
    months = np.arange(1, 21) * 2.5
    frame = pd.DataFrame({"id": range(20), "months": months, "died": np.arange(1, 21) % 3 == 0})
    curve = bounded(Released(STUDY, frame, Protection()).life(STUDY.endpoints["os"]))
    for t, value in ((12, 0.9444), (24, 0.8081), (36, 0.7183)):
        low, high = curve.survival_at(t)
        assert low < value < high and high - low < 0.5


@pytest.mark.parametrize(("patients", "shown"), [(4, False), (5, True), (6, True)])
def test_a_curve_rests_on_the_threshold_of_patients(patients, shown):
    frame = pd.DataFrame({"id": range(patients), "months": [20.0] * patients, "died": [True] * patients})
    life = Released(STUDY, frame, Protection()).life(STUDY.endpoints["os"])
    if shown:
        assert bounded(life).patients == Count(5, 9)
    else:
        with pytest.raises(Undefined, match="fewer than 5 patients"):
            bounded(life)


@pytest.mark.parametrize(("left", "shown"), [(4, False), (5, True), (6, True)])
def test_a_curve_ends_where_fewer_than_the_threshold_are_followed(left, shown):
    frame = pd.DataFrame({"id": range(30), "months": [5.0] * (30 - left) + [40.0] * left, "died": [True] * 30})
    curve = bounded(Released(STUDY, frame, Protection()).life(STUDY.endpoints["os"]))
    if shown:
        assert curve.survival_at(12).low < left / 30 < curve.survival_at(12).high
    else:
        with pytest.raises(Undefined, match="too few patients are followed"):
            curve.survival_at(12)
