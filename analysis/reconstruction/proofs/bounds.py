"""Least and greatest numbers of patients that the printed numbers allow, proven by the solver.

The model speaks of the variables of the question and of those printed together with them,
as many as its size allows.  Leaving the others out can only widen the range, so the true
number, and that of every saved cohort, lies inside.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection

from analysis.cohorts.conditions import Condition
from analysis.reconstruction.problem.blocks import blocks_of
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.proofs.combinations import Combinations, Undecided
from analysis.reconstruction.proofs.lines import Line, of_counts, of_curves, of_figures

#: Most combinations of values that a model is widened to.
WIDEST = 4_000


class Unbounded(Exception):
    """The solver gave no bound within its limit, or the printed numbers exclude each other."""


def bounds(problem: Problem, table: str, condition: Condition, ids: Collection[str]) -> tuple[int, int]:
    """Least and greatest number of rows of a table that meet a condition.

    Both ends follow from imposed counts, shares and estimates and from the declared rules; no
    cohort that satisfies them lies outside.  Unlike a sampled range, which is an inner bound,
    this is an outer one.

    Parameters
    ----------
    problem : Problem
    table : str
    condition : Condition
    ids : collection of str
        Imposed rows that are used.

    Raises
    ------
    Unbounded
    """
    declared = problem.study.variables[table]
    kept = set(ids)
    counts = [line for line in of_counts(problem, table, {}) if line.ids <= kept] + of_figures(problem, table)
    assumed = problem.assumptions.of(table)
    for bound in assumed.bounds:
        counts += [Line(((bound.condition, 1),), bound.at_most, frozenset()), Line(((bound.condition, -1),), -bound.at_least, frozenset())]
    names = _widen(problem, table, condition, counts)
    lines = counts + [line for line in of_curves(problem, table, frozenset(names)) if line.ids <= kept]
    try:
        model = Combinations({name: declared[name] for name in names}, lines, assumed.rules, problem.size(table), [condition])
        return model.range(condition)
    except (Undecided, ValueError) as error:
        raise Unbounded(str(error)) from None


def _widen(problem: Problem, table: str, condition: Condition, lines: list[Line]) -> list[str]:
    """The condition's variables, and those that lines and rules name beside them, the most often named first."""
    declared, assumed = problem.study.variables[table], problem.assumptions.of(table)
    groups = [line.variables for line in lines] + [
        frozenset((*rule.premise.variables, *rule.conclusion.variables)) for rule in assumed.rules
    ]
    asked = (
        [c for line in lines for c, _ in line.terms] + [c for rule in assumed.rules for c in (rule.premise, rule.conclusion)] + [condition]
    )

    def size(name: str) -> int:
        return len(blocks_of(declared[name], asked, name))

    def usable(name: str) -> bool:
        variable = declared.get(name)  # a rule may speak of the parent's columns
        return variable is not None and (
            variable.type in ("category", "boolean") or variable.type in ("integer", "number") and variable.range is not None
        )

    names = list(dict.fromkeys(condition.variables))
    product = math.prod(size(name) for name in names)
    while True:
        near = Counter(name for group in groups if group & set(names) for name in group if name not in names and usable(name))
        fitting = [name for name, _ in sorted(near.items(), key=lambda item: (-item[1], item[0])) if product * size(name) <= WIDEST]
        if not fitting:
            return names
        names.append(fitting[0])
        product *= size(fitting[0])
