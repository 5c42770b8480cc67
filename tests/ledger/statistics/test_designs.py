"""Statistics of single groups, pairs, diagnostic tests, means, rates and strata on eight patients, against R 4.2.2."""

import math
import re
from fractions import Fraction

import pytest
import yaml

from analysis.cohorts.study import read_study
from analysis.errors import InputError
from analysis.ledger.statistics import REGISTRY
from analysis.ledger.statistics.registry import Cell, Cells
from tests.ledger.statistics.test_statistics import values

# a test is positive from 45 years on: 2 of 5 deaths and 1 of 2 survivors, one age unknown
DIAGNOSIS = [
    ("sensitivity", 40), ("specificity", 50), ("positive_predictive_value", 200 / 3), ("negative_predictive_value", 25),
    ("accuracy", 300 / 7), ("positive_likelihood_ratio", 0.8), ("negative_likelihood_ratio", 1.2),
]  # fmt: skip


@pytest.mark.parametrize(("statistic", "expected"), DIAGNOSIS)
def test_a_positive_test_is_the_subset_and_those_of_unknown_test_are_left_out(study, statistic, expected):
    found = values(study, statistic, "outcome=died", subset="age>=45")
    assert dict(found) == {"": pytest.approx(expected)}


def test_limits_of_a_sensitivity_are_those_of_its_share(study):
    found = [values(study, f"sensitivity_{end}", "outcome=died", subset="age>=45")["clopper-pearson"] for end in ("lower", "upper")]
    assert found == pytest.approx([5.274495053, 85.33672004], rel=1e-7)


def test_an_area_asks_how_often_who_has_the_outcome_has_the_higher_value(study):
    assert values(study, "auc", "variable=age; outcome=died") == {"": pytest.approx(0.3)}
    assert set(values(study, "auc_lower", "variable=age; outcome=died")) == {"delong", "hanley-mcneil"}


EXPECTED = [
    ("percent_lower", "", "died=1", {"clopper-pearson": 24.48632164}),
    ("percent_upper", "", "died=1", {"clopper-pearson": 91.47665859}),
    ("percent_p", "against=20", "died=1", {"exact": 0.0104064, "exact, greater": 0.0104064}),
    ("mean_lower", "variable=age", "", {"": 38.80481953}),
    ("mean_upper", "variable=age", "", {"": 60.05232333}),
    ("standard_error", "variable=age", "", {"": 4.34169784}),
    ("mean_difference", "variable=age; by=arm", "", {"": 18.5}),
    ("mean_difference_lower", "variable=age; by=arm", "", {"student": 5.928654575, "welch": -5.919820246}),
    ("mean_difference_upper", "variable=age; by=arm", "", {"student": 31.07134542, "welch": 42.91982025}),
    ("mean_change", "first=age; second=months", "", {"": -44.85714286}),
    ("mean_change_lower", "first=age; second=months", "", {"": -54.50437567}),
    ("mean_change_upper", "first=age; second=months", "", {"": -35.20991005}),
    ("sd_change", "first=age; second=months", "", {"": 10.43118037}),
    ("median_change", "first=age; second=months", "", {"": -39}),
    ("paired_t_p", "first=age; second=months", "", {"": 2.762730152e-05}),
    ("signed_rank_p", "first=age; second=months", "", {"asymptotic-continuity": 0.02225412482}),
    ("sign_test_p", "first=age; second=months", "", {"": 2 / 2**7}),
    ("correlation", "first=age; second=months", "", {"": 0.4669095032}),
    ("correlation_lower", "first=age; second=months", "", {"": -0.4413217366}),
    ("correlation_p", "first=age; second=months", "", {"pearson": 0.2908466422}),
    ("rank_correlation", "first=age; second=months", "", {"": 0.6071428571}),
    ("person_time", "endpoint=os", "", {"": 44}),
    ("person_time", "endpoint=os; per=12", "", {"": 44 / 12}),
    ("event_rate_lower", "endpoint=os", "", {"exact": 3.689741796}),
    ("event_rate_upper", "endpoint=os", "", {"exact": 26.51893654}),
    ("stratified_hazard_ratio", "endpoint=os; by=arm; strata=stage", "", {"efron": 0.6180339891}),
    ("stratified_hazard_ratio_lower", "endpoint=os; by=arm; strata=stage", "", {"efron": 0.05460492271}),
    ("stratified_hazard_ratio_upper", "endpoint=os; by=arm; strata=stage", "", {"efron": 6.995083827}),
    ("stratified_hazard_ratio_p", "endpoint=os; by=arm; strata=stage", "", {"efron": 0.6974954547}),
    ("survival_difference", "endpoint=os; time=6; by=arm", "", {"": 50}),
    ("survival_difference_lower", "endpoint=os; time=6; by=arm", "", {"": -10.01139595}),
    ("survival_difference_upper", "endpoint=os; time=6; by=arm", "", {"": 110.011396}),
    ("survival_difference_p", "endpoint=os; time=6; by=arm", "", {"plain": 0.1024704349}),
    ("logrank_trend_p", "endpoint=os; by=stage", "", {"": 0.01575928103}),
    ("follow_up_median_lower", "endpoint=os", "", {"log-log": 5}),
    ("follow_up_quantile", "endpoint=os; share=25", "", {"reverse Kaplan-Meier": 7, "over survivors": 7, "over all": 2.75}),
    ("survival_quantile", "endpoint=os; share=50", "", {"midpoint": 6, "left": 4, "right": 8}),
]


