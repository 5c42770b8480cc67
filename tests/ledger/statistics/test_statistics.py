"""Registered statistics, recomputed on the made-up cohort of conftest.py.

Golden values: R 4.2.2 (stats, survival 3.5) on the same eight rows.
"""

import math

import pytest

from analysis.cohorts.reading import read_table
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.statistics import REGISTRY
from analysis.ledger.verdicts.recompute import CohortValues


def values(study, statistic, arguments="", population="all", subset=""):
    """Values by convention of one ledger row, written as the ledger has it."""
    path = study.folder / "printed.csv"
    path.write_text(
        f'id,source,quantity,population,subset,statistic,arguments,printed,role\nx,Results,x,{population},{subset},{statistic},"{arguments}",1,imposed\n'
    )
    row = next(iter(read_ledger(study)))
    return CohortValues(study, {"cohort": read_table(study)}).of(row)


GOLDEN = [
    ("t_test_p", "variable=age; by=arm", {"student": 0.012852, "welch": 0.08335421}),
    ("mann_whitney_p", "variable=months; by=arm", {"exact": 0.4857143, "asymptotic": 0.3864762, "asymptotic-continuity": 0.4704864}),
    ("logrank_p", "endpoint=os; by=arm", {"logrank": 0.44557489}),
    ("logistic_or", "outcome=died; covariates=arm=A,months; term=months", {"": math.exp(-0.5570015123)}),
    ("logistic_lower", "outcome=died; covariates=arm=A,months; term=arm=A", {"": 0.01284814554}),
    ("logistic_upper", "outcome=died; covariates=arm=A,months; term=months", {"": 1.17884140}),
    ("logistic_p", "outcome=died; covariates=arm=A,months; term=months", {"wald": 0.1302717169}),
    ("cox_hr", "endpoint=os; covariates=arm=A,stage=I; term=arm=A", {"breslow": 0.6180339887}),
    ("cox_lower", "endpoint=os; covariates=arm=A,stage=I; term=arm=A", {"breslow": 0.05460492266}),
    ("cox_upper", "endpoint=os; covariates=arm=A,stage=I; term=arm=A", {"breslow": 6.995083824}),
    ("cox_p", "endpoint=os; covariates=arm=A,stage=I; term=arm=A", {"breslow": 0.6974954544}),
    ("contingency_p", "variable=stage; by=arm", {"fisher": 1.0}),
    ("follow_up_median", "endpoint=os", {"over all": 4.5, "over survivors": 9.0, "reverse Kaplan-Meier": 9.0}),
    ("follow_up_minimum", "endpoint=os", {"over all": 1.0, "over survivors": 5.0}),
    ("follow_up_maximum", "endpoint=os", {"over all": 12.0, "over survivors": 12.0}),
]


@pytest.mark.parametrize(("statistic", "arguments", "expected"), GOLDEN, ids=[f"{name} {arguments}" for name, arguments, _ in GOLDEN])
def test_a_statistic_gives_the_values_of_r_by_convention(study, statistic, arguments, expected):
    found = values(study, statistic, arguments)
    for convention, value in expected.items():
        assert found[convention] == pytest.approx(value, rel=2e-6), convention


@pytest.mark.parametrize(
    ("statistic", "arguments", "subset", "expected"),
    [
        ("count", "", "stage=I|II", 5),
        ("count", "", "stage=?", 1),
        ("percent", "", "arm=A", 50),
        ("distinct", "variable=arm", "", 2),
        ("mean", "variable=age", "arm=B", 41.5),
        ("median", "variable=months", "", 4.5),
        ("minimum", "variable=age", "", 40),
        ("maximum", "variable=age", "", 70),
        ("incidence", "endpoint=os; time=4", "arm=B", 75),
    ],
)
def test_simple_statistics_are_what_they_are_called(study, statistic, arguments, subset, expected):
    assert float(values(study, statistic, arguments, subset=subset)[""]) == pytest.approx(expected)


def test_standard_deviations_have_both_denominators(study):
    found = values(study, "sd", "variable=age", population="b")
    assert found["n-1"] ** 2 * 3 == pytest.approx(found["n"] ** 2 * 4) == pytest.approx(5.0)


def test_a_missing_category_may_or_may_not_belong_to_a_test(study):
    found = values(study, "contingency_p", "variable=stage; by=arm")
    assert {"fisher", "fisher with the no-data category"} <= set(found)
    restricted = values(study, "contingency_p", "variable=stage; by=arm; levels=I,II+III")
    assert "fisher with the no-data category" not in restricted


def test_merged_levels_are_one_row_of_the_table(study):
    # rows I and II+III of arms A and B: 1, 2 against 2, 2
    assert values(study, "contingency_p", "variable=stage; by=arm; levels=I,II+III")["fisher"] == pytest.approx(1.0)
    assert values(study, "contingency_p", "variable=died; by=arm")["pearson"] == pytest.approx(0.4652088, rel=1e-6)


def test_limits_of_the_complement_are_the_complements_of_the_limits(study):
    lower, upper = values(study, "survival_lower", "endpoint=os; time=4"), values(study, "incidence_upper", "endpoint=os; time=4")
    for kind in ("log", "log-log", "plain"):
        assert lower[kind] + upper[kind] == pytest.approx(100)


def test_a_remission_may_count_from_its_month_or_after_it(study):
    found = values(study, "cox_td_hr", "endpoint=os; switch_time=age")
    assert set(found) == {"breslow", "efron", "breslow, switched from its month on", "efron, switched from its month on"}


def test_without_a_named_rule_an_event_in_the_month_of_the_switch_counts_before_it_as_in_r(study):
    # everybody switches in the month in which follow-up ends: after that month nobody is left, from it on some are
    found = values(study, "cox_td_hr", "endpoint=os; switch_time=months")
    assert math.isnan(found["efron"]) and not math.isnan(found["efron, switched from its month on"])


@pytest.mark.parametrize(
    ("statistic", "arguments"),
    [
        ("mean", "variable=age"),
        ("survival", "endpoint=os; time=4"),
        ("survival_lower", "endpoint=os; time=4"),
        ("survival_median", "endpoint=os"),
        ("survival_median_lower", "endpoint=os"),
        ("survival_median_upper", "endpoint=os"),
        ("rmst", "endpoint=os; time=4"),
        ("logrank_p", "endpoint=os; by=arm"),
        ("hazard_ratio", "endpoint=os; by=arm"),
        ("cox_hr", "endpoint=os; covariates=arm=A; term=arm=A"),
        ("cox_td_hr", "endpoint=os; switch_time=age"),
        ("logistic_or", "outcome=died; covariates=arm=A; term=arm=A"),
        ("mann_whitney_p", "variable=age; by=arm"),
        ("t_test_p", "variable=age; by=arm"),
        ("contingency_p", "variable=stage; by=arm"),
        ("percent", ""),
        ("follow_up_median", "endpoint=os"),
    ],
)
def test_a_statistic_of_nobody_is_undefined_and_does_not_fail(study, statistic, arguments):
    study_path = study.folder / "study.yml"
    study_path.write_text(study_path.read_text().replace("where: arm=B", "where: age>119"))
    from analysis.cohorts.study import read_study

    found = values(read_study(study.folder), statistic, arguments, population="b")
    assert all(math.isnan(float(value)) for value in found.values()), found


def test_every_registered_statistic_says_what_it_is():
    for statistic in REGISTRY.values():
        assert statistic.meaning.endswith("."), statistic.name
        assert (statistic.from_printed is None) == (statistic.fits is None) == (not statistic.needs)
