"""What the search of a problem is asked: its constraints as lists of numbers, and what each means."""

from __future__ import annotations

from analysis.cohorts.conditions import Condition
from analysis.reconstruction.large import constraints
from analysis.reconstruction.large.constraints import Constraint
from analysis.reconstruction.large.items.assumptions import add_assumed, add_figure
from analysis.reconstruction.large.items.clocks import add_clocks
from analysis.reconstruction.large.items.comparisons import add_comparisons
from analysis.reconstruction.large.items.encoded import Encoding
from analysis.reconstruction.large.items.limits import LIMITS, add_limits
from analysis.reconstruction.large.items.numbers import add_number
from analysis.reconstruction.large.items.spells import spells_of
from analysis.reconstruction.problem.blocks import blocks_of
from analysis.reconstruction.problem.problem import Problem


def moved_labels(problem: Problem) -> list[str]:
    """Labels that the search moves: those by which patients are grouped where times or events are asked."""
    table = problem.main
    outcomes = outcome_variables(problem)
    declared = problem.study.variables[table]
    found: dict[str, None] = {}
    for asked in outcome_conditions(problem):
        found |= dict.fromkeys(name for name in asked.variables if name not in outcomes and declared[name].type != "id")
    return [name for name in declared if name in found]


def outcome_variables(problem: Problem) -> set[str]:
    """Times and events of the chain's endpoints and of those on further clocks, and the causes of its first event."""
    timeline = problem.timeline
    endpoints = [problem.study.endpoints[name] for name in (*timeline.chain, *timeline.causes)]
    found = {name for one in endpoints for name in (one.time, one.event, one.competing) if name}
    return found.union(*(spell.variables for spell in spells_of(problem)))


def outcome_conditions(problem: Problem) -> list[Condition]:
    """Conditions on whom times or events are asked of."""
    timeline, outcomes = problem.timeline, outcome_variables(problem)
    assumed = problem.assumptions.of(timeline.table)
    found = [
        condition
        for one in asked_of(problem)
        for condition in (one.sides or (one.group,))
        if one.endpoint in (*timeline.chain, *timeline.causes, *(name for clock in timeline.all_clocks for name in clock.endpoints))
    ]
    found += [clock.condition for clock in timeline.all_clocks]
    counted = [condition for one in asked_of(problem) if not one.endpoint for condition in (one.group, one.base)]
    counted += [rule.premise & rule.conclusion for rule in assumed.rules] + [bound.condition for bound in assumed.bounds]
    found += [condition for condition in counted if outcomes & set(condition.variables)]
    found += [curve.group for curve in problem.digitised] + [window.condition for window in timeline.windows]
    return found + [term.condition for tally in timeline.tallies for term in tally.terms]


def asked_of(problem: Problem) -> list[Constraint]:
    """Constraints of the main table, in the ledger's order."""
    found = (constraints.of(problem, row) for row in problem.imposed if problem.table(row) == problem.main)
    return [one for one in found if one is not None]


def encode(problem: Problem) -> Encoding:
    """Everything that the search of large groups is asked."""
    timeline, declared = problem.timeline, problem.study.variables[problem.main]
    names = moved_labels(problem)
    assumed = problem.assumptions.of(problem.main)
    spoken = [problem.condition(row) for row in problem.ledger if row.role != "context" and problem.table(row) == problem.main]
    spoken += [condition for rule in assumed.rules for condition in (rule.premise, rule.conclusion)] + [
        bound.condition for bound in assumed.bounds
    ]
    blocks = {name: blocks_of(declared[name], spoken, name) for name in names}
    found = Encoding(problem, names, blocks, timeline.chain, timeline.steps)
    add_clocks(found)
    asked = asked_of(problem)
    found.left_out += [one.id for one in asked if not one.sides and one.kind not in LIMITS and not add_number(found, one)]
    found.left_out += add_limits(found, [one for one in asked if one.kind in LIMITS])
    found.left_out += add_comparisons(found, [one for one in asked if one.sides])
    for curve in problem.digitised:
        add_figure(found, curve)
    add_assumed(found, assumed)
    return found
