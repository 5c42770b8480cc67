"""A small paper, from its printed numbers to a cohort that gives them back."""

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.cohorts.ensemble import read_ensemble
from analysis.cohorts.study import read_study
from analysis.ledger.rows.printed import parse
from analysis.ledger.rows.reading import read_ledger
from analysis.ledger.verdicts.audit import audit
from analysis.reconstruction.checks.verify import check_tables, verify
from analysis.reconstruction.cohort import make_cohort
from analysis.reconstruction.io.saved import read_tables
from analysis.reconstruction.problem.accepted import accepts
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.run import reconstruct

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

AML = Path(__file__).parent.parent / "examples" / "aml"


def test_every_imposed_row_comes_back(saved, toy):
    folder = saved
    report = check_tables(toy, read_tables(toy, folder))
    assert report.missed == ()
    assert report.broken == ()
    assert len(report.satisfied) == sum(row.role == "imposed" for row in toy.ledger)


def test_the_saved_cohort_verifies(saved):
    folder = saved
    assert verify(folder).ok


def test_a_changed_ledger_makes_the_cohort_stale(saved):
    folder = saved
    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace("fever=1,count,,6", "fever=1,count,,7"))
    report = verify(folder)
    assert report.stale and "fever.n" in report.unlisted
    assert not report.ok


@pytest.mark.parametrize("slug", ["dac_clag", "nopho_rd"])
def test_the_check_of_a_cohort_misses_what_the_audit_misses(slug):
    """They once rounded halves differently: 79 % of a cohort's 78.48 was satisfied here and not reached there."""
    problem = read_problem(slug)
    tables = read_tables(problem, problem.study.folder)
    judged = audit(problem.study, problem.ledger, [tables]).judgements
    missed = {found.row.id for found in judged if found.verdict == "not reached" and found.row.role == "imposed" and not found.row.copy_of}
    assert set(check_tables(problem, tables).missed) & {found.row.id for found in judged if found.evidence == "cohort"} == missed


@pytest.mark.parametrize(("programs", "even"), [("", True), ("programs: {prism: half-even}", True), ("programs: {prism: half-up}", False)])
def test_a_search_accepts_what_its_paper_rounds_so(tmp_path, programs, even):
    """Prism shows 0.06449 as 0.0645: to even that is printed as 0.064, halves up as 0.065."""
    for path in AML.iterdir():
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "study.yml").write_text((tmp_path / "study.yml").read_text() + f"{programs}\n")
    row = read_ledger(read_study(tmp_path))["res.p"]
    assert accepts(parse("0.064"), 0.06451, row.rules) is even
    assert accepts(parse("0.065"), 0.06451, row.rules)
    assert not accepts(parse("0.064"), 0.06456, row.rules)  # shown as 0.0646
    assert accepts(parse("0.065"), 0.06449, row.rules) is (not even or not programs)


def test_a_changed_cohort_is_noticed(saved):
    folder = saved
    table = pd.read_csv(folder / "cohort.csv", comment="#")
    row = table.index[table["arm"] == "B"][0]
    table.loc[row, "response"] = "unclear"
    table.to_csv(folder / "cohort.csv", index=False)
    assert any("response!=unclear" in sentence for sentence in verify(folder).broken)


def test_held_out_rows_have_no_say(saved, tmp_path, monkeypatch):
    folder = saved
    first = (folder / "cohort.csv").read_bytes()
    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace("response=good,count,,1,held-out", "response=good,count,,4,held-out"))
    monkeypatch.setattr("analysis.reconstruction.ensemble.ensemble.BUILD", tmp_path / "elsewhere")
    reconstruct(folder, cohorts=3, seed=5, progress=lambda line: None)
    assert (folder / "cohort.csv").read_bytes() == first


def test_the_same_seed_gives_the_same_bytes(saved, tmp_path, monkeypatch):
    folder = saved
    names = ("cohort.csv", "visits.csv", "cohort.json", "ensemble_cohort.csv.gz")
    first = [(folder / name).read_bytes() for name in names]
    monkeypatch.setattr("analysis.reconstruction.ensemble.ensemble.BUILD", tmp_path / "elsewhere")
    reconstruct(folder, cohorts=3, seed=5, progress=lambda line: None)
    assert [(folder / name).read_bytes() for name in names] == first


def test_another_seed_gives_another_cohort(toy):
    tables = [make_cohort(toy, seed).tables["cohort"] for seed in (1, 2)]
    assert not tables[0].equals(tables[1])


def test_each_member_comes_again_from_its_own_seed(saved, tmp_path, monkeypatch):
    folder = saved
    seeds = json.loads((folder / "cohort.json").read_text())["seeds"]
    assert seeds == [5, 6, 7]
    member = read_ensemble(read_problem(folder).study)[1]["cohort"]
    monkeypatch.setattr("analysis.reconstruction.ensemble.ensemble.BUILD", tmp_path / "elsewhere")
    reconstruct(folder, cohorts=1, seed=6, progress=lambda line: None)
    assert read_tables(read_problem(folder), folder)["cohort"].equals(member)


def test_an_interrupted_run_goes_on(saved):
    folder = saved
    lines = []
    reconstruct(folder, cohorts=4, seed=5, progress=lines.append)
    assert "3 of 4 cohorts there" in lines
    assert [line for line in lines if line.startswith("cohort ")][0].startswith("cohort 8 (1 of 1 to make)")


def test_child_rows_follow_the_parent(saved, toy):
    folder = saved
    tables = read_tables(toy, folder)
    numbers = tables["visits"].groupby("patient").size()
    assert (numbers.reindex(tables["cohort"]["patient"]).to_numpy() == tables["cohort"]["visits"].to_numpy()).all()
