"""The model of times: how many rows of each cell have an event, and when.

One or two endpoints on one clock.  A row either has no event of the first endpoint (then
both end together) or has one, after which it has the last endpoint's event or is censored.
Per cell and month four whole numbers say how many do so; everything printed about curves
and follow-up is linear in them, but for the risk sets, which are tables.  Months are a
random choice per start, so that starts are small and differ.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from analysis.cohorts import conditions
from analysis.reconstruction.problem.problem import COUNTS, FOLLOW_UP, Problem, linear
from analysis.reconstruction.solver import interruptible
from analysis.reconstruction.solver.cells import Cell, cells_of, members

FREE, ILL, DEAD, LOST = "free", "ill", "dead", "lost"
#: An event on the second clock, and an end without one.
AGAIN, SPARED = "again", "spared"


@dataclass
class TimeModel:
    """A solver model of one start, with its variables.

    Attributes
    ----------
    cells : list of Cell
    months : list of int
        Months that may hold an event or an end, ascending.
    size : list of IntVar
        Rows per cell.
    number : dict of (cell, kind, month) to IntVar
    used : list of str
        Ids of the ledger rows in the model.
    penalties : list
        Linear expressions whose sum is to be small, without being required.
    """

    problem: Problem
    cells: list[Cell]
    months: list[int]
    solver: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    size: list = field(default_factory=list)
    number: dict = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    penalties: list = field(default_factory=list)
    _at: dict = field(default_factory=dict)

    @property
    def timeline(self):
        return self.problem.timeline

    @property
    def first(self) -> str:
        return self.timeline.chain[0]

    @property
    def last(self) -> str:
        return self.timeline.chain[-1]

    def total(self, cells, kinds, months=None):
        """Rows of some cells with one of the kinds of outcome in some months."""
        months = self.months if months is None else months
        return sum(self.number[cell, kind, month] for cell in cells for kind in kinds for month in months)

    def kinds(self, endpoint: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Outcomes that are an event of an endpoint, and all that end its time."""
        if self.timeline.clock and endpoint in self.timeline.clock.from_origin:
            return (AGAIN,), (AGAIN, SPARED)
        if endpoint == self.last and endpoint != self.first:
            return (DEAD,), (FREE, DEAD, LOST)
        return (ILL,), (FREE, ILL)

    def at(self, endpoint: str, cells: tuple[int, ...], month: int):
        """Variables: number at risk just before a month, and events in it."""
        key = endpoint, cells, month
        if key not in self._at:
            events, ends = self.kinds(endpoint)
            everybody = self.problem.size(self.timeline.table)
            at_risk = self.solver.new_int_var(0, everybody, "")
            tied = self.solver.new_int_var(0, everybody, "")
            before = [m for m in self.months if m < month]
            self.solver.add(at_risk == sum(self.size[cell] for cell in cells) - self.total(cells, ends, before))
            self.solver.add(tied == self.total(cells, events, [month]))
            self._at[key] = at_risk, tied
        return self._at[key]

    def since(self, endpoint: str, cells: tuple[int, ...], first: int, month: int):
        """Variable: events from a first month until just before another."""
        key = endpoint, cells, first, month
        if key not in self._at:
            events, _ = self.kinds(endpoint)
            number = self.solver.new_int_var(0, self.problem.size(self.timeline.table), "")
            self.solver.add(number == self.total(cells, events, [m for m in self.months if first <= m < month]))
            self._at[key] = number
        return self._at[key]


def base_model(problem: Problem, seed: int, exact_months: bool = False) -> TimeModel:
    """Cells, outcomes, windows and counts of one start, without curves and follow-up.

    Parameters
    ----------
    problem : Problem
    seed : int
        Chooses the months.
    exact_months : bool
        Use every month (slower; a verdict "infeasible" is then a proof).
    """
    timeline = problem.timeline
    rules = problem.assumptions.of(timeline.table).rules
    cells = cells_of(problem.study, timeline, rules)
    months = list(range(timeline.last + 1)) if exact_months else _months(problem, random.Random(seed))
    model = TimeModel(problem, cells, months)
    _outcomes(model)
    if timeline.clock and timeline.clock.from_origin:
        _second_events(model)
    _counts(model)
    return model


def _months(problem: Problem, chance: random.Random) -> list[int]:
    timeline = problem.timeline
    chosen = set(timeline.always)
    for row in problem.rows(timeline.table, *FOLLOW_UP):
        chosen.add(int(row.value.value))
    for curve in problem.digitised:
        chosen |= curve.months
    for stretch, many in timeline.months.items():
        first, last = map(int, stretch.split("-"))
        chosen |= set(chance.sample(range(first, last + 1), many))
    return sorted(chosen)


