"""Labels of a cohort whose rows are the cases of a registry: both tables' columns in one model.

Registry rows of the ledger that speak of cases alone constrain the cohort's rows; they
join the cohort's own rows, so that the link between the tables is part of the first model.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from ortools.sat.python import cp_model

from analysis.cohorts.conditions import MISSING
from analysis.ledger.rows.row import Row
from analysis.reconstruction.counts import cell_counts, numbers
from analysis.reconstruction.counts.cell_counts import Linear
from analysis.reconstruction.problem.assumptions import TableAssumptions
from analysis.reconstruction.problem.problem import COUNTS, SUMMARIES, Problem, linear
from analysis.reconstruction.solver import interruptible, labels
from analysis.reconstruction.solver.label_model import LabelModel, block_of, require
from analysis.reconstruction.solver.timeline import NoSolution


@dataclass(frozen=True)
class Joined(Problem):
    """A problem in which the cases' table holds the registry's columns, too."""

    def table(self, row: Row) -> str:
        linked = self.linked
        name = super().table(row)
        asked = self.condition(row) if row.statistic == "count" else self.base(row)
        if name == linked.registry and set(linked.condition.clauses) <= set(asked.clauses):
            return linked.cases
        return name


def joined(problem: Problem) -> Joined:
    """The problem whose table of cases has all columns, rules and bounds of both tables."""
    linked = problem.linked
    variables = problem.study.variables
    both = {**variables[linked.registry], **variables[linked.cases]}
    study = problem.study.model_copy(update={"variables": {**variables, linked.cases: both}})
    own, other = problem.assumptions.of(linked.cases), problem.assumptions.of(linked.registry)
    merged = TableAssumptions(rules=(*own.rules, *other.rules), bounds=own.bounds, likely={**other.likely, **own.likely})
    assumptions = problem.assumptions.model_copy(update={"tables": {**problem.assumptions.tables, linked.cases: merged}})
    return Joined(study, problem.ledger, assumptions, problem.excluded)


def lines(problem: Problem, table: str) -> list[Linear]:
    """Counts, percentages and bounds of a table as linear constraints.

    A percentage that follows from printed counts is left out: the counts are exact, and
    its digits may have been rounded twice.
    """
    found = []
    for row in problem.rows(table, *COUNTS):
        if row.statistic == "percent" and row.sources:
            continue
        scale, low, high = linear(row)
        condition, base = problem.condition(row), problem.base(row)
        if row.statistic == "count":
            found.append(Linear(((condition, 1),), low, high, row.id))
        else:
            found.append(Linear(((condition, 100 * scale), (base, -low)), 0, 10**9, row.id))
            found.append(Linear(((condition, 100 * scale), (base, -high)), -(10**9), 0, row.id))
    return found + [
        Linear(((bound.condition, 1),), bound.at_least, bound.at_most, f"bound on {bound.where}")
        for bound in problem.assumptions.of(table).bounds
    ]


def label(problem: Problem, seed: int, asked: Sequence[Linear] = (), effort: float = 0.7) -> pd.DataFrame:
    """Labels of all cases: every column of both tables but the times that a later stage searches.

    Parameters
    ----------
    problem : Problem
    seed : int
    asked : sequence of Linear
        Constraints beside the printed counts.
    effort : float
        Deterministic time of the solver.

    Returns
    -------
    DataFrame, shape (cases, columns of both tables without times)
        Text, missing as None; the endpoint's time is the least month of its interval.

    Raises
    ------
    NoSolution
    """
    linked, both = problem.linked, joined(problem)
    name, declared = linked.cases, both.study.variables[linked.cases]
    size = problem.size(name)
    start = pd.DataFrame({linked.key: [f"C{row + 1:04d}" for row in range(size)]})
    counts = cell_counts.Counts(declared, start, linked.skeleton, lines(problem, name), problem.assumptions.of(name).rules)
    skeleton = counts.solve(seed, effort=1.0)
    skeleton = skeleton.sort_values(list(linked.skeleton), key=lambda column: column.fillna("")).reset_index(drop=True)
    known = skeleton.assign(**linked.given, **{linked.key: start[linked.key]})
    model = labels.build(both, name, known, skip=_later(problem))
    for line in asked:
        number = sum(weight * model.literal(row, condition) for condition, weight in line.terms for row in range(size))
        require(model.solver, line.low <= number, number <= line.high)
    solver = _solved(model, seed, effort)
    columns = {column: [block_of(model, solver, row, column).value for row in range(size)] for column in model.blocks}
    table = pd.concat([known, pd.DataFrame(columns, index=known.index)], axis=1)
    for column in linked.whole:
        table[column] = _whole(problem, table, column, model, solver, seed)
    return _shuffled(table, linked.shuffled, seed)


def _solved(model: LabelModel, seed: int, effort: float) -> cp_model.CpSolver:
    """A solution near to a random table: first any, led by hints, then a nearer one while the effort lasts."""
    wishes = _wishes(model, random.Random(seed))
    wanted = {literal.Index() for literal in wishes}
    for literal in model.indicator.values():
        model.solver.add_hint(literal, literal.Index() in wanted)
    solver = _solver(seed, 60.0)
    status = interruptible.solve(solver, model.solver)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise NoSolution(f"labels of {model.table}", proven=status == cp_model.INFEASIBLE)
    found = list(solver.ResponseProto().solution)
    model.solver.clear_hints()
    hint = model.solver.Proto().solution_hint
    hint.vars.extend(range(len(found)))
    hint.values.extend(found)
    model.solver.maximize(sum(wishes))
    nearer = _solver(seed, effort)
    nearer.parameters.linearization_level = 0  # the relaxation costs more than it helps with this objective
    return nearer if interruptible.solve(nearer, model.solver) in (cp_model.OPTIMAL, cp_model.FEASIBLE) else solver


def _wishes(model: LabelModel, chance: random.Random) -> list:
    """One indicator a row and variable, drawn by the assumed weights; without them a boolean is rarely true."""
    likely = model.problem.assumptions.of(model.table).likely
    usual = {"1": 1, "0": 4, MISSING: 0.5}
    wishes = []
    for name, blocks in model.blocks.items():
        weights = [likely.get(name, usual).get(block.level or "", 1) for block in blocks]
        for row in range(len(model)):
            open_ = [k for k, _ in enumerate(blocks) if (row, name, k) in model.indicator and weights[k] > 0]
            if open_:
                wishes.append(model.indicator[row, name, chance.choices(open_, [weights[k] for k in open_])[0]])
    return wishes


def _solver(seed: int, effort: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = 1, seed
    solver.parameters.max_deterministic_time = effort
    return solver


def _shuffled(table: pd.DataFrame, exchanges, seed: int) -> pd.DataFrame:
    """Labels that hang together with nothing else dealt anew, so that the solver's order leaves no trace."""
    rng = np.random.default_rng(seed)
    for exchange in exchanges:
        rows = np.flatnonzero(exchange.condition.mask(table))
        for_rows = rng.permutation(rows)
        for name in exchange.variables:
            column = table[name].to_numpy(dtype=object).copy()
            column[rows] = column[for_rows]
            table[name] = column
    return table


