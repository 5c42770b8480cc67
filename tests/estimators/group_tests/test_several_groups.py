"""Distances of two groups."""

import json
import math

import pytest

from analysis import paths
from analysis.estimators.group_tests.several_groups import standardised_difference_of_levels

GOLDEN = json.loads((paths.ROOT / "tests/golden/levels.json").read_text())["cars"]


def test_the_distance_of_shares_is_that_of_r():
    assert standardised_difference_of_levels(GOLDEN["first"], GOLDEN["second"]) == pytest.approx(GOLDEN["three"], rel=1e-12)


def test_a_level_that_nobody_has_changes_nothing_and_the_order_of_groups_neither():
    found = standardised_difference_of_levels([5, 0, 2], [3, 0, 9])
    assert found == pytest.approx(standardised_difference_of_levels([3, 9], [5, 2]))


@pytest.mark.parametrize(("first", "second"), [([0, 0], [1, 2]), ([3, 0], [4, 0]), ([3, 0], [0, 4])])
def test_there_is_no_distance_without_patients_or_spread(first, second):
    assert math.isnan(standardised_difference_of_levels(first, second))
