"""Notebooks and kernels forked from one warm process: the same results, and nothing left behind."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys

import pytest

from analysis.book.execution import kernel_provisioner
from analysis.book.jobs import fork_server, preloaded
from tests.book.conftest import HEADER
from tests.book.processes.test_shutdown import at_work, wait_for

pytestmark = pytest.mark.skipif(not fork_server.available(), reason="processes cannot be forked here")

TELLING = (
    HEADER
    + """
# What a page can tell of its process

```{code-cell} ipython3
import multiprocessing, os, sys
from pathlib import Path

import matplotlib

Path("_build", f"seen-{os.environ.get('WHO', 'nobody')}.txt").write_text(f"{os.getppid()} {os.getpid()} {os.getsid(0) == os.getpid()}")
print(sys.argv[0].rsplit("/", 1)[-1], sys.flags.hash_randomization, os.environ["OMP_NUM_THREADS"], matplotlib.get_backend(), __name__, sys.path, hash("word"))
print(multiprocessing.get_start_method(allow_none=True), sorted(name for name in os.environ if name not in ("WHO", "JPY_PARENT_PID", "ANALYSIS_STOCK_KERNELS")), sys.stdin.read())
```
"""
)
SLEEPING = (
    TELLING
    + """
```{code-cell} ipython3
import subprocess, time

subprocess.Popen(["sleep", "600"])
time.sleep(600)
```
"""
)
BUILD = """
import sys
from analysis.book.jobs import fork_server, run_jobs as jobs; from analysis.book.dependencies import fingerprints as staleness; from analysis.book.processes import shutdown as stopping

def main():
    needed = [job for job in staleness.notebooks_to_execute() if job.name.endswith("second")]
    return len(jobs.carry_out(needed, fork_server.Processes(jobs.environment())))

sys.exit(stopping.heeding(main))
"""


@pytest.fixture
def telling(project):
    """The small repository, with a page that tells of its process."""
    project.write("notebooks/demo/second.md", TELLING)
    (project.root / "_build").mkdir()
    return project


def executed(project, **environment: str):
    done = project.python("-c", BUILD, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return project.read("_build/executed/notebooks/demo/second.ipynb"), done


def seen(project, who: str) -> list[str]:
    return project.read(f"_build/seen-{who}.txt").split()


def sleeping(project) -> tuple[subprocess.Popen, int, int]:
    """A build whose kernel is at work and will be for long; the processes of job and kernel."""
    project.write("notebooks/demo/second.md", SLEEPING)
    environment = {"PATH": os.environ["PATH"], "WHO": "forked"}
    build = subprocess.Popen(
        [sys.executable, "-c", BUILD],
        cwd=project.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    wait_for((project.root / "_build" / "seen-forked.txt").is_file)
    wait_for(lambda: len(seen(project, "forked")) == 3)
    server, kernel, _ = seen(project, "forked")
    children = subprocess.run(["pgrep", "-P", server], capture_output=True, text=True, check=True).stdout.split()
    (job,) = set(children) - {kernel}
    return build, int(job), int(kernel)


def test_a_forked_kernel_gives_what_a_stock_one_gives(telling):
    stock, _ = executed(telling, WHO="stock", **{fork_server.STOCK: "1"})
    (telling.root / "_build" / "receipts" / "notebook" / "notebooks" / "demo" / "second.json").unlink()
    forked, done = executed(telling, WHO="forked")
    assert forked == stock and "recording_kernel.py" in forked
    assert seen(telling, "stock")[0] != seen(telling, "forked")[0] and "executing" in done.stdout
    # a session of its own: who ends the kernel ends what it started
    assert seen(telling, "forked")[2] == seen(telling, "stock")[2] == "True"


def test_each_notebook_has_a_process_of_its_own(telling):
    telling.write("notebooks/demo/third.md", TELLING.replace("'nobody'", "'nobody'") + "\nThird.\n")
    telling.write("_toc.yml", telling.read("_toc.yml") + "  - file: notebooks/demo/third\n")
    telling.write("notebooks/demo/third.md", telling.read("notebooks/demo/third.md").replace("seen-{", "seen-third-{"))
    done = telling.python("-c", BUILD.replace('if job.name.endswith("second")', 'if "first" not in job.name'), WHO="forked")
    assert done.returncode == 0, done.stdout + done.stderr
    one, other = seen(telling, "forked"), seen(telling, "third-forked")
    assert one[0] == other[0] and one[1] != other[1]


@pytest.mark.thorough
def test_a_failing_notebook_fails_as_with_a_stock_kernel(telling):
    telling.write("notebooks/demo/second.md", TELLING.replace("import matplotlib", "1 / 0"))
    ways = [telling.job("book"), telling.python("-m", "analysis", "book", **{fork_server.STOCK: "1"})]
    assert [done.returncode for done in ways] == [1, 1] and ways[0].stderr == ways[1].stderr
    assert "ZeroDivisionError" in ways[1].stderr


def test_without_a_fork_server_processes_are_started_anew(telling):
    """As where its imports leave threads behind, which a fork would lose."""
    telling.write(
        "analysis/estimators/demonstration.py",
        "import threading, time\nthreading.Thread(target=time.sleep, args=[60], daemon=True).start()\n",
    )
    telling.write("analysis/pages/synthesis/reconstruction_evidence.py", "import analysis.estimators.demonstration\n")
    text, done = executed(telling, WHO="stock")
    assert "recording_kernel.py" in text
    assert "imports have started 1 thread(s)" in done.stderr and "processes are started anew, not forked" in done.stderr


@pytest.mark.parametrize(
    "number", [*(pytest.param(one, marks=pytest.mark.thorough) for one in (signal.SIGINT, signal.SIGTERM)), signal.SIGKILL]
)
def test_a_stopped_build_takes_job_and_kernel_along(telling, number):
    build, _, _ = sleeping(telling)
    build.send_signal(number)
    assert build.wait(240) == (-number if number == signal.SIGKILL else 128 + number)
    wait_for(lambda: not at_work(telling.root))


def test_a_killed_kernel_fails_its_page_by_name(telling):
    build, _, kernel = sleeping(telling)
    os.kill(kernel, signal.SIGKILL)
    assert build.wait(240) == 1
    (message,) = (telling.root / "_build" / "failures").iterdir()
    assert message.name == "notebook.notebooks.demo.second.txt" and "notebooks/demo/second.md failed in" in message.read_text()


def test_a_killed_job_fails_its_page_by_name_and_takes_its_kernel_along(telling):
    build, job, kernel = sleeping(telling)
    os.kill(job, signal.SIGKILL)
    assert build.wait(240) == 1
    wait_for(lambda: kernel not in at_work(telling.root))
    (message,) = (telling.root / "_build" / "failures").iterdir()
    assert message.read_text() == "notebook notebooks/demo/second: its process ended with signal 9 before it was done"
    wait_for(lambda: not at_work(telling.root))


def test_a_kernel_that_has_ended_is_seen_and_not_signalled():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    kernel = kernel_provisioner.ForkedKernel(child.pid)
    assert kernel.poll() is None
    with pytest.raises(TimeoutError, match="still running"):
        kernel.wait(0.05)
    child.communicate(b"\n")
    assert kernel.poll() == kernel.wait() == 1
    kernel.kill()
    assert kernel_provisioner.ForkedKernel(child.pid).poll() == 1  # nobody has that number any more


def test_what_is_imported_ahead_exists():
    for name in (*preloaded.MODULES, preloaded.__name__):
        importlib.import_module(name)
