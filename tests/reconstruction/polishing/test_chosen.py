"""Of several moves of a finished cohort, those are made at once that do not touch the same patients."""

import numpy as np
import pytest

from analysis.reconstruction.polishing.polish import chosen


class Distance:
    """Distance from zero, of one number."""

    def misses(self, values):
        return np.abs(values)


@pytest.mark.parametrize("seed", range(5))
def test_moves_of_the_same_patients_are_never_made_together(seed):
    steps, apart = np.array([[-3.0], [-2.0], [0.0], [-2.0], [0.0]]), np.array([True, True, False, False, False])
    found = chosen(Distance(), np.array([5.0]), steps, np.random.default_rng(seed), apart)
    assert found == [0, 1]
