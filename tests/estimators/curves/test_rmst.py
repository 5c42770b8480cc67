import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimators.curves.rmst import difference, restricted_mean


def test_mean_and_error_are_those_of_r(golden, close, curve_case):
    case, expected = golden("cases")[curve_case], golden("curves")[curve_case]
    for horizon, values in zip(expected["horizon"], expected["restricted_mean"]):
        found = restricted_mean(case["time"], case["event"], horizon)
        close([found.mean, found.standard_error], values)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=40))
def test_without_censoring_it_is_the_mean_of_the_clipped_times(times):
    found = restricted_mean(times, np.ones(len(times)), 17)
    clipped = np.minimum(times, 17)
    assert found.mean == pytest.approx(clipped.mean(), rel=1e-10)
    assert found.standard_error == pytest.approx(clipped.std() / np.sqrt(len(times)), rel=1e-8, abs=1e-12)


def test_difference_is_that_of_the_two_means(golden):
    case = golden("cases")["aml"]
    found = difference(case["time"], case["event"], case["group"], 40, groups=["Maintained", "Nonmaintained"])
    means = []
    for arm in ("Maintained", "Nonmaintained"):
        rows = [i for i, g in enumerate(case["group"]) if g == arm]
        means.append(restricted_mean([case["time"][i] for i in rows], [case["event"][i] for i in rows], 40))
    assert found.difference == pytest.approx(means[0].mean - means[1].mean, rel=1e-12)
    assert found.standard_error == pytest.approx(np.hypot(means[0].standard_error, means[1].standard_error), rel=1e-12)
    # P falls below 0.05 exactly when the 95% limits leave out 0
    assert (found.p < 0.05) == (found.lower > 0 or found.upper < 0)


def test_a_horizon_beyond_what_was_observed_is_refused():
    with pytest.raises(ValueError, match="horizon"):
        restricted_mean([1, 2, 3], [1, 0, 0], 4)
    with pytest.raises(ValueError, match="horizon"):
        restricted_mean([1, 2, 3], [1, 0, 0], 0)


def test_a_curve_that_has_come_down_to_zero_is_known_beyond():
    assert restricted_mean([1, 2, 3], [1, 1, 1], 10).mean == pytest.approx(2)
