"""Two values of each patient against R 4.2.2: mcnemar.test, t.test, wilcox.test, binom.test, cor.test."""

import json

import numpy as np
import pytest

from analysis import paths
from analysis.errors import Undefined
from analysis.estimators.group_tests import paired

GOLDEN = json.loads((paths.ROOT / "tests/golden/designs.json").read_text())


@pytest.mark.parametrize("case", GOLDEN["mcnemar"], ids=lambda case: str(case["table"]))
def test_mcnemar_s_tests_are_those_of_r(case):
    (_, b), (c, _) = case["table"]
    found = [paired.mcnemar_p(b, c, test) for test in paired.MCNEMAR]
    assert found == pytest.approx([case["exact"], case["chi_square"], case["continuity"]], rel=1e-9)


@pytest.mark.parametrize("case", GOLDEN["pairs"], ids=lambda case: f"{len(case['first'])} patients")
def test_changes_ranks_and_correlations_are_those_of_r(case):
    x, y = case["first"], case["second"]
    change = paired.paired_change(x, y)
    assert change == pytest.approx([case[name] for name in ("mean", "lower", "upper", "sd", "t_p")], rel=1e-9)
    assert paired.signed_rank_p(x, y) == pytest.approx(case["continuity"], rel=1e-9)
    assert paired.signed_rank_p(x, y, "asymptotic") == pytest.approx(case["asymptotic"], rel=1e-9)
    if case["exact"] is not None:
        assert paired.signed_rank_p(x, y, "exact") == pytest.approx(case["exact"], rel=1e-9)
    assert paired.sign_test_p(x, y) == pytest.approx(case["sign"], rel=1e-9)
    assert paired.correlate(x, y) == pytest.approx([case[name] for name in ("pearson", "r_lower", "r_upper", "pearson_p")], rel=1e-9)
    spearman = paired.correlate(x, y, "spearman")
    assert (spearman.r, spearman.p) == pytest.approx((case["spearman"], case["spearman_p"]), rel=1e-9)


def test_differences_that_only_rounding_of_the_machine_tells_apart_are_tied():
    x, y = np.array([0.1, 0.2, 1.0]), np.array([0.2, 0.3, 0.5])
    assert len(set(y - x)) == 3
    with pytest.raises(Undefined, match="distinct sizes"):
        paired.signed_rank_p(x, y, "exact")


@pytest.mark.parametrize(
    ("compute", "said"),
    [
        (lambda: paired.mcnemar_p(0, 0), "findings differ"),
        (lambda: paired.paired_change([1, 2], [2, 3]), "changes differ"),
        (lambda: paired.paired_change([1], [2]), "changes differ"),
        (lambda: paired.signed_rank_p([1, 2], [1, 2]), "whose value changes"),
        (lambda: paired.sign_test_p([1, 2], [1, 2]), "whose value changes"),
        (lambda: paired.correlate([1, 2], [1, 2]), "three patients"),
        (lambda: paired.correlate([1, 2, 3], [4, 4, 4]), "values that differ"),
    ],
)
def test_what_pairs_do_not_tell_is_undefined(compute, said):
    with pytest.raises(Undefined, match=said):
        compute()


def test_a_perfect_correlation_has_no_limits_and_no_chance():
    found = paired.correlate([1, 2, 3, 4], [2, 4, 6, 8])
    assert found.r == 1 and np.isnan(found.lower) and found.p == 0


def test_values_of_other_patients_are_refused():
    with pytest.raises(ValueError, match="same patients"):
        paired.paired_change([1, 2, 3], [1, 2])
