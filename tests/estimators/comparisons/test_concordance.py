"""The concordance index against R 4.2.2 (``concordance``), on `survival::lung` in whole months."""

import json

import numpy as np
import pytest

from analysis import paths
from analysis.errors import Undefined
from analysis.estimators.comparisons.concordance import concordance

CASE = json.loads((paths.ROOT / "tests/golden/fitted_models.json").read_text())


def test_value_and_error_are_those_of_r_with_ties_in_time_and_in_risk():
    found = concordance(CASE["months"], CASE["died"], CASE["ecog"])
    assert (found.value, found.standard_error) == pytest.approx(CASE["of_one"], rel=1e-10)


def test_pairs_count_as_they_are_known():
    # 1 before 2, 3, 4; 2 (event) before 3 and before 2' censored at the same time; equal risks one half; none begins with the censored
    found = concordance([1, 2, 2, 3], [1, 1, 0, 1], [5, 1, 1, 3])
    assert found.value == pytest.approx((3 + 0.5 + 0) / 5)


def test_limits_stay_within_0_and_1():
    found = concordance([1, 2, 3], [1, 1, 1], [3, 2, 1])
    assert (found.value, found.lower, found.upper) == (1, 1, 1)
    assert concordance([1, 2, 3, 4], [1, 1, 1, 1], [4, 2, 3, 1]).upper == 1


def test_without_a_pair_that_can_be_compared_there_is_none():
    with pytest.raises(Undefined, match="no two patients"):
        concordance([1, 2], [0, 0], np.array([1.0, 2.0]))
