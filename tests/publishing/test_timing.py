"""Groups that are known only after the start: the page warns of immortal time and offers comparisons that are free of it."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from analysis.cohorts.study import read_study
from analysis.errors import InputError
from analysis.publishing.page import GeneralPage
from tests.publishing.test_general_page import STUDY, patients, words

VARIABLES = STUDY["variables"]["cohort"] | {
    "graft": {"type": "boolean", "label": "SCT", "known": "later", "time": "graft_months"}, "graft_months": {"type": "number", "unit": "months", "missing": True},
    "response": {"type": "category", "levels": ["CR", "NR"], "known": "later"},
}  # fmt: skip


@pytest.fixture
def page(tmp_path):
    (tmp_path / "study.yml").write_text(yaml.safe_dump(STUDY | {"variables": {"cohort": VARIABLES}}))
    frame = patients(120)
    graft = (np.arange(120) % 3 == 0) & (frame["months"] > 2)
    frame = frame.assign(graft=graft.astype(int), graft_months=(frame["months"] / 2).where(graft), response=np.where(np.arange(120) % 2, "CR", "NR"))
    file = tmp_path / "cohort-of-mine.csv"
    frame.to_csv(file, index=False)
    make = lambda **named: GeneralPage(str(tmp_path), **({"cohort": str(file), "grouping": "graft", "disclosure": "local"} | named))  # noqa: E731
    make.frame = frame
    return make


@pytest.mark.parametrize("disclosure", ["local", "protected"])
def test_a_grouping_known_later_prints_the_warning_and_the_ways_out(page, disclosure):
    told = words(page(disclosure=disclosure).notice())
    assert "Immortal-time bias: SCT is known only after the start" in told
    assert "-p origin=graft_months" in told and "landmark" in told


@pytest.mark.parametrize("named", [{"grouping": "arm"}, {"origin": "graft_months"}, {"grouping": None}])
def test_groups_known_at_the_start_and_time_from_a_later_origin_need_no_warning(page, named):
    assert "Immortal" not in words(page(**named).notice())


def test_each_comparison_of_such_groups_says_what_it_is_subject_to(page):
    shown = page()
    for section in (shown.hazard_ratios("X"), shown.estimates("X", grouped=True), shown.restricted_mean_times("X"), shown.log_rank_statement("X"), shown.survival_curves("X", grouped=True)):
        assert "subject to immortal-time bias" in getattr(section, "html", "") + words(section)
    assert "immortal" not in words(shown.estimates("X"))


def test_a_truth_value_is_called_by_its_label_and_yes_or_no(page):
    assert page().hazard_ratios("X").frame.iloc[0, 0] == "SCT: yes against SCT: no"


def test_without_a_time_no_other_comparison_is_offered(page):
    shown = page(grouping="response")
    assert "declares no time at which it came" in words(shown.notice())
    assert "declares no time" in words(shown.from_landmark("X"))


def test_the_landmark_divides_by_what_is_known_then(page):
    frame = page.frame[page.frame["months"] > 6]
    shown = page(landmark=6.0).from_landmark("X").frame
    assert f"{len(frame)} patients" in shown["Remark"][0]
    assert shown.iloc[0, 0] == "SCT by 6 months against not by then"


def test_a_landmark_of_protected_patients_is_not_shown(page):
    assert "not shown, to protect" in words(page(disclosure="protected").from_landmark("X"))


@pytest.mark.parametrize("study", ["dac_clag", "nopho_rd"])
def test_both_studies_say_that_transplantation_comes_later(study):
    declared = read_study(study).variables["cohort"]
    graft = declared["sct" if "sct" in declared else "hsct"]
    assert graft.known == "later" and declared[graft.time].unit == "months"
    assert all(declared[one.event].known == "later" for one in read_study(study).endpoints.values() if one.table == "cohort")


def test_a_time_that_is_not_declared_is_a_fault(tmp_path):
    wrong = VARIABLES | {"graft": VARIABLES["graft"] | {"time": "graft_day"}}
    (tmp_path / "study.yml").write_text(yaml.safe_dump(STUDY | {"variables": {"cohort": wrong}}))
    with pytest.raises(InputError, match="graft_day"):
        read_study(str(tmp_path))
