"""Registered statistics, recomputed on the made-up cohort of conftest.py.

Golden values: R 4.2.2 (stats, survival 3.5) on the same eight rows.
"""

import math
import re

import pytest
import yaml

from analysis.cohorts.reading import read_table
from analysis.cohorts.study import read_study
from analysis.errors import InputError
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
    ("quantile", "variable=age; share=25", {"type 7": 41.5, "type 6": 41, "type 2": 41}),
    ("quantile", "variable=age; share=75", {"type 7": 55, "type 6": 60, "type 2": 60}),
    ("anova_p", "variable=months; by=stage", {"": 0.005445728698}),
    ("kruskal_wallis_p", "variable=months; by=stage", {"": 0.06866117151}),
    ("smd", "variable=age; by=arm", {"absolute": 2.594761431, "signed": 2.594761431}),
    ("stratified_logrank_p", "endpoint=os; by=arm; strata=stage", {"": 0.6948866024}),
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


# events are the deaths: 2 of 4 in arm A, 3 of 4 in arm B; R's prop.test, glm, fisher.test, prop.trend.test
RISKS = [
    ("relative_risk", "by=arm", {"": 0.6666666667}),
    ("relative_risk_lower", "by=arm", {"": 0.2150142783}),
    ("relative_risk_upper", "by=arm", {"": 2.067046188}),
    ("risk_difference", "by=arm", {"": -25}),
    ("risk_difference_lower", "by=arm", {"wald": -89.81971602, "newcombe": -65.52866603}),
    ("risk_difference_upper", "by=arm", {"wald": 39.81971602, "newcombe": 31.95572515}),
    ("odds_ratio", "by=arm", {"sample": 0.3333333333, "conditional": 0.3843665906}),
    ("odds_ratio_lower", "by=arm", {"sample": 0.0166973254, "conditional": 0.004265286306}),
    ("odds_ratio_upper", "by=arm", {"sample": 6.654425692, "conditional": 12.68941716}),
    ("trend_p", "by=stage", {"cochran-armitage": 0.02596522146, "linear-by-linear": 0.03925033047}),
]


@pytest.mark.parametrize(("statistic", "arguments", "expected"), RISKS, ids=[name for name, _, _ in RISKS])
def test_risks_are_compared_as_by_r(study, statistic, arguments, expected):
    found = values(study, statistic, arguments, subset="died=1")
    # R's fisher.test stops its search for exact limits early
    tolerance = {"conditional": 3e-3}
    assert {name: pytest.approx(value, rel=tolerance.get(name, 1e-7)) for name, value in expected.items()} == dict(found)


def test_risks_follow_from_printed_counts_as_from_patients(study):
    from analysis.ledger.statistics.registry import Cell, Cells

    cells = Cells([[Cell(number, number, number) for number in row] for row in ((2, 4), (3, 4))], [], {})
    for statistic, arguments, _ in RISKS[:-1]:
        assert dict(REGISTRY[statistic].from_printed(cells)) == dict(values(study, statistic, arguments, subset="died=1")), statistic


def test_risks_of_a_group_without_patients_are_undefined(study):
    assert all(math.isnan(value) for value in values(study, "relative_risk", "by=arm", population="a", subset="died=1").values())


@pytest.mark.parametrize(("time", "events", "at_risk"), [("2", 2, 7), ("4", 4, 5), ("3.9", 3, 5), ("12", 5, 1), ("13", 5, 0)])
def test_events_and_patients_at_risk_are_those_of_the_table_below_a_curve(study, time, events, at_risk):
    assert values(study, "events", f"endpoint=os; time={time}") == {"": events}
    assert values(study, "at_risk", f"endpoint=os; time={time}") == {"": at_risk}
    assert values(study, "events", "endpoint=os") == {"": 5}


@pytest.fixture
def competing(study_folder):
    """The made-up study with a competing event: two of the censored patients relapsed; R's cmprsk on the same rows."""
    declared = yaml.safe_load((study_folder / "study.yml").read_text(encoding="utf-8"))
    declared["variables"]["cohort"]["relapsed"] = {"type": "boolean"}
    (study_folder / "study.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    header, *rows = (study_folder / "cohort.csv").read_text(encoding="utf-8").splitlines()
    relapsed = (0, 1, 0, 0, 0, 0, 0, 1)
    lines = [f"{header},relapsed", *(f"{row},{value}" for row, value in zip(rows, relapsed, strict=True))]
    (study_folder / "cohort.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_study(study_folder)


@pytest.mark.parametrize(
    ("statistic", "arguments", "expected"),
    [
        ("cumulative_incidence", "endpoint=os; time=6; competing=relapsed", {"": 50}),
        ("cumulative_incidence_se", "endpoint=os; time=6; competing=relapsed", {"": 19.40914353}),
        ("cumulative_incidence_lower", "endpoint=os; time=6; competing=relapsed", {"log-log": 12.52534699, "plain": 11.95877771}),
        ("cumulative_incidence_upper", "endpoint=os; time=6; competing=relapsed", {"log-log": 79.3521727, "plain": 88.04122229}),
        ("gray_p", "endpoint=os; by=arm; competing=relapsed", {"": 0.4043034739}),
    ],
)
def test_cumulative_incidence_with_a_competing_event_is_that_of_cmprsk(competing, statistic, arguments, expected):
    assert dict(values(competing, statistic, arguments)) == {kind: pytest.approx(value, rel=1e-8) for kind, value in expected.items()}


@pytest.mark.parametrize(
    ("statistic", "arguments", "fault"),
    [
        ("quantile", "variable=age; share=quarter", "share: not a number: 'quarter'"),
        ("quantile", "variable=age; share=100", "share: expected a percentage between 0 and 100, found 100"),
        ("stratified_logrank_p", "endpoint=os; by=arm; strata=sex", "strata: unknown variable 'sex' of table 'cohort'"),
        ("gray_p", "endpoint=os; by=arm; competing=relapse", "competing: unknown variable 'relapse' of table 'cohort'"),
    ],
)
def test_a_wrong_argument_is_named(study, statistic, arguments, fault):
    with pytest.raises(InputError, match=re.escape(fault)):
        values(study, statistic, arguments)
