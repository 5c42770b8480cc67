"""Printed numbers that no cohort of any size can give together, by name and with what proves it."""

from __future__ import annotations

import itertools
import math

from analysis.errors import Fault, InputError
from analysis.paths import shown
from analysis.reconstruction.large.dealing import spoken
from analysis.reconstruction.large.encoding import asked_of
from analysis.reconstruction.problem.blocks import blocks_of
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.proofs.combinations import Combinations
from analysis.reconstruction.proofs.conflicts import Undecided, minimal
from analysis.reconstruction.proofs.lines import Line, of_counts, of_curves

#: Most combinations of values of one model.
WIDEST = 4_000
#: An estimate may have been rounded twice, in points of percent.
SLACK = 0.06


def check_numbers(problem: Problem) -> None:
    """Refuse numbers of the main table, and of those that stand alone, that contradict each other.

    Raises
    ------
    InputError
        Naming a smallest set of rows for each contradiction found.
    """
    faults = []
    for table in problem.study.tables:
        if problem.assumptions.of(table).parent or not any(problem.table(row) == table for row in problem.imposed):
            continue
        for ids, why in [*(_falling(problem) if table == problem.main else ()), *_counted(problem, table)]:
            place = f"rows {', '.join(ids)}" if ids else f"tables.{table}"
            file = problem.study.folder / ("printed.csv" if ids else "reconstruction.yml")
            faults.append(Fault(shown(file), place, "numbers that can hold together", why))
    if faults:
        raise InputError(list(dict.fromkeys(faults)))


def _falling(problem: Problem):
    """Two estimates of one curve of which the later is higher; an estimate on the wrong side of one half at the median."""
    asked = [one for one in asked_of(problem) if one.endpoint]
    for a, b in itertools.combinations(asked, 2):
        if (a.endpoint, a.group.canonical) != (b.endpoint, b.group.canonical):
            continue
        if a.kind == b.kind == "survival":
            first, then = sorted((a, b), key=lambda one: one.time)
            if first.time < then.time and first.high + SLACK < then.low:
                yield (first.id, then.id), "a curve that rises"
        elif {a.kind, b.kind} == {"survival", "median"}:
            estimate, median = (a, b) if a.kind == "survival" else (b, a)
            if (estimate.time >= median.high and estimate.low > 50 + SLACK) or (estimate.time < median.low and estimate.high < 50 - SLACK):
                yield (estimate.id, median.id), "an estimate on the other side of one half"


def _counted(problem: Problem, table: str):
    """Counts, shares and estimates that the solver proves impossible together, by variables that are printed together."""
    assumed, declared = problem.assumptions.of(table), problem.study.variables[table]
    counts = of_counts(problem, table, {})
    for bound in assumed.bounds:
        counts += [Line(((bound.condition, 1),), bound.at_most, frozenset()), Line(((bound.condition, -1),), -bound.at_least, frozenset())]
    lines = counts + of_curves(problem, table, frozenset(declared))
    seen: set[frozenset[str]] = set()
    for names in _sets(problem, table, lines):
        if any(names <= other for other in seen):
            continue
        seen.add(names)
        model = Combinations({name: declared[name] for name in declared if name in names}, lines, assumed.rules, problem.size(table))
        try:
            conflict = minimal(_ordered(problem, model.ids), model.holds_together)
        except Undecided:
            continue
        if conflict is not None:
            yield (
                tuple(id for id in model.ids if id in conflict),
                "no cohort satisfies them all" if conflict else "assumptions that exclude each other",
            )


def _ordered(problem: Problem, ids) -> list[str]:
    return sorted(ids, key=lambda id: -len(problem.condition(problem.ledger[id]).clauses))


def _sets(problem: Problem, table: str, lines: list[Line]) -> list[frozenset[str]]:
    """Sets of variables whose lines are judged together: each line's, widened by those printed with it while combinations are few; the widest first."""
    declared, rules = problem.study.variables[table], problem.assumptions.of(table).rules
    conditions = [*spoken(problem, table), *(condition for line in lines for condition, _ in line.terms)]
    size = {name: len(blocks_of(variable, conditions, name)) for name, variable in declared.items() if _usable(variable)}
    spoken_of = [frozenset(line.variables) for line in lines] + [
        frozenset(rule.premise.variables + rule.conclusion.variables) for rule in rules
    ]
    spoken_of = [names for names in dict.fromkeys(spoken_of) if names <= set(size)]
    found = []
    for names in spoken_of or [frozenset()]:
        wide = set(names)
        for other in sorted(spoken_of, key=lambda other: (len(other - wide), sorted(other))):
            if other & wide and math.prod(size[name] for name in wide | other) <= WIDEST:
                wide |= other
        if math.prod(size[name] for name in wide) <= WIDEST:
            found.append(frozenset(wide))
    return sorted(dict.fromkeys(found), key=lambda names: (-len(names), sorted(names)))


def _usable(variable) -> bool:
    return variable.type in ("category", "boolean") or (variable.type in ("integer", "number") and variable.range is not None)
