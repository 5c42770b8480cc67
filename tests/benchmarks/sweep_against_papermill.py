"""How long a sweep takes against the same notebooks executed by papermill in a loop, in one run.

``python tests/benchmarks/sweep_against_papermill.py [scenarios]``; prints seconds and their ratio.  Not collected by pytest.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import jupytext
import papermill
import yaml

from analysis import paths
from analysis.publishing import sweeps

NAME = "benchmark-of-sweeps"


def main(count: int = 100) -> None:
    shutil.rmtree(paths.ROOT / "_build" / "editions" / NAME, ignore_errors=True)
    levels = [round(0.5 + 0.499 * number / count, 6) for number in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{NAME}.yml"
        file.write_text(yaml.safe_dump({"title": "Benchmark", "notebooks": ["notebooks/general/comparison.md"], "parameters": {"grouping": "arm"},
                                        "grid": {"level": levels}, "statistics": ["survival"]}))
        pages = sweeps.read(file).pages
        start = time.perf_counter()
        for number, page in enumerate(pages):
            notebook = jupytext.read(page.source, fmt="md:myst")
            papermill.execute_notebook(notebook, str(Path(folder) / f"{number}.ipynb"), parameters=dict(page.values), kernel_name="python3", cwd=paths.ROOT, progress_bar=False)
        loop = time.perf_counter() - start
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "analysis", "sweep", str(file)], cwd=paths.ROOT, check=True)
        swept = time.perf_counter() - start
    shutil.rmtree(paths.ROOT / "_build" / "editions" / NAME, ignore_errors=True)
    print(f"{count} scenarios: papermill in a loop {loop:.1f} s, sweep with its book {swept:.1f} s, ratio {loop / swept:.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
