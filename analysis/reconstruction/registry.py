"""A cohort and the registry whose cases it holds, from one seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import Clause, Condition
from analysis.reconstruction import cases, dates, first_events, logistic_core
from analysis.reconstruction.cell_counts import Counts, Linear
from analysis.reconstruction.cohort import Cohort
from analysis.reconstruction.problem import Problem
from analysis.reconstruction.timeline import NoSolution

#: Starts tried for one cohort, and sets of cells of the logistic models tried for one registry.
ATTEMPTS, CORES = 12, 6
#: Registries differ in how strongly their columns hang together, up to this (`Counts.solve`).
SPREAD = 1.0


def make_linked(problem: Problem, seed: int, say: Callable[[str], None] = lambda line: None) -> Cohort:
    """A cohort and its registry, linked by their key.

    Labels of the cases, then their times, then the registry's other rows.  A start whose
    times miss something is given up for another; the best one is kept if all do.

    Parameters
    ----------
    problem : Problem
    seed : int
        Same seed, same tables.
    say : callable of str
        Told what happens.

    Raises
    ------
    NoSolution
        If no start leads through all stages.
    """
    linked, best, failure = problem.assumptions.linked, None, NoSolution("all stages", proven=False)
    for attempt in range(ATTEMPTS):
        used = seed * 1000 + attempt
        try:
            labelled = cases.label(problem, used)
            dated, miss, moves = dates.search(problem, labelled, used)
            dated = first_events.add(problem, dated, used)
            if best is None or miss < best.miss:
                tables = {linked.cases: _columns(problem, linked.cases, dated), linked.registry: fill(problem, dated, used)}
                best = Cohort(tables, used, miss, moves)
        except NoSolution as error:
            say(f"start {used}: {error}")
            failure = error
            continue
        say(f"start {used}: miss {miss:.3f}")
        if best.miss == 0:
            break
    if best is None:
        raise failure
    return best


def _columns(problem: Problem, name: str, table: pd.DataFrame) -> pd.DataFrame:
    return table[list(problem.study.variables[name])].reset_index(drop=True)


def fill(problem: Problem, labelled: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The whole registry: its cases as they are, its other rows by stages.

    Parameters
    ----------
    problem : Problem
    labelled : DataFrame
        The cases with the registry's columns.
    seed : int

    Returns
    -------
    DataFrame, shape (registry, declared columns)

    Raises
    ------
    NoSolution
    """
    linked = problem.assumptions.linked
    size, declared = problem.size(linked.registry), problem.study.variables[linked.registry]
    known, others = len(labelled), size - len(labelled)
    fixed = np.arange(size) < known
    table = pd.DataFrame({linked.key: [f"C{row + 1:04d}" for row in range(size)]})
    for clause in linked.condition.clauses:
        table[clause.variable] = [*labelled[clause.variable], *["0"] * others]
    lines, rules = cases.lines(problem, linked.registry), problem.assumptions.of(linked.registry).rules
    spread = float(np.random.default_rng(seed).uniform(0, SPREAD))
    for number, names in enumerate(linked.stages):
        held = table.assign(**{name: [*labelled[name], *[None] * others] for name in names})
        counts = Counts(declared, held, names, lines, rules, fixed)
        if number == 0:
            table = _with_core(problem, counts, held, lines, fixed, seed, spread)
        else:
            table = counts.solve(seed + number, spread=spread)
    return table[list(declared)]


def _with_core(problem: Problem, counts: Counts, table, lines, fixed, seed: int, spread: float) -> pd.DataFrame:
    """The first stage, with the cells that the printed logistic models need."""
    linked = problem.assumptions.linked
    declared, rules = problem.study.variables[linked.registry], problem.assumptions.of(linked.registry).rules
    rows = list(problem.rows(linked.registry, *logistic_core.STATISTICS))
    if not rows:
        return counts.solve(seed, spread=spread)
    population = problem.condition(rows[0])
    core = logistic_core.read_core([row for row in rows if problem.condition(row) == population])
    patterns = [_pattern(population, core.covariates, cell) for cell in core.cells]
    held = table[fixed]
    mine = np.array([int(pattern.mask(held).sum()) for pattern in patterns])
    margins = [population, *(population & Condition((Clause(name, "=", ("1",)),)) for name in core.covariates)]
    ends = np.array([counts.range(margin) for margin in margins]) - np.array([[int(margin.mask(held).sum())] for margin in margins])
    for attempt in range(CORES):
        cells = logistic_core.solve(core, mine, ends[:, 0], ends[:, 1], seed * CORES + attempt)
        asked = [Linear(((pattern, 1),), int(total), int(total), "cells of the logistic models") for pattern, total in zip(patterns, cells + mine)]
        try:
            return Counts(declared, table, counts.names, [*lines, *asked], rules, fixed).solve(seed, spread=spread)
        except NoSolution:
            continue
    raise NoSolution("cells of the logistic models within the printed counts", proven=False)


def _pattern(population: Condition, covariates, cell) -> Condition:
    return population & Condition(tuple(Clause(name, "=", (str(int(value)),)) for name, value in zip(covariates, cell)))
