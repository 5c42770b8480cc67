"""Ratios of event rates against poisson.test of R 4.2.2."""

import json
import math

import pytest

from analysis import paths
from analysis.errors import Undefined
from analysis.estimators.group_tests.rates import rate_ratio

GOLDEN = json.loads((paths.ROOT / "tests/golden/models.json").read_text())["rates"]


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
