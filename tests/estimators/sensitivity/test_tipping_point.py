import numpy as np
import pytest

from analysis.errors import Undefined
from analysis.estimators.comparisons import log_rank
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.sensitivity import tipping_point


def aml(golden):
    case = golden("cases")["aml"]
    return np.array(case["time"]), np.array(case["event"]), np.array([group == "Maintained" for group in case["group"]])


def test_ends_over_all_who_may_be_left_out_are_those_of_r(golden):
    time, event, first = aml(golden)
    found, expected = tipping_point.leaving_out(time, event, first, ~first, 3, 24), golden("sensitivity")["tipping"]["left_out"]
    assert found == pytest.approx((*expected["p"], *expected["difference"], expected["choices"]), rel=1e-7)


def test_ends_over_all_fates_of_those_added_are_those_of_r(golden):
    time, event, first = aml(golden)
    found, expected = tipping_point.adding(time, event, first, 2, 24), golden("sensitivity")["tipping"]["added"]
    assert found == pytest.approx((*expected["p"], *expected["difference"], expected["choices"]), rel=1e-7)


def test_fewer_times_of_death_lie_within_the_ends_of_all_and_hold_the_first_and_last(golden):
    time, event, first = aml(golden)
    every, some = tipping_point.adding(time, event, first, 2, 24), tipping_point.adding(time, event, first, 2, 24, times=4)
    assert some.choices == 15 and every.least_p <= some.least_p and some.greatest_p <= every.greatest_p
    assert (some.least_difference, some.greatest_difference) == pytest.approx(
        (every.least_difference, every.greatest_difference), rel=1e-12
    )


def test_one_candidate_leaves_one_choice_which_is_the_plain_comparison_without_it(golden):
    time, event, first = aml(golden)
    alone = np.arange(len(time)) == np.flatnonzero(~first)[2]
    found = tipping_point.leaving_out(time, event, first, alone, 1, 24)
    p = log_rank.compare(time[~alone], event[~alone], first[~alone]).p
    gap = 100 * (
        kaplan_meier(time[first], event[first]).survival_at(24)
        - kaplan_meier(time[~first & ~alone], event[~first & ~alone]).survival_at(24)
    )
    assert found.choices == 1 and found.least_p == found.greatest_p == pytest.approx(p, rel=1e-12)
    assert found.least_difference == found.greatest_difference == pytest.approx(gap, rel=1e-12)


def test_fewer_candidates_than_are_to_be_left_out_are_refused(golden):
    time, event, first = aml(golden)
    with pytest.raises(Undefined, match="choices, found 0"):
        tipping_point.leaving_out(time, event, first, np.arange(len(time)) == len(time) - 1, 2, 24)


def test_candidates_of_the_first_group_are_refused(golden):
    time, event, first = aml(golden)
    with pytest.raises(ValueError, match="second group"):
        tipping_point.leaving_out(time, event, first, first, 1, 24)


def test_more_choices_than_can_be_tried_are_refused(golden, monkeypatch):
    time, event, first = aml(golden)
    monkeypatch.setattr(tipping_point, "MOST", 219)
    with pytest.raises(Undefined, match="found 220"):
        tipping_point.leaving_out(time, event, first, ~first, 3, 24)
    monkeypatch.setattr(tipping_point, "MOST", 220)
    assert tipping_point.leaving_out(time, event, first, ~first, 3, 24).choices == 220
