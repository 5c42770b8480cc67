"""How reconstruction grows with the number of patients, measured on published-like cohorts of 40, 400 and 4,000.

Run from the repository: ``python tests/benchmarks/reconstruction.py [LIMIT]``; it writes
``reconstruction.txt`` beside itself.  Each size runs in a process of its own, which is
stopped after LIMIT seconds (default 300); what it did not reach is said.
"""

import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

SIZES = (40, 400, 4_000)
COHORTS = 5


def simulated(size):
    """Two arms with exponential times in whole months, ended by staggered entry."""
    rng = np.random.default_rng(size)
    arm = np.where(np.arange(size) % 2, "B", "A")
    death = rng.exponential(np.where(arm == "A", 30, 20), size)
    end = rng.uniform(6, 48, size)
    return pd.DataFrame({"arm": arm, "mark": rng.random(size) < 0.4, "os_months": np.maximum(1, np.ceil(np.minimum(death, end))).astype(int), "died": death <= end})


def measure(size, told):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from analysis.cohorts import conditions
    from analysis.reconstruction.problem import read_problem
    from analysis.reconstruction.proofs.bounds import bounds
    from analysis.reconstruction.trials.known import Known
    from analysis.reconstruction.trials.papers import publish
    from analysis.reconstruction.trials.validation import cohorts_of

    with tempfile.TemporaryDirectory() as place:
        problem = read_problem(publish(Known("simulated", "", "", simulated(size), (12, 24)), Path(place) / "known"))
        begun = time.perf_counter()
        bounds(problem, "cohort", conditions.parse("arm=A & mark=1 & died=1"), [row.id for row in problem.imposed])
        told.put(("a proven range", time.perf_counter() - begun, ""))
        begun = time.perf_counter()
        for number, (satisfied, _) in enumerate(cohorts_of(problem, Path(place), COHORTS, 1), 1):
            if number in (1, COHORTS):
                told.put((f"{number} cohort{'s' if number > 1 else ''}", time.perf_counter() - begun, f"{satisfied} of {len(problem.imposed)} printed numbers"))
    told.put(("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, ""))


def main(limit):
    lines = ["patients  what            seconds  note"]
    for size in SIZES:
        told = multiprocessing.Queue()
        worker = multiprocessing.Process(target=measure, args=(size, told))
        worker.start()
        worker.join(limit)
        if worker.is_alive():
            worker.kill()
            worker.join()
        elif worker.exitcode:
            raise SystemExit(f"the measurement of {size} patients failed")
        reached = []
        while not told.empty():
            what, value, note = told.get()
            reached.append(what)
            lines.append(f"{size:8d}  {what:14s} {'' if what == 'memory' else f'{value:8.1f}'}  {f'{value:.0f} MB at most' if what == 'memory' else note}".rstrip())
        if "memory" not in reached:
            lines.append(f"{size:8d}  not finished within {limit} s")
    text = "\n".join(lines) + "\n"
    Path(__file__).with_suffix(".txt").write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
