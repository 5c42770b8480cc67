"""Stopped or killed builds: no process stays, nothing is half-written, and the next run does only what is missing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import yaml

from analysis import paths
from tests.book.conftest import HEADER

SLOW = (
    HEADER
    + """
# A page that takes its time

```{code-cell} ipython3
:tags: [parameters]

study = "made_up"
level = 0.95
```

```{code-cell} ipython3
import time
from analysis import paths  # and not, as pages do: from analysis.pages.page import GeneralPage

with (paths.ROOT / "_build" / "journal.txt").open("a") as journal:
    print(f"{level:.2f}", file=journal, flush=True)
    first = journal.tell() == 5
time.sleep(600 if (paths.ROOT / "slow").exists() and not first else 0)
```
"""
)
LEVELS = [0.9, 0.95, 0.99]


def started(project, *arguments: str) -> subprocess.Popen:
    """A command in a process group of its own; its messages go to files."""
    with (project.root / "out.txt").open("w") as out, (project.root / "err.txt").open("w") as err:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=project.root,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env={"PATH": os.environ["PATH"], "HOME": str(project.root.parent)},
            start_new_session=True,
        )


LIMIT = 1200.0
"""Seconds after which something never comes; a machine at work on other things needs minutes for what takes seconds."""


def wait_for(what, running: subprocess.Popen | None = None) -> None:
    """Wait until something is the case; fail at once if the process that was to bring it about has ended."""
    deadline = time.monotonic() + LIMIT
    while not what():
        ended = running is not None and running.poll() is not None
        assert not ended or what(), f"the process ended with status {running.returncode} before that"
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.1)


def at_work(root: Path) -> list[int]:
    """Processes that work in a repository, whoever their parent is."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()).is_relative_to(root):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def journal(project) -> list[str]:
    file = project.root / "_build" / "journal.txt"
    return file.read_text().split() if file.exists() else []


def finished_scenarios(folder: Path) -> dict[str, int]:
    """Receipts of scenarios, each with its time."""
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.glob("receipts/notebook/**/*.json")}


@pytest.fixture(autouse=True)
def nothing_left(tmp_path):
    """A test that fails ends what it started, too."""
    yield
    for number in at_work(tmp_path):
        os.kill(number, signal.SIGKILL)


@pytest.fixture
def study(project, study_folder):
    """The small repository with the whole package, one study, and one notebook that writes down each execution."""
    shutil.copytree(paths.ROOT / "analysis", project.root / "analysis", ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    shutil.copytree(study_folder, project.root / "data" / "made_up")
    project.write("_toc.yml", "format: jb-book\nroot: book/index\n")
    project.write("notebooks/slow.md", SLOW)
    content = {"title": "Slow", "notebooks": ["notebooks/slow.md"], "grid": {"level": LEVELS}, "statistics": ["survival"]}
    project.write("trial.yml", yaml.safe_dump(content))
    return project


def test_a_sweep_that_is_stopped_or_killed_leaves_nothing_running_and_goes_on_with_what_is_missing(study):
    folder = study.root / "_build" / "editions" / "trial"
    study.write("slow", "")
    running = started(study, "analysis", "sweep", "trial.yml")
    wait_for(lambda: len(finished_scenarios(folder)) == 1 and len(journal(study)) > 1, running)
    os.kill(running.pid, signal.SIGTERM)
    assert running.wait(LIMIT) == 128 + signal.SIGTERM
    wait_for(lambda: at_work(study.root) == [])  # the fork server sees that the build is gone
    assert (
        study.read("err.txt").replace("\r", "\n").splitlines()[-1]
        == "stopped by SIGTERM; finished work is kept, and the same command resumes"
    )
    first = finished_scenarios(folder)
    assert len(first) == 1
    assert list(folder.rglob(".*.part")) == []
    assert not (folder / "html").exists()

    before = len(journal(study))
    running = started(study, "analysis", "sweep", "trial.yml")
    wait_for(lambda: len(journal(study)) > before, running)
    second = study.python("-m", "analysis", "sweep", "trial.yml")
    assert second.returncode == 1 and "running already" in second.stderr
    os.kill(running.pid, signal.SIGKILL)
    running.wait(LIMIT)
    wait_for(lambda: at_work(study.root) == [])  # all that it started sees that it is gone
    assert finished_scenarios(folder) == first

    (study.root / "slow").unlink()
    before = len(journal(study))
    running = started(study, "analysis", "sweep", "trial.yml")
    assert running.wait(LIMIT) == 0, study.read("err.txt")
    assert len(journal(study)) - before == 2
    last = finished_scenarios(folder)
    assert len(last) == len(LEVELS)
    assert {name: last[name] for name in first} == first
    assert "3 of 3 scenarios are finished" in (folder / "html" / "index.html").read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.thorough)])
