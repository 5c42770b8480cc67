"""Values of a number move within their range; what is printed of them is measured with the rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.ledger.rows.row import Row
from analysis.ledger.verdicts.recompute import collect_variables
from analysis.reconstruction.polishing.exchanges import assumed_together, ranked
from analysis.reconstruction.problem.blocks import blocks_of
from analysis.reconstruction.problem.problem import Problem

#: Summaries that depend on the order of the values alone.
ORDERED = ("minimum", "quantile", "median", "maximum")
#: How often values lead away from their own middle, or towards it.
ALONE = 0.5
#: Widest step, as a share of the standard deviation.
FAR = 0.5


class Shifts:
    """Values of one numeric column of the main table.

    Parameters
    ----------
    problem : Problem
    column : str
    steered : sequence of Row
        Rows of the main table that hold.
    others : sequence of str
        Columns with which the column's association is to change.
    """

    def __init__(self, problem: Problem, column: str, steered: Sequence[Row], others: Sequence[str]):
        declared = problem.study.variables[problem.main][column]
        self.column, self._grain, self._others = column, declared.grain, list(others)
        self._range = [float(end) for end in declared.ends]
        self._ordered = [
            (problem.condition(row), float(row.value.value))
            for row in steered
            if row.statistic in ORDERED and row.arguments["variable"] == column
        ]
        conditions = [condition for row in steered for condition in (problem.condition(row), problem.base(row))]
        self._blocks = [block for block in blocks_of(declared, conditions, column) if block.low is not None]

    def shifted(self, table: pd.DataFrame, free: np.ndarray, number: int, chance: np.random.Generator) -> pd.DataFrame | None:
        """A table in which the values of up to so many patients have moved; None where nobody's can.

        All are led up where another column, drawn each time, is above its middle, and down below it, or the reverse; or away
        from the column's own middle, or towards it, which changes its spread.
        No value leaves the interval that conditions tell apart, and none crosses the printed extremes, quantiles and medians of its groups.

        Parameters
        ----------
        table : DataFrame
            Typed.
        free : array of bool, shape (rows,)
            Patients whose values may.
        number : int
        chance : Generator
        """
        values = table[self.column].to_numpy(float, na_value=np.nan)
        least, most = self._limits(table, values)
        able = np.flatnonzero(free & (most - least > self._grain / 2))
        if not len(able):
            return None
        widest = max(1, round(FAR * float(np.nanstd(values)) / self._grain))
        rows = chance.choice(able, min(number, len(able)), replace=False)
        other = ranked(table[self.column if chance.random() < ALONE else chance.choice(self._others)])
        upwards = np.where(other[rows] > np.median(other), 1, -1) * chance.choice((-1, 1))
        steps = chance.integers(1, widest + 1, len(rows)) * upwards * self._grain
        values = values.copy()
        values[rows] = np.round(np.clip(values[rows] + steps, least[rows], most[rows]) / self._grain) * self._grain
        return table.assign(**{self.column: pd.Series(values, index=table.index).round(9).astype(table[self.column].dtype)})

    def _limits(self, table: pd.DataFrame, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Between which each patient's value may move, NaN of unknown ones."""
        least, most = values.copy(), values.copy()
        for block in self._blocks:
            low, high = block.ends
            inside = (values >= low) & (values < high + 1)
            least[inside] = max(low, self._range[0])
            most[inside] = min(high + 1 - self._grain, self._range[1])
        for condition, printed in self._ordered:
            members = condition.mask(table) & ~np.isnan(values)
            below, above = values[members & (values <= printed)], values[members & (values >= printed)]
            lower, upper = below.max(initial=-np.inf), above.min(initial=np.inf)
            least[members & (values >= upper)] = np.maximum(least, upper)[members & (values >= upper)]
            most[members & (values <= lower)] = np.minimum(most, lower)[members & (values <= lower)]
            fixed = members & (values >= lower) & (values <= upper)
            least[fixed] = most[fixed] = values[fixed]
        return least, most


def shiftable(problem: Problem, columns: Sequence[str]) -> list[str]:
    """Numbers of the main table among some columns of whom no rule, bound or curve speaks."""
    held = {name for together in assumed_together(problem) for condition in together for name in condition.variables}
    held |= {name for parts in problem.assumptions.of(problem.main).derived.values() for name in parts}
    declared = problem.study.variables[problem.main]
    return [name for name in columns if name not in held and declared[name].type in ("number", "integer") and declared[name].range]


def beside(problem: Problem, columns: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """Imposed rows of the main table that speak of some columns, beside those given: shifts could break them."""
    given = {row.id for row in rows}
    return [
        row
        for row in problem.imposed
        if row.id not in given and problem.table(row) == problem.main and collect_variables(row, problem.study) & set(columns)
    ]
