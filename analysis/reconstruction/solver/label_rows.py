"""Printed counts and summaries, and rules, as constraints on the indicators of a table."""

from __future__ import annotations

from analysis.cohorts.conditions import Clause, Condition
from analysis.ledger.rows.row import Row
from analysis.reconstruction.problem.accepted import accepts
from analysis.reconstruction.problem.blocks import SMALL
from analysis.reconstruction.problem.problem import linear
from analysis.reconstruction.solver.label_model import LabelModel, require


def add_count(model: LabelModel, row: Row) -> None:
    problem, rows = model.problem, range(len(model))
    if not model.speaks_of(problem.condition(row)):
        return
    number = sum(model.literal(k, problem.condition(row)) for k in rows)
    whole = sum(model.literal(k, problem.base(row)) for k in rows)
    scale, low, high = linear(row)
    model.used.append(row.id)
    if row.statistic == "count":
        require(model.solver, low <= number, number <= high)
    else:
        require(model.solver, low * whole <= 100 * scale * number, 100 * scale * number <= high * whole)


def add_summary(model: LabelModel, row: Row) -> None:
    """Median, least or greatest of a small whole number over a group whose size is decided."""
    name = row.arguments["variable"]
    blocks = model.blocks.get(name)
    if (
        not blocks
        or not model.speaks_of(model.problem.condition(row))
        or any(block.level is None or block.missing for block in blocks)
        or len(blocks) > SMALL
    ):
        return
    group = [model.literal(k, model.problem.condition(row)) for k in range(len(model))]
    if not all(isinstance(literal, int) for literal in group):
        return
    members = [k for k, literal in enumerate(group) if literal]
    size = len(members)

    def until(value):
        below = Condition((Clause(name, "<=", (str(value),)),))
        return sum(model.literal(k, below) for k in members)

    values = [int(block.ends[0]) for block in blocks]
    model.used.append(row.id)
    if row.statistic != "median":
        wanted = int(row.value.value)
        end = until(wanted - 1) == 0 if row.statistic == "minimum" else until(wanted) == size
        met = until(wanted) >= 1 if row.statistic == "minimum" else until(wanted - 1) <= size - 1
        require(model.solver, end, met)
        return
    choices = []
    ranks = (size + 1) // 2, size // 2 + 1
    for a in values:
        for b in values if size % 2 == 0 else [a]:
            if b >= a and accepts(row.value, (a + b) / 2, row.rules):
                choice = model.solver.new_bool_var("")
                choices.append(choice)
                for rank, value in zip(ranks, (a, b)):
                    require(model.solver, until(value - 1) <= rank - 1, until(value) >= rank, when=choice)
    model.solver.add_bool_or(choices)


def add_implication(model: LabelModel, premise, conclusion) -> None:
    if isinstance(premise, int):
        if premise:
            require(model.solver, conclusion == 1)
    elif isinstance(conclusion, int):
        if not conclusion:
            model.solver.add(premise == 0)
    else:
        model.solver.add_implication(premise, conclusion)
