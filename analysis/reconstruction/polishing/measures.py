"""Where a finished cohort stands among printed numbers, measured by the registered statistics themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import groupby

import numpy as np
import pandas as pd

from analysis.errors import Undefined
from analysis.ledger.rows.allowed import find_allowed
from analysis.ledger.rows.rounding import UNBOUNDED
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics.registry import Values
from analysis.ledger.verdicts import profiles
from analysis.ledger.verdicts.recompute import CohortValues
from analysis.ledger.verdicts.verdicts import ends
from analysis.reconstruction.problem.problem import SUMMARIES, Problem

#: Miss of a number that does not hold, however near it is, and of one that is undefined.
STEP, UNDEFINED = 0.02, 100.0
#: Kinds of statistics whose logarithm is measured: they span orders of magnitude.
_LOGARITHMIC = ("p", "ratio")
#: Share of a bound (``<0.001``) that counts as one half-width.
_BEYOND = 0.1
#: Stands in for the logarithm of zero.
_NOTHING = -700.0


class Measures:
    """Values of some printed numbers on a cohort, in half-widths of what is printed.

    Parameters
    ----------
    problem : Problem
    rows : sequence of Row
    tables : mapping of str to DataFrame
        Typed tables of some cohort: under which conventions numbers are measured is decided on it.

    Attributes
    ----------
    ids : list of str
        Of the rows that can be measured.
    ends : array of float, shape (rows, 2)
        Between which each value gives its printed digits.
    """

    def __init__(self, problem: Problem, rows: Sequence[Row], tables: Mapping[str, pd.DataFrame]):
        self._problem = problem
        self._conventions = self._chosen(rows, CohortValues(problem.study, tables))
        self._rows = [row for row in rows if row.id in self._conventions]
        self._scales = [_Scale(row) for row in self._rows]
        self.ids = [row.id for row in self._rows]
        self.ends = np.array([scale.ends for scale in self._scales]).reshape(-1, 2)

    def of(self, tables: Mapping[str, pd.DataFrame]) -> np.ndarray:
        """Values of a cohort, shape (rows,); NaN where one is undefined."""
        known = CohortValues(self._problem.study, tables)
        return np.array([scale.of(self._value(row, known)) for row, scale in zip(self._rows, self._scales)])

    def misses(self, values: np.ndarray) -> np.ndarray:
        """How far values are from giving the printed digits; shape of values, which may be of several cohorts, one a row."""
        off = np.maximum(self.ends[:, 0] - values, values - self.ends[:, 1])
        return np.where(np.isnan(off), UNDEFINED, np.where(off <= 0, 0.0, STEP + off))

    def widths_missed(self, values: np.ndarray) -> float:
        """How far the widths of confidence intervals are from the printed ones beyond what rounding explains, in half-widths of both limits together."""
        found = 0.0
        for low, high in self._limits:
            lower, upper = self._scales[low], self._scales[high]
            width = upper.behind(values[high]) - lower.behind(values[low])
            off = abs(width - (upper.behind(0.0) - lower.behind(0.0))) / (upper.half + lower.half)
            found += UNDEFINED if math.isnan(off) else max(0.0, off - 1)
        return found

    @cached_property
    def _limits(self) -> list[tuple[int, int]]:
        """Positions of the two limits of each interval."""
        place = {
            (row.statistic, (row.population, row.subset.canonical, *sorted(row.arguments.items()))): position
            for position, row in enumerate(self._rows)
        }
        pairs = []
        for (statistic, about), lower in place.items():
            upper = place.get((statistic.removesuffix("_lower") + "_upper", about))
            if statistic.endswith("_lower") and upper is not None:
                pairs.append((lower, upper))
        return pairs

    def _value(self, row: Row, known: CohortValues) -> float:
        try:
            low, high = (float(end) for end in ends(known.of(row)[self._conventions[row.id]]))
        except Undefined:
            return math.nan
        return (low + high) / 2

    def _chosen(self, rows: Sequence[Row], known: CohortValues) -> dict[str, str]:
        """One convention a row, those of one result out of one program."""
        found: dict[str, str] = {}
        for _, group in groupby(sorted(rows, key=lambda row: row.result), key=lambda row: row.result):
            cells = [(row, values) for row in group if (values := _values(known, row)) is not None]
            found |= _together(self._problem, cells)
        return found


def _values(known: CohortValues, row: Row) -> Values | None:
    try:
        return known.of(row)
    except Undefined:
        return None


def _together(problem: Problem, cells: Sequence[tuple[Row, Values]]) -> dict[str, str]:
    """Conventions of a result's rows: of the first profile that prints all of them, else of the first that prints each.

    Of summaries, which hold already, those by which they do.
    """
    found: dict[str, str] = {}
    if cells and all(row.statistic in SUMMARIES for row, _ in cells):
        judged = profiles.judge(problem.study, cells).matches
        return {row.id: way.convention if (way := judged[row.id].way) else next(iter(values)) for row, values in cells}
    for profile in profiles.candidates(problem.study, cells) if cells else ():
        ways = {row.id: profiles.ways_under(problem.study, profile, row, values) for row, values in cells}
        first = {id: tried[0].convention for id, tried in ways.items() if tried}
        if len(first) == len(cells):
            return first
        found = first | found
    return {row.id: next(iter(values)) for row, values in cells} | found


class _Scale:
    """Turns a value into half-widths of what a row prints, of its logarithm where values span orders of magnitude."""

    def __init__(self, row: Row):
        self._logarithmic = row.registered.kind in _LOGARITHMIC
        low, high = find_allowed(row.value).inside(ties=False)
        least, most = self._transformed(low), self._transformed(high)
        if row.value.relation in ("<", "≤"):
            self._middle, self._half, self.ends = most, self._beyond(most), (-math.inf, 0.0)
        elif high >= UNBOUNDED:
            self._middle, self._half, self.ends = least, self._beyond(least), (0.0, math.inf)
        else:
            self._middle, self._half, self.ends = (least + most) / 2, (most - least) / 2, (-1.0, 1.0)

    def of(self, value: float) -> float:
        return math.nan if math.isnan(value) else (self._transformed(value) - self._middle) / self._half

    @property
    def half(self) -> float:
        """One half-width, of the logarithm where that is measured."""
        return self._half

    def behind(self, measured: float) -> float:
        """The value, or its logarithm, behind a measured one."""
        return self._middle + measured * self._half

    def _transformed(self, value: float) -> float:
        if not self._logarithmic:
            return value
        return max(_NOTHING, math.log(value)) if value > 0 else _NOTHING

    def _beyond(self, bound: float) -> float:
        """What counts as one half-width beyond a bound."""
        return _BEYOND if self._logarithmic else _BEYOND * max(1.0, abs(bound))
