"""Directed search for one end of a range: lines of walks from cohort to cohort; of large groups, cohorts pushed further (`large.ends`).

A walk keeps much of what it began with: who is whose row, which labels can be had at all.
So a line is begun at the nearest member of each start, not at the nearest members, which
often share one; the lines that get furthest go on.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.reconstruction.checks.verify import check_tables
from analysis.reconstruction.io.saved import as_saved
from analysis.reconstruction.large.ends import push
from analysis.reconstruction.large.reach import large
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.ranges import walks
from analysis.reconstruction.ranges.exchanges import exchange, mixes
from analysis.reconstruction.ranges.lines import Line, Quantity, Way
from analysis.reconstruction.solver.labels import Goal
from analysis.reconstruction.solver.timeline import NoSolution

#: Lines of walks that a search for an end begins with, and walks of each; of fewer lines, each makes more.
BEGINNINGS, WALKS = 12, 10
#: Members from which outcomes are exchanged, or at whose times labels are chosen, where that moves the quantity.
EXCHANGED = 3
#: Lines that go on, by how many times those walks.
LAST, MORE = 3, 2
#: Parts of the ensemble's range: no step of a large group's cohort is shorter.
FINEST = 100


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
    member : int
        Position of the member that the line of walks to it began with.
    walks, found : int
        Walks over times made, and how many steps came to a cohort that holds and lies further out than their line did.
    """

    value: float
    tables: dict[str, pd.DataFrame]
    missed: frozenset[str]
    member: int
    walks: int
    found: int


def climb(
    problem: Problem,
    aim: Quantity,
    upwards: bool,
    members: Sequence[walks.Tables],
    values: Sequence[float],
    starts: Sequence[int],
    allowed: frozenset[str],
    seed: int,
    attempts: int = WALKS,
    given_up: frozenset[str] = frozenset(),
) -> Climb:
    """Search for a cohort on which a quantity is greater (or less) than on every member.

    Where a quantity looks at baseline and outcome together, outcomes are exchanged between rows
    (`exchanges`); where it counts rows by labels that the times leave open, the solver chooses them.
    Both keep the times of a member, so that walks follow in any case.  Each is a step to another cohort that gives
    the printed comparisons and curves, taken where the quantity does not fall back, and only if the
    whole cohort, its other tables included, is found to hold by the check that shares nothing with
    the search.

    Parameters
    ----------
    problem : Problem
    aim : Quantity
    upwards : bool
        Whether the greatest value is searched for, or the least.
    members : sequence of tables
        Typed tables of saved cohorts; a search begins with those of which every table is saved.
    values : sequence of float
        Of the quantity on each member; NaN where it is undefined.
    starts : sequence of int
        Of each member, the start that it was made from.
    allowed : frozenset of str
        Ids of the imposed rows that the saved cohorts miss.
    seed : int
    attempts : int
        Walks of each line, where there are `BEGINNINGS`; the `LAST` that get furthest make `MORE` times as many again.
        0: the members alone are looked at.
    given_up : frozenset of str
        Ids of the imposed rows that every saved cohort misses: a walk does not ask for them.

    Returns
    -------
    Climb

    Raises
    ------
    ValueError
        If no member has a value.
    """
    way = Way(problem, aim, 1.0 if upwards else -1.0, allowed, given_up)
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        raise ValueError(f"{aim.id}: no saved cohort has a value")
    order = sorted(map(int, known), key=lambda member: -way.sign * values[member])
    best = float(values[order[0]])
    nothing = Climb(best, {}, frozenset(), order[0], 0, 0)
    if best == way.end or not attempts:
        return nothing
    # of some members not every table is saved, and those could not be checked as a whole
    whole = [member for member in order if members[member].keys() == problem.study.tables.keys()]
    beginnings = first_of_each(whole, starts)[:BEGINNINGS]
    if large(problem):
        return _push(way, beginnings[:LAST], members, values, seed, attempts * BEGINNINGS, nothing)
    lines = _walk_lines(way, beginnings, members, values, seed, attempts)
    made, found = sum(line.walks for line in lines), sum(line.found for line in lines)
    furthest = max(lines, key=lambda line: way.sign * line.value, default=None)
    if furthest is None or not way.beyond(furthest.value, best) > 0:
        return nothing._replace(walks=made, found=found)
    return Climb(furthest.value, furthest.tables, furthest.missed, furthest.member, made, found)


