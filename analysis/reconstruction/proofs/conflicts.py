"""Printed numbers that cannot hold together, judged by the models of labels and times."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from analysis.errors import Fault, InputError
from analysis.paths import shorten_path
from analysis.reconstruction.constraints.minimal_sets import Judge, Undecided, minimal
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.solver import labels, pairs, timeline
from analysis.reconstruction.solver.interruptible import status


def counts_judge(problem: Problem, table: str, effort: float = 20.0) -> Judge:
    """Judge of a table's counts, percentages and small whole numbers, with its rules and bounds."""

    def judge(ids: Sequence[str]) -> bool | None:
        kept = problem.only(ids)
        size = problem.size(table)
        model = labels.build(kept, table, pd.DataFrame(index=range(size)), skip=_later(problem, table))
        pairs.add_pairs(model)
        return status(model.solver, effort)

    return judge


def _later(problem: Problem, table: str) -> tuple[str, ...]:
    """Variables that other stages decide: times, and sums of columns."""
    endpoints = [endpoint for endpoint in problem.study.endpoints.values() if endpoint.table == table]
    timeline_ = problem.assumptions.timeline
    found = {endpoint.time for endpoint in endpoints} | {endpoint.event for endpoint in endpoints}
    if timeline_ and timeline_.clock:
        found.add(timeline_.clock.origin)
    return (*found, *problem.assumptions.of(table).derived)


def times_judge(problem: Problem, effort: float = 200.0) -> Judge:
    """Judge of curves, follow-up and the counts that stratify them; every month is open, so that "no" is a proof."""

    def judge(ids: Sequence[str]) -> bool | None:
        return status(timeline.build(problem.only(ids), 0, every_month=True).solver, effort)

    return judge


def check_counts(problem: Problem, say: Callable[[str], None] = lambda line: None) -> None:
    """Refuse a ledger whose imposed counts contradict each other.

    Parameters
    ----------
    problem : Problem
    say : callable of str
        Told which tables are undecided: no contradiction was found, and none excluded.

    Raises
    ------
    InputError
        Naming a minimal set of conflicting ids for each table concerned.
    """
    faults = []
    for table in problem.tables_asked():
        judge = counts_judge(problem, table)
        ids = [row.id for row in problem.imposed if problem.table(row) == table]
        answer = judge(ids)
        if answer is None:
            say(f"undecided, as the solver reached its limit: whether all counts of the table {table} can hold together row by row")
        if answer is False:
            try:
                found = minimal(ids, judge)
            except Undecided:
                found = tuple(ids)
            place = f"rows {', '.join(found)}" if found else f"tables.{table}"
            file = problem.study.folder / ("printed.csv" if found else "reconstruction.yml")
            faults.append(
                Fault(
                    shorten_path(file),
                    place,
                    "numbers that can hold together",
                    "no cohort satisfies them all" if found else "assumptions that exclude each other",
                )
            )
    if faults:
        raise InputError(faults)
