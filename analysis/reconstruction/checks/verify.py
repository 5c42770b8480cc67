"""Independent check of a cohort: ledger rows through the estimators, rules through the conditions.

Nothing of the solver or the search is used here: a table is read, statistics are
recomputed as the audit does it, and rules are asked of the table.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from analysis.errors import Fault, InputError
from analysis.ledger.rows.rounding import states
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics.registry import Values
from analysis.ledger.verdicts import profiles
from analysis.ledger.verdicts.recompute import CohortValues
from analysis.ledger.verdicts.verdicts import ends
from analysis.paths import shorten_path
from analysis.reconstruction.checks.digitised_checks import read_off
from analysis.reconstruction.checks.plausibility import find_broken
from analysis.reconstruction.io.saved import read_tables
from analysis.reconstruction.io.stamp import digest
from analysis.reconstruction.problem.problem import Problem, read_problem


@dataclass(frozen=True)
class Report:
    """What a cohort satisfies.

    Attributes
    ----------
    satisfied, missed : tuple of str
        Ids of imposed rows whose printed digits the cohort gives, or does not, under the profile of their result.
    held_out : mapping of str to bool
        The same of held-out rows.
    broken : tuple of str
        Rules and orders of dates that the tables break, in words.
    digitised : mapping of str to bool
        Points and numbers at risk of digitised curves, in words, and whether the cohort has them.
    reached : mapping of str to str
        Of each missed row, what is printed and the cohort's nearest value.
    """

    satisfied: tuple[str, ...]
    missed: tuple[str, ...]
    held_out: Mapping[str, bool]
    broken: tuple[str, ...]
    study: str = ""
    stale: bool = False
    unlisted: tuple[str, ...] = ()
    digitised: Mapping[str, bool] = field(default_factory=dict)
    reached: Mapping[str, str] = field(default_factory=dict)

    @property
    def astray(self) -> tuple[str, ...]:
        """What of the digitised curves the cohort does not have."""
        return tuple(words for words, held in self.digitised.items() if not held)

    @property
    def misses(self) -> frozenset[str]:
        """Ids of missed imposed rows, and what of the digitised curves is missed."""
        return frozenset((*self.missed, *self.astray))

    @property
    def ok(self) -> bool:
        """Whether the cohort is what its companion says: right digest, no rule broken, no miss unlisted."""
        return not (self.broken or self.stale or self.unlisted)

    @property
    def text(self) -> str:
        """A few lines for a person."""
        back = sum(self.held_out.values())
        lines = [
            f"{self.study}: {len(self.satisfied)} of {len(self.satisfied) + len(self.missed)} imposed rows satisfied, {back} of {len(self.held_out)} held-out rows reproduced"
        ]
        lines += [f"  missed: {id} ({self.reached[id]})" if id in self.reached else f"  missed: {id}" for id in self.missed]
        lines += (
            [f"  {sum(self.digitised.values())} of {len(self.digitised)} digitised points and numbers at risk hold"]
            if self.digitised
            else []
        )
        lines += [f"  missed: {words}" for words in self.astray]
        lines += [f"  broken: {sentence}" for sentence in self.broken]
        lines += ["  stale: the ledger or the assumptions have changed since the search"] if self.stale else []
        lines += [f"  missed, and not listed in the stamp: {', '.join(self.unlisted)}"] if self.unlisted else []
        return "\n".join(lines)


def comes_back(row: Row, values: Values) -> bool:
    """Whether some documented convention gives a row's printed digits, rounded as its paper rounds, whatever the rest of its result."""
    for convention in values:
        low, high = ends(values[convention])
        if any(states(row.value, low, rule) and states(row.value, high, rule) for rule in row.rules):
            return True
    return False


def verify(slug: str) -> Report:
    """Check a study's saved cohort against its ledger, its rules and its stamp.

    Raises
    ------
    InputError
        If the cohort, its stamp, the ledger or the assumptions cannot be read.
    """
    problem = read_problem(slug)
    folder = problem.study.folder
    report = check_tables(problem, read_tables(problem, folder))
    saved = read_stamp(folder / "cohort.json")
    unlisted = tuple(sorted(report.misses - {*saved.get("missed", ()), *saved.get("digitised_missed", ())}))
    return replace(report, stale=saved.get("ledger_digest") != digest(problem), unlisted=unlisted)


def read_stamp(path: Path) -> dict:
    """What stands beside a cohort.

    Raises
    ------
    InputError
        If it is missing or no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        expected = f"the record of the search beside its cohort, which 'python -m analysis reconstruct {path.parent.name}' writes"
        raise InputError(Fault(shorten_path(path), "file", expected, "no such file")) from None
    except json.JSONDecodeError as error:
        raise InputError(Fault(shorten_path(path), f"line {error.lineno}", "JSON", error.msg)) from None


def _describe_reached(row: Row, values: Values) -> str:
    """What is printed, and the nearest value that a convention gives."""
    found = [float(end) for value in values.values() for end in ends(value) if end is not None and math.isfinite(end)]
    nearest = min(found, key=lambda value: abs(value - float(row.value.value)), default=None)
    return f"printed {row.printed}, reached {'nothing that is defined' if nearest is None else f'{nearest:.6g}'}"


def check_tables(problem: Problem, tables: Mapping[str, pd.DataFrame]) -> Report:
    """Check typed tables of a cohort (`analysis.cohorts.reading`) against the ledger, the rules and the digitised curves."""
    values = CohortValues(problem.study, tables)
    back: dict[str, bool] = {}
    reached: dict[str, str] = {}
    for rows in problem.ledger.results.values():
        cells = [(row, values.of(row)) for row in rows if not row.copy_of and values.has(row)]
        if cells:
            back |= {id: match.way is not None for id, match in profiles.judge(problem.study, cells).matches.items()}
            reached |= {row.id: _describe_reached(row, found) for row, found in cells if not back[row.id]}
    imposed = [row.id for row in problem.ledger if row.role == "imposed" and row.id in back]
    return Report(
        tuple(id for id in imposed if back[id]),
        tuple(id for id in imposed if not back[id]),
        {row.id: back[row.id] for row in problem.ledger if row.role == "held-out" and row.id in back},
        tuple(find_broken(problem, tables)),
        problem.study.slug,
        digitised=read_off(problem, tables),
        reached=reached,
    )
