"""What makes a saved cohort sound: each fault alone is told, and is enough to refuse it."""

import json

import pytest

from analysis import cli, paths
from analysis.book.jobs import verification
from analysis.ledger.statistics.registry import Range
from analysis.reconstruction.checks import verify
from analysis.reconstruction.checks.verify import Report, comes_back
from analysis.reconstruction.io.stamp import digest
from analysis.reconstruction.problem.problem import read_problem

SOUND = Report(satisfied=("a",), missed=("b",), held_out={"c": False}, broken=())


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"stale": True}, "stale: the ledger or the assumptions have changed"),
        ({"broken": ("arm=B, yet unclear",)}, "broken: arm=B, yet unclear"),
        ({"unlisted": ("b",)}, "not listed in the stamp: b"),
    ],
)
def test_each_fault_alone_makes_a_cohort_unsound(fault, told):
    assert SOUND.ok and told not in SOUND.text
    report = Report(**{**vars(SOUND), **fault})
    assert not report.ok and told in report.text


@pytest.fixture
def stamped(folder, monkeypatch):
    """Stamp a cohort that misses nothing with a digest, and have it verified; the tables themselves are not looked at."""
    monkeypatch.setattr(verify, "read_tables", lambda problem, folder: {})
    monkeypatch.setattr(verify, "check_tables", lambda problem, tables: SOUND)
    monkeypatch.setattr(paths, "BUILD", folder.parent / "_build")

    def stamp(of):
        (folder / "cohort.json").write_text(json.dumps({"ledger_digest": of, "missed": ["b"]}))
        return str(folder)

    return stamp


def test_a_cohort_of_another_ledger_is_stale_and_refused_by_command_and_build(stamped, folder, capsys):
    for of, status in ((digest(read_problem(folder)), 0), ("of another ledger", 1)):
        slug = stamped(of)
        assert verify.verify(slug).stale is bool(status)
        assert cli.main(["verify", slug]) == status
        assert ("stale" in capsys.readouterr().out) is bool(status)
        assert ("run `make cohorts` to search again" in verification.verify_cohorts(slug)) is bool(status)


@pytest.mark.parametrize("missed", [[], ["b"]])
def test_a_miss_that_its_stamp_does_not_list_is_no_sound_cohort(stamped, folder, missed):
    slug = stamped(digest(read_problem(folder)))
    (folder / "cohort.json").write_text(json.dumps({"ledger_digest": digest(read_problem(folder)), "missed": missed}))
    assert verify.verify(slug).ok is bool(missed)


@pytest.mark.parametrize(("low", "high", "back"), [(42.85, 42.94, True), (42.84, 42.94, False), (42.86, 42.96, False)])
def test_a_row_comes_back_only_if_both_ends_of_its_range_give_the_printed_digits(toy, low, high, back):
    row = next(row for row in toy.ledger if row.id == "sex.f.a")  # 42.9%
    assert comes_back(row, {"": Range(low, high)}) is back


def test_a_missed_number_is_told_as_printed_and_as_reached(saved):
    path = saved / "printed.csv"
    text = path.read_text()
    assert "sex=F,count,,5,imposed" in text
    path.write_text(text.replace("sex=F,count,,5,imposed", "sex=F,count,,4,imposed"))
    problem = read_problem(saved)
    report = verify.check_tables(problem, verify.read_tables(problem, saved))
    assert report.missed == ("sex.f",)
    assert "missed: sex.f (printed 4, reached 5)" in report.text


def test_a_missed_number_that_is_not_defined_is_told_as_such(toy):
    assert verify._describe_reached(toy.ledger["sex.f"], {"count": float("nan")}) == "printed 5, reached nothing that is defined"
