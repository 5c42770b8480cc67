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
from analysis.paths import shown
from analysis.reconstruction import ensemble, files
from analysis.reconstruction.ends.aims import read_aims
from analysis.reconstruction.ends.record import ENDS, companion, stamped_for
from analysis.reconstruction.problem import read_problem
from analysis.reconstruction.verify import check_tables


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
    stamped, other = stamped_for(problem), read_problem(known)
    if (theirs := stamped_for(other)["ledger_digest"]) != stamped["ledger_digest"]:
        raise InputError(Fault(shown(other.study.folder / "cohort.json"), "key ledger_digest", f"{stamped['ledger_digest'][:12]}, as beside the study", theirs[:12]))
    allowed = {id for id, number in stamped["members_missing_row"].items() if number}
    members, others = list(read_ensemble(problem.study)), list(read_ensemble(other.study))
    directed = list(stamped.get("directed", ()))
    joined: set[int] = set()
    for aim in read_aims(problem.study):
        own, theirs = (np.array([aim.value(problem.study, tables) for tables in group]) for group in (members, others))
        for name, upwards in ENDS.items():
            sign = 1.0 if upwards else -1.0
            far, best = sign * theirs, np.nanmax(sign * own)
            beyond = np.flatnonzero((far > best) & ~np.isclose(far, best, rtol=1e-9, atol=0))
            for number in sorted(beyond, key=lambda number: -far[number]):
                if number in joined:
                    break
                if others[number].keys() != problem.study.tables.keys():  # could not be checked as a whole
                    continue
                report = check_tables(problem, others[number])
                if report.broken or not set(report.missed) <= allowed:
                    continue
                members.append(others[number])
                joined.add(number)
                directed.append({"member": len(members), "quantity": aim.id, "end": name, "missed": sorted(report.missed)})
                say(f"{aim.id}, {name}: {theirs[number]:g} of an earlier ensemble")
                break
    if joined:
        ensemble.write_ensemble(problem, members)
        files.write_json(problem.study.folder / "cohort.json", stamped | companion(stamped, directed, len(members)))
    return len(joined)
