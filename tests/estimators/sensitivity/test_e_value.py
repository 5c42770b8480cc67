import pytest

from analysis.estimators.sensitivity.e_value import e_value


def test_the_published_example_of_risk_ratios():
    # VanderWeele and Ding 2017: risk ratio 3.9 (1.8 to 8.7)
    found = e_value(3.9, 1.8, 8.7)
    assert (round(found.estimate, 1), round(found.limit, 1)) == (7.3, 3.0)


def test_a_protective_ratio_counts_like_its_inverse():
    assert e_value(0.5, 0.3, 0.8) == pytest.approx(e_value(2, 1 / 0.8, 1 / 0.3))


def test_an_interval_that_holds_one_needs_no_confounding():
    assert e_value(0.7, 0.4, 1.2).limit == 1


@pytest.mark.parametrize("kind", ["hazard-ratio-common", "odds-ratio-common"])
def test_of_common_outcomes_less_confounding_suffices(kind):
    rare = kind.replace("common", "rare")
    assert 1 < e_value(2.0, kind=kind).estimate < e_value(2.0, kind=rare).estimate


def test_a_common_odds_ratio_of_four_counts_as_a_risk_ratio_of_two():
    assert e_value(4.0, kind="odds-ratio-common").estimate == e_value(2.0).estimate


@pytest.mark.parametrize("limits", [(None, 2.0), (3.0, 4.0), (0.0, 4.0)])
def test_limits_that_do_not_fit_are_refused(limits):
    with pytest.raises(ValueError):
        e_value(2.0, *limits)
