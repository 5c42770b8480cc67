"""The compiled test says what the estimator says."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimators.group_tests.mann_whitney import mann_whitney
from analysis.reconstruction.kernels import rank_kernels

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

SAMPLE = st.lists(st.integers(-3, 12), min_size=1, max_size=25)


@settings(max_examples=100, deadline=None)
@given(SAMPLE, SAMPLE)
def test_both_p_values(x, y):
    found = rank_kernels.mann_whitney(np.array(x), np.array(y))
    for value, method in zip(found, ("asymptotic-continuity", "asymptotic")):
        expected = mann_whitney(x, y, method=method).p
        assert math.isnan(value) and math.isnan(expected) or value == pytest.approx(expected, rel=1e-9)


def test_equal_values_have_no_p():
    assert all(math.isnan(p) for p in rank_kernels.mann_whitney(np.array([2, 2]), np.array([2])))
