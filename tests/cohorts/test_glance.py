"""What is told of every endpoint of a reader's own cohort."""

import pytest

from analysis.cohorts import glance
from analysis.cohorts.importing import report
from analysis.cohorts.importing.checking import check_file
from analysis.cohorts.reading import ABSENT, read_table


def test_each_endpoint_says_patients_events_missing_and_follow_up(study):
    [found] = glance.glances(study, read_table(study))
    assert found == ("Overall survival", "months", 8, 5, 0, 9.0, 12.0)
    assert glance.sentence(found) == "Overall survival: 8 patients, 5 events, 0 missing; median follow-up of patients without the event 9.0 months; longest time 12.0 months"


def test_an_endpoint_without_its_columns_is_not_told_and_missing_outcomes_are_counted(study):
    frame = read_table(study)
    frame.loc[0, "months"] = float("nan")
    assert glance.glances(study, frame)[0][2:5] == (7, 4, 1)
    frame.attrs[ABSENT] = ("died",)
    assert glance.glances(study, frame) == []


@pytest.mark.parametrize(("events", "told"), [(4, "fewer than 5 events"), (5, "about 5 events"), (12, "about 10 events"), (0, "fewer than 5 events")])
def test_a_protected_cohort_shows_no_count_below_the_threshold_and_no_longest_time(events, told):
    text = glance.sentence(glance.Glance("OS", "months", 30, events, 0, 20.0, 77.7), threshold=5)
    assert told in text and "77.7" not in text and "fewer than 5 missing" in text


def test_follow_up_of_few_patients_is_not_told_of_a_protected_cohort():
    assert "follow-up" not in glance.sentence(glance.Glance("OS", "months", 30, 26, 0, 20.0, 77.7), threshold=5)
    assert "follow-up" in glance.sentence(glance.Glance("OS", "months", 30, 25, 0, 20.0, 77.7), threshold=5)


def test_a_report_of_a_sound_file_opens_with_what_was_read(study, study_folder):
    text = report.as_text(check_file(study, study_folder / "cohort.csv"))
    assert "Overall survival: 8 patients, 5 events, 0 missing" in text
