"""From digitised files to saved cohorts and their verification."""

import json

import pytest

from analysis.reconstruction.checks.verify import verify
from analysis.reconstruction.run import reconstruct
from tests.reconstruction.digitised_study import declare

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


@pytest.fixture
def saved(folder, tmp_path, monkeypatch):
    """Cohorts of the small paper with the curve of one arm."""
    monkeypatch.setattr("analysis.reconstruction.ensemble.ensemble.BUILD", tmp_path / "build")
    declare(folder, "time,survival\n0,100\n6,99.2\n12,85.2\n", "time,at_risk\n0,7\n6,7\n", {"tolerance": 2})
    reconstruct(folder, cohorts=2, seed=5, progress=lambda line: None)
    return folder


def test_the_stamp_and_the_verification_tell_how_much_of_the_figure_holds(saved):
    report = verify(saved)
    stamp = json.loads((saved / "cohort.json").read_text())
    assert report.ok and report.misses == set()
    assert (stamp["digitised"], stamp["digitised_missed"]) == (5, [])
    assert "5 of 5 digitised points and numbers at risk hold" in report.text


def test_what_a_changed_cohort_no_longer_gives_is_listed(saved):
    path = saved / "cohort.csv"
    head, rows = path.read_text().split("\n", 2)[:2], path.read_text().split("\n", 2)[2]
    column = head[1].split(",").index("os_months")
    lines = [line.split(",") for line in rows.splitlines()]
    next(line for line in lines if line[head[1].split(",").index("arm")] == "A")[column] = "2"
    path.write_text("\n".join([*head, *(",".join(line) for line in lines)]) + "\n")
    report = verify(saved)
    assert "Fig. 1, os of arm=A: 7 at risk at 6" in report.unlisted
    assert not report.ok


def test_a_changed_file_makes_the_cohort_stale(saved):
    path = saved / "a.csv"
    path.write_text(path.read_text().replace("99.2", "99.1"))
    assert verify(saved).stale
