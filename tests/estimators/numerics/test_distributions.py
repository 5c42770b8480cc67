"""Tails of distributions, against scipy.stats."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, norm

from analysis.estimators.numerics import distributions

anything = st.floats(-1e6, 1e6) | st.sampled_from([np.nan, np.inf, -np.inf, 0.0, -0.0])


@given(anything, st.integers(1, 12))
def test_the_tail_of_chi_square_is_that_of_scipy_to_the_last_bit(x, freedom):
    assert np.array_equal(distributions.chi_square_tail(x, freedom), chi2.sf(x, freedom), equal_nan=True)


@given(st.floats(0.001, 0.999), st.integers(1, 12))
def test_a_quantile_of_chi_square_is_that_of_scipy_to_the_last_bit(level, freedom):
    assert distributions.chi_square_quantile(level, freedom) == chi2.ppf(level, freedom)


@given(anything)
def test_the_tail_of_the_normal_distribution_is_that_of_scipy_to_the_last_bit(x):
    assert np.array_equal(distributions.normal_tail(x), norm.sf(x), equal_nan=True)


@given(st.floats(0.001, 0.999))
def test_an_interval_reaches_as_far_as_the_quantile(level):
    assert distributions.reach(level) == norm.ppf(1 - (1 - level) / 2)


def test_a_level_in_percent_is_refused():
    with pytest.raises(ValueError, match="95"):
        distributions.reach(95)
