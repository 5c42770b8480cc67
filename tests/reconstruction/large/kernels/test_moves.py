"""Moves of the search of large groups keep times possible and favour none of them."""

import numpy as np
import pytest

from analysis.compiled import njit
from analysis.reconstruction.large.kernels.moves import reflect, shift

REACH = np.array([1, 40])


@pytest.mark.parametrize(("time", "found"), [(1, 1), (0, 2), (-3, 5), (2, 2), (40, 40), (41, 39), (45, 35), (-100, 40), (500, 1)])
def test_a_time_beyond_an_end_lies_as_far_inside(time, found):
    assert reflect(time, REACH) == found


@njit
def wander(time, event, reach, steps):
    """How often one patient's time is each month in so many shifts, nothing being asked of it."""
    np.random.seed(1)
    found = np.zeros(reach[1] + 1, np.int64)
    for _ in range(steps):
        shift(time, event, reach, 0, np.random.randint(-12, 13), False)
        found[time[0, 0]] += 1
    return found


def test_times_that_nothing_is_asked_of_do_not_gather_at_the_ends():
    steps = 400_000
    found = wander(np.array([[20]]), np.array([[1]]), REACH, steps)[1:]
    assert found.sum() == steps
    share = steps / len(found)
    assert found[0] < 1.1 * share and found[-1] < 1.1 * share  # put on the end itself, each had one of eight
