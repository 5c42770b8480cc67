"""Compiled summaries are those of the standard library, and misses say how far they lie outside."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.ledger.statistics.continuous import QUANTILES
from analysis.reconstruction.kernels.summary_kernels import DEFINITIONS, KINDS, misses, quantile, summary

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

SAMPLE = st.lists(st.integers(-50, 300), min_size=2, max_size=40)
EXPECTED = {"mean": statistics.fmean, "sd": statistics.stdev, "median": statistics.median, "minimum": min, "maximum": max}


@settings(max_examples=100, deadline=None)
@given(SAMPLE)
def test_summaries_of_any_sample(sample):
    for kind, name in enumerate(KINDS[:-1]):
        assert summary(np.array(sample), kind) == pytest.approx(EXPECTED[name](sample), rel=1e-12, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-50, 300), min_size=1, max_size=40), st.integers(0, 100))
def test_quantiles_of_any_sample_are_those_of_the_ledger(sample, share):
    ordered = np.sort(np.array(sample))
    for place, name in enumerate(DEFINITIONS):
        expected = np.quantile(ordered, share / 100, method=QUANTILES[name])
        assert quantile(ordered, share / 100, place) == pytest.approx(expected, abs=1e-9)


def test_quartiles_of_r():
    """quantile(c(1, 2, 4, 8, 16, 32), c(.25, .75), type = …)"""
    ordered, expected = np.array([1, 2, 4, 8, 16, 32]), {"type 7": (2.5, 14.0), "type 6": (1.75, 20.0), "type 2": (2.0, 16.0)}
    for place, name in enumerate(DEFINITIONS):
        assert (quantile(ordered, 0.25, place), quantile(ordered, 0.75, place)) == pytest.approx(expected[name])


def test_quartiles_are_measured_by_one_definition():
    """Type 7 gives the first quartile, type 6 the third: no program prints both."""
    values, kinds, members = np.array([1, 2, 4, 8, 16, 32]), np.full(2, KINDS.index("quantile")), np.tile(np.arange(6), 2)
    asked = kinds, np.array([0.25, 0.75]), members, np.array([0, 6, 12]), np.array([2.5, 20.0]), np.array([2.5, 20.0]), np.ones(2)
    assert misses(values, *asked, np.ones(3, bool)) == pytest.approx(0.75)
    assert misses(values, *asked, np.array([True, False, False])) == pytest.approx(6.0)


def test_one_value_has_no_standard_deviation():
    assert math.isnan(summary(np.array([7]), KINDS.index("sd")))


def test_misses_of_two_groups_add_up_in_their_units():
    values = np.array([1, 2, 3, 10, 20])
    kinds = np.array([KINDS.index("mean"), KINDS.index("maximum"), KINDS.index("median")])
    members, begins = np.array([0, 1, 2, 3, 4, 0, 1, 2]), np.array([0, 3, 5, 8])
    shares, allowed = np.zeros(3), np.ones(3, bool)
    low, high, unit = np.array([2.5, 5.0, 2.0]), np.array([3.0, 16.0, 2.0]), np.array([0.25, 2.0, 1.0])
    # the mean of 2 is half a unit of 2.5 below, twice over; the maximum of 20 four above 16; the median holds
    assert misses(values, kinds, shares, members, begins, low, high, unit, allowed) == pytest.approx(2.0 + 2.0 + 0.0)
