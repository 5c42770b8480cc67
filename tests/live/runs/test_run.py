"""How much longer a run takes, as far as can be told."""

import time
from pathlib import Path

import pytest

from analysis.live.runs import run as runs
from analysis.live.runs.run import QUEUED, RUNNING, Run


def running(done, of, times, elapsed):
    made = Run(1, "notebooks/made_up/page", {}, Path("nowhere"), "made_up")
    made.change(state=RUNNING, done=done, of=of, times=times, started=time.monotonic() - elapsed)
    return made


def test_nothing_is_told_before_a_cell_is_done():
    assert running(0, 4, [], 3).seconds_left() is None
    waiting = running(0, 4, [], 3)
    waiting.change(state=QUEUED)
    assert waiting.seconds_left([1, 2, 3, 4, 5]) is None


def test_the_first_cells_tell_nothing_of_a_page_that_was_never_executed():
    assert running(1, 10, [0.1], 0.1).seconds_left() is None
    assert running(2, 10, [0.1, 2.0], 2.0).seconds_left() == pytest.approx(8 + runs.HTML_SECONDS, abs=0.2)


def test_cells_are_taken_for_equally_long_where_the_page_was_never_executed():
    left = running(1, 4, [2.0], 2.0).seconds_left()
    assert left == pytest.approx(6 + runs.HTML_SECONDS, abs=0.2)


def test_times_of_the_last_execution_are_scaled_to_the_pace_of_this_one():
    earlier = [1.0, 5.0, 6.0, 7.0, 8.0]
    assert running(0, 4, [], 0).seconds_left(earlier) == pytest.approx(8, abs=0.2)
    assert running(2, 4, [2.0, 10.0], 10).seconds_left(earlier) == pytest.approx(6, abs=0.2)
    assert running(4, 4, [2.0, 10.0, 12.0, 14.0], 40).seconds_left(earlier) == 0
