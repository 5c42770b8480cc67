"""A sweep against the same notebooks executed by papermill in a loop, on the same cores in one run.

The sweep is timed with its book and its comparing page, which the loop does not make; a sweep of a quarter of the
scenarios tells whether the cost is linear. Peak memory is that of the largest process of a sweep.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import harness

sys.path.insert(0, str(harness.ROOT))

import jupytext
import papermill
import yaml

from analysis import paths
from analysis.book.editions import sweeps

NAME = "benchmark-of-sweeps"
LOOP, SWEEP = "papermill in a loop", "this project, a sweep with its book"
PACKAGES = ("papermill", "snakemake", "ipykernel", "jupyter-book")


def declared(folder: Path, count: int) -> Path:
    """A sweep over so many confidence levels."""
    levels = [round(0.5 + 0.499 * number / count, 6) for number in range(count)]
    file = folder / f"{NAME}.yml"
    file.write_text(
        yaml.safe_dump(
            {
                "title": "Benchmark",
                "notebooks": ["notebooks/general/comparison.md"],
                "parameters": {"grouping": "arm"},
                "grid": {"level": levels},
                "statistics": ["survival"],
            }
        )
    )
    return file


def in_a_loop(file: Path) -> float:
    """Seconds of papermill's own execution, kernel by kernel."""
    start = time.perf_counter()
    for number, page in enumerate(sweeps.read(file).pages):
        notebook = jupytext.read(page.source, fmt="md:myst")
        papermill.execute_notebook(
            notebook,
            str(file.with_name(f"{number}.ipynb")),
            parameters=dict(page.values),
            kernel_name="python3",
            cwd=paths.ROOT,
            progress_bar=False,
        )
    return time.perf_counter() - start


def swept(file: Path) -> float:
    """Seconds of a sweep that starts from nothing."""
    shutil.rmtree(paths.ROOT / "_build" / "editions" / NAME, ignore_errors=True)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "analysis", "sweep", str(file)], cwd=paths.ROOT, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    shutil.rmtree(paths.ROOT / "_build" / "editions" / NAME, ignore_errors=True)
    return seconds


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scenarios", type=int, default=100)
    count = options.parse_args().scenarios
    with tempfile.TemporaryDirectory() as folder:
        quarter = swept(declared(Path(folder), max(count // 4, 1)))
        file = declared(Path(folder), count)
        seconds = {SWEEP: swept(file)}
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
        seconds[LOOP] = in_a_loop(file)
    found = harness.lines("sweep", "scenarios", count, seconds, LOOP, {SWEEP: f"largest process {peak:.0f} MB"})
    found.append(
        harness.Line(
            "sweep", "a quarter of the scenarios", str(max(count // 4, 1)), SWEEP, f"{SWEEP}, all", quarter, quarter / seconds[SWEEP]
        )
    )
    harness.write("sweep", found, PACKAGES)


if __name__ == "__main__":
    main()
