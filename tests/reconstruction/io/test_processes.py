"""Jobs in processes of their own."""

import operator
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis import paths
from analysis.reconstruction.io.processes import apart

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

JOBS = [(7, 1), (7, 2), (7, 3)]


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_jobs(workers):
    assert list(apart(operator.sub, JOBS, workers)) == [6, 5, 4]


def test_results_come_as_they_are_done_where_order_does_not_count():
    assert sorted(apart(operator.sub, JOBS, 2, in_order=False)) == [4, 5, 6]


def test_what_comes_one_by_one_leaves_its_process_as_a_list():
    assert list(apart(zip, [([1, 2],), ([3],)], 2))[0] == [(1,), (2,)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failed_job_is_told(workers):
    with pytest.raises(ZeroDivisionError):
        list(apart(operator.floordiv, [(1, 1), (1, 0)], workers))


@pytest.mark.skipif(os.name != "posix", reason="asks for signals of POSIX")
@pytest.mark.parametrize(
    ("tell", "number"),
    [
        pytest.param(os.kill, signal.SIGKILL, id="killed"),
        pytest.param(os.kill, signal.SIGTERM, id="told"),
        pytest.param(os.killpg, signal.SIGINT, id="by_a_terminal"),
        pytest.param(os.kill, signal.SIGINT, id="interrupted", marks=pytest.mark.thorough),
        pytest.param(os.killpg, signal.SIGTERM, id="by_timeout", marks=pytest.mark.thorough),
        pytest.param(os.killpg, signal.SIGKILL, id="killed_with_its_workers", marks=pytest.mark.thorough),
    ],
)
@pytest.mark.parametrize("when", ["at_work", "between"])
def test_workers_of_a_stopped_run_end(number, tell, when, tmp_path):
    """The run is stopped as jobs, long sleeps, are at work: while it waits for them, or while it looks at a result.

    A terminal tells the whole group of Ctrl-C, `timeout` of its signal.
    """
    script = tmp_path / "run.py"
    script.write_text(
        "import os, sys, time\n"
        "from contextlib import closing\n"
        "from analysis.book.processes import shutdown as stopping\n"
        "from analysis.reconstruction.io.processes import apart\n"
        "def job(seconds):\n"
        "    if seconds:\n"
        "        print(os.getpid(), flush=True)\n"
        "    time.sleep(seconds)\n"
        "def main():\n"
        f"    with closing(apart(job, {[(600,), (600,)] if when == 'at_work' else [(0,), (600,)]}, 2, in_order=False)) as results:\n"
        "        for _ in results:\n"
        "            time.sleep(600)\n"
        "if __name__ == '__main__':\n"
        "    sys.exit(stopping.heeding(main))\n"
    )
    begun = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PYTHONPATH": str(paths.ROOT)},
        start_new_session=True,
    )
    worker = int(begun.stdout.readline())
    time.sleep(1)  # until the run looks at the first result, and workers wait for its end
    tell(begun.pid, number)
    assert begun.wait(timeout=600) == (-number if number == signal.SIGKILL else 128 + number)
    for _ in range(6000):
        if not _at_work(worker):
            break
        time.sleep(0.1)
    else:
        pytest.fail("the worker is still at work")


def _at_work(number: int) -> bool:
    """Whether a process is there and has not ended unnoticed."""
    try:
        os.kill(number, 0)
        state = Path(f"/proc/{number}/stat")
        return not state.is_file() or state.read_text().split()[2] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
