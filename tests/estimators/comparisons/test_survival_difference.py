"""Survival compared at a time, and a trend of hazards, against R 4.2.2 (survfit, survdiff), on `survival::lung` in whole months."""

import json

import numpy as np
import pytest

from analysis import paths
from analysis.errors import Undefined
from analysis.estimators.comparisons.survival_difference import log_rank_trend_p, survival_difference
from analysis.estimators.curves.kaplan_meier import kaplan_meier

CASE = {
    name: np.array(values) for name, values in json.loads((paths.ROOT / "tests/golden/designs.json").read_text())["strata"].items()
}  # fmt: skip
CURVES = [kaplan_meier(CASE["months"][CASE["male"] == male], CASE["died"][CASE["male"] == male]) for male in (0, 1)]


def test_the_difference_and_its_limits_at_a_year():
    found = survival_difference(*CURVES, 12)
    assert (found.difference, found.lower, found.upper) == pytest.approx(CASE["difference"], rel=1e-9)


@pytest.mark.parametrize(("scale", "at"), [("plain", 0), ("log-log", 1)])
def test_p_at_a_year(scale, at):
    assert survival_difference(*CURVES, 12, scale).p == pytest.approx(CASE["difference_p"][at], rel=1e-9)


def test_a_trend_over_three_groups():
    assert log_rank_trend_p(CASE["months"], CASE["died"], CASE["stratum"]) == pytest.approx(float(CASE["trend_p"]), rel=1e-7)


def test_what_has_no_error_is_not_compared():
    whole, falling = kaplan_meier([5, 6], [0, 0]), kaplan_meier([1, 2, 6], [1, 0, 0])
    with pytest.raises(Undefined, match="has an error"):
        survival_difference(whole, whole, 4)
    with pytest.raises(Undefined, match="no logarithm"):
        survival_difference(whole, falling, 4, "log-log")
    assert survival_difference(whole, falling, 4).difference == pytest.approx(1 / 3)


def test_a_trend_without_events_is_undefined():
    with pytest.raises(Undefined, match="two groups at risk"):
        log_rank_trend_p([1, 2, 3], [0, 0, 0], [0, 1, 2])
