"""Independent check of a cohort: ledger rows through the estimators, rules through the conditions.

Nothing of the solver or the search is used here: a table is read, statistics are
recomputed as the audit does it, and rules are asked of the table.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Mapping

import numpy as np
import pandas as pd

from analysis.cohorts import conditions
from analysis.cohorts.reading import read_table
from analysis.errors import Fault, InputError
from analysis.ledger.recompute import CohortValues
from analysis.ledger.verdicts import match
from analysis.paths import shown
from analysis.reconstruction.problem import Problem, read_problem
from analysis.reconstruction.stamp import digest


@dataclass(frozen=True)
class Report:
    """What a cohort satisfies.

    Attributes
    ----------
    satisfied, missed : tuple of str
        Ids of imposed rows that come back under some documented convention, or do not.
    held_out : mapping of str to bool
        Ids of held-out rows, and whether they come back.
    broken : tuple of str
        Rules and orders of dates that the tables break, in words.
    """

    satisfied: tuple[str, ...]
    missed: tuple[str, ...]
    held_out: Mapping[str, bool]
    broken: tuple[str, ...]
    study: str = ""
    stale: bool = False
    unlisted: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the cohort is what its companion says: right digest, no rule broken, no miss unlisted."""
        return not (self.broken or self.stale or self.unlisted)

    @property
    def text(self) -> str:
        """A few lines for a person."""
        back = sum(self.held_out.values())
        lines = [f"{self.study}: {len(self.satisfied)} of {len(self.satisfied) + len(self.missed)} imposed rows satisfied, {back} of {len(self.held_out)} held-out rows came back"]
        lines += [f"  missed: {', '.join(self.missed)}"] if self.missed else []
        lines += [f"  broken: {sentence}" for sentence in self.broken]
        lines += ["  stale: the ledger or the assumptions changed since the search"] if self.stale else []
        lines += [f"  missed, and not listed in the stamp: {', '.join(self.unlisted)}"] if self.unlisted else []
        return "\n".join(lines)


def verify(slug: str) -> Report:
    """Check a study's saved cohort against its ledger, its rules and its stamp.

    Raises
    ------
    InputError
        If the cohort, its stamp, the ledger or the assumptions cannot be read.
    """
    problem = read_problem(slug)
    folder = problem.study.folder
    tables = {name: read_table(problem.study, name, folder / table.file) for name, table in problem.study.tables.items()}
    saved = _stamp(folder / "cohort.json")
    report = check_tables(problem, tables)
    unlisted = tuple(id for id in report.missed if id not in saved.get("missed", ()))
    return replace(report, stale=saved.get("ledger_digest") != digest(problem), unlisted=unlisted)


def _stamp(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError) as error:
        raise InputError(Fault(shown(path), "file", "the stamp of a cohort as JSON", type(error).__name__)) from None


def check_tables(problem: Problem, tables: Mapping[str, pd.DataFrame]) -> Report:
    """Check typed tables of a cohort (`analysis.cohorts.reading`) against the ledger and the rules."""
    values = CohortValues(problem.study, tables)
    back = {
        row.id: match(row.value, values.of(row), row.registered, problem.study.named_conventions(row.statistic)).way is not None
        for row in problem.ledger
        if row.role != "context" and not row.copy_of and values.has(row)
    }
    imposed = [row.id for row in problem.ledger if row.role == "imposed" and row.id in back]
    return Report(
        tuple(id for id in imposed if back[id]),
        tuple(id for id in imposed if not back[id]),
        {row.id: back[row.id] for row in problem.ledger if row.role == "held-out" and row.id in back},
        tuple(broken(problem, tables)),
        problem.study.slug,
    )


