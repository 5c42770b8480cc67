"""A second clock: when it starts for each row, and what happens after.

Every row has a list of options (start, whether and when the second clock's event happens);
one is chosen for each, so that printed curves and counts of the second clock come out.
"""

from __future__ import annotations

import random

import pandas as pd
from ortools.sat.python import cp_model

from analysis.cohorts import conditions
from analysis.reconstruction.constraints.curves import printed_curves
from analysis.reconstruction.constraints.risk_sets import steps
from analysis.reconstruction.problem.problem import COUNTS, Problem, linear
from analysis.reconstruction.problem.timeline_assumptions import Clock
from analysis.reconstruction.solver import interruptible
from analysis.reconstruction.solver.label_model import require


def add_clock(
    problem: Problem, known: pd.DataFrame, seed: int, undecided: tuple[str, ...] = (), effort: float = 30.0
) -> pd.DataFrame | None:
    """Columns of the second clock, beside those of the chain.

    Parameters
    ----------
    problem : Problem
    known : DataFrame, shape (rows, columns)
        Strata, and the chain's times and events.
    seed : int
    undecided : tuple of str
        Columns of `known` that hold one of several possible levels: good for the clock's
        own conditions, not for rules.
    effort : float
        Deterministic time of the solver.

    Returns
    -------
    DataFrame, or None if no choice of options gives the printed numbers
    """
    clock = problem.timeline.clock
    assert clock is not None, "asked where one is declared"
    options = _lawful(problem, _options(problem, clock, known), undecided)
    missing = set(known.index) - set(options["row"])
    if missing:
        return None
    solver = cp_model.CpModel()
    chosen = [solver.new_bool_var("") for _ in range(len(options))]
    chance = random.Random(seed)
    wishes = []
    for _, group in options.groupby("row"):
        solver.add_exactly_one(chosen[k] for k in group.index)
        start = chance.choice(sorted(set(group[clock.origin].dropna())) or [None])
        wishes += [chosen[k] for k in group.index if start is not None and group.loc[k, clock.origin] == start]
    solver.maximize(sum(wishes))  # a random start for each row, as far as the printed numbers allow
    _counts(problem, options, chosen, solver)
    for curve in printed_curves(problem, problem.timeline.table):
        if curve.endpoint in clock.endpoints:
            _curve(problem, curve, options, chosen, solver)
    found = cp_model.CpSolver()
    found.parameters.num_workers = 1
    found.parameters.random_seed = seed
    found.parameters.max_deterministic_time = effort
    if interruptible.solve(found, solver) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return options[[bool(found.Value(literal)) for literal in chosen]].sort_values("row").drop(columns="row").reset_index(drop=True)


def _options(problem: Problem, clock: Clock, known: pd.DataFrame) -> pd.DataFrame:
    """All options of all rows, with the columns that each would give."""
    timeline, endpoints = problem.timeline, problem.study.endpoints
    inside = conditions.parse(clock.where).mask(known)
    early = conditions.parse(clock.early).mask(known) if clock.early else [True] * len(known)
    first, last = (endpoints[name] for name in (timeline.chain[0], timeline.chain[-1]))
    records = []
    for position, (row, values) in enumerate(known.iterrows()):
        for start, event, when in _histories(clock, values, first, last, early[position]) if inside[position] else [(None, None, None)]:
            record = {"row": row, **values, clock.origin: start}
            for name in clock.ends:
                record[endpoints[name].time] = None if start is None else int(values[last.time]) - start
            for name in clock.events:
                record[endpoints[name].time] = None if start is None else when - start
                record[endpoints[name].event] = event
            for name in clock.from_origin:
                record[endpoints[name].time] = when
                record[endpoints[name].event] = event if start is not None else None
            records.append(record)
    return pd.DataFrame(records).astype(dict.fromkeys(_numbers(problem, clock), "Int64"))


def _lawful(problem: Problem, options: pd.DataFrame, undecided: tuple[str, ...]) -> pd.DataFrame:
    """Options that break no rule which their columns can tell."""
    keep = pd.Series(True, index=options.index)
    decided = set(options.columns) - set(undecided)
    for rule in problem.assumptions.of(problem.timeline.table).rules:
        for clause in rule.conclusion.clauses:
            if {*rule.premise.variables, clause.variable} <= decided:
                keep &= ~rule.premise.mask(options) | clause.mask(options)
    return options[keep].reset_index(drop=True)


def _numbers(problem: Problem, clock: Clock) -> set[str]:
    endpoints = problem.study.endpoints
    found = {clock.origin} | {endpoints[name].time for name in clock.endpoints}
    return found | {endpoints[name].event for name in (*clock.events, *clock.from_origin)}


def _histories(clock: Clock, values, first, last, early: bool):
    """Possible (start, event, month of the event or of the end) of one row."""
    end, ill = int(values[last.time]), int(values[first.time])
    dead, had = bool(int(values[last.event])), bool(int(values[first.event]))
    for start in range(clock.first, min(clock.last, end - 1) + 1):
        if had and ill > start:
            yield start, 1, ill
        elif not had:
            yield start, 0, end
        elif early:
            if not (dead and clock.needed):
                yield start, 0, end
            for when in range(start + 1, end + 1):
                yield start, 1, when


def _counts(problem: Problem, options: pd.DataFrame, chosen, solver) -> None:
    for row in problem.rows(problem.timeline.table, *COUNTS):
        condition = problem.condition(row)
        if not set(condition.variables) <= set(options.columns):
            continue
        inside, base = condition.mask(options), problem.base(row).mask(options)
        number = sum(literal for literal, met in zip(chosen, inside) if met)
        whole = sum(literal for literal, met in zip(chosen, base) if met)
        scale, low, high = linear(row)
        if row.statistic == "count":
            require(solver, low <= number, number <= high)
        else:
            require(solver, low * whole <= 100 * scale * number, 100 * scale * number <= high * whole)


def _curve(problem: Problem, curve, options: pd.DataFrame, chosen, solver) -> None:
    endpoint = problem.study.endpoints[curve.endpoint]
    members = options[curve.group.mask(options)]
    size = members["row"].nunique()
    found = curve.sequences(size)
    if found is None:
        return
    literals = [solver.new_bool_var("") for _ in found]
    solver.add_bool_or(literals)
    times, events = members[endpoint.time].astype(int), members[endpoint.event].astype(int)
    for literal, parts in zip(literals, found):
        before = 0
        for horizon, sequence in zip(sorted(curve.rows), parts):
            allowed = steps(sequence)
            inside = members.index[(times > before) & (times <= horizon) & (events == 1)]
            require(solver, sum(chosen[k] for k in inside) == len(sequence), when=literal)
            for month in range(int(before) + 1, int(horizon) + 1):
                now = [chosen[k] for k in members.index[(times == month) & (events == 1)]]
                if not now:
                    continue
                at_risk, tied = solver.new_int_var(0, size, ""), solver.new_int_var(0, size, "")
                solver.add(at_risk == sum(chosen[k] for k in members.index[times >= month]))
                solver.add(tied == sum(now))
                none = [(n, 0) for n in range(size + 1)]
                solver.add_allowed_assignments([at_risk, tied], none + allowed).only_enforce_if(literal)
            before = horizon
