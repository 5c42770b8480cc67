"""Digitised curves: what their points and numbers at risk say, and that no true cohort is excluded."""

import shutil

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import paths
from analysis.errors import InputError
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.reconstruction.checks.digitised_checks import read_off
from analysis.reconstruction.io.stamp import digest
from analysis.reconstruction.kernels import misses, tallies
from analysis.reconstruction.problem.digitised import AT_RISK, Digitised, DigitisedCurve
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.proofs.lines import of_figures
from analysis.reconstruction.run import reconstruct
from analysis.reconstruction.solver import digitised_rows
from analysis.reconstruction.validation import papers
from analysis.reconstruction.validation.digitised import digitise
from analysis.reconstruction.validation.known import Known

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


def curve(points, at_risk=(), **more):
    declared = Digitised(endpoint="os", curve="a.csv", unit="percent", source="Fig. 1", why="read by hand", **more)
    return DigitisedCurve(declared, tuple(points), tuple(at_risk))


def test_a_point_bounds_the_months_before_and_after_it():
    read = [(0, 100), (4.5, 80), (8, 50)]
    assert curve(read, tolerance=1).bands == {0: (99, 100), 4: (79, 81), 8: (49, 51)}
    assert curve(read, tolerance=1, drawn_from="exact times").bands == {0: (99, 100), 4: (79, 100), 5: (49, 81), 8: (49, 51)}
    assert curve(read, tolerance=1, time_tolerance=0.6).bands[3] == (79, 100)


def test_between_the_points_the_curve_only_falls():
    assert curve([(0, 100), (8, 50)], tolerance=1).band(5) == (49, 100)


def test_numbers_at_risk_count_those_whose_time_is_not_over():
    assert curve([(0, 100)], [(0, 9), (6, 4)]).remaining == ((0, 9, 9), (6, 4, 4))
    # who left in the month that ends at 6 was observed until 6 at most
    assert curve([(0, 100)], [(0, 9), (6, 4)], drawn_from="exact times").remaining == ((0, 9, 9), (6, 4, None), (7, 0, 4))


cohorts = st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=2, max_size=40)


@settings(max_examples=20, deadline=None)
@given(cohorts, st.integers(1, 7), st.integers(0, 100))
def test_the_true_cohort_satisfies_every_statement(tmp_path_factory, rows, every, seed):

    frame = pd.DataFrame(rows, columns=["os_months", "died"]).assign(arm="A", mark=False)
    problem = published(tmp_path_factory.mktemp("known") / "known", frame, 1.5, every, seed)
    assert all(read_off(problem, {"cohort": frame}).values())
    for line in of_figures(problem, "cohort"):
        assert sum(weight * condition.mask(frame).sum() for condition, weight in line.terms) <= line.most
    (read,) = problem.digitised
    truth = kaplan_meier(frame["os_months"], frame["died"])
    for month in range(22):
        low, high = read.at_risk_range(month, len(frame))
        at_risk = int((frame["os_months"] >= month).sum())
        assert low <= at_risk <= high
        tied = int((frame["died"] & (frame["os_months"] == month)).sum())
        assert (at_risk, tied) in set(digitised_rows.possible(read, month, len(frame)))
        band = read.band(month)
        assert band[0] - 1e-9 <= 100 * truth.survival_at(month) <= band[1] + 1e-9


def published(folder, frame, tolerance, every, seed):

    one = Known("known", "made up", "", pd.concat([frame, frame.assign(arm="B")], ignore_index=True), ())
    papers.publish(one, folder)
    path = folder / "reconstruction.yml"
    declared = yaml.safe_load(path.read_text()) | {"digitised": digitise(frame, folder, tolerance, every, seed)}
    path.write_text(yaml.safe_dump(declared))
    return read_problem(folder)


def test_the_digest_sees_what_the_files_hold(tmp_path):

    frame = pd.DataFrame({"os_months": [3, 5, 9], "died": [True, False, True], "arm": "A", "mark": False})
    problem = published(tmp_path / "known", frame, 1.0, 3, 1)
    path = tmp_path / "known" / "figure_a.csv"
    path.write_text("# a remark\n" + path.read_text())
    assert digest(read_problem(tmp_path / "known")) == digest(problem)
    path.write_text(path.read_text().replace("4,6", "4,65.9\n4.5,6"))
    assert digest(read_problem(tmp_path / "known")) != digest(problem)


