import numpy as np
import pytest

from analysis.estimators.time_dependent.landmark import landmark, status_at

TIME, EVENT = [1, 3, 3, 5, 8], [1, 1, 0, 1, 0]


def test_only_patients_beyond_the_landmark_stay_and_the_clock_restarts():
    found = landmark(TIME, EVENT, 3)
    assert found.kept.tolist() == [False, False, False, True, True]
    assert found.time.tolist() == [2, 5] and found.event.tolist() == [1, 0]


def test_patients_at_the_landmark_can_be_included():
    assert landmark(TIME, EVENT, 3, at_landmark="included").kept.sum() == 4


def test_the_clock_can_run_on():
    assert landmark(TIME, EVENT, 3, restart=False).time.tolist() == [5, 8]


def test_rounding_noise_does_not_carry_a_patient_over_the_landmark():
    assert landmark([0.1 + 0.2, 1.0], [1, 1], 0.3).kept.tolist() == [False, True]


def test_status_is_what_was_known_at_the_landmark():
    assert status_at([1, 3, 5, np.nan], 3).tolist() == [1, 1, 0, 0]
    assert status_at([1, 3, 5, np.nan], 3, on_landmark=False).tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(("at", "named"), [(-1, "at"), (np.nan, "at"), (9, "no patient")])
def test_impossible_landmarks_are_refused(at, named):
    with pytest.raises(ValueError, match=named):
        landmark(TIME, EVENT, at)