def _outcomes(model: TimeModel) -> None:
    """Variables, windows and the order of events within a cell."""
    solver, timeline = model.solver, model.timeline
    everybody = model.problem.size(timeline.table)
    chained = model.first != model.last
    for position, cell in enumerate(model.cells):
        size = solver.new_int_var(0, everybody, cell.label())
        model.size.append(size)
        for month in model.months:
            for kind in (FREE, ILL, DEAD, LOST):
                open_ = (chained or kind in (FREE, ILL)) and _open(model, cell, kind, month)
                model.number[position, kind, month] = solver.new_int_var(0, everybody if open_ else 0, "")
        solver.add(model.total([position], (FREE, ILL)) == size)
        if chained:
            solver.add(model.total([position], (ILL,)) == model.total([position], (DEAD, LOST)))
            for month in model.months:
                until = [m for m in model.months if m <= month]
                solver.add(model.total([position], (ILL,), until) >= model.total([position], (DEAD, LOST), until))
    solver.add(sum(model.size) == everybody)
    for stretch, most in timeline.crowd.items():
        first, last = map(int, stretch.split("-"))
        for month in model.months:
            if first <= month <= last:
                solver.add(model.total(range(len(model.cells)), (FREE, LOST), [month]) <= most)


def _second_events(model: TimeModel) -> None:
    """Events of the second clock, in months of the first.

    Where no event comes before the clock's start they are those of the chain's first endpoint.
    Elsewhere they are a second event, which a death needs if the clock says so.
    """
    clock, solver, everybody = model.timeline.clock, model.solver, model.problem.size(model.timeline.table)
    inside, early = conditions.parse(clock.where), conditions.parse(clock.early) if clock.early else None
    for position, cell in enumerate(model.cells):
        has, before = cell.decides(inside) is True, early is not None and cell.decides(early) is True
        for month in model.months:
            if has and not before:
                model.number[position, AGAIN, month], model.number[position, SPARED, month] = (
                    model.number[position, kind, month] for kind in (ILL, FREE)
                )
                continue
            most = everybody if has and month > clock.first else 0
            model.number[position, AGAIN, month] = solver.new_int_var(0, most, "")
            model.number[position, SPARED, month] = solver.new_int_var(0, most, "")
        if not (has and before):
            continue
        solver.add(model.total([position], (AGAIN, SPARED)) == model.size[position])
        for month in model.months:
            until = [m for m in model.months if m <= month]
            ended, spared, again = (model.total([position], kinds, until) for kinds in ((DEAD, LOST), (SPARED,), (AGAIN,)))
            solver.add(again >= ended - spared)
            loose = (LOST,) if clock.needed else (DEAD, LOST)
            solver.add(model.number[position, SPARED, month] <= model.total([position], loose, [month]))


def _open(model: TimeModel, cell: Cell, kind: str, month: int) -> bool:
    for window in model.timeline.windows:
        if cell.decides(window.condition) is not True or window.first <= month <= window.last:
            continue
        events, ends = model.kinds(window.endpoint)
        if kind in {"event": events, "end": ends, "free": (FREE,)}[window.what]:
            return False
    return True


def _counts(model: TimeModel) -> None:
    """Printed counts, and assumed bounds, of what the cells can tell."""
    table = model.timeline.table
    for row in model.problem.rows(table, *COUNTS):
        base = members(model.cells, model.problem.base(row))
        inside = members(model.cells, model.problem.condition(row))
        if base is None or inside is None:
            continue
        scale, low, high = linear(row)
        number = sum(model.size[cell] for cell in inside)
        if row.statistic == "count":
            model.solver.add_linear_constraint(number, low, high)
        else:
            whole = sum(model.size[cell] for cell in base)
            model.solver.add(100 * scale * number >= low * whole)
            model.solver.add(100 * scale * number <= high * whole)
        model.used.append(row.id)
    for bound in model.problem.assumptions.of(table).bounds:
        inside = members(model.cells, bound.condition)
        if inside is not None:
            number = sum(model.size[cell] for cell in inside)
            model.solver.add(number >= bound.at_least)
            model.solver.add(number <= bound.at_most)


def group_size(model: TimeModel, cells) -> int | None:
    """Number of rows in a group if the counts in the model fix it."""
    small = cp_model.CpModel()
    sizes = [small.new_int_var(0, model.problem.size(model.timeline.table), "") for _ in model.cells]
    copy = TimeModel(model.problem, model.cells, [], small, sizes)
    small.add(sum(sizes) == model.problem.size(model.timeline.table))
    _counts(copy)
    ends = []
    for sense in (small.minimize, small.maximize):
        sense(sum(sizes[cell] for cell in cells))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        if interruptible.solve(solver, small) != cp_model.OPTIMAL:
            return None
        ends.append(round(solver.ObjectiveValue()))
    return ends[0] if ends[0] == ends[1] else None
