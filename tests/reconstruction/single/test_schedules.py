"""Searches that end near are followed by the solver's choice of labels."""

import pytest

from analysis.reconstruction.checks.verify import check_tables
from analysis.reconstruction.io.saved import as_saved
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.single import schedules
from analysis.reconstruction.single.relabelling import out_of_reach, relabel
from analysis.reconstruction.single.search import search
from analysis.reconstruction.solver.timeline import NoSolution
from tests.reconstruction.single.test_relabelling import NEVER, printed, problem_of, truth

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


@pytest.fixture
def known():
    return truth()[0]


@pytest.fixture
def problem(tmp_path):
    return problem_of(tmp_path, printed("mantel-haenszel", 3)[0])


def test_labels_that_give_the_comparisons_leave_times_as_they_are(problem, known):
    start, found = schedules.exact(problem, (known, {}), known, 1)
    columns = list(known)  # the solver shuffles rows
    assert found.hits and sorted(map(str, found.table[columns].values.tolist())) == sorted(map(str, known.values.tolist()))
    assert check_tables(problem, as_saved(problem, start.tables)).missed == ()


def test_labels_that_do_not_exist_are_not_found(tmp_path, known):
    assert schedules.exact(problem_of(tmp_path, NEVER), (known, {}), known, 1) is None


def test_a_search_that_ends_near_is_followed_by_the_solver(problem, known, monkeypatch):
    monkeypatch.setattr(schedules, "NEARLY", schedules.Schedule(1, 1, 1.0, 1.0))  # too short to hit by itself
    alone = search(problem, relabel(problem, (known, {}), known, 1, compared=False), 1, 1)
    assert not alone.hits
    start, found = schedules.match_comparisons(problem, (known, {}), known, 1)
    assert found.hits and start.tables["cohort"].equals(found.table)


def test_where_nothing_hits_the_nearest_is_told(tmp_path, known, monkeypatch):
    monkeypatch.setattr(schedules, "NEARLY", schedules.Schedule(2, 500, 1.0, 0.2))
    start, found = schedules.match_comparisons(problem_of(tmp_path, NEVER), (known, {}), known, 1)
    assert found.miss > 0 and found.moves == 1000
    assert start.tables["cohort"].equals(found.table)


def test_what_counts_beside_the_strata_is_searched_first(tmp_path, known):
    problem = problem_of(tmp_path, NEVER)
    start = relabel(problem, (known, {}), known, 1, compared=False)
    assert search(problem, start, 1, 1, strata_first=True).miss == 0  # nothing is printed of the strata
    assert search(problem, start, 1, 1, strata_first=True, beside=frozenset({"risk"})).miss > 0


def test_a_comparison_out_of_reach_of_labels_is_searched_and_its_labels_are_kept(tmp_path, known):
    problem = problem_of(tmp_path, printed("cox-efron", 3)[0])  # a method that the solver does not know
    assert out_of_reach(problem, (known, {}), known) == {"risk"} and schedules.exact(problem, (known, {}), known, 1) is None
    decided, start, found = schedules.match_beside(problem, (known, {}), known, 1, frozenset({"risk"}))
    assert found.hits and "risk" in decided[0]
    assert check_tables(problem, as_saved(problem, start.tables)).missed == ()
    there, away = schedules.walk_away(problem, decided, start, 1)
    assert away.hits and check_tables(problem, as_saved(problem, there.tables)).missed == ()


def test_without_a_comparison_out_of_reach_nothing_is_searched(problem, known):
    decided, _, found = schedules.match_beside(problem, (known, {}), known, 1, frozenset())
    assert found.hits and found.moves < schedules.BESIDE.moves and list(decided[0]) == list(known)


def test_what_is_out_of_reach_for_good_is_left_as_near_as_it_came(tmp_path, known, monkeypatch):
    monkeypatch.setattr(schedules, "BESIDE", schedules.Schedule(2, 500, 0.5, 0.1))
    decided, _, found = schedules.match_beside(problem_of(tmp_path, NEVER), (known, {}), known, 1, frozenset({"risk"}))
    assert found.miss > 0 and found.moves == 1000 and "risk" not in decided[0]


def test_a_walk_leads_to_other_times_that_give_every_comparison(problem, known):
    timed = known, {}
    start, _ = schedules.exact(problem, timed, known, 1)
    there, found = schedules.walk_away(problem, timed, start, 1)
    assert found.hits and (there.tables["cohort"]["os_months"] != known["os_months"]).mean() > 0.3
    assert check_tables(problem, as_saved(problem, there.tables)).missed == ()


def test_a_walk_that_only_leads_astray_is_said_to_do_so(problem, known, monkeypatch):
    monkeypatch.setattr(schedules, "FAR", 10_000)
    monkeypatch.setattr(schedules, "ARRIVAL", 10_000)
    timed = known, {}
    start, _ = schedules.exact(problem, timed, known, 1)
    ledger = problem.study.folder / "printed.csv"
    ledger.write_text(ledger.read_text() + NEVER.replace("risk.p", "risk.never"))
    with pytest.raises(NoSolution):
        schedules.walk_away(read_problem(problem.study.folder), timed, start, 1)
