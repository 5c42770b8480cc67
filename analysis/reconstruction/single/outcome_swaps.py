"""Exchange outcomes between rows of a table without changing anything that is printed.

What is known of a patient at the start (baseline) and what became of that patient (outcome:
treatment, response, times, events) hang together only through printed numbers and rules.
Two rows may exchange their whole outcomes wherever no such number changes and no rule breaks.
Many exchanges deal outcomes at random; chosen ones lead to the end of a range.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import Clause, Condition
from analysis.ledger.rows.row import Row
from analysis.reconstruction.problem.problem import COUNTS, Problem

#: Exchanges tried for each row when outcomes are dealt at random.
MIXING = 20


class OutcomeSwaps:
    """Which rows of a table may exchange their outcomes.

    Parameters
    ----------
    problem : Problem
    name : str
        Table.
    table : DataFrame, shape (rows, columns)
        A cohort that satisfies what is printed, as text or typed.

    Attributes
    ----------
    order : ndarray of int, shape (rows,)
        Row whose outcome each row has now.
    """

    def __init__(self, problem: Problem, name: str, table: pd.DataFrame):
        stay = baseline(problem, name)
        self._table, self._stay = table.reset_index(drop=True), [column for column in table if column in stay]
        self._move = [column for column in table if column not in self._stay]
        self.order = np.arange(len(table))
        asked = [row for row in problem.imposed if problem.table(row) == name]
        assumed = problem.assumptions.of(name)
        counted = [condition for row in asked if row.statistic in COUNTS for condition in (problem.condition(row), problem.base(row))]
        self._pairs = self._counted([*counted, *(bound.condition for bound in assumed.bounds)])
        self._strata = self._stratified(problem, [row for row in asked if row.statistic not in COUNTS])
        self._lawful = self._law([(rule.premise, rule.conclusion) for rule in assumed.rules] + list(_windows(problem, name)))
        self._free = self._single(assumed)

    def allowed(self, i: int, j: int) -> bool:
        """Whether two rows may exchange what they have now."""
        a, b = self.order[i], self.order[j]
        if not (self._free[i] and self._free[j] and self._strata[i] == self._strata[j] and self._lawful[i, b] and self._lawful[j, a]):
            return False
        stays, moves = self._pairs
        return not ((stays[:, i] != stays[:, j]) & (moves[:, a] != moves[:, b])).any()

    def swap(self, i: int, j: int) -> None:
        """Exchange the outcomes of two rows."""
        self.order[i], self.order[j] = self.order[j], self.order[i]

    def shuffle(self, rng: np.random.Generator) -> None:
        """Deal outcomes at random: the uniform distribution over everything that exchanges lead to."""
        for i, j in rng.integers(len(self.order), size=(MIXING * len(self.order), 2)):
            if i != j and self.allowed(i, j):
                self.swap(i, j)

    def table(self) -> pd.DataFrame:
        """The table with outcomes as they have been exchanged, its columns and rows in their old order."""
        moved = self._table[self._move].iloc[self.order].reset_index(drop=True)
        return pd.concat([self._table[self._stay], moved], axis=1)[list(self._table)]

    def _split(self, condition: Condition) -> tuple[Condition, Condition]:
        """Clauses on the baseline, and those on outcomes."""
        stay = tuple(clause for clause in condition.clauses if clause.variable in self._stay)
        return Condition(stay), Condition(tuple(clause for clause in condition.clauses if clause not in stay))

    def _counted(self, conditions: list[Condition]) -> tuple[np.ndarray, np.ndarray]:
        """Of each condition that mixes baseline and outcome, which rows meet either part, shape (conditions, rows)."""
        parts = [self._split(condition) for condition in dict.fromkeys(conditions)]
        mixed = [(stay, move) for stay, move in parts if stay.clauses and move.clauses]
        if not mixed:
            empty = np.zeros((0, len(self._table)), bool)
            return empty, empty
        stay, move = (np.array([part.mask(self._table) for part in side]) for side in zip(*mixed))
        return stay, move

    def _stratified(self, problem: Problem, rows: list[Row]) -> list[tuple]:
        """What the baseline of each row says where a printed statistic looks at baseline and outcome together."""
        clauses: list[Clause] = []
        names: list[str] = []
        for row in rows:
            stay, move = self._split(problem.condition(row))
            named = variables_named(problem, row)
            if move.clauses or named & set(self._move):
                clauses += stay.clauses
                names += [name for name in self._stay if name in named]
        masks = [clause.mask(self._table) for clause in dict.fromkeys(clauses)]
        return (
            list(zip(*masks, *(self._table[name].astype(str) for name in dict.fromkeys(names))))
            if masks or names
            else [()] * len(self._table)
        )

    def _law(self, rules: list[tuple[Condition, Condition]]) -> np.ndarray:
        """Whether the baseline of each row goes with the outcome of each, shape (rows, rows)."""
        size = len(self._table)
        stay = self._table[self._stay].iloc[np.repeat(np.arange(size), size)].reset_index(drop=True)
        both = pd.concat([stay, self._table[self._move].iloc[np.tile(np.arange(size), size)].reset_index(drop=True)], axis=1)
        lawful = np.ones(size * size, bool)
        for premise, conclusion in rules:
            if all(name in both for name in (*premise.variables, *conclusion.variables)):
                lawful &= ~premise.mask(both) | conclusion.mask(both)
        return lawful.reshape(size, size)

    def _single(self, assumed) -> np.ndarray:
        """Rows that are a patient's only one: the times of the others are tied."""
        if assumed.pairs is None:
            return np.ones(len(self._table), bool)
        return ~self._table[assumed.pairs.key].duplicated(keep=False).to_numpy()


def variables_named(problem: Problem, row: Row) -> set[str]:
    """Variables that a statistic's arguments name, the endpoint's own among them."""
    names = {word for text in row.arguments.values() for word in re.findall(r"\w+", text)}
    endpoint = problem.study.endpoints.get(row.arguments.get("endpoint", ""))
    return names | ({endpoint.time, endpoint.event} if endpoint else set())


def _windows(problem: Problem, name: str) -> Iterator[tuple[Condition, Condition]]:
    """Windows of the times of linked cases, as rules."""
    linked = problem.assumptions.linked
    for window in linked.times.windows if linked and linked.cases == name else ():
        for comparison, end in ((">=", window.first), ("<=", window.last)):
            known = Condition((*window.condition.clauses, Clause(window.variable, "!=", ("?",))))
            yield known, Condition((Clause(window.variable, comparison, (f"{end:g}",)),))


def baseline(problem: Problem, name: str) -> set[str]:
    """Columns of a table that stay with a row: keys, the declared ones, and of linked cases what the registry has."""
    linked = problem.assumptions.linked
    shared = problem.study.variables[linked.registry] if linked and linked.cases == name else ()
    keys = [variable for variable, declared in problem.study.variables[name].items() if declared.type == "id"]
    return {*keys, *problem.assumptions.of(name).baseline, *shared}
