import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.estimators.comparisons.log_rank import WEIGHTS, compare

patients = st.lists(st.tuples(st.integers(0, 12), st.booleans(), st.sampled_from("abc")), min_size=4, max_size=40)


def run(golden, name, **options):
    case = golden("cases")[name]
    return compare(case["time"], case["event"], case["group"], **options)


def test_observed_expected_variance_and_p_are_those_of_r(golden, close, test_case):
    expected, found = golden("tests_of_curves")[test_case], run(golden, test_case)
    assert list(found.groups) == expected["groups"]
    close(found.observed, expected["observed"])
    close(found.expected, expected["expected"])
    close(found.variance, expected["variance"], atol=1e-12)
    close([found.chi_square, found.p], [expected["chi_square"], expected["p"]])


def test_peto_weights_are_those_of_r(golden, close, test_case):
    expected, found = golden("tests_of_curves")[test_case], run(golden, test_case, weights="peto")
    close(found.observed, expected["peto_observed"])
    close([found.chi_square], [expected["peto_chi_square"]])


def test_gehan_and_tarone_ware_follow_their_definition(golden, close, weighted_case):
    expected = golden("tests_of_curves")[weighted_case]
    close([run(golden, weighted_case, weights="gehan-breslow-wilcoxon").p], [expected["gehan_p"]])
    close([run(golden, weighted_case, weights="tarone-ware").p], [expected["tarone_ware_p"]])


def test_strata_add_up_as_in_r(golden, close):
    found = run(golden, "three_groups", strata=golden("cases")["three_groups"]["stratum"])
    close([found.chi_square], [golden("tests_of_curves")["three_groups"]["stratified_chi_square"]])


def test_known_p_of_maintained_against_not(golden):
    assert round(run(golden, "aml").p, 4) == 0.0653


@given(patients, st.sampled_from(WEIGHTS))
def test_only_the_order_of_times_matters(rows, weights):
    time, event, group = map(np.array, zip(*rows))
    assume(len(set(group)) > 1)
    plain, bent = compare(time, event, group, weights), compare(np.exp(time / 3.0), event, group, weights)
    np.testing.assert_allclose(plain.chi_square, bent.chi_square, rtol=1e-10)


@given(patients)
def test_observed_and_expected_have_one_sum(rows):
    time, event, group = map(np.array, zip(*rows))
    assume(len(set(group)) > 1)
    found = compare(time, event, group)
    np.testing.assert_allclose(found.observed.sum(), found.expected.sum(), rtol=1e-10)
    np.testing.assert_allclose(found.variance.sum(axis=0), 0, atol=1e-10)


def test_groups_choose_and_order(golden):
    case = golden("cases")["three_groups"]
    found = compare(case["time"], case["event"], case["group"], groups=["c", "a"])
    kept = [i for i, g in enumerate(case["group"]) if g != "b"]
    other = compare(*([case[k][i] for i in kept] for k in ("time", "event", "group")))
    assert found.groups == ("c", "a")
    np.testing.assert_allclose(found.observed, other.observed[::-1])
    assert found.p == pytest.approx(other.p, rel=1e-12)


def test_a_group_never_at_risk_is_left_out_as_in_r():
    found = compare([5, 6, 7, 8, 1], [1, 1, 1, 0, 0], ["a", "b", "a", "b", "c"])
    assert found.degrees_of_freedom == 1
    assert found.chi_square == pytest.approx(compare([5, 6, 7, 8], [1, 1, 1, 0], ["a", "b", "a", "b"]).chi_square)


def test_no_events_leave_p_undefined():
    assert np.isnan(compare([1, 2, 3], [0, 0, 0], ["a", "b", "a"]).p)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (([1, 2], [1, 1], ["a", "a"]), "group"),
        (([1, 2], [1, 1], ["a", None]), "group"),
        (([1, 2], [1, 1], ["a"]), "group: 1"),
        (([1, 2], [1, 1], ["a", "b"], "wilcoxon"), "weights"),
    ],
)
def test_faulty_input_is_refused_by_name(arguments, named):
    with pytest.raises(ValueError, match=named):
        compare(*arguments)


def test_an_absent_group_is_refused():
    with pytest.raises(ValueError, match="'z' is not among"):
        compare([1, 2], [1, 1], ["a", "b"], groups=["a", "z"])
