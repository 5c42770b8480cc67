"""Limits of means against t.test of R 4.2.2."""

import json

import pytest

from analysis import paths
from analysis.errors import Undefined
from analysis.estimators.group_tests.means import mean_difference, mean_limits

CASE = json.loads((paths.ROOT / "tests/golden/designs.json").read_text())["means"]


def test_limits_of_a_mean():
    found = mean_limits(CASE["one"])
    assert (found.lower, found.upper) == pytest.approx(CASE["limits"], rel=1e-9)


@pytest.mark.parametrize("method", ["student", "welch"])
def test_limits_of_a_difference(method):
    found = mean_difference(CASE["one"], CASE["two"], method)
    assert (found.lower, found.upper) == pytest.approx(CASE[method], rel=1e-9)
    assert found.mean == pytest.approx((found.lower + found.upper) / 2)


@pytest.mark.parametrize("compute", [lambda: mean_limits([3]), lambda: mean_difference([3], [1, 2]), lambda: mean_difference([3, 4], [1])])
def test_one_value_has_no_limits(compute):
    with pytest.raises(Undefined):
        compute()
