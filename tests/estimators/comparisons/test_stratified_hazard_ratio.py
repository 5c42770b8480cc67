"""Stratified Cox models against coxph of R 4.2.2 (survival 3.5.3), on `survival::lung` in whole months."""

import json

import pytest

from analysis import paths
from analysis.errors import Undefined
from analysis.estimators.comparisons.stratified_hazard_ratio import stratified_hazard_ratio
from analysis.estimators.comparisons.two_curve_hazard_ratio import hazard_ratio

CASE = json.loads((paths.ROOT / "tests/golden/designs.json").read_text())["strata"]


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_ratio_limits_and_p_are_those_of_coxph(ties):
    found = stratified_hazard_ratio(CASE["months"], CASE["died"], CASE["male"], CASE["stratum"], ties)
    assert (found.hr, found.lower, found.upper, found.p) == pytest.approx(CASE[ties], rel=1e-6)


def test_one_stratum_is_no_stratum():
    found = stratified_hazard_ratio(CASE["months"], CASE["died"], CASE["male"], [1] * len(CASE["male"]))
    plain = hazard_ratio(CASE["months"], CASE["died"], CASE["male"], "cox-efron", groups=(1, 0))
    assert found.hr == pytest.approx(plain.hr, rel=1e-9) and found.lower == pytest.approx(plain.lower, rel=1e-9)


@pytest.mark.parametrize(
    ("event", "first", "strata", "said"),
    [
        ([0, 0, 0, 0], [1, 0, 1, 0], "aabb", "with an event"),
        ([1, 1, 1, 1], [1, 1, 0, 0], "aabb", "while both groups"),
        ([1, 0, 1, 0], [1, 0, 1, 0], "aabb", "0 or infinite"),
        ([0, 0, 0, 1], [0, 0, 1, 1], "abab", "while both groups"),
    ],
)
def test_a_ratio_that_does_not_exist_is_undefined(event, first, strata, said):
    with pytest.raises(Undefined, match=said):
        stratified_hazard_ratio([1, 2, 3, 4], event, first, list(strata))