@pytest.mark.parametrize(("statistic", "arguments", "subset", "expected"), EXPECTED, ids=[f"{one[0]} {one[1]}" for one in EXPECTED])
def test_a_statistic_is_what_r_computes(study, statistic, arguments, subset, expected):
    found = values(study, statistic, arguments, subset=subset)
    assert {name: found[name] for name in expected} == {name: pytest.approx(value, rel=1e-6) for name, value in expected.items()}


@pytest.fixture
def rated(study_folder):
    """The made-up study with two raters, an expected number of deaths and a response."""
    declared = yaml.safe_load((study_folder / "study.yml").read_text(encoding="utf-8"))
    declared["variables"]["cohort"] |= {
        "rater1": {"type": "category", "levels": ["+", "-"]}, "rater2": {"type": "category", "levels": ["-", "+"]},
        "early": {"type": "boolean"}, "late": {"type": "boolean", "missing": True}, "expected": {"type": "number"},
    }  # fmt: skip
    (study_folder / "study.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    header, *rows = (study_folder / "cohort.csv").read_text(encoding="utf-8").splitlines()
    more = ["+,+,1,1", "+,+,1,0", "+,-,0,1", "-,-,0,1", "-,-,0,1", "-,-,1,", "-,+,0,0", "+,+,1,1"]
    months = [row.split(",")[4] for row in rows]
    lines = [f"{row},{one},{float(month) / 20}" for row, one, month in zip(rows, more, months, strict=True)]
    (study_folder / "cohort.csv").write_text("\n".join([f"{header},rater1,rater2,early,late,expected", *lines]) + "\n", encoding="utf-8")
    return read_study(study_folder)


def test_raters_are_compared_by_level_whatever_order_each_declares(rated):
    assert values(rated, "kappa", "first=rater1; second=rater2") == {"": pytest.approx(0.5)}  # 6 of 8 agree, 4 by chance


def test_findings_that_differ_are_compared_among_those_who_have_both(rated):
    found = values(rated, "mcnemar_p", "first=early; second=late")  # 1 early alone, 3 late alone
    assert found["exact"] == pytest.approx(0.625) and found["chi-square"] == pytest.approx(0.3173105)


def test_events_are_set_against_those_expected(rated):
    arguments = "endpoint=os; expected=expected"
    assert values(rated, "smr", arguments) == {"": pytest.approx(2.272727273)}
    ends = [values(rated, f"smr_{end}", arguments)["exact"] for end in ("lower", "upper")]
    assert ends == pytest.approx([0.7379483591, 5.303787309], rel=1e-7)
    assert values(rated, "smr_p", arguments) == {"": pytest.approx(0.07249630886)}


def printed(*rows):
    return Cells(
        [[Cell(*(Fraction(one),) * 3) if isinstance(one, int) else Cell(*map(Fraction, one)) for one in row] for row in rows], [], {}
    )


@pytest.mark.parametrize(
    ("statistic", "cells", "arguments", "subset"),
    [
        ("percent_lower", ((5, 8),), "", "died=1"),
        ("sensitivity", ((2, 5),), "outcome=died", "age>=45"),
        ("specificity_upper", ((1, 2),), "outcome=died", "age>=45"),
        ("positive_likelihood_ratio", ((2, 5), (1, 2)), "outcome=died", "age>=45"),
        ("negative_likelihood_ratio_lower", ((2, 5), (1, 2)), "outcome=died", "age>=45"),
    ],
)
def test_printed_counts_give_what_patients_give(study, statistic, cells, arguments, subset):
    assert dict(REGISTRY[statistic].from_printed(printed(*cells))) == dict(values(study, statistic, arguments, subset=subset))


def test_an_expected_number_that_was_rounded_leaves_a_range():
    found = REGISTRY["smr"].from_printed(printed((7, ("3.4", "3.35", "3.45"))))[""]
    assert found == (pytest.approx(7 / 3.45), pytest.approx(7 / 3.35))
    p = REGISTRY["smr_p"].from_printed(printed((7, ("3.4", "3.35", "3.45"))))[""]
    assert p.low < 0.09122649 < p.high  # poisson.test(7, 3.4) of R


@pytest.mark.parametrize(
    ("statistic", "arguments"),
    [(one[0], one[1]) for one in EXPECTED if one[0] != "person_time"] + [(name, "outcome=died") for name, _ in DIAGNOSIS],
)
def test_a_statistic_of_nobody_is_undefined_and_does_not_fail(study, statistic, arguments):
    found = values(study, statistic, arguments, population="all & age>119", subset="age>=45")
    assert all(math.isnan(value) for value in found.values()), found


@pytest.mark.parametrize(
    ("statistic", "arguments", "said"),
    [
        ("mean", "variable=stage", "variable: a variable of type boolean or integer or number for 'mean'; found 'stage', a variable of type category: declare the number of its level as an integer of its own"),
        ("auc", "variable=age; outcome=arm", "outcome: a variable of type boolean for 'auc'; found 'arm', a variable of type category"),
        ("mean_change", "first=age; second=arm", "second: a variable of type boolean or integer or number for 'mean_change'; found 'arm'"),
        ("smr", "endpoint=os; expected=stage", "expected: a variable of type boolean or integer or number for 'smr'; found 'stage'"),
        ("t_test_p", "variable=age; by=months", "by: a variable of type boolean or category for 't_test_p'; found 'months', a variable of type number: declare a boolean of its own, such as 70 years or older"),
        ("mean_change", "first=age; second=weight", "second: unknown variable 'weight'"),
        ("percent_p", "against=0", "against: expected a percentage between 0 and 100, found 0"),
        ("event_rate", "endpoint=os; per=0", "per: expected a number above 0, found 0"),
    ],
)  # fmt: skip
def test_an_argument_that_a_statistic_cannot_use_is_refused(study, statistic, arguments, said):
    with pytest.raises(InputError, match=re.escape(said)):
        values(study, statistic, arguments)


def test_levels_of_a_category_are_correlated_by_their_order(study):
    """cor(c(1, 2, 3, 1, 1, 2, 3), c(2, 5, 12, 1, 3, 4, 9), method = "spearman") of R: one stage is unknown."""
    assert values(study, "rank_correlation", "first=stage; second=months") == {"": pytest.approx(0.9449111825)}
    assert set(values(study, "correlation_p", "first=stage; second=months")) == {"spearman"}
    with pytest.raises(InputError, match="a variable of type boolean or integer or number"):
        values(study, "correlation", "first=stage; second=months")
