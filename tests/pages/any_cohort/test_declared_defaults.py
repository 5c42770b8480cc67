"""What a general page takes from the study where its parameters say nothing."""

from __future__ import annotations

import pandas as pd
import pytest
import yaml

from analysis.errors import InputError, Undefined
from analysis.pages.page import GeneralPage
from analysis.parameters import validation

STUDY = {
    "study": "third",
    "label": "A third disease",
    "title": "A third disease",
    "citation": {},
    "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "id"}},
    "variables": {
        "cohort": {
            "id": {"type": "id"},
            "arm": {"type": "category", "levels": ["A", "B", "C"], "optional": True},
            "risk": {"type": "boolean"},
            "graft": {"type": "boolean", "known": "later", "time": "graft_months"},
            "graft_months": {"type": "number", "unit": "months", "missing": True},
            "months": {"type": "number", "unit": "months"},
            "relapsed": {"type": "boolean"},
            "died": {"type": "boolean", "label": "Death"},
        }
    },
    "endpoints": {
        "os": {"time": "months", "event": "died", "label": "Survival"},
        "relapse": {"time": "months", "event": "relapsed", "competing": "died", "label": "Relapse"},
    },
    "groupings": {"arm": {"label": "Arm", "reference": "A"}, "graft": {"label": "Graft"}, "risk": {"label": "Risk"}},
    "populations": {"all": {"label": "Everybody"}},
}
ROWS = [
    ("A", 0, 0, None, 3, 1, 1), ("A", 1, 1, 2, 9, 0, 0), ("B", 1, 0, None, 5, 0, 1), ("B", 0, 1, 1, 8, 1, 0), ("C", 1, 0, None, 7, 0, 1), ("C", 0, 1, 3, 12, 1, 1),
]  # fmt: skip


@pytest.fixture
def page(tmp_path):
    frame = pd.DataFrame(ROWS * 3, columns=["arm", "risk", "graft", "graft_months", "months", "relapsed", "died"])
    frame.insert(0, "id", [f"P{n}" for n in range(len(frame))])

    def make(without=(), study=STUDY, **named):
        (tmp_path / "study.yml").write_text(yaml.safe_dump(study))
        file = tmp_path / "mine.csv"
        frame.drop(columns=list(without)).to_csv(file, index=False)
        return GeneralPage(str(tmp_path), cohort=str(file), **{"disclosure": "local"} | named)

    return make


def test_groups_are_those_of_the_first_declared_grouping_with_its_reference_last(page):
    made = page()
    assert made.grouping == "arm" and made.levels() == ["B", "C", "A"]
    assert page(grouping="risk").levels() == ["1", "0"]
    assert page(levels=["A", "C"], grouping="arm").levels() == ["A", "C"]


def test_a_grouping_that_the_cohort_lacks_is_passed_over(page):
    made = page(without=["arm"])
    assert made.grouping == "graft" and made.immortal


def test_undivided_patients_are_asked_for(page):
    made = page(grouping="undivided")
    assert made.grouping == ""
    with pytest.raises(Undefined, match="no grouping is declared or requested"):
        made.divided()


def test_without_declared_groupings_nobody_is_divided(page):
    assert page(study={**STUDY, "groupings": {}}).grouping == ""


def test_only_a_page_that_takes_a_competing_event_chooses_the_endpoint_by_it(page):
    assert page().endpoint_name == "os"
    assert page(competing=None).endpoint_name == "relapse"
    assert page(competing=None).competing == "died"
    assert page(competing="relapsed").endpoint_name == "os"
    assert page(competing=None, endpoint="os").competing == ""


def test_covariates_are_the_declared_groupings_known_at_the_start(page):
    assert page().covariates == ["arm", "risk"]
    assert page(covariates=["risk"]).covariates == ["risk"]
    assert "arm: B vs A" in page().table.covariate_model("X").data


def test_a_landmark_divides_by_the_first_declared_event_unless_a_grouping_is_asked_for(page):
    assert "graft by 2 months vs not by then" in page(landmark=2.0).table.landmark_hazard_ratio("X").text
    assert "known at the start" in page(grouping="arm").table.landmark_hazard_ratio("X").data


def test_a_cause_that_nobody_has_is_told_once(page):
    made = page(competing="died=1 & relapsed=1")
    frame = made.table.incidence_estimates("X").frame
    assert "does not occur" in frame.set_index("Result").loc["died=1 & relapsed=1 (competing event)", "Remark"]
    drawn = made.figure.incidence_by_cause("X")
    assert "No patient has the competing event (died=1 & relapsed=1)." in drawn.caption and set(drawn.frames["curve steps"]["group"]) == {
        "Survival"
    }
    assert "No patient has the competing event" in made.table.cause_specific_models("X").data


def test_undivided_is_a_grouping_without_levels():
    validation.check({"study": "dac_clag", "grouping": "undivided"})
    with pytest.raises(InputError) as caught:
        validation.check({"study": "dac_clag", "grouping": "undivided", "levels": ["CLAG"]})
    assert [fault.place for fault in caught.value.faults] == ["parameter levels"]
