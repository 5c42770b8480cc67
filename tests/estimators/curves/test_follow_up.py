import pytest

from analysis.estimators.curves.follow_up import reverse_kaplan_meier, summarise

TIME, EVENT = [2, 4, 6, 8, 10, 12], [1, 0, 1, 0, 0, 0]


def test_reverse_quartiles_are_those_of_r(golden, close, curve_case):
    case = golden("cases")[curve_case]
    curve = reverse_kaplan_meier(case["time"], case["event"])
    close([curve.quantile(p) for p in (0.25, 0.5, 0.75)], golden("curves")[curve_case]["reverse_quantile"])


def test_reverse_median_with_deaths_first_is_that_of_shifted_deaths_in_r(golden, close, curve_case):
    case = golden("cases")[curve_case]
    curve = reverse_kaplan_meier(case["time"], case["event"], ties="deaths-first")
    close([curve.quantile(0.5)], [golden("curves")[curve_case]["reverse_median_deaths_first"]])
    assert curve.n == len(case["time"])


def test_over_all_takes_every_time():
    found = summarise(TIME, EVENT)
    assert (found.n, found.median, found.minimum, found.maximum) == (6, 7, 2, 12)


def test_over_survivors_leaves_the_dead_out():
    found = summarise(TIME, EVENT, over="survivors")
    assert (found.n, found.median, found.minimum, found.maximum) == (4, 9, 4, 12)


def test_over_the_reverse_curve_takes_its_median():
    # censored at 4 (5 at risk), 8 (3), 10 (2), 12 (1): 4/5, 8/15, 4/15
    assert summarise(TIME, EVENT, over="reverse-kaplan-meier").median == 10


def test_nobody_surviving_leaves_nothing_to_summarise():
    found = summarise([1, 2], [1, 1], over="survivors")
    assert found.n == 0 and found.median != found.median


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="over"):
        summarise(TIME, EVENT, over="living")
