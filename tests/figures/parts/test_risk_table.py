"""The table under a curve counts what the curve counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.figures.parts.risk_table import month_ticks, risk_counts, risk_frame


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=40))
def test_counts_are_those_of_the_patients(patients):
    times, events = np.array([time for time, _ in patients]), np.array([event for _, event in patients])
    curve = kaplan_meier(times, events)
    ticks = month_ticks(60)
    counts = risk_counts(curve, ticks)
    assert counts["at_risk"].tolist() == [int(curve.at_risk_at(tick)) for tick in ticks]
    assert counts["at_risk"].tolist() == [int((times >= tick).sum()) for tick in ticks]
    assert counts["events"].tolist() == [int((events & (times <= tick)).sum()) for tick in ticks]
    assert counts["censored"].tolist() == [int((~events & (times <= tick)).sum()) for tick in ticks]


def test_beyond_follow_up_nobody_is_at_risk():
    counts = risk_counts(kaplan_meier([3, 7], [1, 0]), [0.0, 12.0, 24.0])
    assert counts["at_risk"].tolist() == [2, 0, 0]
    assert counts["events"].tolist() == [0, 1, 1]


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
    assert month_ticks(horizon) == ticks


@given(st.floats(0.01, 20000))
def test_ticks_are_few_and_start_at_0(horizon):
    ticks = month_ticks(horizon)
    assert 2 <= len(ticks) <= 7
    assert ticks[0] == 0 and ticks[-1] <= horizon * (1 + 1e-9)


def test_groups_keep_their_order():
    curve = kaplan_meier([1], [1])
    frame = risk_frame({"second": curve, "first": None}, [0.0, 12.0])
    assert frame["group"].tolist() == ["second"] * 2 + ["first"] * 2
