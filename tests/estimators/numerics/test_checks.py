import numpy as np
import pandas as pd
import pytest

from analysis.estimators.numerics import checks


def test_times_that_differ_by_rounding_noise_are_one_time():
    grid, place = checks.distinct_times(np.array([0.3, 0.1 + 0.2, 0.7, 1.1]))
    assert len(grid) == 3 and place.tolist() == [0, 0, 1, 2]


def test_times_that_differ_by_more_stay_apart():
    assert len(checks.distinct_times(np.array([1.0, 1.0 + 1e-6]))[0]) == 2


def test_labels_are_sorted_or_as_asked():
    assert checks.labels(["b", "a", "b"], "arm")[0] == ("a", "b")
    names, codes = checks.labels(["b", "a", "c"], "arm", ["c", "b"])
    assert names == ("c", "b") and codes.tolist() == [1, -1, 0]


def test_nullable_columns_are_read_and_their_gaps_refused():
    assert checks.zeros_and_ones(pd.Series([True, False], dtype="boolean"), "died").tolist() == [1, 0]
    with pytest.raises(ValueError, match="died"):
        checks.zeros_and_ones(pd.Series([True, None], dtype="boolean"), "died")


@pytest.mark.parametrize("groups", [["a", "a"], ["a", "x"]])
def test_repeated_or_absent_groups_are_refused(groups):
    with pytest.raises(ValueError, match="groups"):
        checks.labels(["a", "b"], "arm", groups)


@pytest.mark.parametrize("digits", [0, 2, 9])
def test_distinct_times_of_many_patients_are_those_of_few(digits, monkeypatch):
    time = np.round(np.random.default_rng(digits).exponential(30, 5_000), digits)
    time[:2] = 0.0, -0.0
    few = checks.distinct_times(time)
    monkeypatch.setattr(checks, "MANY", 1)
    many = checks.distinct_times(time)
    assert np.array_equal(few[0], many[0]) and np.array_equal(few[1], many[1])
