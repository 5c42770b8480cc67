"""What is told of every endpoint of a reader's own cohort."""

from analysis.cohorts import glance
from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file
from analysis.cohorts.reading import ABSENT, read_table


def test_each_endpoint_says_patients_events_missing_and_follow_up(study):
    [found] = glance.glances(study, read_table(study))
    assert found == ("Overall survival", "months", 8, 5, 0, 9.0, 12.0)
    assert (
        glance.sentence(found)
        == "Overall survival: 8 patients, 5 events, 0 missing; median follow-up of patients without the event 9.0 months; longest time 12.0 months"
    )


def test_an_endpoint_without_its_columns_is_not_told_and_missing_outcomes_are_counted(study):
    frame = read_table(study)
    frame.loc[0, "months"] = float("nan")
    assert glance.glances(study, frame)[0][2:5] == (7, 4, 1)
    frame.attrs[ABSENT] = ("died",)
    assert glance.glances(study, frame) == []


def test_a_report_of_a_sound_file_opens_with_what_was_read(study, study_folder):
    text = report.as_text(check_file(study, study_folder / "cohort.csv"))
    assert "Overall survival: 8 patients, 5 events, 0 missing" in text
