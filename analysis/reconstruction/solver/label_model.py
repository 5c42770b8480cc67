"""Indicators of the labels of a table, and literals for conditions on them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
from ortools.sat.python import cp_model

from analysis.cohorts.conditions import Clause, Condition
from analysis.reconstruction.problem.blocks import Block, meets
from analysis.reconstruction.problem.problem import Problem


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

    def speaks_of(self, condition: Condition) -> bool:
        """Whether every variable of a condition is decided or decided here; else another stage sees to it."""
        return all(name in self.known or name in self.blocks for name in condition.variables)

    def literal(self, row: int, condition: Condition):
        """A literal that is true exactly if the row meets the condition (0 or 1 where decided)."""
        key = row, condition.canonical
        if key not in self._literals:
            self._literals[key] = self._all([self._clause(row, clause) for clause in condition.clauses])
        return self._literals[key]

    def _all(self, parts):
        if any(isinstance(part, int) and part == 0 for part in parts):
            return 0
        parts = [part for part in parts if not isinstance(part, int)]
        if len(parts) < 2:
            return parts[0] if parts else 1
        both = self.solver.new_bool_var("")
        self.solver.add_bool_and(parts).only_enforce_if(both)
        self.solver.add_bool_or([part.Not() for part in parts] + [both])
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
        positions = [k for k, _ in enumerate(self.blocks[clause.variable]) if (row, clause.variable, k) in self.indicator]
        inside = [k for k in positions if meets(clause, self.blocks[clause.variable][k])]
        if not inside:
            return 0
        if len(inside) == len(positions):
            return 1
        literals = [self.indicator[row, clause.variable, k] for k in inside]
        if len(literals) == 1:
            return literals[0]
        some = self.solver.new_bool_var("")
        self.solver.add(sum(literals) == some)
        return some


def require(solver: cp_model.CpModel, *constraints, when=None) -> None:
    """Add linear constraints, some of which may have come out as plain truths or untruths."""
    for constraint in constraints:
        if isinstance(constraint, bool):
            if not constraint:
                solver.add_bool_or([] if when is None else [when.Not()])
        else:
            added = solver.add(constraint)
            if when is not None:
                added.only_enforce_if(when)


def block_of(model: LabelModel, solver: cp_model.CpSolver, row: int, name: str) -> Block:
    """The block that a solution gives a row."""
    for position, block in enumerate(model.blocks[name]):
        literal = model.indicator.get((row, name, position))
        if literal is not None and solver.Value(literal):
            return block
    raise AssertionError(f"row {row}: no block of {name} chosen")
