"""Concordance, proportional hazards and restricted means as a ledger asks for them, against R 4.2.2 on `survival::lung`."""

import json

import pandas as pd
import pytest
import yaml

from analysis import paths
from analysis.cohorts.study import read_study
from tests.ledger.statistics.test_statistics import values

CASE = json.loads((paths.ROOT / "tests/golden/fitted_models.json").read_text())
MODEL = "endpoint=os; covariates=male=1,age,ecog"


@pytest.fixture
def lung(study_folder):
    """The made-up study with the patients of `survival::lung`."""
    declared = yaml.safe_load((study_folder / "study.yml").read_text(encoding="utf-8"))
    declared["variables"]["cohort"] |= {"male": {"type": "boolean"}, "ecog": {"type": "integer"}}
    declared["variables"]["cohort"]["age"].pop("range", None)
    declared["variables"]["cohort"]["months"].pop("range", None)
    (study_folder / "study.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    first = pd.read_csv(study_folder / "cohort.csv", dtype=str, keep_default_na=False).iloc[0]
    rows = pd.DataFrame({name: CASE[name] for name in ("months", "died", "male", "age", "ecog")})
    rows = rows.assign(**{name: first[name] for name in first.index if name not in rows}).assign(patient=range(len(rows)))
    rows.to_csv(study_folder / "cohort.csv", index=False)
    return read_study(study_folder)


def test_the_concordance_index_of_a_model_and_its_limits(lung):
    value, error = CASE["concordance"]
    found = [values(lung, f"concordance{end}", MODEL)[""] for end in ("", "_lower", "_upper")]
    assert found == pytest.approx([value, value - 1.959963985 * error, value + 1.959963985 * error], rel=1e-7)


def test_one_covariate_predicts_by_its_direction(lung):
    assert values(lung, "concordance", "endpoint=os; covariates=ecog") == {"": pytest.approx(CASE["of_one"][0], rel=1e-10)}
    assert values(lung, "concordance", "endpoint=os; covariates=male=0")[""] > 0.5


@pytest.mark.parametrize("scale", ["km", "rank", "identity", "log"])
def test_proportional_hazards_of_one_term_and_of_all(lung, scale):
    terms = ["male=1", "age", "ecog"]
    found = [values(lung, "proportional_hazards_p", f"{MODEL}; term={term}")[scale] for term in terms]
    assert [*found, values(lung, "proportional_hazards_p", MODEL)[scale]] == pytest.approx(CASE["drift"][scale], rel=1e-5)


def test_a_covariate_that_follows_from_another_has_neither(lung):
    asked = "endpoint=os; covariates=male=1,male=0"
    for statistic in ("concordance", "proportional_hazards_p"):
        assert all(pd.isna(value) for value in values(lung, statistic, asked).values())


def test_limits_of_a_restricted_mean(lung):
    found = [values(lung, f"rmst{end}", "endpoint=os; time=18", subset="male=0")[""] for end in ("", "_lower", "_upper")]
    assert found == pytest.approx(CASE["women"], rel=1e-9)


def test_two_restricted_means_compared(lung):
    asked = "endpoint=os; time=18; by=male; groups=0,1"
    found = [values(lung, f"rmst_difference{end}", asked)[""] for end in ("", "_lower", "_upper", "_p")]
    assert found == pytest.approx(CASE["difference"], rel=1e-9)


def test_beyond_the_follow_up_no_restricted_means_are_compared(lung):
    asked = "endpoint=os; time=99; by=male; groups=0,1"
    assert all(pd.isna(values(lung, f"rmst_difference{end}", asked)[""]) for end in ("", "_lower", "_upper", "_p"))
