"""Diagnostic tests against formulas written out in R: likelihood ratios, areas with DeLong's and Hanley's error, kappa."""

import json

import pytest

from analysis import paths
from analysis.errors import Undefined
from analysis.estimators.group_tests import diagnostic

GOLDEN = json.loads((paths.ROOT / "tests/golden/designs.json").read_text())
CASE = GOLDEN["diagnosis"]
VALUES, TRUTH = [*CASE["ill"], *CASE["well"]], [1] * len(CASE["ill"]) + [0] * len(CASE["well"])


@pytest.mark.parametrize("of", ["positive", "negative"])
def test_likelihood_ratios_and_their_limits(of):
    found = diagnostic.likelihood_ratio((CASE["tp"], CASE["fp"]), (30, 45), of)
    assert found == pytest.approx(CASE[of], rel=1e-9)


@pytest.mark.parametrize(("method", "limits"), [("delong", "delong"), ("hanley-mcneil", "hanley")])
def test_the_area_and_its_limits(method, limits):
    assert diagnostic.area_under_curve(VALUES, TRUTH, method) == pytest.approx([CASE["area"], *CASE[limits]], rel=1e-9)


def test_kappa_and_its_limits():
    case = GOLDEN["agreement"]
    assert diagnostic.kappa(case["table"]) == pytest.approx([case["kappa"], case["lower"], case["upper"]], rel=1e-9)


def test_limits_of_an_area_stay_within_the_square():
    found = diagnostic.area_under_curve([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 0, 1])
    assert found.value == pytest.approx(7 / 8) and found.upper == 1


@pytest.mark.parametrize(
    ("compute", "said"),
    [
        (lambda: diagnostic.likelihood_ratio((5, 0), (10, 10)), "positive test with and without"),
        (lambda: diagnostic.likelihood_ratio((10, 3), (10, 10), "negative"), "negative test with and without"),
        (lambda: diagnostic.area_under_curve([1, 2, 3], [0, 0, 1]), "two patients with the disease"),
        (lambda: diagnostic.kappa([[0, 0], [0, 0]]), "a patient"),
        (lambda: diagnostic.kappa([[7, 0], [0, 0]]), "differ"),
    ],
)
def test_what_a_test_does_not_tell_is_undefined(compute, said):
    with pytest.raises(Undefined, match=said):
        compute()


def test_a_table_of_two_raters_is_square():
    with pytest.raises(ValueError, match="as many rows as columns"):
        diagnostic.kappa([[1, 2, 3], [4, 5, 6]])
