"""Entry point: from a study's ledger to its saved cohorts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Callable

import pandas as pd

from analysis.cohorts.reading import read_table
from analysis.reconstruction import files, stamp
from analysis.reconstruction.problem import Problem, read_problem
from analysis.reconstruction.start import Start, make_start
from analysis.reconstruction.timeline import NoSolution
from analysis.reconstruction.verify import Report, check_tables

#: Seeds tried for one cohort before giving up.
ATTEMPTS = 40


def reconstruct(study: str | Path, cohorts: int = 1, seed: int = 1, workers: int = 1, progress: Callable[[str], None] | None = None) -> str:
    """Search for cohorts and save them beside the ledger.

    Parameters
    ----------
    study : str or Path
        Slug or folder.
    cohorts : int
    seed : int
        The same seed gives the same bytes.
    workers : int
        Processes.
    progress : callable of str, optional
        Told one line at a time; the standard error by default.

    Returns
    -------
    str
        What was saved, what it satisfies and what it misses.

    Raises
    ------
    InputError
        Faulty study, ledger or assumptions.
    NoSolution
        If no seed led to a cohort.
    """
    say = progress or (lambda line: print(line, file=sys.stderr, flush=True))
    problem = read_problem(study)
    start, used = first_start(problem, seed, say)
    folder = problem.study.folder
    files.write_tables(problem.study, start.tables, folder)
    report = check_tables(problem, read_tables(problem, folder))
    files.write_json(folder / "cohort.json", companion(problem, report, used))
    return report.text


def first_start(problem: Problem, seed: int, say: Callable[[str], None]) -> tuple[Start, int]:
    """The first seed from `seed` on that leads through all stages."""
    for attempt in range(ATTEMPTS):
        try:
            start = make_start(problem, seed + attempt)
        except NoSolution as failure:
            say(f"seed {seed + attempt}: {failure}")
            continue
        say(f"seed {seed + attempt}: a cohort")
        return start, seed + attempt
    raise NoSolution("all stages", proven=False)


def read_tables(problem: Problem, folder: Path) -> dict[str, pd.DataFrame]:
    """Saved tables of a cohort, as the study declares them."""
    return {name: read_table(problem.study, name, folder / table.file) for name, table in problem.study.tables.items()}


def companion(problem: Problem, report: Report, seed: int) -> dict:
    """What stands beside a cohort: its stamp, what it satisfies and what it misses."""
    return {
        "synthetic": "a reconstruction that satisfies printed numbers, not the original patients",
        "study": problem.study.slug,
        "ledger_digest": stamp.digest(problem),
        "seed": seed,
        "imposed": len(report.satisfied) + len(report.missed),
        "satisfied": len(report.satisfied),
        "missed": list(report.missed),
        "set_aside": dict(problem.assumptions.set_aside),
        "broken_rules": list(report.broken),
    }