def test_a_build_that_is_stopped_leaves_nothing_running_and_nothing_half_written(project, number):
    mark = project.root / "mark"
    project.write(
        "analysis/estimators/demonstration.py", f"from pathlib import Path\nimport time\nPath({str(mark)!r}).touch()\ntime.sleep(600)\n"
    )
    running = started(project, "analysis", "book")
    wait_for(mark.exists, running)
    os.kill(running.pid, number)
    assert running.wait(LIMIT) == 128 + number
    wait_for(lambda: at_work(project.root) == [])  # the fork server sees that the build is gone
    told = [line for line in project.read("err.txt").splitlines() if line.strip()]
    assert told == [f"stopped by {'Ctrl-C' if number == signal.SIGINT else 'SIGTERM'}; finished work is kept, and the same command resumes"]
    assert list((project.root / "_build").rglob(".*.part")) == []
    assert not (project.root / "_build" / "html").exists()
    assert not (project.root / "_build" / "executed" / "notebooks" / "demo" / "second.ipynb").exists()


def test_a_build_ends_with_the_make_that_runs_it_even_if_that_is_killed(project):
    mark = project.root / "mark"
    project.write(
        "analysis/estimators/demonstration.py", f"from pathlib import Path\nimport time\nPath({str(mark)!r}).touch()\ntime.sleep(600)\n"
    )
    shutil.copy(paths.ROOT / "Makefile", project.root)
    with (project.root / "err.txt").open("w") as err:
        make = subprocess.Popen(
            ["make", "--old-file", "setup", "book", f"RUN={sys.executable}"], cwd=project.root, stdin=subprocess.DEVNULL, stdout=err, stderr=err,
            env={"PATH": os.environ["PATH"], "HOME": str(project.root.parent)}, start_new_session=True,
        )  # fmt: skip
    wait_for(mark.exists, make)
    make.kill()
    make.wait()
    wait_for(lambda: at_work(project.root) == [])
    assert "stopped by SIGTERM; finished work is kept" in project.read("err.txt")


def test_tests_end_with_the_make_that_runs_them_and_so_does_what_they_started(project):
    """Two workers of pytest, each in a test that waits for a program of its own, in a session of its own."""
    marks = [project.root / name for name in ("first", "second")]
    for mark in marks:
        program = f"from pathlib import Path; import time; Path({str(mark)!r}).touch(); time.sleep(600)"
        project.write(
            f"tests/test_{mark.name}.py",
            f"import subprocess, sys\n\ndef test_waits():\n    subprocess.run([sys.executable, '-c', {program!r}], start_new_session=True)\n",
        )
    for name in ("Makefile", "tests/stoppable.py"):
        shutil.copy(paths.ROOT / name, project.root / name)
    with (project.root / "err.txt").open("w") as err:
        make = subprocess.Popen(
            ["make", "--old-file", "setup", "test", f"RUN={sys.executable}", "PYTEST_ARGS=-n 2"], cwd=project.root, stdin=subprocess.DEVNULL, stdout=err, stderr=err,
            env={"PATH": os.environ["PATH"], "HOME": str(project.root.parent)}, start_new_session=True,
        )  # fmt: skip
    wait_for(lambda: all(mark.exists() for mark in marks), make)
    make.kill()
    make.wait()
    wait_for(lambda: at_work(project.root) == [])
    assert "stopped by SIGTERM" in project.read("err.txt")


@pytest.mark.slow
@pytest.mark.parametrize("problem, said", [("from_stop", "stopped by SIGTERM"), ("of_its_own", "SystemError")])
def test_a_request_that_compiled_code_wraps_is_still_told_in_one_line(problem, said):
    code = (
        "import signal, sys\n"
        "from analysis.book.processes.shutdown import Stopped, heeding\n"
        "def from_stop():\n"
        "    try:\n"
        "        signal.raise_signal(signal.SIGTERM)\n"
        "    except Stopped as stopped:\n"
        "        raise SystemError('returned a result with an exception set') from stopped\n"
        "def of_its_own():\n"
        "    raise SystemError('something else')\n"
        f"sys.exit(heeding({problem}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=paths.ROOT)
    assert said in done.stderr
    assert (done.returncode, "Traceback" in done.stderr) == ((143, False) if problem == "from_stop" else (1, True))
