"""Cohorts that join an ensemble, and the stamp saved with them."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import pandas as pd

from analysis.reconstruction.checks.verify import Report
from analysis.reconstruction.ensemble import ensemble
from analysis.reconstruction.ensemble.central import Central
from analysis.reconstruction.io import stamp
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.problem.structures import find_structures


class Member(NamedTuple):
    """A cohort that may join the ensemble.

    Attributes
    ----------
    tables : dict of str to DataFrame
        Typed.
    made : dict
        Seed, start and miss of its search.
    report : Report
    """

    tables: dict[str, pd.DataFrame]
    made: dict
    report: Report


def usual_misses(missed: list[frozenset[str]]) -> frozenset[str]:
    """The commonest set of missed rows; of equally common ones the smallest, then the first by name."""
    return min(Counter(missed).items(), key=lambda item: (-item[1], len(item[0]), sorted(item[0])))[0]


def companion(problem: Problem, members: list[Member], central: Central, tried: int, seed: int) -> dict:
    """What is saved beside the cohorts: their stamp, what they satisfy and miss, and how the reference was chosen among them."""
    made, report = members[central.member].made, members[central.member].report
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
        "reference": central.member + 1,
        "central": {"quantities": list(central.quantities), "mean_distance": [round(float(value), 6) for value in central.distances]},
        "made": tried,
        "structures": find_structures(problem, [member.tables[main] for member in members]),
        "members_missing_row": dict(sorted(missed.items())),
        "distances": ensemble.distances([member.tables[main] for member in members], columns),
    } | ({"digitised": len(report.digitised), "digitised_missed": list(report.astray)} if report.digitised else {})
