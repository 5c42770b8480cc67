"""Entry point: from a study's ledger to its saved cohorts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain, groupby
from pathlib import Path

from analysis.errors import Fault, InputError
from analysis.reconstruction.checks.verify import Report, check_tables
from analysis.reconstruction.cohort import make_cohort
from analysis.reconstruction.ensemble import ensemble
from analysis.reconstruction.ensemble.central import find_central
from analysis.reconstruction.ensemble.members import Member, companion, usual_misses
from analysis.reconstruction.io import files, stamp
from analysis.reconstruction.io.processes import apart
from analysis.reconstruction.io.saved import read_tables
from analysis.reconstruction.large.reach import check_reach, large, unheard
from analysis.reconstruction.problem.problem import Problem, read_problem
from analysis.reconstruction.proofs.conflicts import check_counts
from analysis.reconstruction.proofs.contradictions import check_numbers
from analysis.reconstruction.single.beginnings import Beginnings, group
from analysis.reconstruction.solver.timeline import NoSolution


def reconstruct(
    study: str | Path, cohorts: int = 100, seed: int = 1, workers: int = 1, progress: Callable[[str], None] | None = None
) -> str:
    """Search for cohorts and save them beside the ledger.

    Finished cohorts wait in the build folder: an interrupted run goes on where it stopped.
    The ensemble keeps the members that miss nothing but what most of them miss: a row that the
    search does not steer may be reproduced in a few by luck.  The reference cohort is their
    medoid (`central`), whatever it gives for any printed number.

    Parameters
    ----------
    study : str or Path
        Slug or folder.
    cohorts : int
    seed : int
        The same seed gives the same bytes, whatever the number of workers.
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
        Faulty study, ledger or assumptions; counts that contradict each other; or if no seed led to a cohort.
    """
    say = progress or (lambda line: print(line, file=sys.stderr, flush=True))
    problem = read_problem(study)
    say(f"{problem.study.label}: {len(problem.imposed)} printed numbers are imposed; are they compatible?")
    check_reach(problem)
    for sentence in unheard(problem):
        say(sentence)
    if not problem.assumptions.linked:  # whose stages prove infeasible counts themselves
        check_numbers(problem, say)
        if not large(problem):
            check_counts(problem, say)
    folder = ensemble.workshop(problem.study, stamp.digest(problem))
    _make(study, folder, range(seed, seed + cohorts), workers, say)
    places = [folder / str(number) for number in range(seed, seed + cohorts) if _done(folder / str(number))]
    if not places:
        raise InputError(_none_found(problem, cohorts))
    say(f"checking {len(places)} cohorts")
    reports = apart(_check, [(study, place) for place in places], workers)
    return _save(problem, [_finish(problem, place, report) for place, report in zip(places, reports)], seed)


def _make(study, folder: Path, seeds: range, workers: int, say: Callable[[str], None]) -> None:
    """Make the cohorts that are not there yet."""
    missing = [seed for seed in seeds if not (folder / str(seed) / "done.json").is_file()]
    say(f"{len(seeds) - len(missing)} of {len(seeds)} cohorts there")
    if missing:
        say(f"searching for the other {len(missing)}; the first takes longest, as code is compiled")
    groups = [list(batch) for _, batch in groupby(missing, group)]
    alone = workers == 1 or len(groups) < 2  # here, where what happens can be told as it happens
    batches = [(study, folder, batch, say if alone else None) for batch in groups]
    with closing(apart(_batch, batches, workers, in_order=False)) as finished:
        for made, (seed, line) in enumerate(chain.from_iterable(finished), 1):
            say(f"cohort {seed} ({made} of {len(missing)} to make): {line}")


def _batch(study, folder: Path, seeds: list[int], say: Callable[[str], None] | None) -> Iterator[tuple[int, str]]:
    """Make the cohorts that begin together, one after another."""
    problem = read_problem(study)
    known = Beginnings(problem, group(seeds[0]))
    for seed in seeds:
        yield seed, _one(problem, known, folder, seed, say)


def _one(problem: Problem, known: Beginnings, folder: Path, seed: int, say: Callable[[str], None] | None) -> str:
    """Make one cohort and keep it; the file that says "done" comes last."""
    place = folder / str(seed)
    lines: list[str] = []

    def tell(line: str) -> None:
        lines.append(line)
        if say:
            say(f"  {line}")

    try:
        cohort = make_cohort(problem, seed, tell, known)
    except NoSolution as failure:
        files.write_json(place / "done.json", {"failure": str(failure)})
        return str(failure)
    files.write_tables(problem.study, cohort.tables, place)
    files.write_json(place / "done.json", {"start": cohort.seed, "miss": round(cohort.miss, 6), "moves": cohort.moves})
    return lines[-1]


def _done(place: Path) -> bool:
    return "start" in json.loads((place / "done.json").read_text())


def _check(study, place: Path) -> Report:
    """What a finished cohort satisfies, read from its files as anybody else would."""
    problem = read_problem(study)
    return check_tables(problem, read_tables(problem, place))


def _none_found(problem: Problem, seeds: int) -> Fault:
    """What to say when no seed led to a cohort: which files are to be looked at, and what may help."""
    files = ", ".join(["printed.csv", "reconstruction.yml", *(one.declared.curve for one in problem.digitised)])
    hint = "; points of a curve that fall between whole months need a time_tolerance" if problem.digitised else ""
    return Fault(
        str(problem.study.folder),
        files,
        f"numbers that some cohort gives{hint}",
        f"none within the limit, from {seeds} seed{'s' * (seeds != 1)}; the lines above say where each start ended, and `--explain` which rows and rules are incompatible",
    )


def _finish(problem: Problem, place: Path, report: Report) -> Member:
    made = json.loads((place / "done.json").read_text()) | {"seed": int(place.name)}
    return Member(read_tables(problem, place), made, report)


def _save(problem: Problem, members: list[Member], seed: int) -> str:
    sound = [member for member in members if not member.report.broken] or members
    # a range over cohorts that miss different rows would mix what is open with what was not found
    usual = usual_misses([frozenset(member.report.missed) for member in sound])
    kept = [member for member in sound if set(member.report.missed) <= usual]
    central = find_central(problem.study, [member.tables for member in kept])
    reference = kept[central.member]
    files.write_tables(problem.study, reference.tables, problem.study.folder)
    files.write_json(problem.study.folder / "cohort.json", companion(problem, kept, central, len(members), seed))
    if len(kept) > 1:
        ensemble.write_ensemble(problem, [member.tables for member in kept])
    return reference.report.text
