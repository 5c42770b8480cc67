"""The model of labels: every variable of every row, as indicators over its blocks.

Counts and percentages are linear in the indicators, rules are implications.  Aggregate
rows come for free: each printed total is its own linear constraint beside its parts.
"""

from __future__ import annotations

import random
from typing import NamedTuple

import pandas as pd
from ortools.sat.python import cp_model

from analysis.cohorts import conditions
from analysis.cohorts.conditions import MISSING, Condition
from analysis.reconstruction.constraints import tables
from analysis.reconstruction.problem.blocks import Block, blocks_of, meets
from analysis.reconstruction.problem.problem import COUNTS, Problem
from analysis.reconstruction.solver import interruptible
from analysis.reconstruction.solver.label_model import LabelModel, block_of
from analysis.reconstruction.solver.label_rows import add_count, add_implication, add_summary
from analysis.reconstruction.solver.timeline import NoSolution

#: Deterministic time of the solver for one table.
EFFORT = 2.0
#: Share of a random table's labels that may differ where labels are tried at many times.
NEAR = 0.06


class Goal(NamedTuple):
    """A number of rows that labels are to make as great (sign 1) or as small (sign -1) as they can."""

    condition: Condition
    sign: int


def build(
    problem: Problem, table: str, known: pd.DataFrame, allowed=None, skip: tuple[str, ...] = (), goal: Goal | None = None
) -> LabelModel:
    """Indicators, counts, summaries of small whole numbers, rules and bounds of a table.

    Parameters
    ----------
    problem : Problem
    table : str
    known : DataFrame, shape (rows, decided columns)
    allowed : dict of variable to list of blocks per row, optional
    skip : tuple of str
        Variables that another stage fills.
    goal : Goal, optional
        What `solve` will be asked for: numbers are cut into intervals that tell its condition, too.
    """
    model = LabelModel(problem, table, known, allowed or {})
    asked = [problem.condition(row) for row in problem.ledger if row.role != "context" and problem.table(row) == table] + (
        [goal.condition] if goal else []
    )
    assumed = problem.assumptions.of(table)
    if assumed.pairs:
        asked += [conditions.parse(text) for pair in assumed.pairs.known for text in (pair.first, pair.second)]
    asked += [condition for rule in assumed.rules for condition in (rule.premise, rule.conclusion)] + [b.condition for b in assumed.bounds]
    for name, variable in problem.study.variables[table].items():
        if name in known or name in skip or variable.type == "id":
            continue
        model.blocks[name] = blocks_of(variable, asked, name)
    for name in model.blocks:
        open_ = _open(model, name, assumed.rules)
        for row in range(len(model)):
            _indicators(model, row, name, open_[row])
    for row in problem.rows(table, *COUNTS):
        add_count(model, row)
    for row in problem.rows(table, "median", "minimum", "maximum"):
        add_summary(model, row)
    for row in problem.rows(table, "contingency_p"):
        tables.add_fourfold(model, row)
    for rule in assumed.rules:
        for clause in rule.conclusion.clauses:
            conclusion = Condition((clause,))
            if model.speaks_of(rule.premise) and model.speaks_of(conclusion):
                for row in range(len(model)):
                    add_implication(model, model.literal(row, rule.premise), model.literal(row, conclusion))
    for bound in assumed.bounds:
        if not model.speaks_of(bound.condition):
            continue
        number = sum(model.literal(row, bound.condition) for row in range(len(model)))
        model.solver.add(number >= bound.at_least)
        model.solver.add(number <= bound.at_most)
    return model


def _open(model: LabelModel, name: str, rules) -> list[list[Block]]:
    """Blocks of a variable that each row may take, after the rules whose premise is decided."""
    open_ = [list(model.allowed[name][row] if name in model.allowed else model.blocks[name]) for row in range(len(model))]
    for rule in rules:
        clauses = [clause for clause in rule.conclusion.clauses if clause.variable == name]
        if not clauses or not all(variable in model.known for variable in rule.premise.variables):
            continue
        for row in rule.premise.mask(model.known).nonzero()[0]:
            open_[row] = [block for block in open_[row] if all(meets(clause, block) for clause in clauses)]
    return open_


def _indicators(model: LabelModel, row: int, name: str, open_: list[Block]) -> None:
    literals = []
    for position, block in enumerate(model.blocks[name]):
        if block in open_:
            model.indicator[row, name, position] = model.solver.new_bool_var("")
            literals.append(model.indicator[row, name, position])
    model.solver.add_exactly_one(literals)


def solve(
    model: LabelModel, seed: int, effort: float = EFFORT, near: float = 0.0, goal: Goal | None = None
) -> tuple[pd.DataFrame, cp_model.CpSolver]:
    """A table that satisfies the model, near to a random one so that starts differ.

    Parameters
    ----------
    model : LabelModel
    seed : int
    effort : float
        Deterministic time of the solver.
    near : float
        Share of the random table's labels that may differ before the solver stops to come nearer.
    goal : Goal, optional
        Comes before any likeness to the random table.

    Returns
    -------
    table : DataFrame, shape (rows, variables)
        Intervals as their least value.
    solver : CpSolver

    Raises
    ------
    NoSolution
    """
    wishes = _wishes(model, random.Random(seed))
    wanted = goal.sign * sum(model.literal(row, goal.condition) for row in range(len(model))) if goal else 0
    model.solver.maximize((len(wishes) + 1) * wanted + sum(wishes))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = effort
    solver.parameters.relative_gap_limit = 0.0 if goal else near
    status = interruptible.solve(solver, model.solver)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise NoSolution(f"labels of {model.table}", proven=status == cp_model.INFEASIBLE)
    table = model.known.copy()
    columns = {name: [block_of(model, solver, row, name).value for row in range(len(model))] for name in model.blocks}
    return pd.concat([table, pd.DataFrame(columns, index=table.index)], axis=1), solver


def _wishes(model: LabelModel, chance: random.Random) -> list:
    """One indicator a row and variable, drawn by the assumed weights.

    Without them how often a boolean is true is drawn as well, anew for each variable and seed:
    members of an ensemble then differ in the frequencies that the paper leaves open.
    """
    likely = model.problem.assumptions.of(model.table).likely
    wishes = []
    for name, blocks in model.blocks.items():
        usual = {"1": chance.uniform(0.05, 0.6), MISSING: 0.1}
        usual["0"] = 1 - usual["1"]
        weights = [likely.get(name, usual).get(block.level or "", 1) for block in blocks]
        for row in range(len(model)):
            open_ = [k for k, _ in enumerate(blocks) if (row, name, k) in model.indicator and weights[k] > 0]
            if open_:
                wish = chance.choices(open_, [weights[k] for k in open_])[0]
                wishes.append(model.indicator[row, name, wish])
    return wishes
