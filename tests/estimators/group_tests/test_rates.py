"""Ratios of event rates against poisson.test of R 4.2.2."""

import json
import math

import pytest

from analysis import paths
from analysis.errors import Undefined
from analysis.estimators.group_tests.rates import count_limits, expected_p, rate_ratio

GOLDEN = json.loads((paths.ROOT / "tests/golden/models.json").read_text())["rates"]

DESIGNS = json.loads((paths.ROOT / "tests/golden/designs.json").read_text())["rates"]


@pytest.mark.parametrize("case", DESIGNS, ids=lambda case: str(case["events"]))
def test_limits_and_p_of_a_number_of_events_are_those_of_poisson_test(case):
    lower, upper = count_limits(case["events"])
    assert (lower / case["expected"], upper / case["expected"]) == pytest.approx((case["lower"], case["upper"]), rel=1e-7)
    assert expected_p(case["events"], case["expected"]) == pytest.approx(case["p"], rel=1e-7)


def test_byar_s_limits_are_near_the_exact_ones_and_normal_ones_follow_their_formulas():
    assert count_limits(25, "byar") == pytest.approx(count_limits(25), rel=2e-3)
    assert count_limits(0, "byar")[0] == 0 and count_limits(0, "byar")[1] == pytest.approx(3.66, abs=0.02)  # exact: 3.689
    assert count_limits(16, "wald") == pytest.approx((16 - 1.959963984540054 * 4, 16 + 1.959963984540054 * 4))
    reach = math.exp(1.959963984540054 / 4)
    assert count_limits(16, "log") == pytest.approx((16 / reach, 16 * reach))


@pytest.mark.parametrize("compute", [lambda: count_limits(0, "log"), lambda: count_limits(0, "wald"), lambda: expected_p(2, 0)])
def test_limits_and_tests_that_do_not_exist_are_undefined(compute):
    with pytest.raises(Undefined):
        compute()


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: str(case["events"]))
def test_the_exact_method_is_that_of_poisson_test(case):
    found = rate_ratio(tuple(case["events"]), tuple(case["time"]))
    assert found == pytest.approx((case["ratio"], case["lower"], case["upper"], case["p"]), rel=1e-7)


def test_the_normal_method_follows_its_formula():
    found = rate_ratio((11, 25), (800.5, 720.25), "wald")
    error = math.sqrt(1 / 11 + 1 / 25)
    assert found.lower == pytest.approx(found.ratio * math.exp(-1.959963984540054 * error))
    assert found.upper == pytest.approx(found.ratio * math.exp(1.959963984540054 * error))


@pytest.mark.parametrize(("events", "time", "method"), [((0, 0), (5, 5), "exact"), ((1, 2), (0, 5), "exact"), ((0, 2), (5, 5), "wald")])
def test_a_ratio_that_does_not_exist_is_undefined(events, time, method):
    with pytest.raises(Undefined):
        rate_ratio(events, time, method)
