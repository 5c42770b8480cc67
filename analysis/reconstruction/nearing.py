"""Rows that a search does not steer, and that no cohort gives: walks from the cohorts that come nearest.

A search steers two-group comparisons.  What else is printed, a P value of a model of several
covariates among it, comes back in few cohorts or none; then it is approached as the end
of a range is: by walks from cohort to cohort, kept where the row comes nearer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from analysis.cohorts.study import Study
from analysis.ledger import verdicts
from analysis.ledger.recompute import CohortValues
from analysis.ledger.rows import Row
from analysis.ledger.statistics.registry import Values
from analysis.reconstruction.ends.climbing import climb
from analysis.reconstruction.problem import Problem
from analysis.reconstruction.verify import comes_back


class Nearness(NamedTuple):
    """How near a cohort comes to a printed number, as a quantity whose greatest value is searched for."""

    row: Row

    @property
    def id(self) -> str:
        """Of the row."""
        return self.row.id

    @property
    def greatest(self) -> float:
        """Of a cohort that gives the row."""
        return 0.0

    def value(self, study: Study, tables: Mapping[str, pd.DataFrame]) -> float:
        """0 where the row comes back, else less by one for each unit of its last digit; NaN where it is undefined."""
        cohort = CohortValues(study, tables)
        if not cohort.has(self.row):
            return math.nan
        values = cohort.of(self.row)
        return 0.0 if comes_back(self.row, values) else -distance(study, self.row, values)


def distance(study: Study, row: Row, values: Values) -> float:
    """Distance of the nearest documented convention from a printed number, in units of its last digit; NaN where there is none."""
    found = verdicts.match(row.value, values, row.registered, study.named_conventions(row.statistic)).value
    value = found[0] if isinstance(found, tuple) else found
    if not value.is_finite() or row.value.relation != "=":
        return math.nan
    return float(abs(value - row.value.value) / row.value.unit_in_last_place)


def approach(problem: Problem, id: str, cohorts: Sequence[Mapping[str, pd.DataFrame]], starts: Sequence[int], allowed: frozenset[str], seed: int) -> tuple[int, dict[str, pd.DataFrame]] | None:
    """A cohort that gives a row, found by walks from those that come nearest to it.

    Parameters
    ----------
    problem : Problem
    id : str
        Of an imposed row that no cohort gives.
    cohorts : sequence of dict of str to DataFrame
        Typed tables.
    starts : sequence of int
        Of each cohort, the start that it was made from.
    allowed : frozenset of str
        Ids of the imposed rows that a cohort may miss.
    seed : int

    Returns
    -------
    tuple of int and dict of str to DataFrame, or None
        Position of the cohort that the walks began with, and the typed tables found; none if no walk got there.
    """
    near = Nearness(problem.ledger[id])
    values = [near.value(problem.study, tables) for tables in cohorts]
    if all(math.isnan(value) for value in values):
        return None
    found = climb(problem, near, True, cohorts, values, starts, allowed, seed)
    return (found.member, found.tables) if found.tables and id not in found.missed else None
