"""A veiled curve tells of no single patient, and of the estimate what it can."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.estimators.veiled_curve import veiled
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimators.kaplan_meier import kaplan_meier

PATIENTS = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=120)


@given(PATIENTS, st.integers(2, 9))
def test_each_step_stands_for_enough_events_among_enough_at_risk(pairs, threshold):
    time, event = np.array(pairs).T
    curve = kaplan_meier(time, event)
    try:
        shown = veiled(curve, threshold)
    except ValueError:
        assert curve.n < threshold or event.sum() < threshold or curve.events[curve.at_risk >= threshold].sum() < threshold
        return
    drops = np.flatnonzero(np.diff(np.concatenate([[1.0], shown.survival])) < 0)
    before = 0
    for at in drops:
        upto = int(curve.events[curve.time <= shown.time[at]].sum())
        assert upto - before >= threshold
        before = upto
    assert (shown.at_risk % threshold == 0).all() and shown.n % threshold == 0
    assert not shown.censored.any()
    for at in drops:
        assert shown.survival[at] == pytest.approx(curve.survival_at(shown.time[at]))


def test_without_events_the_curve_stays_up():
    shown = veiled(kaplan_meier(np.arange(1, 21), np.zeros(20)), 5)
    assert (shown.survival == 1).all()


@pytest.mark.parametrize("count", [1, 4])
def test_few_patients_have_no_curve(count):
    with pytest.raises(ValueError, match="fewer than 5 patients"):
        veiled(kaplan_meier(np.arange(count), np.ones(count)), 5)
