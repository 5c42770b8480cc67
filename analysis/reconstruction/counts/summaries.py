"""Printed summaries of a numeric variable, and tests of two groups, as the search of numbers measures them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.estimators.group_tests import t_tests
from analysis.ledger.rows.allowed import find_allowed
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics import groups
from analysis.reconstruction.kernels.rank_kernels import mann_whitney
from analysis.reconstruction.kernels.summary_kernels import DEFINITIONS, KINDS, misses, quantile, summary
from analysis.reconstruction.problem.accepted import accepts, widest
from analysis.reconstruction.problem.problem import SUMMARIES, Problem

TESTS = ("mann_whitney_p", "t_test_p")


class Summary:
    """One printed summary of a group.

    Parameters
    ----------
    row : Row
    mask : array of bool, shape (rows,)
        Who is in the group.
    steps : int
        Grains a unit of the variable.
    ties : bool
        Whether the values may lie where rules round either way.
    """

    def __init__(self, row: Row, mask: np.ndarray, steps: int, ties: bool = True):
        self.steps = steps
        self.row, self.mask, self.members, self.kind = row, mask, np.flatnonzero(mask), KINDS.index(row.statistic)
        self.share = float(row.arguments.get("share", 0)) / 100
        self.low, self.high = (end * steps for end in find_allowed(row.value).inside(ties))
        self.half = float(row.value.unit_in_last_place) / 2 * steps
        self.printed = float(row.value.value * steps)
        self.possible = len(self.members) >= (2 if row.statistic == "sd" else 1)

    def met(self, values: np.ndarray) -> bool:
        """Whether the values, in grains, give the printed digits."""
        group = values[self.members]
        if self.row.statistic == "quantile":
            found = [quantile(np.sort(group), self.share, definition) for definition in range(len(DEFINITIONS))]
        else:
            found = [summary(group, self.kind)]
        return any(accepts(self.row.value, value / self.steps, self.row.rules) for value in found)


class TwoGroupTest:
    """One printed P of two groups' values."""

    def __init__(self, problem: Problem, row: Row, mask: np.ndarray, frame: pd.DataFrame):
        declared = problem.study.variables[problem.table(row)]
        _, position = groups.split(frame, row.arguments, declared)
        self.row, self.first, self.second = row, *(np.flatnonzero(mask & (position == side)) for side in (0, 1))
        self.possible = min(len(self.first), len(self.second)) >= (2 if row.statistic == "t_test_p" else 1)
        self.low, self.high = widest(row.value, row.rules)

    def values(self, values: np.ndarray) -> list[float]:
        """P by each convention."""
        x, y = values[self.first], values[self.second]
        if self.row.statistic == "t_test_p":
            return [t_tests.t_test(x, y, test=test).p for test in ("student", "welch")]
        return list(mann_whitney(x, y))  # with the continuity correction and without

    def met(self, values: np.ndarray) -> bool:
        """Whether the values give the printed digits."""
        return any(accepts(self.row.value, value, self.row.rules) for value in self.values(values))

    def miss(self, values: np.ndarray) -> float:
        """How far P is from what is printed: its logarithm steers better than P itself, which spans orders of magnitude."""
        found = self.values(values)
        if any(self.low <= value <= self.high for value in found):
            return 0.0
        printed = float(self.row.value.value)
        return 1 + min(abs(np.log10(value / printed)) for value in found) * 10


def summaries_of(problem: Problem, table: str, frame: pd.DataFrame, name: str, steps: int, ties: bool) -> list[Summary]:
    """Printed summaries of a variable, of groups that the columns of a frame decide."""
    return [Summary(row, mask, steps, ties) for row, mask in _groups(problem, table, frame, name, SUMMARIES)]


def tests_of(problem: Problem, table: str, frame: pd.DataFrame, name: str) -> list[TwoGroupTest]:
    """Printed tests of a variable in two groups."""
    return [TwoGroupTest(problem, row, mask, frame) for row, mask in _groups(problem, table, frame, name, TESTS)]


def _groups(problem: Problem, table: str, frame: pd.DataFrame, name: str, statistics: Sequence[str]) -> Iterator[tuple[Row, np.ndarray]]:
    for row in problem.rows(table, *statistics):
        if row.arguments["variable"] == name and set(problem.condition(row).variables) <= set(frame.columns):
            yield row, problem.condition(row).mask(frame)


def together(problem: Problem, asked: Sequence[Summary]) -> Callable[[np.ndarray], float]:
    """Miss of several summaries, in half units of their last printed digits, as a function of the values."""
    kinds = np.array([part.kind for part in asked], dtype=np.int64)
    members = np.concatenate([np.zeros(0, dtype=np.int64), *(part.members for part in asked)])
    begins = np.cumsum([0, *(len(part.members) for part in asked)])
    shares, low, high, half = (np.array([getattr(part, name) for part in asked], dtype=float) for name in ("share", "low", "high", "half"))
    named = [name for name in problem.study.named_conventions("quantile") if name in DEFINITIONS] or DEFINITIONS
    allowed = np.array([name in named for name in DEFINITIONS])
    return lambda values: misses(values, kinds, shares, members, begins, low, high, half, allowed)
