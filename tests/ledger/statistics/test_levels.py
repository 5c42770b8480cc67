"""Limits of confidence levels other than 95 %, and standardised differences of levels, on eight patients, against R."""

import json
import math

import pytest

from analysis import paths
from analysis.errors import InputError
from analysis.ledger.statistics import REGISTRY
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
