"""Numbers that cannot hold together are named, all of them and no other."""

import itertools

import pytest

from analysis.errors import InputError
from analysis.reconstruction.constraints.minimal_sets import Undecided, minimal
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.proofs.conflicts import check_counts, counts_judge, times_judge


@pytest.mark.parametrize("core", [{"b"}, {"a", "e"}, {"b", "c", "f"}])
def test_the_minimal_set_is_found(core):
    assert set(minimal("abcdef", lambda ids: not core <= set(ids))) == core


def test_of_two_cores_one_is_found_and_it_is_minimal():
    cores = [{"a", "d"}, {"b", "e"}]
    found = set(minimal("abcdef", lambda ids: not any(core <= set(ids) for core in cores)))
    assert found in cores


def test_what_can_hold_has_no_conflict():
    assert minimal("abc", lambda ids: True) is None


def test_without_a_verdict_nothing_is_claimed():
    with pytest.raises(Undecided):
        minimal("abc", lambda ids: None if len(ids) < 3 else False)


def contradictory(folder, before, after):
    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace(before, after))
    return read_problem(folder)


def test_contradictory_counts_are_named(folder):
    problem = contradictory(
        folder, "young.f,Text,young women,all,age<40 & sex=F,count,,2", "young.f,Text,young women,all,age<40 & sex=F,count,,6"
    )
    with pytest.raises(InputError) as caught:
        check_counts(problem)
    assert "sex.f, young.f" in str(caught.value)


def test_every_proper_subset_of_the_named_rows_can_hold(folder):
    problem = contradictory(
        folder, "resp.a,Text,responses in A,a,response=good,count,,4", "resp.a,Text,responses in A,a,response=good,count,,8"
    )
    judge = counts_judge(problem, "cohort")
    ids = [row.id for row in problem.imposed if problem.table(row) == "cohort"]
    found = minimal(ids, judge)
    assert set(found) == {"n.a", "resp.a"}
    assert judge(found) is False
    assert all(judge(some) for length in range(len(found)) for some in itertools.combinations(found, length))


def test_sound_counts_pass(toy):
    check_counts(toy)


def test_curves_that_no_times_give_are_a_conflict(folder):
    problem = contradictory(
        folder, "survival in A,a,,survival,endpoint=os; time=12,85.71%", "survival in A,a,,survival,endpoint=os; time=12,0%"
    )
    assert times_judge(problem)(["n.all", "n.a", "os.all.12", "os.all.12.se", "os.a.12"]) is False
    assert times_judge(problem)(["n.all", "n.a", "os.all.12", "os.all.12.se"]) is True
