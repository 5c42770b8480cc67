"""Two patients exchange what a column says of them, where no number that a search steers changes by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import Condition
from analysis.ledger.rows.row import Row
from analysis.ledger.verdicts.recompute import collect_variables
from analysis.reconstruction.counts.derived import derive_column
from analysis.reconstruction.problem.problem import Problem

#: How often exchanges are among patients alike only.
WITHIN = 0.5


class Exchanges:
    """What is printed or assumed of one column beside others, and so has to stay.

    Parameters
    ----------
    problem : Problem
    column : str
        Of the main table.
    steered : sequence of Row
        Rows of the main table that hold and are not measured again.
    others : sequence of str
        Columns with which the column's association is to change.
    """

    def __init__(self, problem: Problem, column: str, steered: Sequence[Row], others: Sequence[str]):
        self.column, self._others = column, [name for name in others if name != column]
        self._conditions = list(dict.fromkeys(_conditions(problem, column, steered)))
        self._outcomes = outcomes_of(problem)
        self._beside = sorted(set(_beside(problem, column, steered)))

    @property
    def idle(self) -> bool:
        """Whether times or events of the column's groups are printed, so that only patients alike could exchange."""
        return any(name in self._outcomes for name in self._beside)

    def exchanged(self, table: pd.DataFrame, free: np.ndarray, pairs: int, chance: np.random.Generator) -> pd.DataFrame | None:
        """A table in which up to so many pairs of patients have exchanged what the column says of them; None where nobody can.

        All exchanges strengthen, or all weaken, the column's association with another column, drawn each time: their effects add up.
        Half of the time they are among patients alike, of one arm as it were: an association within an arm, which a ratio adjusted
        or stratified by it depends on, then changes by itself.

        Parameters
        ----------
        table : DataFrame
            Typed.
        free : array of bool, shape (rows,)
            Patients who may.
        pairs : int
        chance : Generator
        """
        alike, values = self._alike(table), ranked(table[self.column])
        other_values = ranked(table[chance.choice(self._others)]) * chance.choice((-1, 1)) if self._others else np.zeros(len(table))
        order, free = np.arange(len(table)), free.copy()
        among = free & (alike == chance.choice(alike)) if chance.random() < WITHIN else free
        for row in chance.permutation(np.flatnonzero(among))[:pairs]:
            if not free[row]:
                continue
            leads = (values - values[row]) * (other_values - other_values[row]) > 0 if self._others else values != values[row]
            able = np.flatnonzero(free & (alike == alike[row]) & leads)
            if len(able):
                other = chance.choice(able)
                order[row], order[other] = other, row
                free[[row, other]] = False
        changed = bool((order != np.arange(len(table))).any())
        return table.assign(**{self.column: table[self.column].take(order).array}) if changed else None

    def _alike(self, table: pd.DataFrame) -> np.ndarray:
        """A number for each patient, equal for those of whom everything printed with the column is equally true."""
        marks = [condition.mask(table) for condition in self._conditions]
        marks += [pd.factorize(table[name], use_na_sentinel=False)[0] for name in self._beside]
        return np.unique(np.array(marks), axis=1, return_inverse=True)[1].ravel() if marks else np.zeros(len(table), int)


def ranked(column: pd.Series) -> np.ndarray:
    """Place of each value among the distinct ones in their order; unknown ones come last."""
    return pd.factorize(column, sort=True, use_na_sentinel=False)[0].astype(float)


def _conditions(problem: Problem, column: str, steered: Sequence[Row]) -> Iterator[Condition]:
    """Conditions that speak of the column, or of whose patients it is summed up, without what they say of the column itself."""
    spoken = [
        [condition]
        for row in steered
        if column in collect_variables(row, problem.study)
        for condition in (problem.condition(row), problem.base(row))
    ]
    spoken += [together for together in assumed_together(problem) if any(column in condition.variables for condition in together)]
    for condition in (condition for together in spoken for condition in together):
        rest = tuple(clause for clause in condition.clauses if clause.variable != column)
        if rest:
            yield Condition(rest)


def _beside(problem: Problem, column: str, steered: Sequence[Row]) -> Iterator[str]:
    """Columns whose values count together with the column's: a group's ages, an endpoint's times."""
    if any(column in condition.variables for together in _of_times(problem) for condition in together):
        yield from outcomes_of(problem)
    declared = problem.study.variables[problem.main]
    for row in steered:
        spoken = collect_variables(row, problem.study)
        if column in spoken:
            yield from (spoken - {column} - set(problem.condition(row).variables)) & set(declared)


def assumed_together(problem: Problem) -> list[list[Condition]]:
    """Conditions of the main table's assumptions, those together of which one rule, bound, tally, window or curve speaks."""
    assumed = problem.assumptions.of(problem.main)
    rules = [[rule.premise, rule.conclusion] for rule in assumed.rules]
    return rules + [[bound.condition] for bound in assumed.bounds] + _of_times(problem)


def _of_times(problem: Problem) -> list[list[Condition]]:
    """Those among them that speak of times and events."""
    timeline = problem.timeline
    tallies = [[term.condition for term in tally.terms] for tally in timeline.tallies]
    return tallies + [[window.condition] for window in timeline.windows] + [[curve.group] for curve in problem.digitised]


def outcomes_of(problem: Problem) -> set[str]:
    """Columns with times and events of the search."""
    timeline = problem.timeline
    endpoints = [problem.study.endpoints[name] for name in (*timeline.chain, *timeline.causes)]
    return {name for one in endpoints for name in (one.time, one.event, one.competing) if name}


def movable(problem: Problem, rows: Sequence[Row]) -> list[str]:
    """Columns of the main table of which some rows speak and that no other table holds, outcomes of the search left out."""
    table = problem.main
    held = outcomes_of(problem)
    held |= {*problem.assumptions.of(table).derived, *problem.assumptions.of(table).filled, problem.study.tables[table].key}
    for assumed in problem.assumptions.tables.values():
        if assumed.parent and assumed.parent.table == table:
            held |= {assumed.parent.count, *assumed.parent.copied}
    spoken = {name for row in rows for name in collect_variables(row, problem.study)}
    return [name for name in problem.study.variables[table] if name in spoken - held]


def with_derived(problem: Problem, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the columns that follow from others made anew."""
    declared = problem.study.variables[problem.main]
    for column, parts in problem.assumptions.of(problem.main).derived.items():
        table = table.assign(**{column: derive_column(table, parts, declared[column])})
    return table
