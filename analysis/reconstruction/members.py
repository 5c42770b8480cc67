"""Cohorts that join an ensemble, and what stands beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from analysis.reconstruction import ensemble, stamp
from analysis.reconstruction.nearing import approach
from analysis.reconstruction.problem import Problem
from analysis.reconstruction.verify import Report, check_tables


class Member(NamedTuple):
    """A cohort that may join the ensemble.

    Attributes
    ----------
    tables : dict of str to DataFrame
        Typed.
    made : dict
        Seed, start and miss of its search, and the row it was led towards, if any.
    report : Report
    """

    tables: dict[str, pd.DataFrame]
    made: dict
    report: Report


def usual_misses(missed: list[frozenset[str]]) -> frozenset[str]:
    """The commonest set of missed rows; of equally common ones the smallest, then the first by name."""
    return min(Counter(missed).items(), key=lambda item: (-item[1], len(item[0]), sorted(item[0])))[0]


def approached(problem: Problem, members: list[Member], allowed: frozenset[str], seed: int, say: Callable[[str], None]) -> list[Member]:
    """Cohorts that give a row which every member misses, though nobody set it aside.

    Parameters
    ----------
    problem : Problem
    members : list of Member
    allowed : frozenset of str
        Ids of the imposed rows that a member may miss.
    seed : int
    say : callable of str
        Told what happens.
    """
    found: list[Member] = []
    for id in sorted(allowed - set(problem.assumptions.set_aside)):
        if not all(id in member.report.missed for member in [*members, *found]):
            continue
        there = approach(problem, id, [member.tables for member in members], [member.made["start"] for member in members], allowed, seed)
        say(f"towards {id}: {'reached' if there else 'not reached'}")
        if there:
            number, tables = there
            found.append(Member(tables, members[number].made | {"towards": id}, check_tables(problem, tables)))
    return found


def companion(problem: Problem, reference: Member, members: list[Member], tried: int, seed: int) -> dict:
    """What stands beside the cohorts: their stamp, what they satisfy and what they miss."""
    made, report = reference.made, reference.report
    main = problem.main
    key = {problem.study.tables[main].key}
    columns = [name for name in problem.study.variables[main] if name not in key and problem.study.variables[main][name].type != "id"]
    missed = Counter(id for member in members for id in member.report.missed)
    return {
        "synthetic": "reconstructions that satisfy printed numbers, not the original patients",
        "study": problem.study.slug,
        "ledger_digest": stamp.digest(problem),
        "seed": seed,
        "start": made["start"],
        "starts": len({member.made["start"] for member in members}),
        "imposed": len(report.satisfied) + len(report.missed),
        "satisfied": len(report.satisfied),
        "missed": list(report.missed),
        "set_aside": dict(problem.assumptions.set_aside),
        "broken_rules": list(report.broken),
        "members": len(members),
        "seeds": [member.made["seed"] for member in members],
        "towards": {member.made["towards"]: number for number, member in enumerate(members, 1) if "towards" in member.made},
        "made": tried,
        "members_missing_row": dict(sorted(missed.items())),
        "distances": ensemble.distances([member.tables[main] for member in members], columns),
    } | ({"digitised": len(report.digitised), "digitised_missed": list(report.astray)} if report.digitised else {})
