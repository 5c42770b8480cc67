"""The compiled life tables and misses agree with the estimators, and a state is what its moves made it."""

import math

import numpy as np
import pytest

from analysis.estimators.curves.follow_up import reverse_kaplan_meier
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.regression import cox as estimator
from analysis.reconstruction.kernels.kernels import cox_ratio, event_months
from analysis.reconstruction.large import encoding
from analysis.reconstruction.large.arrays import arrays, unit
from analysis.reconstruction.large.kernels import annealing, life_tables
from analysis.reconstruction.large.kernels.counting import counted_of, tables_of
from analysis.reconstruction.large.kernels.misses import UNDEFINED, outside, total_miss
from analysis.reconstruction.large.kernels.moves import EXCHANGED, OPPOSED, SWAPPED, nearby, partner
from analysis.reconstruction.large.state import FOLLOWED_LOWER, FOLLOWED_UPPER, Patients
from analysis.reconstruction.temperatures import FINE, schedules

# compiled from nothing in a fresh clone, so in the worker that has the other kernels
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


def patients_of(found, rows):
    code = np.zeros((len(found.names), len(rows)), np.int64)
    code[found.names.index("arm")] = rows["arm"] == "B"
    return Patients(rows[["os_months"]].to_numpy(np.int64).T.copy(), rows[["died"]].to_numpy(np.int64).T.copy(), code)


@pytest.fixture
def encoded(trial):
    rows, problem = trial(150)
    found = encoding.encode(problem)
    return rows, found, arrays(found, FINE), patients_of(found, rows)


def test_the_true_cohort_misses_nothing(encoded):
    _, _, asked, patients = encoded
    misses, spent = annealing.anneal(asked, patients, 1, 10, 1.0, 0.1)
    assert misses.sum() == 0 and spent == 0


def test_life_tables_are_those_of_the_estimator(encoded):
    rows, found, asked, patients = encoded
    tables = tables_of(asked, patients, counted_of(asked, patients))
    for arm in "AB":
        part = rows[rows["arm"] == arm]
        curve = kaplan_meier(part["os_months"], part["died"])
        g = found.group(found.problem.study.populations[arm.lower()].condition, "os")
        assert tables.size[g] == len(part)
        for month in range(49):
            assert tables.survival[g, month] == pytest.approx(100 * curve.survival_at(month))
            assert tables.at_risk[g, month] == curve.at_risk_at(month)
            if curve.survival_at(month) > 0:
                assert life_tables.error_at(tables.survival[g, month], tables.greenwood[g, month]) == pytest.approx(
                    100 * curve.standard_error_at(month)
                )


@pytest.mark.parametrize(("efron", "ties"), [(True, "efron"), (False, "breslow")])
@pytest.mark.parametrize("guess", [0.0, -0.6, 9.0])
def test_cox_ratios_are_those_of_the_estimator(encoded, efron, ties, guess):
    rows, found, asked, patients = encoded
    tables = tables_of(asked, patients, counted_of(asked, patients))
    steps = np.empty((49, 4), np.int64)
    first, second = asked.compared[0, :2]
    months = event_months(tables.leaving, tables.deaths, tables.size, first, second, steps)
    b, se = cox_ratio(steps[:months], efron, guess)
    fitted = estimator.fit(
        rows.assign(a=(rows["arm"] == "A").astype(float), died=rows["died"].astype(int))[["os_months", "died", "a"]],
        "os_months",
        "died",
        ["a"],
        ties=ties,
    )
    assert b == pytest.approx(math.log(fitted.of("a")["hr"]), abs=1e-6)
    assert se == pytest.approx(fitted.of("a")["standard_error"], rel=1e-5)


def test_follow_up_is_that_of_the_estimator(encoded):
    rows, found, asked, patients = encoded
    tables = tables_of(asked, patients, counted_of(asked, patients))
    g = found.group(found.problem.study.populations["a"].condition, "os")
    part = rows[rows["arm"] == "A"]
    both = part.groupby("os_months")["died"].agg(["min", "max"])
    assert ((both["min"] == 0) & (both["max"] == 1)).sum() > 5  # months of a death and a censoring, where conventions differ
    expected = reverse_kaplan_meier(part["os_months"], part["died"])
    for month in range(49):
        value, greenwood = life_tables.followed(tables.leaving[g], tables.deaths[g], tables.size[g], month)
        assert value == pytest.approx(100 * expected.survival_at(month)), month
        if 0 < value < 100:
            assert life_tables.error_at(value, greenwood) == pytest.approx(100 * expected.standard_error_at(month)), month
        for method, kind in enumerate(("log", "log-log", "plain")):
            limits = [
                life_tables.followed_at(tables.leaving[g], tables.deaths[g], tables.size[g], month, which, method)
                for which in (FOLLOWED_LOWER, FOLLOWED_UPPER)
            ]
            if 0 < value < 100:
                assert limits == pytest.approx([100 * end for end in expected.interval_at(month, kind=kind)]), (month, kind)


