"""A cohort and its printed numbers as arrays, for the compiled search."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import MISSING, Clause, Condition
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics import groups
from analysis.reconstruction.constraints.comparison_ways import find_ways, join_results
from analysis.reconstruction.constraints.hazard_ratio_ranges import COMPARISONS
from analysis.reconstruction.kernels.memberships import EVENT, LEVELS, TIME
from analysis.reconstruction.problem.accepted import accepts, widest
from analysis.reconstruction.problem.blocks import Block, blocks_of, codes_of, meets
from analysis.reconstruction.problem.digitised import ERROR, ESTIMATE, LOWER, UPPER
from analysis.reconstruction.problem.problem import COUNTS, CURVES, FOLLOW_UP, Problem, linear

#: How what is printed of a curve ends its statistic's name, and its kind in the search.
KINDS = {"": ESTIMATE, "se": ERROR, "lower": LOWER, "upper": UPPER}


@dataclass
class Encoded:
    """Arrays of one problem, and of one cohort's labels.

    Attributes
    ----------
    codes : ndarray of int8, shape (variables, rows)
        Position of each row's block; clauses are bit masks over them.
    clauses : list of (kind, variable or endpoint, mask or low, high)
    conditions : list of (first clause, one past the last)
    counts : list of (numerator, denominator, scale, low, high)
    curves : list of (condition, endpoint, horizon, kind, low, high)
        Kinds as in `digitised`: points of digitised curves and their numbers at risk are among the printed estimates.
    spans : list of (condition, endpoint, kind, low, high)
    comparisons : list of (endpoint, first, second), ways : list of list of Way
        Those of the same groups follow each other.
    rules : list of (premise, conclusion)
    windows : list of (condition, endpoint, what, first, last)
    ids : dict of str to list
        Ledger ids behind each list.
    """

    names: list[str]
    blocks: dict[str, list[Block]]
    codes: np.ndarray
    endpoints: list[str]
    clauses: list = field(default_factory=list)
    conditions: list = field(default_factory=list)
    counts: list = field(default_factory=list)
    curves: list = field(default_factory=list)
    spans: list = field(default_factory=list)
    comparisons: list = field(default_factory=list)
    ways: list = field(default_factory=list)
    rules: list = field(default_factory=list)
    windows: list = field(default_factory=list)
    ids: dict = field(default_factory=dict)
    _known: dict = field(default_factory=dict)


def encode(problem: Problem, table: pd.DataFrame, settled: frozenset[str]) -> Encoded:
    """Encode a main table.

    Parameters
    ----------
    problem : Problem
    table : DataFrame
        From `start.make_start`.
    settled : frozenset of str
        Variables that follow from times after the search; what speaks of them is left out.
    """
    timeline, study = problem.timeline, problem.study
    name = timeline.table
    clock = timeline.clock
    endpoints = [*timeline.chain, *(clock.endpoints if clock else ())]
    timed = (
        {study.endpoints[e].time for e in endpoints} | {study.endpoints[e].event for e in endpoints} | ({clock.origin} if clock else set())
    )
    asked = [problem.condition(row) for row in problem.ledger if row.role != "context" and problem.table(row) == name]
    assumed = problem.assumptions.of(name)
    asked += [c for rule in assumed.rules for c in (rule.premise, rule.conclusion)]
    names = [
        v
        for v, d in study.variables[name].items()
        if v not in timed | settled and d.type != "id" and v in table and v not in assumed.derived
    ]
    blocks = {v: blocks_of(study.variables[name][v], asked, v) for v in names}
    codes = np.array([codes_of(table[v], blocks[v]) for v in names], dtype=np.int8)
    encoded = Encoded(names, blocks, codes, endpoints)
    _rows(problem, encoded, name)
    _comparisons(problem, encoded, name)
    for rule in assumed.rules:
        premise = condition(problem, encoded, rule.premise)
        for clause in rule.conclusion.clauses:
            conclusion = condition(problem, encoded, Condition((clause,)))
            if premise is not None and conclusion is not None:
                encoded.rules.append((premise, conclusion))
    for window in timeline.windows:
        encoded.windows.append(
            (
                condition(problem, encoded, window.condition),
                endpoints.index(window.endpoint),
                ("event", "end", "free").index(window.what),
                window.first,
                min(window.last, 10**6),
            )
        )
    return encoded


def condition(problem: Problem, encoded: Encoded, asked: Condition) -> int | None:
    """Position of a condition among the encoded ones; None if it speaks of what is not encoded."""
    key = asked.canonical
    if key not in encoded._known:
        clauses = [_clause(problem, encoded, clause) for clause in asked.clauses]
        if None in clauses:
            encoded._known[key] = None
        else:
            first = len(encoded.clauses)
            encoded.clauses += clauses
            encoded.conditions.append((first, len(encoded.clauses)))
            encoded._known[key] = len(encoded.conditions) - 1
    return encoded._known[key]


def _clause(problem: Problem, encoded: Encoded, clause: Clause):
    if clause.variable in encoded.blocks:
        mask = sum(1 << position for position, block in enumerate(encoded.blocks[clause.variable]) if meets(clause, block))
        return LEVELS, encoded.names.index(clause.variable), mask, 0
    for position, name in enumerate(encoded.endpoints):
        endpoint = problem.study.endpoints[name]
        if MISSING in clause.values:
            continue
        if clause.variable == endpoint.time and clause.comparison in ("<", "<=", ">", ">="):
            cut = float(clause.values[0])
            low, high = {
                "<": (0, math.ceil(cut) - 1),
                "<=": (0, math.floor(cut)),
                ">": (math.floor(cut) + 1, 10**6),
                ">=": (math.ceil(cut), 10**6),
            }[clause.comparison]
            return TIME, position, low, high
        if clause.variable == endpoint.event and clause.comparison == "=" and len(clause.values) == 1:
            return EVENT, position, int(clause.values[0]), 0
    return None


def _rows(problem: Problem, encoded: Encoded, name: str) -> None:
    ids = encoded.ids
    for row in problem.rows(name, *COUNTS):
        pair = condition(problem, encoded, problem.condition(row)), condition(problem, encoded, problem.base(row))
        if None not in pair:
            encoded.counts.append((*pair, *(linear(row) if row.statistic == "count" else _share(row))))
            ids.setdefault("counts", []).append(row.id)
    for row in problem.rows(name, *CURVES, *FOLLOW_UP):
        group = condition(problem, encoded, problem.condition(row))
        endpoint = row.arguments["endpoint"]
        if group is None or endpoint not in encoded.endpoints:
            continue
        low, high = widest(row.value, row.rules)
        place = encoded.endpoints.index(endpoint)
        if row.statistic in FOLLOW_UP:
            halves = [k / 2 for k in range(2 * int(low), 2 * int(high) + 3) if accepts(row.value, k / 2, row.rules)]
            survivors = problem.timeline.follow_up == "over survivors"
            encoded.spans.append((group, place, FOLLOW_UP.index(row.statistic) + 3 * survivors, min(halves), max(halves)))
            ids.setdefault("spans", []).append(row.id)
        else:
            measure, _, kind = row.statistic.partition("_")
            if measure == "incidence" and kind != "se":  # its upper limit is survival's lower one
                low, high, kind = 100 - high, 100 - low, {"lower": "upper", "upper": "lower"}.get(kind, kind)
            encoded.curves.append((group, place, int(float(row.arguments["time"])), KINDS[kind], low, high))
            ids.setdefault("curves", []).append(row.id)
    for curve in problem.digitised:
        group = condition(problem, encoded, curve.group)
        if group is not None:
            encoded.curves += [(group, encoded.endpoints.index(curve.endpoint), *row) for row in curve.rows()]


def _share(row) -> tuple[int, int, int]:
    scale, low, high = linear(row)
    return -100 * scale, low, high  # a negative scale marks a percentage


def _comparisons(problem: Problem, encoded: Encoded, name: str) -> None:
    """Rows on the same two curves form one comparison: its numbers must come from one method."""
    found: dict[tuple, dict[str, list[Row]]] = {}
    for row in problem.rows(name, *COMPARISONS):
        declared = problem.study.variables[name]
        by = row.arguments["by"]
        items = groups.names(row.arguments["groups"]) if "groups" in row.arguments else groups.levels_of(declared[by])
        if len(items) != 2 or row.arguments["endpoint"] not in encoded.endpoints:
            continue
        sides = [problem.condition(row) & Condition((Clause(by, "=", groups.merge_levels(item, declared[by])),)) for item in items]
        key = encoded.endpoints.index(row.arguments["endpoint"]), *(condition(problem, encoded, side) for side in sides)
        if None not in key:
            found.setdefault(key, {}).setdefault(row.result, []).append(row)
    for key, results in found.items():
        for rows in join_results(results.values()):
            encoded.comparisons.append(key)
            encoded.ways.append(find_ways(problem.study, rows))
            encoded.ids.setdefault("comparisons", []).append([row.id for row in rows])