def _walk_lines(
    way: Way, beginnings: Sequence[int], members: Sequence[walks.Tables], values: Sequence[float], seed: int, attempts: int
) -> list[Line]:
    """Lines of walks from some members; those that get furthest go on.  None is walked further than the quantity can lie."""
    problem, aim = way.problem, way.aim
    lines: list[Line] = []
    opening = _exchange if mixes(problem, aim) else _relabel if chosen_by_labels(problem, aim) else None
    for number, member in enumerate(beginnings):
        rng, there = np.random.default_rng([seed, number]), walks.begin(problem, members[member])
        line = Line(way, member, members[member], float(values[member]), rng, there)
        lines.append(line)
        if opening is not None and number < EXCHANGED:
            with suppress(NoSolution):
                opening(line, seed)
        line.go(attempts * BEGINNINGS // len(beginnings))
        if line.value == way.end:
            break
    lines.sort(key=lambda line: -way.sign * line.value)
    for line in lines[:LAST]:
        if lines[0].value != way.end:
            line.go(MORE * attempts)
    return lines


def _push(
    way: Way, beginnings: Sequence[int], members: Sequence[walks.Tables], values: Sequence[float], seed: int, tries: int, nothing: Climb
) -> Climb:
    """The same for a large group: some members are led to where the quantity is asked to lie, with an equal share of the tries."""
    furthest, made, found = nothing, 0, 0
    counted = way.aim.row.statistic in ("count", "events", "at_risk")
    steps = max(1.0, np.nanmax(values) - np.nanmin(values)), 1.0
    if not counted:
        spread = float(np.nanmax(values) - np.nanmin(values)) or 0.05 * abs(nothing.value) or 0.05
        steps = spread, spread / FINEST

    for member in beginnings:

        def take(tables: walks.Tables, member: int = member) -> float:
            nonlocal furthest, found
            whole = as_saved(way.problem, tables)
            report, value = check_tables(way.problem, whole), way.aim.value(way.problem.study, whole)
            if not way.admits(report) or math.isnan(value):
                return math.nan
            found += 1
            if way.beyond(value, furthest.value) > 0:
                furthest = Climb(value, whole, frozenset(report.missed), member, 0, 0)
            return value

        arguments = way.walked, way.aim.row, members[member], float(values[member]), steps, way.sign > 0
        made += push(*arguments, seed + 1_000 * member, tries // len(beginnings), take)
    return furthest._replace(walks=made, found=found)


def _exchange(line: Line, seed: int) -> None:
    """Go where exchanges of outcomes lead, if that holds as a whole."""
    there, _ = exchange(line.way, line.before, line.rng)
    line.take(walks.begin(line.way.problem, there), seed)


def chosen_by_labels(problem: Problem, aim) -> bool:
    """Whether a quantity counts rows of the main table by a label that their times do not decide."""
    timeline = problem.assumptions.timeline
    if timeline is None or not aim.linear or problem.table(aim.row) != timeline.table:
        return False
    endpoints = problem.study.endpoints.values()
    decided = {*timeline.strata, *(endpoint.time for endpoint in endpoints), *(endpoint.event for endpoint in endpoints)}
    return bool(set(problem.condition(aim.row).variables) - decided)


def _relabel(line: Line, seed: int) -> None:
    """Go where the solver's choice of labels at a member's times leads, if that holds as a whole."""
    way = line.way
    line.take(walks.relabel(way.walked, line.here, seed, Goal(way.problem.condition(way.aim.row), int(way.sign))), seed)


def first_of_each(members: Sequence[int], starts: Sequence[int]) -> list[int]:
    """Members in another order: the first of each start, then the second of each, and so on.

    Parameters
    ----------
    members : sequence of int
        Positions in `starts`, in the order wanted among those of one start.
    starts : sequence of int
        Of every member, the start that it was made from.
    """
    seen: Counter[int] = Counter()
    ranks = {}
    for member in members:
        ranks[member] = seen[starts[member]]
        seen[starts[member]] += 1
    return sorted(members, key=ranks.__getitem__)
