"""Times of a start: solve the model of times and write its rows."""

from __future__ import annotations

import random

import pandas as pd
from ortools.sat.python import cp_model

from analysis.reconstruction.constraints.curves import printed_curves
from analysis.reconstruction.problem.problem import FOLLOW_UP, Problem
from analysis.reconstruction.solver import interruptible
from analysis.reconstruction.solver.digitised_rows import add_digitised
from analysis.reconstruction.solver.time_model import DEAD, FREE, ILL, LOST, TimeModel, base_model
from analysis.reconstruction.solver.timeline_rows import add_curve, add_follow_up, add_order, add_tally


class NoSolution(Exception):
    """A stage found no solution.

    Parameters
    ----------
    stage : str
    proven : bool
        Whether the solver proved that there is none, or only stopped looking.
    """

    def __init__(self, stage: str, proven: bool):
        self.stage, self.proven = stage, proven
        super().__init__(f"{stage}: {'no solution exists' if proven else 'no solution found within the limit'}")


def build(problem: Problem, seed: int, every_month: bool = False) -> TimeModel:
    """Full model of one start: `time_model.base_model` with printed follow-up and curves, and digitised curves."""
    model = base_model(problem, seed, every_month)
    table = model.timeline.table
    for row in problem.rows(table, *FOLLOW_UP):
        add_follow_up(model, row)
    for tally in model.timeline.tallies:
        add_tally(model, tally)
    for order in model.timeline.orders:
        if order.id in problem.patterns:
            add_order(model, order, order.patterns[problem.patterns[order.id]])
    for curve in printed_curves(problem, table):
        if curve.endpoint in (*model.timeline.chain, *(model.timeline.clock.from_origin if model.timeline.clock else ())):
            add_curve(model, curve)
    for curve in problem.digitised:
        add_digitised(model, curve)
    if model.penalties:
        model.solver.minimize(sum(model.penalties))
    return model


def solve(model: TimeModel, seed: int, effort: float = 60.0) -> cp_model.CpSolver:
    """Solve on one worker, with a deterministic limit.

    Parameters
    ----------
    model : TimeModel
    seed : int
    effort : float
        The solver's deterministic time, about a second of a fast core a unit.

    Raises
    ------
    NoSolution
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = effort
    solver.parameters.cp_model_probing_level = 0  # finds nothing that the model does not say, and takes most of the time
    solver.parameters.cp_model_presolve = not model.problem.digitised  # on the tables of a curve it takes longer than the search
    status = interruptible.solve(solver, model.solver)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        drawn = "" if len(model.months) > model.timeline.last else " in the months drawn for this start"
        raise NoSolution(f"times{drawn}", proven=status == cp_model.INFEASIBLE)
    return solver


def rows_of(model: TimeModel, solver: cp_model.CpSolver, seed: int) -> pd.DataFrame:
    """One row a patient: the cell's position, and times and events of the chain.

    Within a cell, who of the rows with an event of the first endpoint has which later end
    is open: it is drawn, never an end before the event.

    Returns
    -------
    DataFrame, shape (rows, 1 + 2 × endpoints)
        Columns ``cell`` and the endpoints' time and event variables.
    """
    chance = random.Random(seed)
    endpoints = [model.problem.study.endpoints[name] for name in model.timeline.chain]
    rows = []
    for cell in range(len(model.cells)):

        def months(kind, cell=cell):
            return [m for m in model.months for _ in range(solver.Value(model.number[cell, kind, m]))]

        rows += [(cell, [(month, 0)] * len(endpoints)) for month in months(FREE)]
        if len(endpoints) == 1:
            rows += [(cell, [(month, 1)]) for month in months(ILL)]
            continue
        ill = months(ILL)
        ends = sorted([(month, 1) for month in months(DEAD)] + [(month, 0) for month in months(LOST)])
        for month, died in ends:  # early ends first: they have the fewest candidates
            start = ill.pop(chance.choice([i for i, begun in enumerate(ill) if begun <= month]))
            rows.append((cell, [(start, 1), (month, died)]))
    table = []
    for cell, outcomes in rows:
        record = {"cell": cell}
        for endpoint, (month, event) in zip(endpoints, outcomes):
            record |= {endpoint.time: month, endpoint.event: event}
        table.append(record)
    return pd.DataFrame(table)
