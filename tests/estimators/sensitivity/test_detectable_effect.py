import pytest

from analysis.estimators.sensitivity.detectable_effect import minimum_detectable_hazard_ratio


def test_values_are_those_of_the_formula(golden):
    expected = golden("beyond")["schoenfeld"]
    assert minimum_detectable_hazard_ratio(expected["needed"], 0.5) == pytest.approx(0.5)
    assert minimum_detectable_hazard_ratio(40, 0.3, power=0.9) == pytest.approx(expected["detectable"])


def test_more_events_find_smaller_effects():
    found = [minimum_detectable_hazard_ratio(events, 0.5) for events in (10, 50, 500)]
    assert found == sorted(found) and found[-1] < 1


@pytest.mark.parametrize(("events", "share", "named"), [(0, 0.5, "events"), (10, 1.0, "share"), (10, 0.0, "share")])
def test_impossible_designs_are_refused(events, share, named):
    with pytest.raises(ValueError, match=named):
        minimum_detectable_hazard_ratio(events, share)
