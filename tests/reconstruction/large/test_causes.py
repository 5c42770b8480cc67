"""A first event that is the death itself competes with one that is not: causes, their counts and cumulative incidences."""

import numpy as np
import pytest

from analysis.estimators.curves.competing_risks import cumulative_incidence
from analysis.reconstruction.kernels.memberships import BOTH, CAUSE, FIRST, NEITHER, cause_of, meets
from analysis.reconstruction.large.kernels.life_tables import write_table
from analysis.reconstruction.large.kernels.misses import incidences_miss
from analysis.reconstruction.large.kernels.moves import OF_CAUSES, RECAUSED, drawn, make, suits

#: Time and event of the first endpoint, and of the last.
STATES = [((5, 0, 5, 0), NEITHER), ((5, 1, 9, 1), FIRST), ((5, 1, 9, 0), FIRST), ((5, 1, 5, 0), FIRST), ((5, 1, 5, 1), BOTH)]


@pytest.mark.slow
@pytest.mark.parametrize(("state", "cause"), STATES)
def test_a_first_event_at_the_time_of_the_death_is_the_death(state, cause):
    first, had, last, died = state
    times, events = np.array([[first], [last]]), np.array([[had], [died]])
    assert cause_of(times, events, 0) == cause
    for asked in (NEITHER, FIRST, BOTH):
        clauses = np.array([(CAUSE, 0, 1 << asked, 0)])
        assert meets(np.zeros((0, 1), np.int64), times, events, clauses, 0, 1, 0) == (asked == cause)


@pytest.mark.slow
def test_the_cumulative_incidence_that_is_searched_is_that_of_the_estimator():
    draw = np.random.default_rng(1)
    time, cause = draw.integers(1, 30, 80), draw.integers(0, 3, 80)
    leaving, deaths = np.zeros((2, 31), np.int64), np.zeros((2, 31), np.int64)
    for when, what in zip(time, cause):
        leaving[0, when] += 1
        deaths[0, when] += what > 0
        if what == 1:
            leaving[1, when] += 1
            deaths[1, when] += 1
    survival, greenwood, at_risk = (np.zeros((2, 31)) for _ in range(3))
    for group in (0, 1):
        write_table(leaving[group], deaths[group], int(leaving[group].sum()), survival[group], greenwood[group], at_risk[group], 0)
    expected = 100 * float(cumulative_incidence(time.astype(float), cause).incidence_at(20.0))
    for low, high, holds in (
        (expected - 0.01, expected + 0.01, True),
        (expected + 0.01, expected + 1, False),
        (0.0, expected - 0.01, False),
    ):
        misses = np.zeros(1)
        asked = np.array([(0, 1, 20)]), np.array([(low, high, 1.0)])
        miss = incidences_miss(*asked, survival, at_risk, deaths, np.ones(2, np.bool_), misses, 0, 0.1)
        assert (miss == 0) is holds


@pytest.mark.slow
def test_moves_of_first_events_turn_relapses_into_deaths_in_remission_and_back_and_keep_events_and_ends():
    draw, reach, levels = np.random.default_rng(2), np.array([1, 60]), np.array([2])
    for _ in range(20):
        end = draw.integers(20, 60, 12)
        died = draw.random(12) < 0.7
        first = np.where(draw.random(12) < 0.5, end, draw.integers(1, 20, 12))
        time, event, code = np.array([first, end]), np.array([np.ones(12, int), died.astype(int)]), np.zeros((1, 12), np.int64)
        causes = set()
        for _ in range(200):
            p, q = draw.choice(12, 2, replace=False)
            if suits(RECAUSED, time, event, code, p, q):
                make(RECAUSED, time, event, code, reach, levels, p, q)
            causes.add(sum(cause_of(time, event, row) == BOTH for row in range(12)))
            assert (time[0] <= time[1]).all() and (time[0] >= 1).all()
        assert len(causes) > 1
        assert (time[1] == end).all() and (event[0] == 1).all() and (event[1] == died).all()


@pytest.mark.slow
def test_nobody_without_a_first_event_changes_its_cause():
    time, event = np.array([[5, 9, 5], [5, 9, 8]]), np.array([[1, 0, 1], [1, 0, 1]])
    code = np.zeros((1, 3), np.int64)
    assert not suits(RECAUSED, time, event, code, 0, 1)  # the second has none
    assert not suits(RECAUSED, time, event, code, 0, 2)  # both have it at one time
    assert suits(RECAUSED, time + [[0, 0, 1], [0, 0, 0]], event, code, 0, 2)


@pytest.mark.slow
@pytest.mark.parametrize("walks", [False, True])
def test_causes_are_moved_only_where_they_are_told_apart(walks):
    told = [drawn(True, True, walks) == RECAUSED for _ in range(4000)]
    assert abs(sum(told) / len(told) - OF_CAUSES) < 0.03
    assert not any(drawn(True, False, walks) == RECAUSED for _ in range(1000))
