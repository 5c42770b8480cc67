"""Groups that are known only after the start: the page warns of immortal time and offers comparisons that are free of it."""

from __future__ import annotations

import re

import numpy as np
import pytest
import yaml

from analysis.cohorts.study import read_study
from analysis.errors import InputError
from analysis.pages.page import GeneralPage
from tests.pages.any_cohort.test_general_page import STUDY, patients, words

VARIABLES = STUDY["variables"]["cohort"] | {
    "graft": {"type": "boolean", "label": "SCT", "known": "later", "time": "graft_months"}, "graft_months": {"type": "number", "unit": "months", "missing": True},
    "response": {"type": "category", "levels": ["CR", "NR"], "known": "later"},
}  # fmt: skip


@pytest.fixture
def page(tmp_path):
    (tmp_path / "study.yml").write_text(yaml.safe_dump(STUDY | {"variables": {"cohort": VARIABLES}}))
    frame = patients(120)
    graft = (np.arange(120) % 3 == 0) & (frame["months"] > 2)
    frame = frame.assign(
        graft=graft.astype(int), graft_months=(frame["months"] / 2).where(graft), response=np.where(np.arange(120) % 2, "CR", "NR")
    )
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


@pytest.mark.parametrize("disclosure", ["local", "protected"])
def test_a_cohort_without_the_column_of_the_groups_needs_no_warning(page, disclosure, tmp_path):
    file = tmp_path / "without.csv"
    page.frame.drop(columns=["graft", "graft_months"]).to_csv(file, index=False)
    shown = page(cohort=str(file), disclosure=disclosure)
    assert "Immortal" not in words(shown.notice()) and "immortal" not in shown.title("X", grouped=True)
    assert "no column graft" in words(shown.table.hazard_ratios("X")) and "no column graft" in words(shown.table.landmark_hazard_ratio("X"))


def test_each_comparison_of_such_groups_says_what_it_is_subject_to(page):
    shown = page()
    for section in (
        shown.table.hazard_ratios("X"),
        shown.table.survival_estimates("X", grouped=True),
        shown.table.restricted_means("X"),
        shown.sentence.log_rank("X"),
        shown.figure.survival("X", grouped=True),
    ):
        assert "subject to immortal-time bias" in getattr(section, "html", "") + words(section)
    assert "immortal" not in words(shown.table.survival_estimates("X"))


def test_a_truth_value_is_called_by_its_label_and_yes_or_no(page):
    assert page().table.hazard_ratios("X").frame.iloc[0, 0] == "SCT: yes vs SCT: no"


def test_without_a_time_no_other_comparison_is_offered(page):
    shown = page(grouping="response")
    assert "declares no time for it" in words(shown.notice())
    assert "declares no time" in words(shown.table.landmark_hazard_ratio("X"))


def test_the_landmark_divides_by_what_is_known_then(page):
    frame = page.frame[page.frame["months"] > 6]
    shown = page(landmark=6.0).table.landmark_hazard_ratio("X").frame
    assert f"{len(frame)} patients" in shown["Remark"][0]
    assert shown.iloc[0, 0] == "SCT by 6 months vs not by then"


@pytest.fixture
def many(page, tmp_path):
    """Pages of a large cohort, and of one that differs from it only in what is withheld."""
    draw = np.random.default_rng(4)
    frame = page.frame.loc[page.frame.index.repeat(6)].reset_index(drop=True)
    frame["months"] = np.round(frame["months"] * draw.uniform(0.5, 1.5, len(frame)) + 0.01, 4)
    frame["graft_months"] = np.round(frame["months"] * draw.uniform(0.02, 0.4, len(frame)), 4).where(frame["graft"] == 1)
    frame[frame.columns[0]] = [f"P{number}" for number in range(len(frame))]
    within = lambda values: 3.0 * (np.ceil(values / 3) - draw.uniform(0.05, 0.95, len(frame)))  # noqa: E731
    other = frame.assign(months=within(frame["months"]), graft_months=within(frame["graft_months"])).sample(frac=1, random_state=1)
    files = []
    for number, rows in enumerate((frame, other)):
        files.append(tmp_path / f"many-{number}.csv")
        rows.to_csv(files[-1], index=False)
    return lambda number=0, **named: page(cohort=str(files[number]), **named)


@pytest.mark.parametrize("at", [3.0, 6.0, 12.0])
def test_a_landmark_of_protected_patients_shows_bounds_that_hold_the_exact_ratio(many, at):
    exact = many(landmark=at).table.landmark_hazard_ratio("X").frame.iloc[0]
    shown = words(many(disclosure="protected", landmark=at).table.landmark_hazard_ratio("X"))
    low, high = map(float, re.search(r">([\d.]+) to ([\d.]+)<", shown).groups())
    ratio = float(re.search(r"[\d.]+", str(exact.iloc[1])).group())
    assert low <= ratio <= high and high / low < 20
    assert "by" in shown and f"{at:g} months" in shown
    assert shown == words(many(1, disclosure="protected", landmark=at).table.landmark_hazard_ratio("X"))


def test_a_landmark_at_which_no_interval_ends_is_not_shown(many):
    assert "no interval of time ends at the landmark" in words(many(disclosure="protected", landmark=7.0).table.landmark_hazard_ratio("X"))


def test_a_landmark_of_few_protected_patients_is_not_shown(page):
    assert "not shown" in words(page(disclosure="protected", landmark=36.0).table.landmark_hazard_ratio("X"))


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
