"""The model of labels: every variable of every row, as indicators over its blocks.

Counts and percentages are linear in the indicators, rules are implications.  Aggregate
rows come for free: each printed total is its own linear constraint beside its parts.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pandas as pd
from ortools.sat.python import cp_model

from analysis.cohorts import conditions
from analysis.cohorts.conditions import MISSING, Clause, Condition
from analysis.reconstruction.accepted import accepts
from analysis.reconstruction.blocks import SMALL, Block, blocks_of, meets
from analysis.reconstruction.curves import canonical
from analysis.reconstruction.problem import COUNTS, Problem, linear
from analysis.reconstruction.timeline import NoSolution


@dataclass
class LabelModel:
    """Indicators of a table.

    Attributes
    ----------
    known : DataFrame
        Columns already decided (times, copied columns); the model reads them as constants.
    allowed : dict of str to list of sets
        Blocks that each row may take, where an earlier stage narrowed them.
    blocks : dict of str to list of Block
    indicator : dict of (row, variable, position of block) to BoolVar
    """

    problem: Problem
    table: str
    known: pd.DataFrame
    allowed: dict[str, list[tuple[Block, ...]]]
    solver: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    blocks: dict[str, list[Block]] = field(default_factory=dict)
    indicator: dict = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    _literals: dict = field(default_factory=dict)
    _masks: dict = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.known)

    def literal(self, row: int, condition: Condition):
        """A literal that is true exactly if the row meets the condition (0 or 1 where decided)."""
        key = row, canonical(condition)
        if key not in self._literals:
            self._literals[key] = self._all([self._clause(row, clause) for clause in condition.clauses])
        return self._literals[key]

    def _all(self, parts):
        if any(isinstance(part, int) and part == 0 for part in parts):
            return 0
        parts = [part for part in parts if not isinstance(part, int)]
        if len(parts) < 2:
            return parts[0] if parts else 1
        both = self.solver.NewBoolVar("")
        self.solver.AddBoolAnd(parts).OnlyEnforceIf(both)
        self.solver.AddBoolOr([part.Not() for part in parts] + [both])
        return both

    def _clause(self, row: int, clause: Clause):
        if clause.variable in self.known:
            key = str(clause)
            if key not in self._masks:
                self._masks[key] = clause.mask(self.known)
            return int(self._masks[key][row])
        key = row, f"{clause.variable}{clause.comparison}{'|'.join(sorted(clause.values))}"
        if key not in self._literals:
            self._literals[key] = self._any(row, clause)
        return self._literals[key]

    def _any(self, row: int, clause: Clause):
        """The sum of the indicators of the blocks that meet a clause."""
        if clause.variable not in self.blocks:
            raise ValueError(f"{clause.variable!r} is no variable of table {self.table!r} that is reconstructed")
        positions = [k for k, _ in enumerate(self.blocks[clause.variable]) if (row, clause.variable, k) in self.indicator]
        inside = [k for k in positions if meets(clause, self.blocks[clause.variable][k])]
        if not inside:
            return 0
        if len(inside) == len(positions):
            return 1
        literals = [self.indicator[row, clause.variable, k] for k in inside]
        if len(literals) == 1:
            return literals[0]
        some = self.solver.NewBoolVar("")
        self.solver.Add(sum(literals) == some)
        return some


def build(problem: Problem, table: str, known: pd.DataFrame, allowed=None, skip: tuple[str, ...] = ()) -> LabelModel:
    """Indicators, counts, summaries of small whole numbers, rules and bounds of a table.

    Parameters
    ----------
    problem : Problem
    table : str
    known : DataFrame, shape (rows, decided columns)
    allowed : dict of variable to list of blocks per row, optional
    skip : tuple of str
        Variables that another stage fills.
    """
    model = LabelModel(problem, table, known, allowed or {})
    asked = [problem.condition(row) for row in problem.ledger if row.role != "context" and problem.table(row) == table]
    assumed = problem.assumptions.of(table)
    if assumed.pairs:
        asked += [conditions.parse(text) for pair in assumed.pairs.known for text in (pair.first, pair.second)]
    asked += [condition for rule in assumed.rules for condition in (rule.premise, rule.conclusion)] + [b.condition for b in assumed.bounds]
    for name, variable in problem.study.variables[table].items():
        if name in known or name in skip or variable.type == "id":
            continue
        model.blocks[name] = blocks_of(variable, asked, name)
        for row in range(len(model)):
            _indicators(model, row, name)
    for row in problem.rows(table, *COUNTS):
        _count(model, row)
    for row in problem.rows(table, "median", "minimum", "maximum"):
        _summary(model, row)
    for rule in assumed.rules:
        for row in range(len(model)):
            _implication(model, model.literal(row, rule.premise), model.literal(row, rule.conclusion))
    for bound in assumed.bounds:
        number = sum(model.literal(row, bound.condition) for row in range(len(model)))
        model.solver.Add(number >= bound.at_least)
        model.solver.Add(number <= bound.at_most)
    return model


def _indicators(model: LabelModel, row: int, name: str) -> None:
    open_ = model.allowed[name][row] if name in model.allowed else model.blocks[name]
    literals = []
    for position, block in enumerate(model.blocks[name]):
        if block in open_:
            model.indicator[row, name, position] = model.solver.NewBoolVar("")
            literals.append(model.indicator[row, name, position])
    model.solver.AddExactlyOne(literals)


def _count(model: LabelModel, row) -> None:
    problem, rows = model.problem, range(len(model))
    try:
        number = sum(model.literal(k, problem.condition(row)) for k in rows)
        whole = sum(model.literal(k, problem.base(row)) for k in rows)
    except ValueError:
        return  # speaks of a variable that another stage fills
    scale, low, high = linear(row)
    model.used.append(row.id)
    if row.statistic == "count":
        require(model.solver, low <= number, number <= high)
    else:
        require(model.solver, low * whole <= 100 * scale * number, 100 * scale * number <= high * whole)


def _summary(model: LabelModel, row) -> None:
    """Median, least or greatest of a small whole number over a group whose size is decided."""
    name = row.arguments["variable"]
    blocks = model.blocks.get(name)
    if not blocks or any(block.level is None or block.missing for block in blocks) or len(blocks) > SMALL:
        return
    group = [model.literal(k, model.problem.condition(row)) for k in range(len(model))]
    if not all(isinstance(literal, int) for literal in group):
        return
    members = [k for k, literal in enumerate(group) if literal]
    size = len(members)

    def until(value):
        below = Condition((Clause(name, "<=", (str(value),)),))
        return sum(model.literal(k, below) for k in members)

    values = [int(block.low) for block in blocks]
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
            if b >= a and accepts(row.value, (a + b) / 2, "number"):
                choice = model.solver.NewBoolVar("")
                choices.append(choice)
                for rank, value in zip(ranks, (a, b)):
                    require(model.solver, until(value - 1) <= rank - 1, until(value) >= rank, when=choice)
    model.solver.AddBoolOr(choices)


def require(solver: cp_model.CpModel, *constraints, when=None) -> None:
    """Add linear constraints, some of which may have come out as plain truths or untruths."""
    for constraint in constraints:
        if isinstance(constraint, bool):
            if not constraint:
                solver.AddBoolOr([] if when is None else [when.Not()])
        else:
            added = solver.Add(constraint)
            if when is not None:
                added.OnlyEnforceIf(when)


def _implication(model: LabelModel, premise, conclusion) -> None:
    if isinstance(premise, int):
        if premise:
            require(model.solver, conclusion == 1)
    elif isinstance(conclusion, int):
        if not conclusion:
            model.solver.Add(premise == 0)
    else:
        model.solver.AddImplication(premise, conclusion)


def solve(model: LabelModel, seed: int, effort: float = 6.0) -> tuple[pd.DataFrame, cp_model.CpSolver]:
    """A table that satisfies the model, near to a random one so that starts differ.

    Parameters
    ----------
    model : LabelModel
    seed : int
    effort : float
        Deterministic time of the solver.

    Returns
    -------
    table : DataFrame, shape (rows, variables)
        Intervals as their least value.
    solver : CpSolver

    Raises
    ------
    NoSolution
    """
    model.solver.Maximize(sum(_wishes(model, random.Random(seed))))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = effort
    status = solver.Solve(model.solver)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise NoSolution(f"labels of {model.table}", proven=status == cp_model.INFEASIBLE)
    table = model.known.copy()
    columns = {name: [block_of(model, solver, row, name).value for row in range(len(model))] for name in model.blocks}
    return pd.concat([table, pd.DataFrame(columns, index=table.index)], axis=1), solver


def _wishes(model: LabelModel, chance: random.Random) -> list:
    """One indicator a row and variable, drawn by the assumed weights; without them a boolean is rarely true."""
    likely = model.problem.assumptions.of(model.table).likely
    wishes = []
    for name, blocks in model.blocks.items():
        usual = {"1": 1, "0": 4, MISSING: 0.5}
        weights = [likely.get(name, usual).get(block.level, 1) for block in blocks]
        for row in range(len(model)):
            open_ = [k for k, _ in enumerate(blocks) if (row, name, k) in model.indicator and weights[k] > 0]
            if open_:
                wish = chance.choices(open_, [weights[k] for k in open_])[0]
                wishes.append(model.indicator[row, name, wish])
    return wishes


def block_of(model: LabelModel, solver: cp_model.CpSolver, row: int, name: str) -> Block:
    """The block that a solution gives a row."""
    for position, block in enumerate(model.blocks[name]):
        literal = model.indicator.get((row, name, position))
        if literal is not None and solver.Value(literal):
            return block
    raise AssertionError(f"row {row}: no block of {name} chosen")
