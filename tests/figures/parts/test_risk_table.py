"""The table under a curve counts what the curve counts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.figures.parts.risk_table import risk_counts, risk_frame
from analysis.figures.parts.time_axis import MONTHS


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=40))
def test_counts_are_those_of_the_patients(patients):
    times, events = np.array([time for time, _ in patients]), np.array([event for _, event in patients])
    curve = kaplan_meier(times, events)
    ticks = MONTHS.ticks(60)
    counts = risk_counts(curve, ticks)
    assert counts["at_risk"].tolist() == [int(curve.at_risk_at(tick)) for tick in ticks]
    assert counts["at_risk"].tolist() == [int((times >= tick).sum()) for tick in ticks]
    assert counts["events"].tolist() == [int((events & (times <= tick)).sum()) for tick in ticks]
    assert counts["censored"].tolist() == [int((~events & (times <= tick)).sum()) for tick in ticks]


def test_beyond_follow_up_nobody_is_at_risk():
    counts = risk_counts(kaplan_meier([3, 7], [1, 0]), [0.0, 12.0, 24.0])
    assert counts["at_risk"].tolist() == [2, 0, 0]
    assert counts["events"].tolist() == [0, 1, 1]


def test_groups_keep_their_order():
    curve = kaplan_meier([1], [1])
    frame = risk_frame({"second": curve, "first": None}, [0.0, 12.0])
    assert frame["group"].tolist() == ["second"] * 2 + ["first"] * 2
