import numpy as np
import pytest

from analysis.errors import Undefined
from analysis.estimators.comparisons import log_rank
from analysis.estimators.group_tests import contingency
from analysis.estimators.sensitivity.fragility import of_curves, of_table


@pytest.mark.parametrize(("trial", "published"), [("few", 1), ("many", 9)])
def test_of_the_two_trials_of_walsh_it_is_the_published_index(golden, trial, published):
    case = golden("sensitivity")["fragility"][trial]
    a, b, c, d = case["table"]
    found = of_table([[a, b], [c, d]])
    assert case["flips"] == found.flips == published
    assert (found.p, found.p_after) == pytest.approx((case["p"], case["p_after"]), rel=1e-7)


def test_p_lies_on_the_other_side_after_the_flips_and_not_after_one_fewer():
    found = of_table([[12, 1], [14, 12]])
    sides = [contingency.p_value([[12 - k, 1 + k], [14, 12]], test="fisher") < 0.05 for k in range(int(found.flips) + 1)]
    assert found.p < 0.05 <= found.p_after and sides == [True] * int(found.flips) + [False]


def test_a_p_value_above_the_level_is_turned_the_other_way_round():
    found = of_table([[25, 10], [1, 3]])
    assert found.p > 0.05 > found.p_after and found.flips == 1


def test_too_few_patients_for_any_significance_have_no_number():
    assert np.isnan(of_table([[1, 1], [1, 1]]).flips)


@pytest.mark.parametrize(("name", "shift"), [("aml", 0), ("late", 8)])
def test_of_curves_it_is_the_least_number_that_r_finds_among_all_sets(golden, name, shift):
    case, expected = golden("cases")["aml"], golden("sensitivity")["flips"][name]
    first = np.array([group == "Maintained" for group in case["group"]])
    found = of_curves(np.array(case["time"]) + shift * first, case["event"], np.where(first, "a", "b"))
    assert found.p == pytest.approx(expected["p"], rel=1e-9) and found.flips == expected["flips"] and found.least


def test_p_after_a_flip_is_that_of_the_log_rank_test(golden):
    case = golden("cases")["aml"]
    found = of_curves(case["time"], case["event"], case["group"])
    event = np.array(case["event"])
    after = [
        log_rank.compare(case["time"], np.where(np.arange(len(event)) == one, 1 - event, event), case["group"]).p
        for one in range(len(event))
    ]
    assert min(abs(np.array(after) - found.p_after)) < 1e-12 and found.p_after < 0.05 < found.p


def test_more_flips_than_all_sets_are_tried_of_are_found_and_said_to_be_no_minimum():
    time, event, group = np.arange(1.0, 41), np.ones(40), np.repeat(["a", "b"], 20)
    found = of_curves(time, event, group)
    assert found.flips > 3 and not found.least and found.p_after >= 0.05 > found.p


def test_curves_without_an_event_are_refused():
    with pytest.raises(Undefined, match="undefined"):
        of_curves([1, 2, 3, 4], [0, 0, 0, 0], ["a", "a", "b", "b"])


def test_the_path_to_the_level_ends_where_it_is_crossed_and_each_step_is_the_nearest():
    found = of_table([[15, 5], [5, 15]])
    assert len(found.path) == found.flips and found.path[-1] == found.p_after
    for flips, p in enumerate(found.path[:-1], 1):
        tried = [[(15 + k, 5 - k), (5, 15)] for k in (flips, -flips) if -15 <= k <= 5]
        tried += [[(15, 5), (5 + k, 15 - k)] for k in (flips, -flips) if -5 <= k <= 15]
        assert p == max(contingency.p_value(table, test="fisher") for table in tried) < 0.05
    curves = of_curves([1, 2, 3, 4, 5, 6, 7, 8], [1] * 8, [0, 0, 0, 0, 1, 1, 1, 1])
    assert len(curves.path) == curves.flips and curves.path[-1] == curves.p_after and all(p < 0.05 for p in curves.path[:-1])
