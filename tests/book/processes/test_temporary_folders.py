"""Folders of killed processes are removed by the next one; those in use are left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from analysis import paths
from analysis.book.processes import temporary_folders
from tests.book.processes.test_shutdown import wait_for

HOLDING = """
import sys, time
from pathlib import Path
from analysis.book.processes import temporary_folders as scratch

with scratch.folder(Path(sys.argv[1])) as folder:
    (folder / "half.txt").write_text("half")
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path):
    """A process that works in such a folder."""
    running = subprocess.Popen([sys.executable, "-c", HOLDING, str(tmp_path)], cwd=paths.ROOT)
    wait_for(lambda: list(tmp_path.rglob("half.txt")))
    yield running
    running.kill()
    running.wait()


def test_a_folder_is_empty_and_gone_afterwards(tmp_path):
    with temporary_folders.folder(tmp_path) as folder:
        assert list(folder.iterdir()) == []
        (folder / "a.txt").write_text("a")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_folder_of_a_killed_process_is_removed_at_the_next_start(holder, tmp_path):
    (left,) = tmp_path.iterdir()
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert left.is_dir()
    with temporary_folders.folder(tmp_path) as folder:
        assert not left.exists()
        assert folder.is_dir()


def test_what_an_interrupted_removal_left_is_removed_at_the_next_start(tmp_path):
    """Its lock may be gone while rows of patients are still there."""
    left = tmp_path / f"{temporary_folders.PREFIX}x"
    (left / "a").mkdir(parents=True)
    (left / "a" / "own-rows.csv").write_text("patient")
    (tmp_path / f"{temporary_folders.PREFIX}file").write_text("")
    assert temporary_folders.sweep(tmp_path) == [left]
    assert not left.exists() and (tmp_path / f"{temporary_folders.PREFIX}file").exists()


@pytest.mark.slow
def test_the_folder_of_a_process_at_work_stays(holder, tmp_path):
    (held,) = tmp_path.iterdir()
    assert temporary_folders.sweep(tmp_path) == []
    with temporary_folders.folder(tmp_path):
        assert (held / "a" / "half.txt").is_file()


def test_a_folder_of_another_name_is_never_touched(tmp_path):
    (tmp_path / "book-of-a-person").mkdir()
    assert temporary_folders.sweep(tmp_path) == []
    assert (tmp_path / "book-of-a-person").is_dir()


@pytest.mark.parametrize(("age", "stays"), [(temporary_folders.YOUNG - 1, True), (temporary_folders.YOUNG + 1, False)])
def test_a_folder_that_may_just_be_being_made_stays(tmp_path, monkeypatch, age, stays):
    made = tmp_path / f".{temporary_folders.PREFIX}x"
    made.mkdir()
    now = made.stat().st_mtime + age
    monkeypatch.setattr(temporary_folders.time, "time", lambda: now)
    temporary_folders.sweep(tmp_path)
    assert made.is_dir() is stays


@pytest.mark.slow
def test_processes_that_start_together_leave_each_other_alone(tmp_path):
    code = "import sys; from pathlib import Path; from analysis.book.processes import temporary_folders as scratch\nfor k in range(300):\n    with scratch.folder(Path(sys.argv[1])) as folder:\n        (folder / 'x').touch()"
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=paths.ROOT, stderr=subprocess.PIPE) for _ in range(4)]
    assert [one.communicate()[1].decode()[-200:] for one in running] == [""] * 4
    assert list(tmp_path.iterdir()) == []


def test_names_of_sockets_in_such_a_folder_are_short_enough():
    with temporary_folders.folder() as folder:
        assert len(str(folder / "k.json-00000")) < 100
