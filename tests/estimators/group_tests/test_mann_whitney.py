from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from analysis.estimators.group_tests.t_tests import mann_whitney

METHODS = {"exact": "exact", "exact-untied": "untied", "asymptotic": "asymptotic", "asymptotic-continuity": "continuity"}
samples = st.lists(st.integers(0, 5), min_size=1, max_size=6)


def test_u_and_p_are_those_of_r(golden, close, sample_case):
    case = golden("location")[sample_case]
    for method, key in METHODS.items():
        found = mann_whitney(case["x"], case["y"], method)
        close([found.u, found.p], [case["u"], case[key]])


def test_exact_without_ties_is_r_s_wilcox_test(golden, close):
    case = golden("location")["unequal"]
    assert case["r_exact"] is not None
    close([mann_whitney(case["x"], case["y"]).p], [case["r_exact"]])


@given(samples, samples)
def test_exact_is_the_share_of_all_divisions_as_far_out(x, y):
    ranks = rankdata(x + y)
    centre = len(x) * ranks.mean()
    far = [abs(sum(ranks[list(c)]) - centre) >= abs(ranks[: len(x)].sum() - centre) - 1e-9 for c in combinations(range(len(ranks)), len(x))]
    assert mann_whitney(x, y).p == pytest.approx(np.mean(far), rel=1e-12)


@given(samples, samples, st.sampled_from(list(METHODS)))
def test_swapping_the_samples_changes_nothing_but_u(x, y, method):
    one, other = mann_whitney(x, y, method), mann_whitney(y, x, method)
    np.testing.assert_allclose(one.p, other.p, rtol=1e-10)
    assert one.u + other.u == len(x) * len(y)


@given(samples, samples, st.sampled_from(list(METHODS)))
def test_only_the_order_of_values_matters(x, y, method):
    np.testing.assert_array_equal(mann_whitney(x, y, method), mann_whitney(np.exp(x), np.exp(y), method))


def test_the_tie_correction_lowers_p():
    x, y = [1, 1, 2, 2, 3, 5], [2, 2, 3, 4, 4, 5, 5, 9]
    assert mann_whitney(x, y, "asymptotic").p < mann_whitney(x, y, "asymptotic", tie_corrected=False).p


def test_all_values_equal():
    assert mann_whitney([1, 1], [1, 1, 1]).p == 1
    assert np.isnan(mann_whitney([1, 1], [1, 1, 1], "asymptotic").p)


@pytest.mark.slow
def test_samples_of_a_registry_with_ties_are_still_exact():
    rng = np.random.default_rng(2)
    x, y = rng.integers(0, 18, 40), rng.integers(0, 18, 100)
    assert mann_whitney(x, y).p == pytest.approx(mann_whitney(x, y, "asymptotic").p, abs=2e-3)


def test_too_large_samples_are_refused_in_words():
    values = np.arange(6000.0)
    with pytest.raises(ValueError, match="too large for the exact Mann-Whitney test"):
        mann_whitney(values[::2], values[1::2])


@pytest.mark.parametrize(
    ("x", "y", "method", "named"),
    [([], [1], "exact", "x"), ([1], [], "exact", "y"), ([np.nan], [1], "exact", "x"), ([1], [2], "normal", "method")],
)
def test_faulty_input_is_refused_by_name(x, y, method, named):
    with pytest.raises(ValueError, match=named):
        mann_whitney(x, y, method)
