import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.estimators.comparisons.two_curve_hazard_ratio import METHODS, hazard_ratio

patients = st.lists(st.tuples(st.integers(1, 12), st.booleans(), st.sampled_from("ab")), min_size=8, max_size=40)


def run(golden, name, method, **options):
    case = golden("cases")[name]
    return hazard_ratio(case["time"], case["event"], case["group"], method, **options)


@pytest.mark.parametrize("method", ["logrank-oe", "mantel-haenszel"])
def test_both_kinds_from_r_s_observed_expected_and_variance(golden, close, ratio_case, method):
    expected = list(golden("tests_of_curves")[ratio_case][method.replace("-", "_")])
    found = run(golden, ratio_case, method)
    if np.isinf(expected[0]):
        # one arm without events: the limits are as undefined as the logarithm of the ratio
        expected[1:3] = [None, None]
    close([found.hr, found.lower, found.upper, found.standard_error], expected)
    close([found.p], [golden("tests_of_curves")[ratio_case]["p"]])


@pytest.mark.parametrize(
    ("method", "hr", "lower", "upper"),
    [
        ("logrank-oe", 0.435, 0.170, 1.115),
        ("mantel-haenszel", 0.398, 0.150, 1.060),
        ("cox-efron", 0.400, 0.147, 1.092),
        ("cox-breslow", 0.405, None, None),
        ("cox-exact", 0.398, None, None),
    ],
)
def test_known_ratios_of_maintained_against_not(golden, method, hr, lower, upper):
    found = run(golden, "aml", method)
    assert round(found.hr, 3) == hr
    if lower is not None:
        assert (round(found.lower, 3), round(found.upper, 3)) == (lower, upper)


def test_cox_kinds_carry_the_p_value_asked_for(golden, close):
    expected = golden("cox")["aml.efron"]
    wald, ratio, score = (run(golden, "aml", "cox-efron", test=t).p for t in ("wald", "likelihood-ratio", "score"))
    from scipy.stats import chi2

    close([wald, score], chi2.sf([expected["wald"], expected["score"]], 1), 1e-8)
    close([ratio], [chi2.sf(2 * (expected["log_likelihood"][1] - expected["log_likelihood"][0]), 1)], 1e-8)


@settings(max_examples=25)
@given(patients, st.sampled_from(METHODS))
def test_swapping_the_groups_inverts_the_ratio(rows, method):
    time, event, group = map(np.array, zip(*rows))
    assume(all(event[group == g].any() for g in "ab"))
    one = hazard_ratio(time, event, group, method, groups=("a", "b"))
    other = hazard_ratio(time, event, group, method, groups=("b", "a"))
    if np.isfinite(one.lower):
        np.testing.assert_allclose(
            [one.hr, one.lower, one.upper, one.p], [1 / other.hr, 1 / other.upper, 1 / other.lower, other.p], rtol=1e-7
        )


def test_an_arm_without_events_gives_zero_or_infinity_and_no_limits(golden):
    # arm b has no event
    for method in ("logrank-oe", "cox-efron", "cox-breslow", "cox-exact"):
        found = run(golden, "zero_event_arm", method, groups=("b", "a"))
        assert found.hr == 0 and np.isnan(found.lower)
        assert run(golden, "zero_event_arm", method, groups=("a", "b")).hr == np.inf
    assert 0 < run(golden, "zero_event_arm", "mantel-haenszel", groups=("b", "a")).hr < 1


def test_it_unpacks_as_ratio_limits_and_p(golden):
    found = run(golden, "aml", "logrank-oe")
    hr, lower, upper, p = found
    assert (hr, lower, upper, p) == (found.hr, found.lower, found.upper, found.p)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (([1, 2, 3], [1, 1, 1], ["a", "b", "c"]), "group"),
        (([1, 2], [0, 0], ["a", "b"]), "event"),
        (([1, 2], [1, 1], ["a", "b"], "cox"), "method"),
    ],
)
def test_faulty_input_is_refused_by_name(arguments, named):
    with pytest.raises(ValueError, match=named):
        hazard_ratio(*arguments)
