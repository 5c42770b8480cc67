"""Towards the end of a range by exchanging outcomes between rows of one cohort.

An exchange changes nothing that is printed (`outcome_swaps`), so that a quantity which
looks at baseline and outcome together can be led as far as such exchanges go, at the cost
of one evaluation each.
"""

from __future__ import annotations

import numpy as np

from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.ranges.lines import Way
from analysis.reconstruction.ranges.walks import Tables
from analysis.reconstruction.single.outcome_swaps import OutcomeSwaps, baseline, variables_named

#: Exchanges tried for each row, and share of `tries` after which a search that gains nothing more ends.
TRIES, PATIENCE = 12, 0.4


def mixes(problem: Problem, aim) -> bool:
    """Whether a quantity looks at baseline and outcome of the main table together, so that exchanges move it."""
    row = aim.row
    if problem.table(row) != problem.main:
        return False
    names = variables_named(problem, row) | set(problem.condition(row).variables)
    known = set(problem.study.variables[problem.main])
    stay = baseline(problem, problem.main)
    return bool(problem.assumptions.of(problem.main).baseline) and bool(names & stay) and bool(names & (known - stay))


def exchange(way: Way, tables: Tables, rng: np.random.Generator, tries: int = TRIES) -> tuple[Tables, float]:
    """The cohort that exchanges lead to, and the quantity's value on it.

    An exchange is kept where the quantity moves outwards and everything said in words stays true.

    Parameters
    ----------
    way : Way
    tables : dict of str to DataFrame
        Typed tables of a cohort that holds.
    rng : Generator
    tries : int
        Exchanges tried for each row.
    """
    problem = way.problem
    swaps = OutcomeSwaps(problem, problem.main, tables[problem.main])
    best, value, since = dict(tables), way.aim.value(problem.study, tables), 0
    said = [statement for statement in problem.assumptions.statements if mixes(problem, statement)]
    size = len(swaps.order)
    for i, j in rng.integers(size, size=(tries * size, 2)):
        if since > PATIENCE * tries * size or value == way.end:
            break
        if i == j or not swaps.allowed(i, j):
            continue
        swaps.swap(i, j)
        there = best | {problem.main: swaps.table()}
        further, since = way.aim.value(problem.study, there), since + 1
        if not way.beyond(further, value) > 0 or any(statement.broken(problem.study, there) for statement in said):
            swaps.swap(i, j)
            continue
        best, value, since = there, further, 0
    return best, value
