"""What contradicts itself in a sound file is told with its rows."""

from html import escape

import pytest
import yaml

from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file
from analysis.cohorts.study import read_study
from tests.conftest import DECLARED

HEADER = "patient,arm,age,months,died,efs_months,efs_event\n"
SOUND = ("1,A,50,5,1,3,1", "2,A,51,8,0,8,0", "3,B,52,9,1,9,1", "4,B,53,12,0,4,1")
DATES = "columns: {months: {from: start, to: [death, last]}, efs_months: {from: start, to: last}, died: died, efs_event: died}\n"


@pytest.fixture
def told(tmp_path, put):
    """Doubts of a file, under a study that declares `includes` or not and has patients of its own or not."""

    def check(content, mapping="", includes=False, own="", declared=None):
        whole = yaml.safe_load(yaml.safe_dump(DECLARED))
        whole["variables"]["cohort"] |= {"efs_months": {"type": "number", "unit": "months"}, "efs_event": {"type": "boolean"}} | (
            declared or {}
        )
        whole["variables"]["cohort"]["stage"]["optional"] = True
        whole["endpoints"]["efs"] = {"time": "efs_months", "event": "efs_event", "label": "Event-free survival"} | (
            {"includes": "os"} if includes else {}
        )
        folder = tmp_path / "made_up"
        folder.mkdir(exist_ok=True)
        (folder / "study.yml").write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
        if own:
            (folder / "cohort.csv").write_text(own, encoding="utf-8")
        if mapping:
            put("own.mapping.yml", mapping)
        checked = check_file(read_study(folder), put("own.csv", content))
        assert checked.frame is not None, report.as_text(checked)
        return checked

    return check


def lines(*rows):
    return HEADER + "\n".join(rows) + "\n"


STUDY_ROWS = lines(*SOUND).replace("age", "stage,age", 1).replace(",A,", ",A,,").replace(",B,", ",B,,")


def test_a_sound_file_raises_no_doubt(told):
    for known in ({}, {"includes": True}, {"own": STUDY_ROWS}):
        checked = told(lines(*SOUND), **known)
        assert checked.doubts == [] and report.headline(checked).endswith("declared columns.")


@pytest.mark.parametrize("known", [{"includes": True}, {"own": STUDY_ROWS}])
def test_times_in_another_unit_show_as_an_endpoint_that_outlasts_the_one_it_includes(told, known):
    days = lines("1,A,50,5,1,90,1", "2,A,51,8,0,240,0", "3,B,52,9,1,270,1", "4,B,53,12,0,120,1")
    checked = told(days, **known)
    assert len(checked.doubts) == 1
    assert checked.doubts[0].startswith("Event-free survival ends after Overall survival") and checked.doubts[0].endswith(
        "lines 2, 3, 4 and 5"
    )
    assert report.headline(checked).endswith("1 contradiction to look at below.")
    assert checked.doubts[0] in report.as_text(checked) and escape(checked.doubts[0]) in report.as_html(checked)


@pytest.mark.parametrize("known", [{"includes": True}, {"own": STUDY_ROWS}])
def test_a_death_that_is_no_event_of_an_endpoint_that_includes_deaths_is_told_with_its_row(told, known):
    checked = told(lines("1,A,50,5,1,3,1", "2,A,51,8,0,8,0", "3,B,52,9,1,9,0", "4,B,53,12,0,4,1"), **known)
    assert len(checked.doubts) == 1 and "the event of Overall survival without that of Event-free survival" in checked.doubts[0]
    assert checked.doubts[0].endswith("line 4")


def test_without_declaration_and_patients_a_study_lets_either_endpoint_be_the_longer_one_but_not_both(told):
    swapped = lines("1,A,50,3,1,5,1", "2,A,51,8,0,8,0", "3,B,52,9,1,9,1", "4,B,53,4,0,12,1")
    assert told(swapped).doubts == []
    both = lines("1,A,50,3,1,5,1", "2,A,51,8,0,8,0", "3,B,52,9,1,7,1", "4,B,53,14,0,12,1")
    assert told(both).doubts == ["Event-free survival ends after Overall survival, and before it in other rows: line 2"]


def test_an_equal_time_in_other_digits_is_no_later_end(told):
    assert told(lines("1,A,50,5.0000001,1,5.0000002,1", "2,A,51,8,0,8,0"), includes=True).doubts == []


@pytest.mark.parametrize(
    ("rows", "doubt"),
    [
        (("1,A,50,2020-01-01,2020-06-01,2020-06-01,1", "2,A,51,2020-01-01,,2020-09-01,0"), []),
        (("1,A,50,2020-01-01,2020-06-01,2020-06-01,1", "2,A,51,2020-01-01,,2020-09-01,0", "3,B,52,2020-01-01,,2020-10-01,1", "4,B,53,2020-01-01,,2020-09-01,0"), ["the event, yet an end on the date in last, on which others end without it: line 4"]),
        (("1,A,50,2020-01-01,2020-06-01,2020-06-01,1", "2,A,51,2020-01-01,2020-09-01,2020-09-01,0", "3,B,52,2020-01-01,2020-10-01,,1"), ["no event, yet an end on the date in death, on which others end with it: line 3"]),
    ],
)  # fmt: skip
def test_events_without_their_date_and_dates_without_their_event_are_told(told, rows, doubt):
    content = "patient,arm,age,start,death,last,died\n" + "\n".join(rows).replace(",,1", ",2020-10-01,1") + "\n"
    checked = told(content, DATES)
    assert [line for line in checked.doubts if line.startswith("Overall")] == [f"Overall survival: {line}" for line in doubt]


GRAFTED = "patient,arm,age,months,died,efs_months,efs_event,sct,to_sct\n"
LATE = {"sct": {"type": "boolean", "label": "SCT", "known": "later", "time": "to_sct", "missing": True}, "to_sct": {"type": "number", "unit": "months", "missing": True}}  # fmt: skip


@pytest.mark.parametrize(
    ("last", "doubt"),
    [
        ("1,12", ""), ("0,", ""), (",", ""), ("0,3", "a time of SCT without SCT"), ("1,", "SCT without its time"), ("1,12.01", "SCT after the end of follow-up"),
        (",3", ""),
    ],
)  # fmt: skip
def test_a_transplant_and_its_time_are_held_against_each_other_and_the_end_of_follow_up(told, last, doubt):
    rows = [f"{row},{sct}" for row, sct in zip(SOUND, ("1,2", "0,", "1,8.5", last), strict=True)]
    checked = told(GRAFTED + "\n".join(rows) + "\n", declared=LATE)
    assert checked.doubts == ([f"{doubt}: line 5"] if doubt else [])


def test_what_the_study_itself_has_of_transplants_is_no_doubt(told):
    rows = [f"{row},{sct}" for row, sct in zip(SOUND, ("1,2", "0,", "1,8.5", "1,"), strict=True)]
    own = STUDY_ROWS.replace("efs_event\n", "efs_event,sct,to_sct\n").replace("3,1\n", "3,1,1,\n").replace("8,0\n", "8,0,0,\n")
    own = own.replace("9,1\n", "9,1,0,\n").replace("4,1\n", "4,1,0,\n")
    assert told(GRAFTED + "\n".join(rows) + "\n", own=own, declared=LATE).doubts == []
    rows[3] = f"{SOUND[3]},0,3"
    doubts = told(GRAFTED + "\n".join(rows) + "\n", own=own, declared=LATE).doubts
    assert doubts == ["a time of SCT without SCT, which none of the study's patients has: line 5"]
