import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimators.curves.kaplan_meier import kaplan_meier

KINDS = ("log", "log-log", "plain")
patients = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=60)


def curve_of(golden, name):
    case = golden("cases")[name]
    return kaplan_meier(case["time"], case["event"])


def test_counts_and_estimate_are_those_of_r(golden, close, curve_case):
    expected, curve = golden("curves")[curve_case], curve_of(golden, curve_case)
    for column in ("time", "at_risk", "events", "censored", "survival"):
        close(getattr(curve, column), expected[column])
    close(curve.steps().standard_error, expected["standard_error"])


def test_values_at_chosen_times_are_those_of_r(golden, close, curve_case):
    expected, curve = golden("curves")[curve_case], curve_of(golden, curve_case)
    close(curve.survival_at(expected["at"]), expected["survival_at"])
    close(curve.standard_error_at(expected["at"]), expected["standard_error_at"])
    close(curve.at_risk_at(expected["at"]), expected["at_risk_at"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", [0.95, 0.9])
def test_limits_are_those_of_r_with_nan_for_its_na(golden, close, curve_case, kind, level):
    expected, curve = golden("curves")[curve_case][f"limits{level * 100:.0f}"][kind], curve_of(golden, curve_case)
    for found, limits in zip(curve.interval_at(curve.time, kind, level), (expected["lower"], expected["upper"])):
        close(found, limits)
    lower, upper = curve.interval_at(golden("curves")[curve_case]["at"], kind, level)
    close(lower, expected["lower_at"])
    close(upper, expected["upper_at"])


def test_quartiles_are_those_of_r(golden, close, curve_case):
    curve = curve_of(golden, curve_case)
    close([curve.quantile(p) for p in (0.25, 0.5, 0.75)], golden("curves")[curve_case]["quantile"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", [0.95, 0.9])
def test_limits_of_quartiles_through_the_band_are_those_of_r(golden, close, curve_case, kind, level):
    expected, curve = golden("curves")[curve_case][f"limits{level * 100:.0f}"][kind], curve_of(golden, curve_case)
    limits = [curve.quantile_interval(p, kind, level) for p in (0.25, 0.5, 0.75)]
    close([lower for lower, _ in limits], expected["quantile_lower"])
    close([upper for _, upper in limits], expected["quantile_upper"])


def test_median_on_a_plateau_follows_the_rule(golden):
    curve = curve_of(golden, "plateau_at_half")
    assert [curve.median(rule) for rule in ("left", "midpoint", "right")] == [3, 5.5, 8]


def test_median_on_a_plateau_that_ends_the_curve_follows_the_rule(golden):
    curve = curve_of(golden, "plateau_to_the_end")
    assert [curve.median(rule) for rule in ("left", "midpoint")] == [2, 4.5]
    assert np.isnan(curve.median("right"))


def test_median_is_nan_when_not_reached(golden):
    for rule in ("left", "midpoint", "right"):
        assert np.isnan(curve_of(golden, "no_events").median(rule))


def test_density_standard_error_of_the_median_by_hand():
    # ten deaths at 1 … 10: S(t) = 1 - t / 10, median 5, u = 4 (S = .6), l = 6 (S = .4), f = .1, se(S(5)) = √(.25 / 10)
    curve = kaplan_meier(range(1, 11), [1] * 10)
    error = np.sqrt(0.025) / 0.1
    assert curve.quantile_standard_error() == pytest.approx(error, rel=1e-12)
    reach = 1.959963984540054 * error
    assert curve.median_interval("density") == pytest.approx((5 - reach, 5 + reach), rel=1e-12)


def test_density_standard_error_takes_time_zero_for_a_first_fall_below():
    # one half dies at 2, the rest at 6: u = 0 with S = 1, l = 6 with S = 0
    curve = kaplan_meier([2, 2, 6, 6], [1, 1, 1, 1])
    assert curve.quantile_standard_error() == pytest.approx(0.25 / (1 / 6), rel=1e-12)


def test_density_standard_error_is_nan_without_a_point_below(golden):
    assert np.isnan(curve_of(golden, "plateau_to_the_end").quantile_standard_error())


def test_known_values_of_the_maintained_arm(golden):
    case = golden("cases")["aml"]
    rows = [i for i, arm in enumerate(case["group"]) if arm == "Maintained"]
    curve = kaplan_meier([case["time"][i] for i in rows], [case["event"][i] for i in rows])
    assert round(curve.survival_at(24), 3) == 0.614
    assert [round(x, 3) for x in curve.interval_at(24, "log")] == [0.377, 0.999]
    assert [round(x, 3) for x in curve.interval_at(24, "log-log")] == [0.266, 0.835]
    assert [round(x, 3) for x in curve.interval_at(24, "plain")] == [0.314, 0.913]
    assert curve.median() == 31


def test_events_at_exactly_t_count():
    curve = kaplan_meier([12, 12, 24], [1, 0, 0])
    assert curve.survival_at(12) == pytest.approx(2 / 3)
    assert curve.survival_at(11.999) == 1


def test_before_the_first_time_everybody_is_alive():
    curve = kaplan_meier([5, 6], [1, 1])
    assert (curve.survival_at(4), curve.standard_error_at(4), curve.at_risk_at(4)) == (1, 0, 2)
    assert curve.interval_at(4, "log-log") == (1, 1)


@given(patients)
def test_without_censoring_it_is_the_share_still_alive(rows):
    time = np.array([t for t, _ in rows], float)
    curve = kaplan_meier(time, np.ones(len(time)))
    grid = np.arange(31.0)
    np.testing.assert_allclose(curve.survival_at(grid), (time[:, None] > grid).mean(axis=0), atol=1e-12)


@given(patients, st.sampled_from(KINDS), st.sampled_from([0.68, 0.9, 0.95, 0.99]))
def test_an_interval_contains_its_estimate_and_stays_within_0_and_1(rows, kind, level):
    curve = kaplan_meier(*zip(*rows))
    steps = curve.steps(kind, level).dropna()
    assert (steps.lower <= steps.survival + 1e-12).all() and (steps.survival <= steps.upper + 1e-12).all()
    assert steps.lower.ge(0).all() and steps.upper.le(1).all()


@given(patients)
def test_the_three_rules_are_in_order(rows):
    curve = kaplan_meier(*zip(*rows))
    left, middle, right = (curve.median(rule) for rule in ("left", "midpoint", "right"))
    assert np.isnan(left) == np.isnan(middle)
    if not np.isnan(left):
        assert left <= middle
    if not np.isnan(right):
        assert middle <= right


@given(patients, st.randoms())
def test_order_of_patients_does_not_matter(rows, random):
    first = kaplan_meier(*zip(*rows))
    random.shuffle(rows)
    second = kaplan_meier(*zip(*rows))
    np.testing.assert_array_equal(first.survival, second.survival)
    np.testing.assert_array_equal(first.greenwood, second.greenwood)


def test_many_patients_equal_the_closed_form():
    n = 200_000
    time = np.arange(n) // 2
    curve = kaplan_meier(time, np.ones(n))
    np.testing.assert_allclose(curve.survival, 1 - np.arange(1, n // 2 + 1) * 2 / n, atol=1e-9)


@pytest.mark.parametrize(
    ("time", "event", "named"),
    [
        ([1, 2], [1], "time: 2, event: 1"),
        ([], [], "time"),
        ([1, -2], [1, 1], "time"),
        ([1, np.nan], [1, 1], "time"),
        ([1, None], [1, 1], "time"),
        ([1, np.inf], [0, 1], "time"),
        ([1, 2], [1, 2], "event"),
        ([1, 2], [1, np.nan], "event"),
        (["a", "b"], [1, 0], "time"),
        ([[1, 2]], [1, 0], "time"),
    ],
)
def test_faulty_input_is_refused_by_name(time, event, named):
    with pytest.raises(ValueError, match=named):
        kaplan_meier(time, event)


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.median("middle"),
        lambda c: c.interval_at(2, "arcsine"),
        lambda c: c.interval_at(2, level=95),
        lambda c: c.quantile(1.0),
        lambda c: c.survival_at(np.nan),
    ],
)
def test_unknown_conventions_are_refused(call):
    with pytest.raises(ValueError, match="rule|kind|level|p:|t:"):
        call(kaplan_meier([1, 2, 3], [1, 0, 1]))
