"""Printed P values of fourfold tables, as the list of count pairs that give them."""

from __future__ import annotations

from functools import lru_cache

from analysis.cohorts.conditions import Clause, Condition
from analysis.estimators.group_tests import contingency
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics import groups
from analysis.reconstruction.problem.accepted import accepts

TESTS = ("fisher", "pearson", "pearson-yates", "fisher-midp")


def add_fourfold(model, row: Row) -> None:
    """Constrain the two counts of a fourfold table, where the sizes of its two groups are decided.

    Parameters
    ----------
    model : LabelModel
    row : Row
        Of statistic ``contingency_p``. Larger tables, and groups of open size, follow from
        their printed cells or are left to the verifier.
    """
    declared = model.problem.study.variables[model.table]
    name, by = row.arguments["variable"], row.arguments["by"]
    items = groups.names(row.arguments["levels"]) if "levels" in row.arguments else groups.levels_of(declared[name])
    sides = groups.names(row.arguments["groups"]) if "groups" in row.arguments else groups.levels_of(declared[by])
    if len(items) != 2 or len(sides) != 2 or not (name in model.blocks and by in model.known):
        return
    base = model.problem.condition(row)
    if not all(variable in model.known for variable in base.variables):
        return
    counts, sizes = [], []
    for side in sides:
        group = base & Condition((Clause(by, "=", groups.merge_levels(side, declared[by])),))
        members = group.mask(model.known).nonzero()[0]
        levels = [groups.merge_levels(item, declared[name]) for item in items]
        first = [model.literal(k, Condition((Clause(name, "=", levels[0]),))) for k in members]
        both = [model.literal(k, Condition((Clause(name, "=", levels[0] + levels[1]),))) for k in members]
        if not all(isinstance(literal, int) for literal in both):
            return
        sizes.append(sum(both))
        counts.append(model.solver.new_int_var(0, sum(both), ""))
        model.solver.add(counts[-1] == sum(first))
    model.solver.add_allowed_assignments(counts, _pairs(row.value, row.rules, *sizes))
    model.used.append(row.id)


@lru_cache(maxsize=256)
def _pairs(printed, rules, first: int, second: int) -> list[tuple[int, int]]:
    """Counts in two groups of given sizes whose P is what is printed, under any test."""
    found = []
    for a in range(first + 1):
        for b in range(second + 1):
            cells = [[a, first - a], [b, second - b]]
            margins = a + b not in (0, first + second)
            values = [contingency.p_value(cells, test) for test in TESTS] if margins else [1.0]
            if any(accepts(printed, value, rules) for value in values):
                found.append((a, b))
    return found
