"""Cells: the combinations of levels that the model of times tells apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.cohorts.conditions import Condition
from analysis.cohorts.study import Study
from analysis.reconstruction.problem.assumptions import Rule
from analysis.reconstruction.problem.blocks import Block, blocks_of, meets
from analysis.reconstruction.problem.timeline_assumptions import Timeline


@dataclass(frozen=True)
class Cell:
    """Blocks that each stratifying variable may take within one cell."""

    blocks: Mapping[str, tuple[Block, ...]]

    def decides(self, condition: Condition) -> bool | None:
        """Whether all rows of the cell meet a condition, none does, or the cell cannot tell."""
        known = True
        for clause in condition.clauses:
            if clause.variable not in self.blocks:
                known = None if known else known
                continue
            met = {meets(clause, block) for block in self.blocks[clause.variable]}
            if met == {False}:
                return False
            if met != {True}:
                known = None
        return known

    def label(self) -> str:
        return ", ".join(f"{name}={'|'.join(str(block.level) for block in blocks)}" for name, blocks in self.blocks.items())


def cells_of(study: Study, timeline: Timeline, rules: Iterable[Rule]) -> list[Cell]:
    """Every combination of strata that the rules allow.

    Parameters
    ----------
    study : Study
    timeline : Timeline
        Its `strata` name the variables, and the levels to take together.
    rules : iterable of Rule
        Combinations that a rule excludes are left out.

    Raises
    ------
    ValueError
        If a stratum names a level that is not declared.
    """
    declared = study.variables[timeline.table]
    parts = {name: _parts(declared[name], grouping, name) for name, grouping in timeline.strata.items()}
    combinations = (Cell(dict(zip(parts, chosen))) for chosen in itertools.product(*parts.values()))
    rules = list(rules)
    return [cell for cell in combinations if not any(_excluded(cell, rule) for rule in rules)]


def _parts(variable, grouping, name: str) -> list[tuple[Block, ...]]:
    blocks = blocks_of(variable, (), name)
    if grouping == "each":
        return [(block,) for block in blocks]
    by_level = {block.level: block for block in blocks}
    unknown = [level for levels in grouping for level in levels if level not in by_level]
    if unknown:
        raise ValueError(f"strata.{name}: unknown level {unknown[0]!r}")
    return [tuple(by_level[level] for level in levels) for levels in grouping]


def _excluded(cell: Cell, rule: Rule) -> bool:
    return cell.decides(rule.premise) is True and cell.decides(rule.conclusion) is False


def members(cells: Iterable[Cell], condition: Condition) -> list[int] | None:
    """Positions of the cells that meet a condition; None if some cell cannot tell."""
    found = []
    for position, cell in enumerate(cells):
        decided = cell.decides(condition)
        if decided is None:
            return None
        if decided:
            found.append(position)
    return found
