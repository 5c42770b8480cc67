"""Counts of labels that rules and printed numbers tie to groups and events, heard of where times are decided.

Whoever decides how many rows of each group have an event, and knows no other label, may leave no labels that give the other counts.
So rows are counted by pattern of the labels tied to groups and events, as proofs count them; the patterns of a group sum to it.
"""

from __future__ import annotations

import math

from analysis.reconstruction.counts.cell_classes import combinations_of, holds
from analysis.reconstruction.problem.blocks import blocks_of
from analysis.reconstruction.problem.problem import COUNTS, Problem, linear

#: Most patterns.
WIDEST = 600


def add_patterns(model) -> None:
    """Numbers of rows by pattern, with what is printed and assumed of them, in a model of times (`solver.time_model.TimeModel`)."""
    problem, timeline = model.problem, model.timeline
    declared, assumed = problem.study.variables[timeline.table], problem.assumptions.of(timeline.table)
    events = {problem.study.endpoints[name].event: name for name in timeline.chain}
    conditions = _conditions_of(problem, timeline.table)
    names = _names(problem, (*timeline.strata, *events), conditions)
    patterns = combinations_of({name: declared[name] for name in declared}, names, conditions, assumed.rules)
    everybody = problem.size(timeline.table)
    numbers = [model.solver.new_int_var(0, everybody, "") for _ in patterns]

    def counted(condition):
        return sum(number for number, pattern in zip(numbers, patterns) if holds(condition, pattern))

    for row in problem.rows(timeline.table, *COUNTS):
        inside, base = problem.condition(row), problem.base(row)
        if {*inside.variables, *base.variables} <= set(names):
            scale, low, high = linear(row)
            if row.statistic == "count":
                _require(model.solver, low, counted(inside), high)
            else:
                part, whole = 100 * scale * counted(inside), counted(base)
                _require(model.solver, 0, part - low * whole, 10**15)
                _require(model.solver, 0, high * whole - part, 10**15)
    for bound in assumed.bounds:
        if set(bound.condition.variables) <= set(names):
            _require(model.solver, bound.at_least, counted(bound.condition), bound.at_most)
    for position, cell in enumerate(model.cells):
        of_cell = [
            (number, pattern)
            for number, pattern in zip(numbers, patterns)
            if all(pattern[name] in cell.blocks[name] for name in cell.blocks)
        ]
        model.solver.add(sum(number for number, _ in of_cell) == model.size[position])
        for event, endpoint in events.items():
            kinds, _ = model.kinds(endpoint)
            happened = sum(number for number, pattern in of_cell if pattern[event].level == "1")
            model.solver.add(model.total([position], kinds) == happened)


def _require(solver, low: int, number, high: int) -> None:
    """A sum between two ends, which may have come out as a plain number."""
    if isinstance(number, int):
        if not low <= number <= high:
            solver.add_bool_or([])
    else:
        solver.add_linear_constraint(number, low, high)


def _conditions_of(problem: Problem, table: str) -> list:
    assumed = problem.assumptions.of(table)
    found = [condition for row in problem.rows(table, *COUNTS) for condition in (problem.condition(row), problem.base(row))]
    found += [condition for rule in assumed.rules for condition in (rule.premise, rule.conclusion)]
    return found + [bound.condition for bound in assumed.bounds]


def _names(problem: Problem, first: tuple[str, ...], conditions) -> tuple[str, ...]:
    """Strata and events, and labels tied to them by a rule, a bound or a count as long as patterns are few; rules come first."""
    timeline = problem.timeline
    declared, assumed = problem.study.variables[timeline.table], problem.assumptions.of(timeline.table)
    times = {problem.study.endpoints[name].time for name in problem.study.endpoints}
    ties = [rule.premise.variables + rule.conclusion.variables for rule in assumed.rules]
    ties += [condition.variables for condition in conditions]
    chosen = list(dict.fromkeys(first))

    def size(names) -> int:
        return math.prod(len(blocks_of(declared[name], conditions, name)) for name in names)

    def fits(name: str) -> bool:
        variable = declared[name]
        return variable.type != "id" and name not in times and (variable.range is not None or variable.type in ("category", "boolean"))

    grown = True
    while grown:
        grown = False
        for tie in ties:
            new = [name for name in dict.fromkeys(tie) if name not in chosen]
            if new and set(tie) & set(chosen) and all(map(fits, new)) and size([*chosen, *new]) <= WIDEST:
                chosen, grown = [*chosen, *new], True
    return tuple(chosen)
