"""Limits of confidence levels other than 95 %, ratios per ten years, trends and distances of levels, on eight patients, against R."""

import json
import math

import pytest

from analysis import paths
from analysis.cohorts.reading import read_table
from analysis.errors import InputError
from analysis.ledger.statistics import REGISTRY, groups
from tests.ledger.statistics.test_statistics import values

GOLDEN = json.loads((paths.ROOT / "tests/golden/levels.json").read_text())


@pytest.mark.parametrize("case", GOLDEN["limits"], ids=lambda case: f"{case['statistic']} {case['convention']} {case['level']}")
def test_limits_of_a_level_are_those_of_r(study, case):
    for end in ("lower", "upper"):
        asked = "; ".join(filter(None, (case["arguments"], f"level={case['level']:g}")))
        found = values(study, f"{case['statistic']}_{end}", asked, subset=case["subset"])[case["convention"]]
        expected = math.nan if case[end] is None else case[end]
        assert found == pytest.approx(expected, rel=2e-6, nan_ok=True) or (case[end] is None and found == math.inf)


@pytest.mark.parametrize("statistic", sorted(name for name in REGISTRY if name.endswith(("_lower", "_upper"))))
def test_every_limit_takes_a_level_and_no_estimate_does(statistic):
    assert "level" in REGISTRY[statistic].optional
    estimate = statistic.rpartition("_")[0]
    assert estimate not in REGISTRY or "level" not in REGISTRY[estimate].optional


def test_limits_of_several_levels_of_one_cohort_are_kept_apart(study):
    one, other = (values(study, "cox_lower", f"endpoint=os; covariates=arm=A; term=arm=A{level}")["efron"] for level in ("", "; level=90"))
    assert one < other


@pytest.mark.parametrize("level", ["0", "100", "high"])
def test_a_level_is_a_percentage(study, level):
    with pytest.raises(InputError, match="level: "):
        values(study, "survival_lower", f"endpoint=os; time=4; level={level}")


@pytest.mark.parametrize("level", ["0.1", "99.9"])
def test_a_level_lies_between_0_and_100(study, level):
    assert values(study, "mean_lower", f"variable=age; level={level}")


def test_an_estimate_has_no_level(study):
    with pytest.raises(InputError, match="only endpoint, time for 'survival'"):
        values(study, "survival", "endpoint=os; time=4; level=90")


def test_standardised_differences_of_levels_are_those_of_their_shares(study):
    assert values(study, "smd", "variable=stage; by=arm") == {"absolute": pytest.approx(GOLDEN["stage"], rel=1e-12)}
    found = values(study, "smd", "variable=died; by=arm")
    assert dict(found) == {"absolute": pytest.approx(GOLDEN["died"], rel=1e-12), "signed": pytest.approx(-GOLDEN["died"], rel=1e-12)}


def test_a_ratio_is_for_as_many_units_of_its_term_as_per_says(study):
    asked = "endpoint=os; covariates=age,arm=A; term=age; per=10"
    found = [values(study, f"cox_{part}", asked)["efron"] for part in ("hr", "lower", "upper")]
    assert found == pytest.approx(GOLDEN["per_ten_years"], rel=2e-6)
    odds = values(study, "logistic_or", "outcome=died; covariates=months; term=months; per=5")[""]
    assert odds == pytest.approx(GOLDEN["per_five_months"], rel=2e-6)


def test_a_trend_counts_the_levels_of_a_category_in_their_order(study):
    frame = read_table(study)
    found = groups.design(frame, ["trend(stage)"], study.variables["cohort"])
    assert found["trend(stage)"].tolist() == [0, 1, 2, 0, 0, 1, 2] and len(frame) == 8  # one stage is unknown


def test_a_trend_is_a_term_of_a_model(study):
    asked = "endpoint=os; covariates=trend(arm),age; term=trend(arm)"
    assert [values(study, "cox_hr", asked)["efron"], values(study, "cox_p", asked)["efron"]] == pytest.approx(GOLDEN["trend"], rel=2e-6)


@pytest.mark.parametrize(
    ("covariate", "found"),
    [
        ("stage", "or trend(stage) for its levels in their order"),
        ("trend(age)", "'age' is an integer"),
        ("trend(nothing)", "unknown variable 'nothing'"),
    ],
)
def test_a_covariate_that_is_no_number_is_refused_with_what_to_write(study, covariate, found):
    with pytest.raises(InputError) as caught:
        values(study, "cox_hr", f"endpoint=os; covariates={covariate}; term={covariate}")
    assert found in str(caught.value)
