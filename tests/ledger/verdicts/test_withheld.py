"""Trials of withheld numbers are read from the records beside a ledger."""

import pytest

from analysis.cohorts.study import read_study
from analysis.ledger.verdicts.withheld import read_withheld

LEFT_OUT = """
families:
- family: survival
  ids: [res.os, t1.a]
  rebuilt: {asked: 3, made: 3, rows: [{id: res.os, back: 2, of: 3}]}
- family: arm
  ids: [t1.b]
  rebuilt: {asked: 3, made: 0, rows: []}
- family: unasked
  ids: [t1.n]
"""
ENSEMBLE = """
ensembles:
- {digest: a, made: 118, rows: [{id: res.p, made: 118, hits: {cox-efron: 17, logrank-oe: 28}}, {id: res.os, made: 2, hits: {only: 0}}]}
"""
CHANCE = "rows:\n- {id: res.os, made: 200, hits: {only: 5}}\n"


@pytest.fixture
def record(study_folder):
    for name, text in (("leave_out.yml", LEFT_OUT), ("withheld.yml", ENSEMBLE), ("chance.yml", CHANCE)):
        (study_folder / name).write_text(text)
    return read_withheld(read_study(study_folder))


def test_the_trial_with_most_cohorts_counts(record):
    assert record.of("res.os", "") == (2, 3)


def test_hits_are_those_of_the_rows_convention(record):
    assert record.of("res.p", "cox-efron") == (17, 118)
    assert record.of("res.p", "logrank-oe") == (28, 118)


def test_under_a_convention_that_the_record_does_not_know_the_most_generous_counts(record):
    assert record.of("res.p", "cox-exact") == (28, 118)


def test_a_family_that_no_cohort_was_found_without_is_not_rebuilt(record):
    assert record.of("t1.b", "") == (0, 0)


def test_what_was_never_withheld_has_no_trial(record):
    assert record.of("t1.n", "") is None
    assert record.of("t1.a", "") is None


def test_chance_is_the_share_of_shuffled_cohorts(record):
    assert record.by_chance("res.os", "") == 5 / 200
    assert record.by_chance("t1.b", "") is None


def test_a_study_without_records_knows_nothing(study):
    assert read_withheld(study).of("res.os", "") is None