def broken(problem: Problem, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Rules, orders of dates, and links between rows and tables that do not hold, in words."""
    found = []
    for name, assumed in problem.assumptions.tables.items():
        frame = _with_parent(problem, name, tables)
        for rule in assumed.rules:
            against = rule.premise.mask(frame) & ~rule.conclusion.mask(frame)
            if against.any():
                found.append(f"{name}: {rule.when} → {rule.then} fails in {int(against.sum())} rows")
        for bound in assumed.bounds:
            number = int(bound.condition.mask(frame).sum())
            if not bound.at_least <= number <= bound.at_most:
                found.append(f"{name}: {number} rows meet {bound.where}")
        for column, parts in assumed.derived.items():
            total = sum(frame[part].astype(float) for part in parts)
            if not np.allclose(total, frame[column].astype(float), equal_nan=True):
                found.append(f"{name}: {column} is not {' + '.join(parts)}")
        if assumed.parent:
            found += _children(name, assumed.parent, tables)
        if assumed.pairs:
            found += _patients(problem, name, tables[name])
    return found + _order(problem, tables)


def _with_parent(problem: Problem, name: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    parent = problem.assumptions.of(name).parent
    if parent is None:
        return tables[name]
    other = tables[parent.table].add_prefix(f"{parent.table}_")
    return tables[name].merge(other, left_on=parent.key, right_on=f"{parent.table}_{parent.key}", how="left")


def _children(name: str, parent, tables) -> list[str]:
    numbers = tables[name].groupby(parent.key).size()
    expected = tables[parent.table].set_index(parent.key)[parent.count].astype(int)
    if not numbers.reindex(expected.index, fill_value=0).equals(expected.astype(numbers.dtype)):
        return [f"{name}: rows per {parent.key} differ from {parent.table}.{parent.count}"]
    return []


def _patients(problem: Problem, name: str, frame: pd.DataFrame) -> list[str]:
    pairs = problem.assumptions.of(name).pairs
    found = []
    for patient, rows in frame.groupby(pairs.key):
        if len(rows) < 2:
            continue
        changed = [column for column in pairs.same if column != pairs.age and rows[column].nunique(dropna=False) > 1]
        if changed:
            found.append(f"{name}: {patient} differs between enrolments in {', '.join(changed)}")
        if len(rows) > 2 or not any(_is(pair, rows) for pair in pairs.known):
            found.append(f"{name}: {patient} is none of the patients told of with two enrolments")
    return found


def _is(pair, rows: pd.DataFrame) -> bool:
    first, second = (conditions.parse(text).mask(rows) for text in (pair.first, pair.second))
    return bool((first.sum() == 1) and (second.sum() == 1) and not (first & second).any())


def _order(problem: Problem, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Order of dates: an event of the chain's first endpoint not after the end; without one, both end together."""
    timeline, endpoints = problem.assumptions.timeline, problem.study.endpoints
    if timeline is None or len(timeline.chain) < 2:
        return []
    frame = tables[timeline.table]
    first, last = (endpoints[name] for name in (timeline.chain[0], timeline.chain[-1]))
    a, b = frame[first.time].astype(float), frame[last.time].astype(float)
    ill, dead = frame[first.event].astype(bool), frame[last.event].astype(bool)
    found = []
    if (a > b).any():
        found.append(f"{first.time} exceeds {last.time}")
    if (~ill & (a != b)).any():
        found.append(f"{first.time} ends before {last.time} without an event")
    if (dead & ~ill).any():
        found.append(f"{last.event} without {first.event}")
    for window in timeline.windows:
        end = endpoints[window.endpoint]
        inside = window.condition.mask(frame)
        time, event = frame[end.time].astype(float), frame[end.event].astype(bool)
        asked = inside & {"event": event, "end": True, "free": ~event}[window.what]
        if (asked & ~time.between(window.first, window.last)).any():
            found.append(f"{window.where or 'all'}: {window.endpoint} {window.what} outside {window.first}–{window.last}")
    if timeline.clock:
        start = frame[timeline.clock.origin].astype(float)
        for name in (*timeline.clock.ends, *timeline.clock.events):
            if (start + frame[endpoints[name].time].astype(float) > b).any():
                found.append(f"{endpoints[name].time} lasts beyond {last.time}")
    return found
