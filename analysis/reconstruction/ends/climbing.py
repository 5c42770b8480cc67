"""Directed search for one end of a range: walks from cohort to cohort, kept where the quantity moves the right way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from analysis.cohorts.study import Study
from analysis.reconstruction.ends import walks
from analysis.reconstruction.problem import Problem
from analysis.reconstruction.saved import as_saved
from analysis.reconstruction.timeline import NoSolution
from analysis.reconstruction.verify import check_tables

#: Members that a search for an end begins with (those nearest to it), and walks from each.
BEGINNINGS, WALKS = 5, 30
#: Moves of a walk, drawn evenly on the scale of their logarithm: near ones refine, far ones leave a dead end.
SHORTEST, LONGEST = 300, 60_000


class Quantity(Protocol):
    """What a directed search moves.

    Attributes
    ----------
    id : str
    greatest : float
        Nothing lies beyond it: a search that gets there ends.
    """

    @property
    def id(self) -> str: ...

    @property
    def greatest(self) -> float: ...

    def value(self, study: Study, tables: walks.Tables) -> float:
        """On the typed tables of a cohort; NaN where it is undefined."""
        ...


class Climb(NamedTuple):
    """What a directed search came to.

    Attributes
    ----------
    value : float
        The quantity on the cohort found.
    tables : dict of str to DataFrame
        Typed; empty if no cohort beyond the members was found.
    missed : frozenset of str
        Ids of the imposed rows that it misses.
    walks, found : int
        Walks made, and how many came to a cohort that holds and lies further out.
    """

    value: float
    tables: dict[str, pd.DataFrame]
    missed: frozenset[str]
    walks: int
    found: int


def climb(problem: Problem, aim: Quantity, upwards: bool, members: Sequence[walks.Tables], allowed: frozenset[str], seed: int, beginnings: int = BEGINNINGS, attempts: int = WALKS) -> Climb:
    """Search for a cohort on which a quantity is greater (or less) than on every member.

    Each step is a walk to another cohort that gives the printed comparisons and curves.  It is
    taken where the quantity does not fall back, and only if the whole cohort, its other tables
    included, is found to hold by the check that shares nothing with the search.

    Parameters
    ----------
    problem : Problem
    aim : Quantity
    upwards : bool
        Whether the greatest value is searched for, or the least.
    members : sequence of tables
        Typed tables of saved cohorts; a search begins with those of which every table is saved.
    allowed : frozenset of str
        Ids of the imposed rows that the saved cohorts miss.
    seed : int
    beginnings : int
        Members that it begins with, those nearest to the end.
    attempts : int
        Walks from each of them.

    Returns
    -------
    Climb

    Raises
    ------
    ValueError
        If no member has a value.
    """
    sign = 1.0 if upwards else -1.0
    values = np.array([aim.value(problem.study, tables) for tables in members])
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        raise ValueError(f"{aim.id}: no saved cohort has a value")
    order = known[np.argsort(-sign * values[known], kind="stable")]
    best, tables, missed, made, found = float(values[order[0]]), {}, frozenset(), 0, 0
    end = aim.greatest if upwards else -math.inf
    if best == end:
        return Climb(best, tables, missed, made, found)
    # of some members not every table is saved, and those could not be checked as a whole
    order = [member for member in order if members[member].keys() == problem.study.tables.keys()]
    for number, member in enumerate(order[:beginnings]):
        rng = np.random.default_rng([seed, number])
        here, value = walks.begin(problem, members[member]), float(values[member])
        for _ in range(attempts):
            made += 1
            away = round(math.exp(rng.uniform(math.log(SHORTEST), math.log(LONGEST))))
            one = int(rng.integers(2**31))
            try:
                there = walks.step(problem, here, one, away)
                reached = as_saved(problem, dict(there.tables))
                beyond = sign * (aim.value(problem.study, reached) - value)
                if not beyond >= 0:  # undefined counts as fallen back
                    continue
                if beyond > 0:
                    whole = as_saved(problem, walks.finish(problem, there, members[member], one))
                    report = check_tables(problem, whole)
                    if report.broken or not set(report.missed) <= allowed:
                        continue
                    value, found = aim.value(problem.study, whole), found + 1
                    if sign * (value - best) > 0:
                        best, tables, missed = value, whole, frozenset(report.missed)
                    if best == end:
                        return Climb(best, tables, missed, made, found)
            except NoSolution:
                continue
            here = there
    return Climb(best, tables, missed, made, found)
