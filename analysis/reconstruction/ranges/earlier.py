"""Cohorts of an earlier ensemble of the same ledger that lie further out than those of the present one.

What was found once is known: an ensemble that is made anew would else show narrower ranges
than the book did before.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from analysis.cohorts.ensemble import read_ensemble
from analysis.errors import Fault, InputError
from analysis.paths import shorten_path
from analysis.reconstruction.checks.verify import check_tables
from analysis.reconstruction.ensemble import ensemble
from analysis.reconstruction.io import files
from analysis.reconstruction.problem.aims import read_aims
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.ranges.lines import Way
from analysis.reconstruction.ranges.record import ENDS, companion, may_miss, read_ensemble_stamp, values_of


def adopt(slug: str | Path, known: Path, say: Callable[[str], None]) -> int:
    """Let cohorts of an earlier ensemble join a study's ensemble, as directed members, where they lie beyond its ends.

    Each is checked anew: it breaks no rule and misses only rows that members miss.

    Parameters
    ----------
    slug : str or Path
    known : Path
        A folder of the study with the earlier ensemble.
    say : callable of str
        Told of each cohort that joins.

    Returns
    -------
    int
        How many joined.

    Raises
    ------
    InputError
        If either folder has no ensemble of this ledger and these assumptions.
    """
    problem = read_problem(slug)
    stamped, other = read_ensemble_stamp(problem), read_problem(known)
    if (digest := read_ensemble_stamp(other)["ledger_digest"]) != stamped["ledger_digest"]:
        raise InputError(
            Fault(
                shorten_path(other.study.folder / "cohort.json"),
                "key ledger_digest",
                f"{stamped['ledger_digest'][:12]}, as beside the study",
                digest[:12],
            )
        )
    members, others = list(read_ensemble(problem.study)), list(read_ensemble(other.study))
    directed = list(stamped.get("directed", ()))
    joined: set[int] = set()
    for aim in read_aims(problem.study):
        own, theirs = (values_of(problem.study, aim, group) for group in (members, others))
        for name, upwards in ENDS.items():
            way = Way(problem, aim, 1.0 if upwards else -1.0, may_miss(stamped))
            best = way.sign * np.nanmax(way.sign * own)
            beyond = [number for number, value in enumerate(theirs) if way.beyond(value, best) > 0]
            for number in sorted(beyond, key=lambda number: -way.sign * theirs[number]):
                if number in joined:
                    break
                # of some members not every table is saved, and those could not be checked as a whole
                if others[number].keys() != problem.study.tables.keys() or not way.admits(report := check_tables(problem, others[number])):
                    continue
                members.append(others[number])
                joined.add(number)
                directed.append({"member": len(members), "quantity": aim.id, "end": name, "missed": sorted(report.missed)})
                say(f"{aim.id}, {name}: {theirs[number]:g} of an earlier ensemble")
                break
    if joined:
        ensemble.write_ensemble(problem, members)
        files.write_json(problem.study.folder / "cohort.json", stamped | companion(problem, stamped, directed, members))
    return len(joined)
