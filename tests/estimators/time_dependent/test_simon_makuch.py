import numpy as np
import pytest

from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.time_dependent.simon_makuch import simon_makuch

CASES = ["jasa", "tied_months", "from_the_start"]


def data(golden, name):
    case = golden("beyond")["switching"][name]
    return case["time"], case["event"], [np.nan if s is None else s for s in case["switch"]]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("state", ["before", "after"])
def test_both_curves_are_those_of_start_stop_rows_in_r(golden, close, name, state):
    expected = golden("beyond")["switched"][name]
    curve = getattr(simon_makuch(*data(golden, name)), state)
    close(curve.survival_at(expected["at"]), expected[state]["survival"])
    close(curve.at_risk_at(expected["at"]), expected[state]["at_risk"])


@pytest.mark.parametrize("state", ["before", "after"])
def test_curves_can_start_where_enough_have_switched(golden, close, state):
    expected = golden("beyond")["switched"]["jasa"]
    later = [t for t in expected["at"] if t > expected["later"]]
    curve = getattr(simon_makuch(*data(golden, "jasa"), start=expected["later"]), state)
    close(curve.survival_at(later), expected[f"{state}_later"]["survival"])
    close(curve.at_risk_at(later), expected[f"{state}_later"]["at_risk"])


def test_an_event_in_the_month_of_the_switch_belongs_to_the_old_state():
    found = simon_makuch([4, 6, 8], [1, 0, 0], [4, 2, np.nan])
    assert found.before.events.sum() == 1 and found.after.events.sum() == 0


def test_where_nobody_switches_one_curve_is_that_of_everybody():
    found = simon_makuch([1, 2, 3], [1, 0, 1], [np.nan] * 3)
    assert found.after is None
    assert found.before.survival.tolist() == kaplan_meier([1, 2, 3], [1, 0, 1]).survival.tolist()


def test_the_switched_are_counted_though_none_is_at_risk_at_first():
    found = simon_makuch([5, 6, 7], [1, 0, 1], [2, 3, np.nan])
    assert found.after.n == 2 and found.after.at_risk_at(1) == 0 and found.after.at_risk_at(4) == 2


@pytest.mark.parametrize(("switch", "start", "named"), [([-1, 2], 0, "switch_time"), ([1], 0, "switch_time"), ([1, 2], -1, "start")])
def test_faulty_input_is_refused(switch, start, named):
    with pytest.raises(ValueError, match=named):
        simon_makuch([3, 4], [1, 0], switch, start)
