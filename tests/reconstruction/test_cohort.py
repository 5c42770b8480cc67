"""A small paper, from its printed numbers to a cohort that gives them back."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from analysis import paths
from analysis.cohorts.ensemble import read_ensemble
from analysis.reconstruction.cohort import make_cohort
from analysis.reconstruction.problem import read_problem
from analysis.reconstruction.run import read_tables, reconstruct
from analysis.reconstruction.verify import check_tables, verify


@pytest.fixture(scope="module")
def made(tmp_path_factory, write_study):
    """A folder with saved cohorts, and the build folder they came from; made once."""
    place = tmp_path_factory.mktemp("made")
    folder = write_study(place / "toy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.reconstruction.ensemble.BUILD", place / "build")
        reconstruct(folder, cohorts=3, seed=5, progress=lambda line: None)
    return place


@pytest.fixture
def saved(made, tmp_path, monkeypatch):
    place = shutil.copytree(made, tmp_path / "copy")
    monkeypatch.setattr("analysis.reconstruction.ensemble.BUILD", place / "build")
    return place / "toy"


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
    monkeypatch.setattr("analysis.reconstruction.ensemble.BUILD", tmp_path / "elsewhere")
    reconstruct(folder, cohorts=3, seed=5, progress=lambda line: None)
    assert (folder / "cohort.csv").read_bytes() == first


def test_the_same_seed_gives_the_same_bytes(saved, tmp_path, monkeypatch):
    folder = saved
    names = ("cohort.csv", "visits.csv", "cohort.json", "ensemble_cohort.csv.gz")
    first = [(folder / name).read_bytes() for name in names]
    monkeypatch.setattr("analysis.reconstruction.ensemble.BUILD", tmp_path / "elsewhere")
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
    monkeypatch.setattr("analysis.reconstruction.ensemble.BUILD", tmp_path / "elsewhere")
    reconstruct(folder, cohorts=1, seed=6, progress=lambda line: None)
    assert read_tables(read_problem(folder), folder)["cohort"].equals(member)


def test_an_interrupted_run_goes_on(saved):
    folder = saved
    lines = []
    reconstruct(folder, cohorts=4, seed=5, progress=lines.append)
    assert lines[0] == "3 of 4 cohorts there"
    assert lines[1].startswith("cohort 8 (1 of 1 to make)")


def test_child_rows_follow_the_parent(saved, toy):
    folder = saved
    tables = read_tables(toy, folder)
    numbers = tables["visits"].groupby("patient").size()
    assert (numbers.reindex(tables["cohort"]["patient"]).to_numpy() == tables["cohort"]["visits"].to_numpy()).all()


@pytest.mark.skipif(os.name != "posix", reason="asks for signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_workers_of_a_stopped_run_end(number, tmp_path):
    """The run is stopped as its first batch, a long sleep, is at work."""
    script = tmp_path / "run.py"
    script.write_text(
        "import os, time\n"
        "from pathlib import Path\n"
        "from analysis.reconstruction import run\n"
        "def batch(study, folder, seeds):\n"
        "    print(os.getpid(), flush=True)\n"
        "    time.sleep(600)\n"
        "run._whole_batch = batch\n"
        "if __name__ == '__main__':\n"
        "    run._make('none', Path(__file__).parent, range(1, 3), 2, lambda line: None)\n"
    )
    begun = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ | {"PYTHONPATH": str(paths.ROOT)})
    worker = int(begun.stdout.readline())
    begun.send_signal(number)
    begun.wait(timeout=30)
    for _ in range(300):
        try:
            os.kill(worker, 0)
            if Path(f"/proc/{worker}/stat").is_file() and Path(f"/proc/{worker}/stat").read_text().split()[2] == "Z":
                break  # ended; nobody has asked how
        except (ProcessLookupError, FileNotFoundError):
            break
        time.sleep(0.1)
    else:
        pytest.fail("the worker is still at work")
