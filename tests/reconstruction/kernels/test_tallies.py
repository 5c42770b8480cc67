"""Tallies and memberships kept up to date row by row are those counted afresh."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.reconstruction.kernels import memberships, tallies
from analysis.reconstruction.kernels.memberships import EVENT, LEVELS, TIME

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

ROWS, MONTHS = 8, 12
CHANGES = st.lists(st.tuples(st.integers(0, ROWS - 1), st.integers(-1, MONTHS - 1), st.booleans(), st.booleans()), max_size=30)


def filled(times, events, member, pairs):
    state = tallies.empty(pairs, MONTHS, times.shape[1])
    for row in range(times.shape[1]):
        tallies.recount(pairs, times, events, member, row, *state, np.zeros(len(pairs), bool))
    return state


@settings(max_examples=60, deadline=None)
@given(CHANGES)
def test_changes_one_by_one_lead_to_what_counting_gives(changes):
    pairs = np.array([(0, 0), (1, 0), (1, 1)])
    times, events, member = np.full((2, ROWS), -1), np.zeros((2, ROWS), np.int64), np.zeros((2, ROWS), bool)
    state = filled(times, events, member, pairs)
    for row, time, event, inside in changes:
        times[0, row], times[1, row], events[0, row], member[0, row], member[1, row] = time, MONTHS - 1 - max(time, 0), event, inside, True
        tallies.recount(pairs, times, events, member, row, *state, np.zeros(len(pairs), bool))
    leaving, deaths, sizes, _ = state
    for g, (condition, endpoint) in enumerate(pairs):
        inside = member[condition] & (times[endpoint] >= 0)
        assert sizes[g] == inside.sum()
        assert leaving[g].tolist() == np.bincount(times[endpoint][inside], minlength=MONTHS).tolist()
        died = inside & (events[endpoint] == 1)
        assert deaths[g].tolist() == np.bincount(times[endpoint][died], minlength=MONTHS).tolist()


def test_only_groups_whose_curve_changes_are_stale():
    pairs = np.array([(0, 0), (1, 0), (0, 1)])
    times, events = np.array([[3, 5], [3, 5]]), np.array([[1, 0], [1, 0]])
    member = np.array([[True, True], [False, True]])
    state = filled(times, events, member, pairs)
    times[0, 0] = 4
    stale = np.zeros(3, bool)
    tallies.recount(pairs, times, events, member, 0, *state, stale)
    assert stale.tolist() == [True, False, False]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 150))
def test_bits_of_labels_say_what_the_clauses_say(seed, number):
    rng = np.random.default_rng(seed)
    variables, levels, rows = 5, 4, 6
    clauses, conditions = [], []
    for _ in range(number):
        first = len(clauses)
        for _ in range(rng.integers(0, 4)):
            kind = rng.choice([LEVELS, LEVELS, TIME, EVENT])
            clauses.append(
                (kind, rng.integers(variables), rng.integers(1, 2**levels), 0)
                if kind == LEVELS
                else (kind, 0, rng.integers(0, 2) if kind == EVENT else 0, 5)
            )
        conditions.append((first, len(clauses)))
    clauses, conditions = np.array(clauses, np.int64).reshape(-1, 4), np.array(conditions, np.int64)
    times, events = rng.integers(-1, 9, (1, rows)), rng.integers(0, 2, (1, rows))
    speaks = memberships.of_times(clauses, conditions)
    allowed = memberships.allowing(clauses, conditions, variables, levels)
    codes, bits = rng.integers(0, levels, (variables, rows)).astype(np.int8), np.zeros((rows, allowed.shape[2]), np.uint64)
    member, total = np.zeros((number, rows), bool), np.zeros(number, np.int64)
    for _ in range(3):
        for row in range(rows):
            memberships.relabel(codes, row, allowed, bits, speaks, member, total)
            memberships.retime(codes, times, events, clauses, conditions, np.flatnonzero(speaks), row, member, total)
        afresh = np.array(
            [[memberships.meets(codes, times, events, clauses, *condition, row) for row in range(rows)] for condition in conditions]
        )
        assert (member == afresh).all()
        assert total.tolist() == afresh.sum(axis=1).tolist()
        codes = rng.permuted(codes, axis=1)
