"""Blocks: the finitely many values of a variable that conditions can tell apart."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from analysis.cohorts.conditions import _ORDER, MISSING, Clause, Condition
from analysis.cohorts.study_parts import Variable

#: Integers with no more values than this are told apart one by one.
SMALL = 12


@dataclass(frozen=True)
class Block:
    """One level, one whole number, an interval of numbers, or "missing".

    Attributes
    ----------
    level : str or None
        As written in conditions; None for an interval.
    low, high : float
        Closed interval of a number; for a level that is a number both are that number.
    """

    level: str | None
    low: float | None = None
    high: float | None = None

    @property
    def missing(self) -> bool:
        return self.level == MISSING

    @property
    def ends(self) -> tuple[float, float]:
        """Least and greatest value of a block of numbers.

        Raises
        ------
        ValueError
            For any other block.
        """
        if self.low is None or self.high is None:
            raise ValueError(f"expected a block of numbers, found level {self.level!r}")
        return self.low, self.high

    @property
    def value(self):
        """The value to write in a table; for an interval its least one."""
        if self.missing:
            return None
        return self.level if self.low is None else int(self.low)


def blocks_of(variable: Variable, conditions: Iterable[Condition], name: str) -> list[Block]:
    """Blocks of a variable, as fine as the conditions need.

    Parameters
    ----------
    variable : Variable
    conditions : iterable of Condition
        Everything that will be asked about the variable.
    name : str
        The variable's name in the conditions.
    """
    if variable.type == "boolean":
        found = [Block("1"), Block("0")]
    elif variable.type == "category":
        found = [Block(level) for level in variable.levels]
    elif variable.range is None:
        raise ValueError(f"{name}: a number needs a declared range to be reconstructed")
    elif variable.type == "integer" and variable.range[1] - variable.range[0] < SMALL:
        found = [Block(str(value), value, value) for value in range(int(variable.range[0]), int(variable.range[1]) + 1)]
    else:
        found = _intervals(variable, conditions, name)
    return [*found, Block(MISSING)] if variable.missing else found


def _intervals(variable: Variable, conditions: Iterable[Condition], name: str) -> list[Block]:
    """Whole numbers cut wherever a condition changes between two of them."""
    low, high = (int(end) for end in variable.ends)
    cuts = {low}
    for condition in conditions:
        for clause in condition.clauses:
            if clause.variable != name:
                continue
            for value in clause.values:
                if value != MISSING:
                    cut = _cut(clause.comparison, float(value))
                    cuts |= {cut, cut + 1} if clause.comparison in ("=", "!=") else {cut}
    ordered = sorted(cut for cut in cuts if low <= cut <= high)
    return [Block(None, a, b - 1) for a, b in zip(ordered, [*ordered[1:], high + 1])]


def _cut(comparison: str, value: float) -> int:
    """First whole number on the upper side of a comparison; of ``=``, the number itself."""
    if comparison in ("<=", ">"):
        return math.floor(value) + 1
    return math.ceil(value) if comparison in ("<", ">=") else math.floor(value)


def are_told_apart(conditions: Iterable[Condition], name: str) -> bool:
    """Whether whole numbers tell apart all values at which conditions divide a variable: not 2.2 from 2.7, nor either from 3."""
    values = {
        (_cut(clause.comparison, float(value)), float(value))
        for condition in conditions
        for clause in condition.clauses
        if clause.variable == name
        for value in clause.values
        if value != MISSING
    }
    divided = [cut for cut, value in values if value % 1]
    return all(sum(cut == other for other, _ in values) == 1 for cut in divided)


def meets(clause: Clause, block: Block) -> bool:
    """Whether every value of a block meets a clause (blocks are fine enough that else none does)."""
    if block.missing:
        return (MISSING in clause.values) == (clause.comparison == "=") and MISSING in clause.values
    if clause.comparison in _ORDER:
        return _ORDER[clause.comparison](block.ends[0], float(clause.values[0]))
    levels = [value for value in clause.values if value != MISSING]
    if block.level is None:
        inside = any(block.low == float(value) for value in levels)
    else:
        inside = block.level in levels
    return inside if clause.comparison == "=" else not inside


def codes_of(column: pd.Series, blocks: list[Block]) -> list[int]:
    """Position of each value's block.

    Raises
    ------
    ValueError
        For a value that lies in none of them.
    """
    codes = []
    for value in column:
        missing = value is None or pd.isna(value)
        for position, block in enumerate(blocks):
            if block.missing if missing else _is(block, value):
                codes.append(position)
                break
        else:
            raise ValueError(f"{column.name}: {value!r} lies in none of its blocks")
    return codes


def _is(block: Block, value) -> bool:
    if block.missing:
        return False
    if block.level is None:
        low, high = block.ends
        return low <= math.floor(float(value)) <= high
    return str(value) == block.level or (block.low is not None and float(value) == block.low)