def test_a_miss_is_told_in_words(tmp_path):

    frame = pd.DataFrame({"os_months": [3, 5, 9], "died": [True, False, True], "arm": "A", "mark": False})
    problem = published(tmp_path / "known", frame, 1.0, 3, 1)
    found = read_off(problem, {"cohort": frame.assign(os_months=[3, 6, 9])})
    assert [words for words, held in found.items() if not held] == ["figure, os of arm=A: 1 at risk at 6"]


@pytest.mark.parametrize(("ends", "fits"), [((2.0, 2.0), True), ((3.0, np.inf), False)])
def test_the_search_counts_numbers_at_risk(ends, fits):
    leaving = np.array([[0, 1, 2, 2]])
    assert tallies.at_risk(leaving[0], 5, 3) == 2
    rows = np.array([[0, 3, AT_RISK]]), np.array([ends])
    spans = np.zeros((0, 2), np.int64), np.zeros((0, 2))
    wrong = misses.misfits(
        leaving, leaving, np.array([5]), np.ones(1, bool), *rows, *spans, np.zeros(1, bool), np.ones(1, bool), np.zeros(1), 9
    )
    assert (wrong == 0) == fits


def test_a_point_before_the_first_month_is_named_with_the_remedy(tmp_path):
    folder = shutil.copytree(paths.ROOT / "tests" / "examples" / "curve_between_months", tmp_path / "curve")
    with pytest.raises(InputError) as refusal:
        reconstruct(folder, cohorts=1, seed=1, progress=lambda line: None)
    (fault,) = refusal.value.faults
    assert fault.file.endswith("curve.csv") and fault.place == "row 3, column survival" and fault.found == "90 at 0.3"
    assert "(or a time_tolerance of 0.7)" in fault.expected
    path = folder / "reconstruction.yml"
    path.write_text(path.read_text() + "    time_tolerance: 0.7\n")
    assert "6 of 6 digitised" in reconstruct(folder, cohorts=1, seed=1, progress=lambda line: None)


def test_the_upper_end_of_a_vertical_step_bounds_only_what_comes_before():
    read = [(0, 100), (4, 100), (4, 80), (8, 80), (8, 50)]
    assert curve(read, tolerance=1).bands == {0: (99, 100), 3: (99, 100), 4: (79, 81), 7: (79, 81), 8: (49, 51)}
    assert curve(read, tolerance=1).reaches == ((0, 0), (3, 4), (4, 4), (7, 8), (8, 8))


def test_numbers_at_risk_between_months_and_without_a_first_one():
    assert curve([(0, 100)], [(2.5, 9)]).remaining == ((3, 9, 9),)
    assert curve([(0, 100)], [(2.5, 9)], drawn_from="exact times").remaining == ((3, 9, None), (4, 0, 9))
    assert curve([(0, 100), (4.5, 50)], [(2.5, 9)], complete=True).remaining == ((3, 9, 9), (4, 1, None), (6, 0, 0))


def test_after_a_complete_curve_nobody_has_an_event():
    assert curve([(0, 100), (4.5, 50)], tolerance=1, complete=True).bands[5] == (49, 51)
    assert curve([(0, 100), (4.5, 50)], tolerance=1).band(5) == (0, 51)


def test_of_the_last_points_within_the_error_of_a_time_the_lowest_is_the_end():
    found = curve([(0, 100), (9.9, 0), (10.1, 50)], tolerance=1, time_tolerance=0.1, complete=True)
    assert found.bands[11] == (0, 1) and (9, 1, None) not in found.remaining
    assert curve([(0, 100), (9.7, 0), (10.1, 50)], tolerance=1, time_tolerance=0.1, complete=True).lowest == 50


def test_in_steps_of_a_month_everything_is_counted_in_steps():
    fine = curve([(0, 100), (4.5, 50)], [(0, 9), (2.5, 8)], tolerance=1, time_tolerance=0.1, complete=True).in_steps(10)
    assert fine.reaches == ((0, 1), (44, 46)) and fine.remaining == ((0, 9, 9), (25, 8, 8), (44, 1, None), (51, 0, 0)) and fine.end == 50
    assert fine.in_steps(10) is fine


def test_marks_of_censoring_ask_for_rows_alone_and_together():
    read = [(0, 100), (9, 50)]
    marked = DigitisedCurve(curve(read, time_tolerance=0.5).declared, tuple(read), (), (2.0, 3.0, 7.0))
    assert marked.censored == ((1, 4, 2), (6, 8, 1), (1, 3, 1), (2, 4, 1))
