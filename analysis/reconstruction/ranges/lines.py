"""A line of walks from one saved cohort, kept where a quantity moves the right way."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from analysis.cohorts.study import Study
from analysis.ledger.rows.row import Row
from analysis.reconstruction.checks.verify import Report, check_tables
from analysis.reconstruction.io.saved import as_saved
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.ranges import walks
from analysis.reconstruction.ranges.walks import Walk
from analysis.reconstruction.solver.timeline import NoSolution

#: Moves of a walk, drawn evenly on the scale of their logarithm: near ones refine, far ones leave a dead end.
SHORTEST, LONGEST = 300, 60_000


class Quantity(Protocol):
    """What a directed search moves.

    Attributes
    ----------
    id : str
    greatest : float
        Nothing lies beyond it: a search that gets there ends.
    row : Row
        The quantity as a row of a ledger.
    """

    @property
    def id(self) -> str: ...

    @property
    def greatest(self) -> float: ...

    @property
    def row(self) -> Row: ...

    def value(self, study: Study, tables: walks.Tables) -> float:
        """On the typed tables of a cohort; NaN where it is undefined."""
        ...


@dataclass(frozen=True)
class Way:
    """Where all lines of one search lead.

    Attributes
    ----------
    problem : Problem
    aim : Quantity
    sign : float
        1 towards its greatest value, -1 towards its least.
    allowed : frozenset of str
        Ids of the imposed rows that a cohort may miss.
    given_up : frozenset of str
        Those of them that every saved cohort misses.
    """

    problem: Problem
    aim: Quantity
    sign: float
    allowed: frozenset[str]
    given_up: frozenset[str] = frozenset()

    @cached_property
    def walked(self) -> Problem:
        """What a walk has to satisfy: no walk from a saved cohort comes to one that gives a row which all of them miss."""
        return replace(self.problem, excluded=self.problem.excluded | self.given_up)

    def beyond(self, value: float, other: float) -> float:
        """How much further out a value lies than another, last bits aside; NaN where one is undefined."""
        return 0.0 if math.isclose(value, other, rel_tol=1e-9) else self.sign * (value - other)

    def admits(self, report: Report) -> bool:
        """Whether a cohort with such a report may join: it breaks no rule, and misses nothing but what it may."""
        return not report.broken and set(report.missed) <= self.allowed

    @property
    def end(self) -> float:
        """Nothing lies beyond it."""
        return self.aim.greatest if self.sign > 0 else -math.inf


@dataclass
class Line:
    """Walks that begin with one member, each where the last one taken came to.

    Attributes
    ----------
    way : Way
    member : int
        Position of the member.
    before : dict of str to DataFrame
        Its typed tables.
    value : float
        Of the quantity on the cohort that the line has come to.
    rng : Generator
    here : Walk
        Where the next walk begins.
    tables, missed : dict of str to DataFrame, frozenset of str
        The furthest whole cohort and the rows that it misses; empty as long as that is the member.
    walks, found : int
        Walks made, and those that led further.
    """

    way: Way
    member: int
    before: walks.Tables
    value: float
    rng: np.random.Generator
    here: walks.Walk
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    missed: frozenset[str] = frozenset()
    walks: int = 0
    found: int = 0

    def go(self, number: int) -> None:
        """Make so many walks, or fewer if they come to the end of all."""
        for _ in range(number):
            if self.value == self.way.end:
                return
            self.walks += 1
            try:
                self._walk()
            except NoSolution:
                continue

    def _walk(self) -> None:
        """One walk over times."""
        way = self.way
        away = round(math.exp(self.rng.uniform(math.log(SHORTEST), math.log(LONGEST))))
        seed = int(self.rng.integers(2**31))
        self.take(walks.step(way.walked, self.here, seed, away), seed)

    def take(self, there: Walk, seed: int) -> None:
        """Go on from another cohort, unless the quantity falls back there or the whole cohort does not hold.

        Raises
        ------
        NoSolution
            If the tables that belong to its rows are not found.
        """
        way = self.way
        reached = as_saved(way.problem, dict(there.tables))
        further = way.beyond(way.aim.value(way.problem.study, reached), self.value)
        if not further >= 0:  # undefined counts as fallen back
            return
        if further > 0:
            whole = as_saved(way.problem, walks.finish(way.walked, there, self.before, seed))
            report = check_tables(way.problem, whole)
            if not way.admits(report):
                return
            self.value, self.tables, self.missed = way.aim.value(way.problem.study, whole), whole, frozenset(report.missed)
            self.found += 1
        self.here = there
