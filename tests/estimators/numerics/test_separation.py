import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.estimators.numerics.separation import infinite_coefficients, pairs_of_risk_sets


def test_a_cone_of_one_direction_names_its_sign():
    assert infinite_coefficients(np.array([[1.0, 0], [0, 1], [0, -1]])).tolist() == [1, 0]
    assert infinite_coefficients(np.array([[-1.0, 0], [0, 1], [0, -1]])).tolist() == [-1, 0]


def test_overlapping_data_leave_all_coefficients_finite():
    assert infinite_coefficients(np.array([[1.0, 0], [-1, 0], [0, 1], [0, -1]])).tolist() == [0, 0]


def test_a_joint_direction_names_both():
    # x1 - x2 never falls, and nothing else is monotone
    assert infinite_coefficients(np.array([[1.0, -1], [1, 1], [-1, -1]])).tolist() == [1, -1]


def test_pairs_set_the_dead_against_those_at_risk():
    design, time, event = np.array([[3.0], [1.0], [0.0]]), np.array([1.0, 2, 2]), np.array([1.0, 1, 0])
    assert pairs_of_risk_sets(design, time, event).ravel().tolist() == [0, 1, 2, 3]
    assert pairs_of_risk_sets(design, time, event, tied_deaths_compete=False).ravel().tolist() == [1, 2, 3]


def test_entry_keeps_later_patients_out():
    design, time, event = np.array([[3.0], [1.0]]), np.array([1.0, 2]), np.array([1.0, 0])
    assert pairs_of_risk_sets(design, time, event, np.array([0.0, 1.0])).ravel().tolist() == [0]


@given(st.lists(st.sampled_from([-2.0, -1.0, 0.0, 0.5, 3.0]), min_size=1, max_size=8).filter(any))
def test_one_coefficient_is_judged_as_by_the_linear_program(differences):
    # a second coefficient that overlaps everywhere changes nothing for the first
    column = np.array(differences)
    beside = np.concatenate([np.column_stack((column, np.zeros(len(column)))), [[0.0, 1.0], [0.0, -1.0]]])
    assert infinite_coefficients(column[:, None])[0] == infinite_coefficients(beside)[0]


def by_a_program_for_each_coefficient(rows):
    """Whether each coefficient can move up, or down, along a direction in which no row falls (Konis 2007)."""

    def reach(objective):
        return -linprog(-objective, A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=[(-1, 1)] * rows.shape[1], method="highs").fun > 1e-6

    return [next((sign for sign in (1, -1) if reach(sign * unit)), 0) for unit in np.eye(rows.shape[1])]


LEVELS = st.sampled_from([-1.0, 0.0, 1.0])


@given(st.lists(st.tuples(LEVELS, LEVELS, LEVELS), min_size=3, max_size=9))
def test_each_coefficient_is_judged_as_by_a_program_of_its_own(differences):
    rows = np.array(differences)
    if np.linalg.matrix_rank(rows) == rows.shape[1]:  # else a direction leaves every term unchanged
        assert infinite_coefficients(rows).tolist() == by_a_program_for_each_coefficient(rows)


@pytest.mark.parametrize(("slope", "expected"), [(1e-3, [0, 1]), (-1e-3, [0, -1]), (1e-7, [0, 1])])
def test_a_direction_that_hardly_raises_anything_is_one(slope, expected):
    # two rows are opposite; the third alone changes, and little, along the second coefficient
    assert infinite_coefficients(np.array([[1.0, 0], [-1, 0], [1, slope]])).tolist() == expected
