"""Reconstruction: cohorts of the book's studies, and growth with the number of patients.

Growth is measured on made-up cohorts of 40, 400 and 4,000 patients, published as papers, each size in a process of
its own that is stopped after a limit.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import harness
import numpy as np
import pandas as pd

SIZES = (40, 400, 4_000)
#: Cohorts of one size, of a study one after the other, and of a study by two processes.
SEVERAL, GROUP, MANY, WORKERS = 5, 10, 100, 2
OURS = "this project"


def simulated(size: int) -> pd.DataFrame:
    """Two arms with exponential times in whole months, ended by staggered entry."""
    rng = np.random.default_rng(size)
    arm = np.where(np.arange(size) % 2, "B", "A")
    death = rng.exponential(np.where(arm == "A", 30, 20), size)
    end = rng.uniform(6, 48, size)
    return pd.DataFrame(
        {
            "arm": arm,
            "mark": rng.random(size) < 0.4,
            "os_months": np.maximum(1, np.ceil(np.minimum(death, end))).astype(int),
            "died": death <= end,
        }
    )


def peak() -> float:
    """Largest resident memory of this process, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def grown(size: int, told) -> None:
    """Tell of one size: a proven range, the first cohort, several, memory."""
    sys.path.insert(0, str(harness.ROOT))
    from analysis.cohorts import conditions
    from analysis.reconstruction.problem.problem import read_problem
    from analysis.reconstruction.proofs.bounds import bounds
    from analysis.reconstruction.validation.known import Known
    from analysis.reconstruction.validation.papers import publish
    from analysis.reconstruction.validation.validation import cohorts_of

    with tempfile.TemporaryDirectory() as place:
        problem = read_problem(publish(Known("simulated", "", "", simulated(size), (12, 24)), Path(place) / "known"))
        begun = time.perf_counter()
        bounds(problem, "cohort", conditions.parse("arm=A & mark=1 & died=1"), [row.id for row in problem.imposed])
        told.put(("a proven range", time.perf_counter() - begun, ""))
        begun = time.perf_counter()
        for number, (satisfied, _) in enumerate(cohorts_of(problem, Path(place), SEVERAL, 1), 1):
            if number in (1, SEVERAL):
                told.put(
                    (
                        "the first cohort" if number == 1 else f"{number} cohorts",
                        time.perf_counter() - begun,
                        f"{satisfied} of {len(problem.imposed)} printed numbers, {peak():.0f} MB",
                    )
                )
    told.put(None)


def made(study: str, told) -> None:
    """Tell of a study of the book: its first cohort, and several one after the other."""
    sys.path.insert(0, str(harness.ROOT))
    from analysis.reconstruction.checks.verify import check_tables
    from analysis.reconstruction.cohort import make_cohort
    from analysis.reconstruction.io.saved import as_saved
    from analysis.reconstruction.problem.problem import read_problem
    from analysis.reconstruction.single.beginnings import Beginnings

    problem = read_problem(study)
    begun, known = time.perf_counter(), Beginnings(problem)
    for number in range(1, GROUP + 1):
        report = check_tables(problem, as_saved(problem, make_cohort(problem, number, known=known).tables))
        if number in (1, GROUP):
            told.put(
                (
                    "the first cohort" if number == 1 else f"{number} cohorts",
                    time.perf_counter() - begun,
                    f"{len(report.satisfied)} of {len(report.satisfied) + len(report.missed)} printed numbers, {peak():.0f} MB",
                )
            )
    told.put(None)


def ensemble_of(study: str, told) -> None:
    """Tell of a study's whole ensemble: searched by two processes, checked and saved, in a copy of the study."""
    sys.path.insert(0, str(harness.ROOT))
    from analysis.reconstruction.ensemble import ensemble
    from analysis.reconstruction.run import reconstruct

    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(harness.ROOT / "data" / study, Path(place) / study))
        ensemble.BUILD = Path(place) / "build"  # where finished cohorts wait: none yet
        begun = time.perf_counter()
        reconstruct(folder, cohorts=MANY, workers=WORKERS, progress=lambda line: None)
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
        told.put(
            (
                f"{MANY} cohorts by {WORKERS} processes, checked and saved",
                time.perf_counter() - begun,
                f"{largest:.0f} MB the largest process",
            )
        )
    told.put(None)


def reached(work, what, limit: float) -> list[tuple[str, float, str]]:
    """What a process of its own tells until it ends or the limit has passed."""
    told = multiprocessing.Queue()
    worker = multiprocessing.Process(target=work, args=(what, told))
    worker.start()
    worker.join(limit)
    if worker.is_alive():
        worker.kill()
        worker.join()
    elif worker.exitcode:
        raise SystemExit(f"the measurement of {what} failed")
    found = []
    while not told.empty():
        found.append(told.get())
    if None not in found:
        found.append(("all of it", limit, "not finished within this time"))
    return [line for line in found if line is not None]


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--limit", type=float, default=300, help="seconds for one size or study")
    options.add_argument("--ensemble-limit", type=float, default=1_500, help="seconds for an ensemble; 0: none is made")
    options = options.parse_args()
    limit = options.limit
    least = SIZES[0]
    of_sizes = {size: reached(grown, size, limit) for size in SIZES}
    base = {case: seconds for case, seconds, _ in of_sizes[least]}
    found = [
        harness.Line(
            "reconstruction",
            case,
            str(size),
            OURS,
            f"the same for {least} patients" if case in base else "",
            seconds,
            seconds / base.get(case, seconds),
            note,
        )
        for size, told in of_sizes.items()
        for case, seconds, note in told
    ]
    for study in sorted(file.parent.name for file in harness.ROOT.glob("data/*/reconstruction.yml")):
        told = reached(made, study, 2 * limit) + (reached(ensemble_of, study, options.ensemble_limit) if options.ensemble_limit else [])
        first = told[0][1]
        found += [
            harness.Line("reconstruction", f"{study}: {case}", "", OURS, "the first cohort", seconds, seconds / first, note)
            for case, seconds, note in told
        ]
    harness.write("reconstruction", found, ("ortools", "numba", "numpy"))


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
