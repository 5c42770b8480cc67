import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from analysis.errors import Undefined
from analysis.estimators.engines.shown import shown
from analysis.estimators.regression import cox, firth
from analysis.estimators.regression.small_samples import Compared, hazard_ratio, hazard_ratios
from analysis.estimators.time_dependent.counting_process import split


def zero_arm(golden, first):
    case = golden("cases")["zero_event_arm"]
    return case["time"], case["event"], [float(group == first) for group in case["group"]]


def test_with_events_in_both_groups_limits_are_the_profile_s_and_p_the_likelihood_ratio_s(golden):
    case, expected = golden("cases")["aml"], golden("sensitivity")["profile"]["aml.efron"]
    found = hazard_ratio(case["time"], case["event"], [float(group == "Maintained") for group in case["group"]])
    assert (found.lower, found.upper) == pytest.approx(tuple(np.exp([expected["lower"][0], expected["upper"][0]])), rel=1e-8)
    ratio = 2 * np.diff(golden("cox")["aml.efron"]["log_likelihood"])[0]
    assert found.p == pytest.approx(chi2.sf(ratio, 1), rel=1e-9) and not found.after_firth


def test_without_events_in_one_group_the_limit_and_p_are_those_of_firth_in_r(golden):
    expected = golden("beyond")["firth_cox"]["zero_event_arm"]
    found = hazard_ratio(*zero_arm(golden, "a"), ties="breslow")
    assert found.hr == np.inf == found.upper and found.after_firth
    assert np.log(found.lower) == pytest.approx(expected["lower"][0], abs=1e-5)
    assert found.p == pytest.approx(expected["p"][0], rel=1e-5)
    # the other way round it is the upper limit that exists
    back = hazard_ratio(*zero_arm(golden, "b"), ties="breslow")
    assert (
        back.hr == 0 == back.lower and back.upper == pytest.approx(1 / found.lower, rel=1e-8) and back.p == pytest.approx(found.p, rel=1e-8)
    )


def test_it_agrees_with_the_library_that_fits_several_covariates(golden):
    time, event, first = zero_arm(golden, "a")
    expected = firth.cox(pd.DataFrame({"time": time, "event": event, "first": first}), "time", "event", ["first"]).loc["first"]
    found = hazard_ratio(time, event, first, ties="breslow")
    assert found.lower == pytest.approx(expected.lower, rel=1e-5) and found.p == pytest.approx(expected.likelihood_ratio_p, rel=1e-5)


def test_the_plain_likelihood_ratio_test_would_reject_sooner(golden):
    time, event, first = zero_arm(golden, "a")
    plain = cox.fit(
        {"time": time, "event": event, "first": first}, "time", "event", ["first"], "breslow", leave_one_out=False
    ).likelihood_ratio_p
    assert plain < 0.05 < hazard_ratio(time, event, first, ties="breslow").p


@pytest.mark.parametrize("ties", cox.TIES)
def test_a_switch_after_which_nobody_has_an_event_gets_a_limit_too(ties):
    rows = split([2, 4, 6, 8, 9, 5], [1, 1, 1, 0, 0, 1], np.array([np.nan, np.nan, np.nan, 3, 1, np.nan]))
    found = hazard_ratio(rows.stop, rows.event, rows.switched, rows.start, ties)
    assert found.hr == 0 and 0 < found.upper < np.inf and 0 < found.p < 1 and found.after_firth


@pytest.mark.parametrize("ties", cox.TIES)
@pytest.mark.parametrize("others", [20, 64, 400])
def test_one_patient_without_the_event_among_many_gets_one_limit_however_rare_that_is(ties, others):
    """A covariate that few have varies little: its coefficient converges numerically long before it gets far."""
    time, event, alone = np.arange(1.0, others + 2), np.ones(others + 1), np.zeros(others + 1)
    event[others // 2], alone[others // 2] = 0, 1
    found = hazard_ratio(time, event, alone, ties=ties)
    assert found.hr == 0 == found.lower and 0 < found.upper < np.inf and found.after_firth


def test_nobody_with_an_event_is_refused():
    with pytest.raises(Undefined, match="event"):
        hazard_ratio([1, 2, 3], [0, 0, 0], [0, 1, 0])


def cohorts(rng, count: int = 40) -> list[Compared | Undefined]:
    """Small cohorts with ties, some of start-stop rows, some without an event in a group, and what allows no ratio."""
    found: list[Compared | Undefined] = [Undefined("no rows")]
    for number in range(count):
        n = int(rng.integers(6, 40))
        time, event = rng.integers(1, 15, n).astype(float), rng.random(n) < 0.6
        if number % 3:
            group = rng.random(n) < 0.4
            found.append(Compared(time, event & ~(group & (number % 5 == 0)), group))
        else:
            rows = split(time, event.astype(int), np.where(rng.random(n) < 0.5, rng.integers(0, 12, n), np.nan))
            found.append(Compared(rows.stop, rows.event, rows.switched, rows.start))
    nobody = np.zeros(5)
    return [*found, Compared(np.arange(1.0, 6), nobody, np.array([0, 1, 0, 1, 0])), Compared(np.arange(1.0, 6), np.ones(5), nobody)]


def raise_or_estimate(one: Compared | Undefined, ties: str, level: float) -> None:
    if isinstance(one, Undefined):
        raise one
    hazard_ratio(*one, ties, level)


@pytest.mark.parametrize("ties", cox.TIES)
@pytest.mark.parametrize("level", [0.95, 0.8])
def test_many_cohorts_at_once_have_the_ratios_of_one_after_the_other(ties, level):
    compared = cohorts(np.random.default_rng(7))
    found = hazard_ratios(compared, ties, level)
    assert sum(isinstance(one, Undefined) for one in found) >= 3 and sum(getattr(one, "after_firth", False) for one in found) >= 3
    for one, many in zip(compared, found, strict=True):
        if isinstance(many, Undefined):
            with pytest.raises(Undefined, match=f"^{re.escape(str(many))}$"):
                raise_or_estimate(one, ties, level)
        else:
            assert many == pytest.approx(hazard_ratio(*one, ties, level), rel=1e-10, abs=1e-12)


def test_where_values_are_shown_each_ratio_is_confirmed_by_a_library(golden):
    case = golden("cases")["aml"]
    one = Compared(case["time"], case["event"], [float(group == "Maintained") for group in case["group"]])
    with shown() as scope:
        assert hazard_ratios([one, one]) == [hazard_ratio(*one)] * 2
    assert ("Cox regression", "efron") in scope.differences
