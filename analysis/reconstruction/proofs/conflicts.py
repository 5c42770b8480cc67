"""Minimal sets of printed numbers that cannot hold together.

A set is minimal if it is infeasible and every proper subset is feasible.  It is found by
QuickXplain (Junker, AAAI 2004): a divide-and-conquer of deletion, with the solver as the
judge of each subset.  Rows outside the set may differ; a problem can hold several.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
from ortools.sat.python import cp_model

from analysis.errors import Fault, InputError
from analysis.paths import shown
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.solver import interruptible, labels, pairs, timeline

#: Answers for a set of ids: True if they can hold together, False if the solver proves that they cannot, None if it does not know.
Judge = Callable[[Sequence[str]], bool | None]


class Undecided(Exception):
    """The solver could not tell within its limit, so no minimal set is proven."""


def minimal(ids: Sequence[str], judge: Judge) -> tuple[str, ...] | None:
    """A minimal conflicting subset of ids, or None if they can hold together.

    Parameters
    ----------
    ids : sequence of str
    judge : callable
        Its assumptions outside `ids` must be feasible alone, else the empty set is returned.

    Raises
    ------
    Undecided
    """

    def infeasible(some: Sequence[str]) -> bool:
        answer = judge(some)
        if answer is None:
            raise Undecided
        return not answer

    if not infeasible(ids):
        return None
    if infeasible(()):
        return ()

    def explain(background: tuple[str, ...], new: bool, candidates: tuple[str, ...]) -> tuple[str, ...]:
        if new and infeasible(background):
            return ()
        if len(candidates) == 1:
            return candidates
        half = len(candidates) // 2
        left, right = candidates[:half], candidates[half:]
        second = explain((*background, *left), True, right)
        first = explain((*background, *second), bool(second), left)
        return (*first, *second)

    return explain((), False, tuple(ids))


def status(model: cp_model.CpModel, effort: float) -> bool | None:
    """Whether a model has a solution; None if the solver does not know within its deterministic time."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = effort
    status = interruptible.solve(solver, model)
    if status == cp_model.INFEASIBLE:
        return False
    return True if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None


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
                    shown(file),
                    place,
                    "numbers that can hold together",
                    "no cohort satisfies them all" if found else "assumptions that exclude each other",
                )
            )
    if faults:
        raise InputError(faults)
