import numpy as np
from hypothesis import given
from hypothesis import strategies as st

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
