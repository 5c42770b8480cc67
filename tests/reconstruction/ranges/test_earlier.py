"""Cohorts of an earlier ensemble of the same ledger join where they lie further out."""

import json

import pytest

from analysis.cohorts.ensemble import read_ensemble
from analysis.errors import InputError
from analysis.reconstruction.checks.verify import verify
from analysis.reconstruction.problem.aims import read_aims
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.ranges.earlier import adopt
from analysis.reconstruction.ranges.record import ENDS, find, read_saved
from tests.reconstruction.ranges.conftest import quiet

#: One worker makes the cohorts and searches once.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


@pytest.fixture
def folders(asked, searched):
    """The study with its own three cohorts, and a copy with directed ones beside them."""
    assert len(read_ensemble(read_problem(searched).study)) > 3
    return asked, searched


def ends_of(folder):
    problem = read_problem(folder)
    members = read_ensemble(problem.study)
    return {
        (aim.id, name): (max if up else min)(aim.value(problem.study, tables) for tables in members)
        for aim in read_aims(problem.study)
        for name, up in ENDS.items()
    }


def test_ends_found_before_are_kept_and_searched_on_from(folders):
    folder, known = folders
    far = ends_of(known)
    told = []
    joined = adopt(folder, known, told.append)
    companion = json.loads((folder / "cohort.json").read_text())
    assert joined == len(told) == len(companion["directed"]) == len(read_ensemble(read_problem(folder).study)) - 3 > 0
    assert ends_of(folder) == pytest.approx(far)
    find(folder, 2, 1, quiet, 1)
    assert verify(folder).ok
    for entry in read_saved(read_problem(folder))[0]["ranges"]:
        assert (
            entry["least"]["value"] <= far[entry["id"], "least"] + 1e-6
            and entry["greatest"]["value"] >= far[entry["id"], "greatest"] - 1e-6
        )


def test_who_lies_no_further_out_stays_away(folders):
    folder, known = folders
    before = (known / "cohort.json").read_bytes()
    assert adopt(known, folder, quiet) == 0
    assert (known / "cohort.json").read_bytes() == before


def test_a_cohort_that_breaks_a_rule_or_misses_a_number_does_not_join(folders, monkeypatch):
    folder, known = folders
    problem = read_problem(known)
    spoilt = [
        {name: table.assign(response="unclear") if name == "cohort" else table for name, table in tables.items()}
        for tables in read_ensemble(problem.study)
    ]
    monkeypatch.setattr(
        "analysis.reconstruction.ranges.earlier.read_ensemble", lambda study: spoilt if study.folder == known else read_ensemble(study)
    )
    assert adopt(folder, known, quiet) == 0


@pytest.mark.parametrize("which", [0, 1])
def test_cohorts_of_another_ledger_are_refused(folders, which):
    ledger = folders[which] / "printed.csv"
    ledger.write_text(ledger.read_text().replace("fever=1,count,,6", "fever=1,count,,7"))
    with pytest.raises(InputError, match="ledger_digest"):
        adopt(*folders, quiet)
