"""A cohort and the registry whose cases it holds, from one seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import Clause, Condition
from analysis.reconstruction.counts import logistic_core
from analysis.reconstruction.counts.cell_counts import Counts, Linear
from analysis.reconstruction.io.saved import as_saved
from analysis.reconstruction.linked import cases, dates, first_events
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.single.beginnings import Beginnings, group
from analysis.reconstruction.single.outcome_swaps import OutcomeSwaps
from analysis.reconstruction.single.single_cohort import Cohort
from analysis.reconstruction.solver.timeline import NoSolution
from analysis.reconstruction.temperatures import AWAY, BACK, DATES_HEAT

#: Starts tried for times that give everything printed, and walks tried from them for one cohort.
ATTEMPTS, WALKS = 12, 4
#: Registries differ in how strongly their columns hang together, up to this (`Counts.solve`).
SPREAD = 1.0
#: Deals of the outcomes, and registries, tried until what the paper says in words is true.
DEALS, FILLS = 60, 8


class Hit(NamedTuple):
    """Cases with labels and times that give everything printed, or nearly.

    Attributes
    ----------
    origin : int
        Seed of the labels.
    table : DataFrame
        The cases with the columns of both tables.
    asked : list of Linear
        What the registry must give besides its printed counts.
    miss : float
    moves : int
    """

    origin: int
    table: pd.DataFrame
    asked: list[Linear]
    miss: float
    moves: int


def make_linked(problem: Problem, seed: int, say: Callable[[str], None] = lambda line: None, known: Beginnings | None = None) -> Cohort:
    """A cohort and its registry, linked by their key.

    Cells of the printed logistic models, labels of the cases within them and their first times
    are shared by the seeds of a group; each seed walks away from them to other times, deals the
    outcomes at random, and fills the registry's other rows.

    Parameters
    ----------
    problem : Problem
    seed : int
        Same seed, same tables.
    say : callable of str
        Told what happens.
    known : Beginnings, optional
        Kept from the last seed; without it they are made anew, to the same result.

    Raises
    ------
    NoSolution
        If no start leads through all stages.
    """
    known = known or Beginnings(problem)
    origin = group(seed)
    hit = known.shared(origin, lambda: _first(problem, origin, say))
    table, miss, moves = hit.table, hit.miss, hit.moves
    for walk in range(WALKS if hit.miss == 0 else 0):
        moves += AWAY + BACK
        other, there = dates.walked(problem, hit.table, seed * WALKS + walk, AWAY, BACK, DATES_HEAT)
        if there == 0:
            table = other
            break
    cohort = Cohort(_tables(problem, table, seed, hit.asked), hit.origin, miss, moves)
    say(f"start {hit.origin}: miss {miss:.3f} after {moves} moves")
    return cohort


def _first(problem: Problem, origin: int, say: Callable[[str], None]) -> Hit:
    """Labels and times that give everything printed; of several starts the first that does, or the nearest."""
    best, failure, spent = None, NoSolution("all stages", proven=False), 0
    for attempt in range(ATTEMPTS):
        used = origin * 1000 + attempt
        try:
            inside, outside = cells(problem, used)
            dated, miss, moves = dates.search(problem, cases.label(problem, used, inside), used)
        except NoSolution as error:
            say(f"start {used}: {error}")
            failure = error
            continue
        spent += moves
        if best is None or miss < best.miss:
            best = Hit(used, dated, outside, miss, spent)
        if miss == 0:
            break
        say(f"start {used}: miss {miss:.3f}")
    if best is None:
        raise failure
    return best


def _tables(problem: Problem, dated: pd.DataFrame, seed: int, asked: Sequence[Linear]) -> dict[str, pd.DataFrame]:
    """Both tables, from the cases with their times: outcomes dealt, the registry filled, until what the paper says in words is true."""
    linked, rng = problem.linked, np.random.default_rng(seed)
    swaps = OutcomeSwaps(problem, linked.cases, first_events.add(problem, dated, seed))
    for _ in range(DEALS):
        swaps.shuffle(rng)
        tables = {linked.cases: _columns(problem, linked.cases, swaps.table())}
        if _as_said(problem, tables):
            break
    else:
        raise NoSolution("what the paper says in words of the cases", proven=False)
    for number in range(FILLS):
        tables[linked.registry] = fill(problem, swaps.table(), seed * FILLS + number, asked)
        if _as_said(problem, tables):
            return tables
    raise NoSolution("what the paper says in words of the registry", proven=False)


def _as_said(problem: Problem, tables: Mapping[str, pd.DataFrame]) -> bool:
    """Whether everything that the paper says in words is true of the tables at hand."""
    typed = as_saved(problem, tables)
    return not any(statement.broken(problem.study, typed) for statement in problem.assumptions.statements)


def _columns(problem: Problem, name: str, table: pd.DataFrame) -> pd.DataFrame:
    return table[list(problem.study.variables[name])].reset_index(drop=True)


def cells(problem: Problem, seed: int) -> tuple[list[Linear], list[Linear]]:
    """Numbers of cases, and of all children, with each combination of covariates that the printed logistic models need.

    Parameters
    ----------
    problem : Problem
    seed : int

    Returns
    -------
    tuple of two lists of Linear
        Constraints on the cases, and on the registry; empty where no model is printed.

    Raises
    ------
    NoSolution
    """
    linked = problem.linked
    rows = list(problem.rows(linked.registry, *logistic_core.STATISTICS))
    if not rows:
        return [], []
    population = problem.condition(rows[0])
    core = logistic_core.read_core([row for row in rows if problem.condition(row) == population])
    counts, case = _margins(problem)
    asked = [population, *(population & _is(name) for name in core.covariates)]
    low, high = np.array([[counts.range(margin & side) for margin in asked] for side in case]).transpose(2, 0, 1)
    found = logistic_core.solve(core, low, high, seed)
    patterns = [
        population & Condition(tuple(Clause(name, "=", (str(int(value)),)) for name, value in zip(core.covariates, cell)))
        for cell in core.cells
    ]
    cases, everybody = (
        [Linear(((pattern, 1),), int(n), int(n), "cells of the logistic models") for pattern, n in zip(patterns, numbers)]
        for numbers in (found[0], found.sum(axis=0))
    )
    return cases, everybody


def _margins(problem: Problem) -> tuple[Counts, tuple[Condition, Condition]]:
    """Counts of the first stage with nothing decided but who is a case; and the conditions of cases and others."""
    linked = problem.linked
    (clause,) = linked.condition.clauses
    size, known = problem.size(linked.registry), problem.size(linked.cases)
    table = pd.DataFrame({linked.key: range(size), clause.variable: ["1"] * known + ["0"] * (size - known)})
    lines, rules = cases.lines(problem, linked.registry), problem.assumptions.of(linked.registry).rules
    counts = Counts(problem.study.variables[linked.registry], table, linked.stages[0], lines, rules)
    return counts, (linked.condition, Condition((Clause(clause.variable, "=", ("0",)),)))


def _is(name: str) -> Condition:
    return Condition((Clause(name, "=", ("1",)),))


def fill(problem: Problem, labelled: pd.DataFrame, seed: int, asked: Sequence[Linear] = ()) -> pd.DataFrame:
    """The whole registry: its cases as they are, its other rows by stages.

    Parameters
    ----------
    problem : Problem
    labelled : DataFrame
        The cases with the registry's columns.
    seed : int
    asked : sequence of Linear
        Constraints beside the printed counts (`cells`).

    Returns
    -------
    DataFrame, shape (registry, declared columns)

    Raises
    ------
    NoSolution
    """
    linked = problem.linked
    size, declared = problem.size(linked.registry), problem.study.variables[linked.registry]
    known, others = len(labelled), size - len(labelled)
    fixed = np.arange(size) < known
    table = pd.DataFrame({linked.key: [f"C{row + 1:04d}" for row in range(size)]})
    for clause in linked.condition.clauses:
        table[clause.variable] = [*labelled[clause.variable], *["0"] * others]
    lines, rules = [*cases.lines(problem, linked.registry), *asked], problem.assumptions.of(linked.registry).rules
    spread = float(np.random.default_rng(seed).uniform(0, SPREAD))
    for number, names in enumerate(linked.stages):
        held = table.assign(**{name: [*labelled[name], *[None] * others] for name in names})
        table = Counts(declared, held, names, lines, rules, fixed).solve(seed + number, spread=spread)
    return table[list(declared)]
