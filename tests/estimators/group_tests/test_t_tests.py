import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimators.group_tests.t_tests import t_test, t_test_from_summaries, t_test_range

numbers = st.floats(0.1, 20)
TESTS = ("student", "welch")


def test_p_values_are_those_of_r(golden, close, sample_case):
    case = golden("location")[sample_case]
    close([t_test(case["x"], case["y"], test).p for test in TESTS], [case["student"], case["welch"]])
    close([t_test(case["x"], case["y"], "welch").degrees_of_freedom], [case["welch_freedom"]])


def test_summaries_give_what_samples_give(golden, close, sample_case):
    case = golden("location")[sample_case]
    x, y = np.array(case["x"]), np.array(case["y"])
    for test in TESTS:
        found = t_test_from_summaries(x.mean(), x.std(ddof=1), len(x), y.mean(), y.std(ddof=1), len(y), test)
        close(found, t_test(x, y, test))


@settings(max_examples=60)
@given(
    numbers,
    numbers,
    st.integers(2, 60),
    numbers,
    numbers,
    st.integers(2, 60),
    st.floats(0.005, 0.5),
    st.sampled_from(TESTS),
    st.integers(0, 2**31),
)
def test_range_contains_every_p_of_values_that_round_to_the_printed_ones(m1, s1, n1, m2, s2, n2, half, test, seed):
    low, high = t_test_range(m1, s1, n1, m2, s2, n2, half, test)
    moved = np.random.default_rng(seed).uniform(-half, half, (40, 4))
    for a, b, c, d in moved:
        p = t_test_from_summaries(m1 + a, abs(s1 + b), n1, m2 + c, abs(s2 + d), n2, test).p
        assert low - 1e-9 <= p <= high + 1e-9


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("printed", [(7.1, 4.2, 20, 8.5, 3.9, 19), (0.0, 1.0, 1000, 5.0, 0.1, 2), (0, 3, 4, 2, 0.2, 300)])
def test_range_is_no_wider_than_a_dense_grid_of_the_rectangle(test, printed):
    m1, s1, n1, m2, s2, n2 = printed
    half = (0.05, min(0.9, s1 - 0.01), 0.05, min(0.09, s2 - 0.01))
    low, high = t_test_range(*printed, half, test)

    def p(a, b, c, d):
        moved = np.array([m1, s1, m2, s2]) + np.array([a, b, c, d]) * half
        return t_test_from_summaries(moved[0], moved[1], n1, moved[2], moved[3], n2, test).p

    ends, fine, coarse = (-1, 1), np.linspace(-1, 1, 101), np.linspace(-1, 1, 11)
    found = [p(a, b, c, d) for a in ends for b in fine for c in ends for d in coarse]
    assert min(found) == pytest.approx(low, rel=1e-3) and low <= min(found) * (1 + 1e-9)
    assert max(found) == pytest.approx(high, rel=1e-3) and high >= max(found) * (1 - 1e-9)


def test_welch_extremes_can_lie_between_the_corners():
    # the larger first variance brings degrees of freedom faster than it widens the error
    printed, half = (0, 50.0, 1000, 40.0, 1.0, 2), (0, 49.0, 0, 0.0)
    corners = [t_test_from_summaries(0, s, 1000, 40.0, 1.0, 2, "welch").p for s in (1.0, 99.0)]
    low, _ = t_test_range(*printed, half, "welch")
    assert low < min(corners) * 0.5


def test_printed_means_that_may_be_equal_allow_p_of_one():
    assert t_test_range(5.0, 1.0, 10, 5.1, 1.0, 10, 0.05)[1] == pytest.approx(1)


def test_no_rounding_gives_a_single_p():
    low, high = t_test_range(7.1, 4.2, 20, 8.5, 3.9, 19, 0.0, "welch")
    expected = t_test_from_summaries(7.1, 4.2, 20, 8.5, 3.9, 19, "welch").p
    assert (low, high) == (pytest.approx(expected, rel=1e-12), pytest.approx(expected, rel=1e-12))


def test_no_spread_is_certain_or_undefined():
    assert t_test([1, 1, 1], [2, 2, 2], "welch").p == 0
    assert np.isnan(t_test([1, 1, 1], [1, 1, 1]).p)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: t_test([1, np.nan], [1, 2]), "x"),
        (lambda: t_test([], [1, 2]), "x"),
        (lambda: t_test([1], [1, 2], "welch"), "n"),
        (lambda: t_test([1, 2], [1, 2], "paired"), "test"),
        (lambda: t_test_from_summaries(1, -1, 5, 1, 1, 5), "sd"),
        (lambda: t_test_range(1, 1, 5, 1, 1, 5, -0.1), "half_widths"),
    ],
)
def test_faulty_input_is_refused_by_name(call, named):
    with pytest.raises(ValueError, match=named):
        call()
