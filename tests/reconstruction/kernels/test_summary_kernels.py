"""Compiled summaries are those of the standard library, and misses say how far they lie outside."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.reconstruction.kernels.summary_kernels import KINDS, misses, summary

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

SAMPLE = st.lists(st.integers(-50, 300), min_size=2, max_size=40)
EXPECTED = {"mean": statistics.fmean, "sd": statistics.stdev, "median": statistics.median, "minimum": min, "maximum": max}


@settings(max_examples=100, deadline=None)
@given(SAMPLE)
def test_summaries_of_any_sample(sample):
    for kind, name in enumerate(KINDS):
        assert summary(np.array(sample), kind) == pytest.approx(EXPECTED[name](sample), rel=1e-12, abs=1e-12)


def test_one_value_has_no_standard_deviation():
    assert math.isnan(summary(np.array([7]), KINDS.index("sd")))


def test_misses_of_two_groups_add_up_in_their_units():
    values = np.array([1, 2, 3, 10, 20])
    kinds = np.array([KINDS.index("mean"), KINDS.index("maximum"), KINDS.index("median")])
    members, begins = np.array([0, 1, 2, 3, 4, 0, 1, 2]), np.array([0, 3, 5, 8])
    low, high, unit = np.array([2.5, 5.0, 2.0]), np.array([3.0, 16.0, 2.0]), np.array([0.25, 2.0, 1.0])
    # the mean of 2 is half a unit of 2.5 below, twice over; the maximum of 20 four above 16; the median holds
    assert misses(values, kinds, members, begins, low, high, unit) == pytest.approx(2.0 + 2.0 + 0.0)
