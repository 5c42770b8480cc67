import numpy as np
import pandas as pd
import pytest

from analysis.estimators.numerics.profile_likelihood import limits
from analysis.estimators.regression import cox


@pytest.mark.parametrize("entry", ["aml.efron", "aml.breslow", "ovarian.efron", "zero_event_arm.efron", "switches.efron"])
def test_limits_of_a_cox_model_are_those_of_the_profile_in_r(golden, close, entry):
    (name, ties), expected = entry.split("."), golden("sensitivity")["profile"][entry]
    frame = pd.DataFrame(golden("cases")[name])
    started = "start" in frame
    if "group" in frame:
        frame["first"] = (frame.group == frame.group.min()).astype(float)
    found = cox.fit(
        frame, "stop" if started else "time", "event", expected["names"], ties, entry="start" if started else None, interval="profile"
    ).summary
    close(np.log(found.lower), expected["lower"], 1e-7)
    close(np.log(found.upper), expected["upper"], 1e-7)


@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_with_one_event_in_a_group_they_lie_below_those_of_a_standard_error_as_in_r(golden, close, ties):
    case = golden("sensitivity")["one_death"]
    frame, expected = pd.DataFrame({name: case[name] for name in ("time", "event", "first")}), case[ties]
    profile, wald = (
        np.log(cox.fit(frame, "time", "event", ["first"], ties, interval=kind).summary.loc["first", ["lower", "upper"]].astype(float))
        for kind in ("profile", "wald")
    )
    close(list(profile), [*expected["lower"], *expected["upper"]], 1e-7)
    close(list(wald), expected["wald"], 1e-7)
    assert (profile < wald).all() and wald["upper"] - profile["upper"] > 0.2


def test_limits_leave_out_one_exactly_where_the_likelihood_ratio_test_is_significant(golden):
    frame = pd.DataFrame(golden("cases")["aml"]).assign(first=lambda f: (f.group == "Maintained").astype(float))
    p = cox.fit(frame, "time", "event", ["first"]).summary.likelihood_ratio_p["first"]
    above, below = (
        cox.fit(frame, "time", "event", ["first"], interval="profile", level=1 - p + step).summary.loc["first"] for step in (1e-6, -1e-6)
    )
    assert below.upper < 1 < above.upper


def test_of_a_parabola_they_are_those_of_wald():
    found = limits(lambda b: -((b - 3) ** 2) / 2, 3.0, 0.0, 0)
    assert found == pytest.approx((3 - 1.959963984540054, 3 + 1.959963984540054), rel=1e-10)


def test_an_estimate_at_infinity_has_no_limit_on_that_side():
    found = limits(lambda b: -np.exp(-b), 40.0, 0.0, 1)
    assert found[1] == np.inf and np.exp(-found[0]) == pytest.approx(1.920729410347062, rel=1e-9)
