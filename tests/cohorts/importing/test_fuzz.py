"""Cohorts in random dress: read as they are or refused, never a traceback, a hang or another cohort (see `fuzz`)."""

import datetime

import pytest

from analysis.cohorts.importing.columns import durations
from analysis.cohorts.importing.parsing import numbers
from tests.cohorts.importing import fuzz


def test_files_in_random_dress_are_read_right_or_refused():
    counts = fuzz.run(range(1, 81))
    assert set(counts) <= set(fuzz.GOOD), counts
    assert counts["read"] > 20 and counts["refused"] > 20


def presence(monkeypatch):
    """Any filled cell is an event."""
    monkeypatch.setattr(durations, "_any_date", lambda *_: datetime.date(2020, 5, 5))


def points(monkeypatch):
    """A mark before three digits is a decimal point."""
    monkeypatch.setattr(numbers, "ambiguous", lambda text: False)


@pytest.mark.parametrize("mistake", [presence, points])
def test_the_fuzzer_finds_a_reader_that_is_silently_wrong(monkeypatch, mistake):
    mistake(monkeypatch)
    counts = fuzz.run(range(1, 121), show=0)
    assert counts["silently wrong"] + counts["accepted though faulty"] > 0
