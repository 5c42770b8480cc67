"""Classes of exchangeable rows, and the combinations of levels that they may take."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import Condition
from analysis.reconstruction.problem.blocks import Block, blocks_of, meets


def classes(table: pd.DataFrame, conditions: Sequence[Condition], decided: set[str]) -> list[list]:
    """Rows by what the clauses on decided variables say of them.

    Parameters
    ----------
    table : DataFrame, shape (rows, columns)
    conditions : sequence of Condition
        Everything that will be asked of the rows.
    decided : set of str
        Columns that are complete.

    Returns
    -------
    list of list
        Index labels of each class.
    """
    clauses = list(dict.fromkeys(clause for condition in conditions for clause in condition.clauses if clause.variable in decided))
    if not clauses:
        return [list(table.index)] if len(table) else []
    masks = np.column_stack([clause.mask(table) for clause in clauses])
    _, place = np.unique(masks, axis=0, return_inverse=True)
    place = np.asarray(place).ravel()
    return [list(table.index[place == number]) for number in range(place.max() + 1)] if len(table) else []


def combinations_of(declared, names, conditions, rules) -> list[dict[str, Block]]:
    """Levels of `names` together, without what a rule on them alone excludes.

    Parameters
    ----------
    declared : mapping of name to Variable
    names : sequence of str
        Rules on the first ones already narrow the product before the next one multiplies it.
    conditions : sequence of Condition
        They cut numbers into intervals (`blocks.blocks_of`).
    rules : sequence of Rule

    Returns
    -------
    list of dict of str to Block
    """
    blocks = {name: blocks_of(declared[name], conditions, name) for name in names}
    inner = [rule for rule in rules if set(rule.premise.variables) | set(rule.conclusion.variables) <= set(names)]
    found: list[dict[str, Block]] = [{}]
    for name in names:
        found = [{**part, name: block} for part, block in itertools.product(found, blocks[name])]
        ready = [rule for rule in inner if set(rule.premise.variables) | set(rule.conclusion.variables) <= set(found[0])]
        found = [part for part in found if not any(holds(rule.premise, part) and not holds(rule.conclusion, part) for rule in ready)]
    return found


def holds(condition: Condition, combination: Mapping[str, Block]) -> bool:
    """Whether a combination meets a condition that speaks of its variables alone."""
    return all(meets(clause, combination[clause.variable]) for clause in condition.clauses)


def meets_all(condition: Condition, sample: pd.DataFrame, combination: Mapping[str, Block]) -> bool:
    """Whether rows like `sample` (one row) meet a condition when they take a combination of levels."""
    return all(
        meets(clause, combination[clause.variable]) if clause.variable in combination else bool(clause.mask(sample)[0])
        for clause in condition.clauses
    )
