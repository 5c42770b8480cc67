"""A row that the search does not steer is approached by walks, and what is found holds all else."""

import json

import pytest

from analysis.cohorts.ensemble import read_ensemble
from analysis.ledger.recompute import CohortValues
from analysis.reconstruction.ends.climbing import climb
from analysis.reconstruction.nearing import Nearness, approach
from analysis.reconstruction.problem import read_problem
from analysis.reconstruction.run import reconstruct
from analysis.reconstruction.verify import check_tables

#: Each saved cohort begins a line of walks of its own.
STARTS = [0, 1, 2]
#: Of a model with two covariates, which no search steers; the three cohorts made have P below 0.1.
ROW = 'cox.p,Text,arm beside sex,all,,cox_p,"endpoint=os; covariates=arm=A,sex=F; term=arm=A",0.62,imposed,,,\n'


@pytest.fixture
def unsteered(saved):
    """Saved cohorts, and a ledger that prints one number more."""
    with (saved / "printed.csv").open("a", encoding="utf-8") as ledger:
        ledger.write(ROW)
    return saved


def test_nearness_counts_units_of_the_last_printed_digit(unsteered):
    problem = read_problem(unsteered)
    near = Nearness(problem.ledger["cox.p"])
    member = read_ensemble(problem.study)[0]
    nearest = max(CohortValues(problem.study, member).of(problem.ledger["cox.p"]).values())
    assert near.value(problem.study, member) == pytest.approx(-(0.62 - nearest) * 100, rel=1e-6)


def test_walks_reach_a_row_and_keep_the_others(unsteered):
    problem = read_problem(unsteered)
    members = list(read_ensemble(problem.study))
    missed = frozenset({"cox.p"})
    assert all(set(check_tables(problem, tables).missed) == missed for tables in members)
    position, tables = approach(problem, "cox.p", members, STARTS, missed, 7)
    report = check_tables(problem, tables)
    assert report.missed == () and report.broken == () and 0 <= position < len(members)
    beyond = climb(problem, Nearness(problem.ledger["cox.p"]), True, [tables], [0.0], [0], missed, 5)
    assert (beyond.value, beyond.walks) == (0.0, 0), "who is there walks no further"


def test_what_cannot_be_reached_is_said_to_be_so(unsteered):
    ledger = unsteered / "printed.csv"
    ledger.write_text(ledger.read_text().replace(ROW, ROW.replace("0.62", "0.00000001")))
    problem = read_problem(unsteered)
    assert approach(problem, "cox.p", list(read_ensemble(problem.study)), STARTS, frozenset({"cox.p"}), 5) is None


def test_a_cohort_that_reaches_a_row_joins_the_ensemble_as_its_reference(unsteered, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.reconstruction.ensemble.BUILD", tmp_path / "elsewhere")
    said = []
    reconstruct(unsteered, cohorts=3, seed=5, progress=said.append)
    companion = json.loads((unsteered / "cohort.json").read_text())
    assert "towards cox.p: reached" in said
    assert companion["towards"] == {"cox.p": 4} and companion["members"] == 4 and companion["made"] == 3
    assert companion["missed"] == [] and companion["members_missing_row"] == {"cox.p": 3}
    reconstruct(unsteered, cohorts=1, seed=5, progress=said.append)
    assert json.loads((unsteered / "cohort.json").read_text())["missed"] == ["cox.p"], "a single cohort is what its seed gives"
