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
from analysis.reconstruction.processes import apart

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
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_workers_of_a_stopped_run_end(number, tmp_path):
    """The run is stopped as its first job, a long sleep, is at work."""
    script = tmp_path / "run.py"
    script.write_text(
        "import os, time\n"
        "from analysis.reconstruction.processes import apart\n"
        "def job(number):\n"
        "    print(os.getpid(), flush=True)\n"
        "    time.sleep(600)\n"
        "if __name__ == '__main__':\n"
        "    list(apart(job, [(1,), (2,)], 2))\n"
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
