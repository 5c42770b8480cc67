"""What a notebook costs beside its own cells: forked from the build's nursery, by the same job started anew, by papermill.

The page is the published one with the least to compute, so that start, imports and shutdown are nearly all of it. The
nursery's own start, once a build, is a line of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import harness

sys.path.insert(0, str(harness.ROOT))

import jupytext
import papermill

from analysis import paths
from analysis.publishing import build, errand, tending

PAGE = "notebooks/nopho_rd/data"
PACKAGES = ("papermill", "ipykernel", "jupyter-client", "nbclient")
THEIRS = "papermill, a stock kernel"


def by_papermill() -> None:
    """Papermill's own execution, in a process that has imported it already."""
    notebook = jupytext.read(paths.ROOT / f"{PAGE}.md", fmt="md:myst")
    papermill.execute_notebook(notebook, None, kernel_name="python3", cwd=paths.ROOT, progress_bar=False)


def by_job(**more: str):
    """The job of the build graph, as Snakemake calls it."""
    environment = {name: value for name, value in build.snakemake_environment().items() if name != errand.ADDRESS} | more
    return lambda: subprocess.run([sys.executable, "-m", errand.__name__, "notebook", PAGE], cwd=paths.ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Measure and write."""
    with tending.tended(build.snakemake_environment()) as warm:
        start = time.perf_counter()
        os.environ |= warm.environment
        errand.knock()
        warm.look()
        by_job(**warm.environment)()
        first = time.perf_counter() - start
        seconds = harness.interleaved({THEIRS: by_papermill, "this project, started anew": by_job(), "this project, forked": by_job(**warm.environment)}, rounds=5)
    seconds["this project, the nursery's start and the first notebook"] = first
    harness.write("kernels", harness.lines("kernels", "start-up", "", seconds, THEIRS), PACKAGES)


if __name__ == "__main__":
    main()
