"""Printed numbers as linear statements about numbers of rows, each with the ids that it rests on.

A count or a percentage is linear by itself.  A Kaplan-Meier estimate is not, but it bounds
the events before its time: each event takes at least 1/n of the whole, wherever others are
censored, so that D ≤ n (1 − S).  With the size of the group and the error or both limits
printed as well, all risk-set sequences are enumerated, and their least and greatest number
of events are bounds too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.cohorts import conditions
from analysis.cohorts.conditions import Condition
from analysis.ledger.rows.row import Row
from analysis.reconstruction.constraints.curves import printed_curves
from analysis.reconstruction.constraints.limit_sequences import SCALES, with_limits
from analysis.reconstruction.constraints.risk_sets import Horizon, TooMany, sequences
from analysis.reconstruction.problem.accepted import widest
from analysis.reconstruction.problem.problem import COUNTS, Problem, linear
from analysis.reconstruction.solver.digitised_rows import amounts

#: Fractions are made whole by this factor, always to the looser side.
_SCALE = 10**6
#: Most sequences of a curve that are enumerated; a curve that allows more says little.
_MOST = 2_000
#: Most beginnings of a sequence looked at.
_EFFORT = 100_000


@dataclass(frozen=True)
class Line:
    """``Σ weight × rows that meet the condition ≤ 0``, or ``≤ most`` where a number is printed.

    Attributes
    ----------
    terms : tuple of (Condition, int)
    most : int
    ids : frozenset of str
        Ledger rows that it follows from; empty for an assumption.
    """

    terms: tuple[tuple[Condition, int], ...]
    most: int
    ids: frozenset[str]

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(name for condition, _ in self.terms for name in condition.variables)


def _between(condition: Condition, low: int, high: int, ids: Iterable[str]) -> list[Line]:
    ids = frozenset(ids)
    return [Line(((condition, 1),), high, ids), Line(((condition, -1),), -low, ids)]


def of_counts(problem: Problem, table: str, read: dict[str, Condition]) -> list[Line]:
    """Lines of a table's imposed counts and percentages.

    Parameters
    ----------
    problem : Problem
    table : str
    read : dict of id to Condition
        Who is counted, where a reading says otherwise than the ledger's condition.
    """
    found = []
    for row in problem.rows(table, *COUNTS):
        condition, base, ids = read.get(row.id, problem.condition(row)), problem.base(row), frozenset({row.id})
        scale, low, high = linear(row)
        if row.statistic == "count":
            found += _between(condition, low, high, ids)
        elif not row.sources:  # else it follows from counts, and may have been rounded twice
            found += [Line(((base, low), (condition, -100 * scale)), 0, ids), Line(((condition, 100 * scale), (base, -high)), 0, ids)]
    return found


def of_curves(problem: Problem, table: str, spoken: frozenset[str]) -> list[Line]:
    """Lines of a table's imposed estimates; endpoints whose variables are not in `spoken` are left out."""
    found = []
    for curve in printed_curves(problem, table):
        endpoint = problem.study.endpoints[curve.endpoint]
        if not {endpoint.time, endpoint.event, *curve.group.variables} <= spoken:
            continue
        sizes = [row for row in problem.rows(table, "count") if problem.condition(row).canonical == curve.group.canonical]
        for (time, rows), horizon in zip(sorted(curve.rows.items()), curve.horizons()):
            events = curve.group & conditions.parse(f"{endpoint.event}=1 & {endpoint.time}<={time:g}")
            for row in rows:
                found += _of_estimate(row, curve.group, events)
            for size in sizes:
                named = [scale for scale in problem.study.named_conventions("survival_lower") if scale in SCALES]
                found += _of_sequences(size, rows, horizon, events, named or SCALES)
    return found


def of_figures(problem: Problem, table: str) -> list[Line]:
    """Lines of digitised curves; like assumptions, they rest on no printed number."""
    return [
        Line(terms, most, frozenset())
        for curve in problem.digitised
        if problem.timeline.table == table
        for terms, most in amounts(problem, curve, problem.size(table))
    ]


def _of_estimate(row: Row, group: Condition, events: Condition) -> list[Line]:
    if row.statistic not in ("survival", "incidence"):
        return []
    low, high = widest(row.value, row.rules)
    most = 100 - low if row.statistic == "survival" else high
    lines = [Line(((events, _SCALE), (group, -math.ceil(most / 100 * _SCALE))), 0, frozenset({row.id}))]
    if (high if row.statistic == "survival" else 100 - low) < 100:
        lines.append(Line(((events, -1),), -1, frozenset({row.id})))
    return lines


def _of_sequences(size: Row, rows: tuple[Row, ...], horizon: Horizon, events: Condition, scales: Sequence[str]) -> list[Line]:
    by = {row.statistic: row for row in rows}
    number = int(size.value.value)
    try:
        if {"survival", "survival_lower", "survival_upper"} <= set(by):
            used = {"estimate": by["survival"], "lower": by["survival_lower"], "upper": by["survival_upper"]}
            found = [len(one) for one in with_limits(number, used, "documented", _MOST, scales, _EFFORT)]
        elif {"survival", "survival_se"} == set(by) or {"incidence", "incidence_se"} == set(by):
            used = by
            found = [len(one) for (one,) in sequences(number, [horizon], _MOST, _EFFORT)]
        else:
            return []
    except TooMany:
        return []
    ids = {size.id, *(row.id for row in used.values())}
    if not found:
        return [Line((), -1, frozenset(ids))]
    return _between(events, min(found), max(found), ids)