def _later(problem: Problem) -> tuple[str, ...]:
    """Columns that follow from the search of times, and numbers without intervals of their own."""
    linked = problem.linked
    times = linked.times
    spoken = {name for rule in problem.assumptions.of(linked.cases).rules for name in (*rule.premise.variables, *rule.conclusion.variables)}
    found = {*times.variables[1:], *times.derived, *(name for name in linked.whole if name not in spoken)}
    if times.first_event:
        endpoint = problem.study.endpoints[times.first_event.endpoint]
        found |= {endpoint.time, endpoint.event}
    return tuple(found)


def _whole(problem: Problem, table: pd.DataFrame, column: str, model, solver, seed: int) -> pd.Series:
    """A number of the cases from its printed summaries.

    Where the column may be missing, only rows of which something is printed have a value.
    """
    declared = problem.study.variables[problem.linked.cases][column]
    rows = [row for row in problem.rows(problem.linked.cases, *SUMMARIES) if row.arguments["variable"] == column]
    inside = np.zeros(len(table), bool) if declared.missing else np.ones(len(table), bool)
    for row in rows:
        inside |= problem.condition(row).mask(table)
    places = np.flatnonzero(inside)
    if column in model.blocks:
        chosen = [block_of(model, solver, row, column) for row in places.tolist()]
        low, high = (np.array([int(getattr(block, end)) for block in chosen]) for end in ("low", "high"))
    else:
        low, high = (np.full(len(places), int(end)) for end in declared.ends)
    values, _ = numbers.fill(
        problem, problem.linked.cases, table.iloc[places].drop(columns=column, errors="ignore"), column, low, high, seed
    )
    result = pd.Series([None] * len(table), dtype=object)
    result.iloc[places] = values
    return result
