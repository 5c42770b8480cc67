"""Statistics of models in a ledger against R: subdistribution hazard ratios, interactions, rate ratios."""

import json
import math

import pandas as pd
import pytest
import yaml

from analysis import paths
from analysis.cohorts.study import read_study
from analysis.errors import InputError
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.verdicts.recompute import CohortValues

GOLDEN = json.loads((paths.ROOT / "tests/golden/models.json").read_text())
DECLARED = {
    "study": "made_up",
    "label": "Made up",
    "title": "Made up",
    "citation": {},
    "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "patient"}},
    "endpoints": {"os": {"time": "months", "event": "died", "label": "Survival"}},
    "populations": {"all": {"label": "All"}},
}


def values(folder, frame, variables, statistic, arguments):
    """Values by convention of one ledger row on a cohort."""
    declared = DECLARED | {
        "variables": {"cohort": {"patient": {"type": "id"}, "months": {"type": "number"}, "died": {"type": "boolean"}} | variables}
    }
    (folder / "study.yml").write_text(yaml.safe_dump(declared))
    row = f'x,Results,x,all,{statistic},"{arguments}",1,imposed\n'
    (folder / "printed.csv").write_text("id,source,quantity,population,statistic,arguments,printed,role\n" + row)
    study = read_study(folder)
    return CohortValues(study, {"cohort": frame.assign(patient=range(len(frame)))}).of(next(iter(read_ledger(study))))


@pytest.fixture
def competing():
    data = GOLDEN["fine_gray"]
    frame = pd.DataFrame({"months": data["time"], "age": data["age"], "male": pd.array(data["male"], dtype="boolean")})
    cause = pd.Series(data["cause"])
    return frame.assign(died=(cause == 1).astype("boolean"), progressed=(cause == 2).astype("boolean"))


FLAGS = {"male": {"type": "boolean"}, "progressed": {"type": "boolean"}, "age": {"type": "number"}}


@pytest.mark.parametrize(("covariates", "golden"), [("male", "one"), ("male,age", "two")])
def test_a_subdistribution_hazard_ratio_is_that_of_crr(tmp_path, competing, covariates, golden):
    arguments = f"endpoint=os; competing=progressed; covariates={covariates}; term=male"
    b, error = GOLDEN["fine_gray"][golden]["coefficient"][0], GOLDEN["fine_gray"][golden]["standard_error"][0]
    reach = 1.959963984540054 * error
    wanted = {"hr": math.exp(b), "lower": math.exp(b - reach), "upper": math.exp(b + reach), "p": math.erfc(abs(b) / error / math.sqrt(2))}
    for part, value in wanted.items():
        assert values(tmp_path, competing, FLAGS, f"fine_gray_{part}", arguments)[""] == pytest.approx(value, rel=1e-5), part


@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_an_interaction_is_that_of_coxph(tmp_path, ties):
    data = GOLDEN["interaction"]
    frame = pd.DataFrame({"months": data["time"], "arm": [str(one) for one in data["trt"]], "cell": data["celltype"]})
    frame["died"] = pd.array([bool(one) for one in data["status"]], dtype="boolean")
    levels = {
        "arm": {"type": "category", "levels": ["1", "2"]},
        "cell": {"type": "category", "levels": ["squamous", "smallcell", "adeno", "large"]},
    }
    found = values(tmp_path, frame, levels, "interaction_p", "endpoint=os; by=arm; modifier=cell")
    assert found[ties] == pytest.approx(data[ties]["wald"], rel=1e-6)
    assert found[f"{ties}, likelihood ratio"] == pytest.approx(data[ties]["likelihood_ratio"], rel=1e-6)


def test_an_interaction_needs_two_groups_and_two_levels(tmp_path):
    frame = pd.DataFrame({"months": [1.0, 2, 3], "arm": ["1", "2", "1"], "cell": ["a"] * 3, "died": pd.array([True] * 3, dtype="boolean")})
    levels = {"arm": {"type": "category", "levels": ["1", "2"]}, "cell": {"type": "category", "levels": ["a", "b"]}}
    assert math.isnan(values(tmp_path, frame, levels, "interaction_p", "endpoint=os; by=arm; modifier=cell")["breslow"])


def test_a_rate_ratio_counts_events_over_follow_up(tmp_path):
    frame = pd.DataFrame({"months": [100.0, 60, 40, 90], "arm": ["A", "A", "B", "B"]})
    frame["died"] = pd.array([True, True, True, False], dtype="boolean")
    levels = {"arm": {"type": "category", "levels": ["A", "B"]}}
    arguments = "endpoint=os; by=arm"
    assert values(tmp_path, frame, levels, "rate_ratio", arguments)[""] == pytest.approx((2 / 160) / (1 / 130))
    assert set(values(tmp_path, frame, levels, "rate_ratio_lower", arguments)) == {"exact", "wald"}
    assert values(tmp_path, frame, levels, "event_rate", "endpoint=os; per=1200")[""] == pytest.approx(3 / 290 * 1200)


def test_an_unknown_modifier_is_refused(tmp_path):
    frame = pd.DataFrame({"months": [1.0], "arm": ["A"], "died": pd.array([True], dtype="boolean")})
    levels = {"arm": {"type": "category", "levels": ["A", "B"]}}
    with pytest.raises(InputError, match="modifier: unknown variable 'stage'"):
        values(tmp_path, frame, levels, "interaction_p", "endpoint=os; by=arm; modifier=stage")