def test_a_state_kept_by_moves_is_the_one_made_from_nothing(encoded):
    rows, _, asked, patients = encoded
    annealing.anneal(asked._replace(point_ends=asked.point_ends + [1, 1, 0]), patients, 3, 5_000, 3.0, 1.0)
    again, spent = annealing.anneal(asked._replace(point_ends=asked.point_ends + [1, 1, 0]), patients, 3, 1, 1e-9, 1e-9)
    counted = counted_of(asked, patients)
    tables = tables_of(asked, patients, counted)
    misses = np.zeros(len(again))
    total = total_miss(
        asked._replace(point_ends=asked.point_ends + [1, 1, 0]),
        tables,
        counted.total,
        np.ones(len(asked.groups), bool),
        misses,
        np.zeros((len(asked.compared), 2)),
        np.empty((49, 4), np.int64),
        np.empty(9),
        math.inf,
    )
    assert total == pytest.approx(misses.sum()) and misses.sum() >= again.sum() - 1e-9
    assert counted.total.tolist() == counted.member.sum(axis=1).tolist() and patients.time.min() >= 1


def test_the_same_seed_gives_the_same_state(encoded):
    _, _, asked, patients = encoded
    moved = asked._replace(point_ends=asked.point_ends + [0.5, 0.5, 0])
    found = []
    for _ in range(2):
        state = Patients(*(array.copy() for array in patients))
        misses, spent = annealing.anneal(moved, state, 7, 3_000, 1.0, 0.1)
        found.append((misses.tolist(), spent, state.time.tolist(), state.code.tolist()))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("low", "high", "miss"), [(1.0, 2.0, 0.0), (2.0, 3.0, 0.3 + 1.0), (0.0, 0.5, 0.3 + 2.0), (math.nan, math.nan, 0.0)]
)
def test_a_miss_is_a_step_and_the_distance_in_units(low, high, miss):
    value = 1.5
    assert outside(value, low, high, 0.5, 0.3) == pytest.approx(miss)


def test_an_undefined_number_misses_by_far():
    assert outside(math.nan, 0.0, 1.0, 1.0, 0.3) == UNDEFINED


@pytest.mark.parametrize("figures", [False, True])
def test_schedules_go_by_size(figures):
    assert schedules(499, figures) != schedules(500, figures) == schedules(501, figures)
    assert schedules(499, False) != schedules(499, True)


@pytest.mark.parametrize(("half", "patient", "blend", "expected"), [(0.01, 1.0, 0.5, 0.1), (0.01, 1.0, 0.0, 0.01), (0.01, 1.0, 1.0, 1.0)])
def test_a_unit_lies_between_a_half_width_and_what_one_patient_changes(half, patient, blend, expected):
    assert unit(half, patient, blend) == pytest.approx(expected)


def test_where_no_width_is_printed_one_patient_is_the_unit():
    assert unit(0.0, 0.2, 0.5) == pytest.approx(0.2)


@pytest.mark.parametrize("kind", [OPPOSED, EXCHANGED, SWAPPED])
def test_partners_differ_in_what_a_move_exchanges(encoded, kind):
    _, _, asked, patients = encoded
    event, code = patients.event, patients.code
    for p in range(100):
        q = partner(kind, patients.time, event, code, asked.reach, p)
        if q == p:
            continue
        if kind == OPPOSED:
            assert event[0, p] == event[0, q] and code[0, p] == code[0, q]
        else:
            values = event if kind == EXCHANGED else code
            assert values[0, p] != values[0, q]


@pytest.mark.parametrize(("last", "furthest"), [(6, 6), (40, 6), (400, 60)])
def test_a_time_nearby_is_as_far_as_the_clock_is_fine(last, furthest):
    found = [nearby.py_func(np.array([1, last + 1])) for _ in range(2_000)]
    assert (min(found), max(found)) == (6, furthest)


def test_a_table_written_from_a_step_on_is_the_one_from_the_first(encoded):
    _, _, asked, patients = encoded
    tables = tables_of(asked, patients, counted_of(asked, patients))
    whole = [tables.survival[0].copy(), tables.greenwood[0].copy(), tables.at_risk[0].copy()]
    for first in (0, 1, 20, 48):
        for array in (tables.survival[0], tables.greenwood[0], tables.at_risk[0]):
            array[first:] = -1
        life_tables.write_table(
            tables.leaving[0], tables.deaths[0], tables.size[0], tables.survival[0], tables.greenwood[0], tables.at_risk[0], first
        )
        for array, expected in zip((tables.survival[0], tables.greenwood[0], tables.at_risk[0]), whole):
            assert array == pytest.approx(expected)


@pytest.mark.parametrize("place", [0, 1], ids=["censored", "events"])
def test_a_pull_leads_to_earlier_or_to_later_times(encoded, place):
    rows, _, asked, patients = encoded
    means = []
    for way in (1.0, -1.0):
        pull = asked.pull.copy()
        pull[:, place] = way * np.linspace(0, 8, pull.shape[2])
        state = Patients(*(array.copy() for array in patients))
        misses, _ = annealing.anneal(asked._replace(pull=pull), state, 1, 20_000, 1e-9, 1e-9, True)
        assert misses.sum() == 0, "whatever holds goes on to hold"
        means.append(state.time[0, state.event[0] == place].mean())
    assert means[0] < means[1] - 0.2
    assert np.array_equal(np.bincount(state.code[0]), np.bincount(patients.code[0]))
