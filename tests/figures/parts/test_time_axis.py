"""Ticks of a time axis are few, start at 0 and fall on what readers look for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.parts.time_axis import MONTHS, TimeAxis

YEARS = TimeAxis("years", "diagnosis")


@pytest.mark.parametrize(
    ("horizon", "ticks"),
    [
        (6, [0, 1, 2, 3, 4, 5, 6]),
        (12, [0, 3, 6, 9, 12]),
        (36, [0, 6, 12, 18, 24, 30, 36]),
        (60, [0, 12, 24, 36, 48, 60]),
        (99, [0, 24, 48, 72, 96]),
        (120, [0, 24, 48, 72, 96, 120]),
    ],
)
def test_ticks_fall_on_whole_years(horizon, ticks):
    assert MONTHS.ticks(horizon) == ticks


@given(st.floats(0.01, 20000))
def test_ticks_are_few_and_start_at_0(horizon):
    ticks = MONTHS.ticks(horizon)
    assert 2 <= len(ticks) <= 7
    assert ticks[0] == 0 and ticks[-1] <= horizon * (1 + 1e-9)


@pytest.mark.parametrize(
    ("axis", "horizon", "marked", "ticks"),
    [
        (YEARS, 120, [60, 120], [12.0 * year for year in range(11)]),
        (YEARS, 120, [], [0, 24, 48, 72, 96, 120]),
        (MONTHS, 36, [12, 24, 36], [0, 6, 12, 18, 24, 30, 36]),
        (MONTHS, 36, [7], [0, 6, 12, 18, 24, 30, 36]),  # no step holds 7 months without crowding the axis
        (MONTHS, 60, [36, 60], [0, 12, 24, 36, 48, 60]),
    ],
)
def test_printed_times_are_among_the_ticks_where_that_does_not_crowd_them(axis, horizon, marked, ticks):
    assert axis.ticks(horizon, marked) == ticks


def test_labels_are_in_the_unit_of_the_axis():
    assert [YEARS.tick_label(month) for month in (0, 6, 60)] == ["0", "0.5", "5"]
    assert (YEARS.label, TimeAxis("months", "SCT").label, MONTHS.label) == ("Years since diagnosis", "Months since SCT", "Months")


@pytest.mark.parametrize(
    ("month", "told"), [(72, "6 years"), (12, "1 year"), (30, "2.5 years"), (50, "50 months"), (50.25, "50.25 months")]
)
def test_a_time_is_told_in_the_unit_of_the_axis_where_that_rounds_nothing(month, told):
    assert YEARS.spell_exactly(month) == told
    assert MONTHS.spell_exactly(72) == "72 months"
