import numpy as np
import pytest

from analysis.estimators.comparisons.two_curve_hazard_ratio import hazard_ratio
from analysis.estimators.curves import rmst
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.numerics import estimable


def test_groups_without_events_are_named():
    assert estimable.missing_events([3, 1]) == ""
    assert "no event in the reference group" in estimable.missing_events([3, 0])
    assert "no event in A by 36 months" in estimable.missing_events([0, 2], ["A", "B"], "by 36 months")
    assert "A and B" in estimable.missing_events([0, 0], ["A", "B"])


def test_lower_limit_where_nobody_died_is_that_of_an_exact_binomial_test(golden, close):
    case = golden("sensitivity")["nobody_died"]
    close([estimable.lower_limit_without_events(n) for n in case["at_risk"]], case["lower"], 1e-12)
    assert estimable.lower_limit_without_events(0) == 0


def test_a_curve_has_no_limits_until_its_first_event_and_has_them_from_then_on():
    curve = kaplan_meier([2, 4, 6, 8], [0, 1, 0, 0])
    assert np.isnan(curve.limits_at(3.9)).all()
    assert curve.limits_at(4) == curve.interval_at(4)


def test_a_restricted_mean_without_an_event_has_no_limits_and_says_why():
    nobody = rmst.restricted_mean([5, 7, 9], [0, 0, 1], 9)
    assert nobody.mean == 9 and np.isnan([nobody.lower, nobody.upper]).all() and "no event" in nobody.why
    somebody = rmst.restricted_mean([5, 7, 9], [0, 1, 0], 9)
    assert np.isfinite([somebody.lower, somebody.upper]).all() and somebody.why == ""


def test_deaths_of_all_at_one_time_give_no_limits():
    found = rmst.restricted_mean([5, 5], [1, 1], 9)
    assert found.mean == 5 and np.isnan(found.lower) and "at one time" in found.why


@pytest.mark.parametrize("events,finite", [([0, 0, 0], False), ([0, 1, 0], True)])
def test_a_difference_of_restricted_means_needs_an_event_in_each_group(events, finite):
    found = rmst.difference([5, 7, 9, 4, 6, 9], [*events, 1, 0, 0], ["a"] * 3 + ["b"] * 3, 9)
    assert np.isfinite([found.lower, found.upper, found.p]).all() == finite
    assert ("no event in the first group before 9" in found.why) != finite


@pytest.mark.parametrize("method", ["logrank-oe", "cox-efron", "cox-breslow"])
def test_a_hazard_ratio_without_an_event_in_one_group_keeps_its_test_and_loses_its_limits(golden, method):
    case = golden("cases")["zero_event_arm"]
    found = hazard_ratio(case["time"], case["event"], case["group"], method)
    assert found.hr == np.inf and np.isnan([found.lower, found.upper]).all()
    assert "no event in the reference group" in found.why
    assert np.isfinite(found.p) == (method == "logrank-oe")
