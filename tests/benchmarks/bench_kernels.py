"""What a notebook costs beside its own cells: forked from the build's fork server, by the same job started anew, by papermill.

The page is the published one with the least to compute, so that start, imports and shutdown are nearly all of it. The
fork server's own start, once a build, is a line of its own.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import harness

sys.path.insert(0, str(harness.ROOT))

import jupytext
import papermill

from analysis import paths
from analysis.book.jobs import fork_server, run_jobs

PAGE = "notebooks/nopho_rd/data"
PACKAGES = ("papermill", "ipykernel", "jupyter-client", "nbclient")
THEIRS = "papermill, a stock kernel"


def by_papermill() -> None:
    """Papermill's own execution, in a process that has imported it already."""
    notebook = jupytext.read(paths.ROOT / f"{PAGE}.md", fmt="md:myst")
    papermill.execute_notebook(notebook, None, kernel_name="python3", cwd=paths.ROOT, progress_bar=False)


def by_job(processes: fork_server.Processes):
    """The job of a build."""

    def run() -> None:
        process = processes.start(["notebook", PAGE])
        process.join()
        if process.exitcode:
            raise SystemExit(f"{PAGE} failed")

    return run


def main() -> None:
    """Measure and write."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        start = time.perf_counter()
        forked = by_job(fork_server.Processes(run_jobs.environment(), log))
        forked()
        first = time.perf_counter() - start
        anew = by_job(fork_server.Processes(run_jobs.environment() | {fork_server.STOCK: "1"}, log))
        seconds = harness.interleaved({THEIRS: by_papermill, "this project, started anew": anew, "this project, forked": forked}, rounds=5)
    seconds["this project, the fork server's start and the first notebook"] = first
    harness.write("kernels", harness.lines("kernels", "start-up", "", seconds, THEIRS), PACKAGES)


if __name__ == "__main__":
    main()
