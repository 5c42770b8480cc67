import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimators.group_tests.proportions import ALTERNATIVES, METHODS, binomial_p, interval

counts = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_limits_are_those_of_r(golden, close):
    for case in golden("proportions")["cases"]:
        for method in ("wilson", "clopper-pearson", "wald", "agresti-coull", "wilson-continuity"):
            close(interval(case["k"], case["n"], method), case[method], atol=1e-15)


def test_exact_p_of_one_sample_are_those_of_binom_test(golden):
    for case in golden("designs")["shares"]:
        assert interval(case["k"], case["n"], "clopper-pearson") == pytest.approx((case["lower"], case["upper"]), rel=1e-9)
        found = [binomial_p(case["k"], case["n"], case["share"], alternative) for alternative in ALTERNATIVES]
        assert found == pytest.approx(case["p"], rel=1e-9)


@given(counts, st.sampled_from(METHODS))
def test_the_complement_has_the_mirrored_interval(count, method):
    k, n = count
    lower, upper = interval(k, n, method)
    other = interval(n - k, n, method)
    assert (lower, upper) == (pytest.approx(1 - other[1], abs=1e-9), pytest.approx(1 - other[0], abs=1e-9))


@given(counts, st.sampled_from([m for m in METHODS if m != "jeffreys"]))
def test_an_interval_contains_its_estimate(count, method):
    k, n = count
    lower, upper = interval(k, n, method)
    assert 0 <= lower <= k / n + 1e-12 and k / n - 1e-12 <= upper <= 1


@pytest.mark.parametrize(("k", "n"), [(3, 2), (-1, 5), (1.5, 5), (0, 0)])
def test_impossible_counts_are_refused(k, n):
    with pytest.raises(ValueError, match="k, n"):
        interval(k, n)


def test_unknown_method_and_level_are_refused():
    with pytest.raises(ValueError, match="method"):
        interval(1, 2, "exact")
    with pytest.raises(ValueError, match="level"):
        interval(1, 2, level=95)
