"""Notebooks and kernels forked from one warm process: the same results, and nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

from analysis.publishing import errand, nursery, tending
from tests.publishing.conftest import HEADER
from tests.publishing.test_stopping import at_work, wait_for

pytestmark = pytest.mark.skipif(not tending.available(), reason="processes cannot be forked here")

TELLING = (
    HEADER
    + """
# What a page can tell of its process

```{code-cell} ipython3
import os, sys
from pathlib import Path

import matplotlib

Path("_build", f"seen-{os.environ.get('WHO', 'nobody')}.txt").write_text(f"{os.getppid()} {os.getpid()} {os.getsid(0) == os.getpid()}")
print(sys.argv[0].rsplit("/", 1)[-1], sys.flags.hash_randomization, os.environ["OMP_NUM_THREADS"], matplotlib.get_backend(), __name__, sys.path[:2] == ["", ""], hash("word"))
```
"""
)
SLEEPING = TELLING + """
```{code-cell} ipython3
import time

time.sleep(600)
```
"""


@pytest.fixture
def tended(project, monkeypatch):
    """The small repository with a nursery; runs its jobs by it or without."""
    project.write("notebooks/demo/second.md", TELLING)
    (project.root / "_build").mkdir()
    monkeypatch.chdir(project.root)
    monkeypatch.setattr(tending.paths, "ROOT", project.root)
    environment = {"PATH": os.environ["PATH"], "HOME": str(project.root.parent)}
    with tending.tended(environment) as warm:
        project.warm = warm.environment
        project.nursery = warm
        for name in warm.environment:
            monkeypatch.setenv(name, warm.environment[name])
        errand.knock()
        warm.look()
        yield project


def notebook(project, **environment):
    done = project.python("-m", "analysis.publishing.errand", "notebook", "notebooks/demo/second", **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return project.read("_build/executed/notebooks/demo/second.ipynb"), done


def sleeping(project) -> subprocess.Popen:
    """A job whose kernel is at work and will be for long."""
    project.write("notebooks/demo/second.md", SLEEPING)
    job = subprocess.Popen(
        [sys.executable, "-m", "analysis.publishing.errand", "notebook", "notebooks/demo/second"], cwd=project.root, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"PATH": os.environ["PATH"], "WHO": "forked"} | project.warm,
    )  # fmt: skip
    wait_for((project.root / "_build" / "seen-forked.txt").is_file)
    return job


def test_a_forked_kernel_gives_what_a_stock_one_gives(tended):
    stock, _ = notebook(tended, WHO="stock")
    forked, done = notebook(tended, WHO="forked", **tended.warm)
    assert forked == stock and "recording_kernel.py" in forked
    parents = [int(tended.read(f"_build/seen-{who}.txt").split()[0]) for who in ("stock", "forked")]
    assert parents[0] != parents[1] and "executing" in done.stdout
    # a session of its own: who ends the kernel ends what it started
    assert tended.read("_build/seen-forked.txt").endswith("True")


def test_each_notebook_has_a_process_of_its_own(tended):
    seen = set()
    for _ in range(2):
        notebook(tended, WHO="forked", **tended.warm)
        seen.add(tended.read("_build/seen-forked.txt"))
    assert len(seen) == 2


def test_a_failing_notebook_fails_as_without_a_nursery(tended):
    tended.write("notebooks/demo/second.md", TELLING.replace("import matplotlib", "1 / 0"))
    ways = [tended.python("-m", "analysis.publishing.errand", "notebook", "notebooks/demo/second", **more) for more in ({}, tended.warm)]
    assert [done.returncode for done in ways] == [1, 1] and ways[0].stderr == ways[1].stderr
    assert "ZeroDivisionError" in ways[1].stderr


def test_without_a_nursery_a_job_is_done_here(project):
    project.write("notebooks/demo/second.md", TELLING)
    (project.root / "_build").mkdir()
    text, _ = notebook(project, ANALYSIS_NURSERY=str(project.root / "nowhere"))
    assert "recording_kernel.py" in text


def test_a_nursery_that_cannot_start_hands_its_jobs_back(tended):
    tended.nursery.close()
    text, _ = notebook(tended, **tended.warm)
    assert "recording_kernel.py" in text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_job_takes_its_kernel_along(tended, number):
    job = sleeping(tended)
    kernel = [int(word) for word in tended.read("_build/seen-forked.txt").split()[:2]]
    job.send_signal(number)
    status = job.wait(60)
    assert status == (128 + signal.SIGTERM if number == signal.SIGTERM else -signal.SIGKILL)
    wait_for(lambda: not set(kernel) & set(at_work(tended.root)))


def test_closing_the_nursery_ends_all_that_it_forked(tended):
    job = sleeping(tended)
    tended.nursery.close()
    assert job.wait(60) != 0
    wait_for(lambda: not set(at_work(tended.root)) - {os.getpid()})


def test_what_waits_for_an_idle_moment_is_done_once_before_the_end(tmp_path):
    done = []
    lifeline, held = os.pipe()

    def idle():
        done.append("sources read")
        os.close(held)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "n"))
        listener.listen()
        nursery.serve(listener, lifeline, idle)
    os.close(lifeline)
    assert done == ["sources read"]


def test_a_person_can_have_every_kernel_started_anew(monkeypatch):
    monkeypatch.setenv(tending.STOCK, "1")
    with tending.tended({}) as none:
        assert none.environment == {}
