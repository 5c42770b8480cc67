"""What printed summaries say of how many patients have a known value, and of how many of them lie in which interval."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from analysis.cohorts.conditions import MISSING, Clause, Condition
from analysis.ledger.rows.rounding import attainable
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics.groups import levels_of
from analysis.reconstruction.counts.cell_counts import Linear
from analysis.reconstruction.problem.blocks import blocks_of
from analysis.reconstruction.problem.problem import Problem

#: Statistics with a share of the values below them, in percent.
_SHARES = {"median": 50, "quantile": None}


class Moments(NamedTuple):
    """Between which mean and standard deviation of a group lie; infinite where nothing is printed of the spread."""

    mean: tuple[Fraction, Fraction]
    sd: tuple[Fraction, Fraction] | None
    id: str


def known_lines(problem: Problem, table: str) -> list[Linear]:
    """Constraints of how many rows of each group have a value of a number that may be missing.

    A mean needs one value, a standard deviation two.  The sum of all values is that of the groups' values, and so is the sum of their
    squares: with the printed means and deviations, both are linear in the groups' numbers.
    """
    found: list[Linear] = []
    declared = problem.study.variables[table]
    for name, variable in declared.items():
        if not variable.missing or variable.type not in ("number", "integer"):
            continue
        known = Clause(name, "!=", (MISSING,))
        printed = _find_printed(problem, table, name)
        for condition, moments in printed.items():
            least = 1 if moments.sd is None else 2
            found.append(Linear(((_with(condition, known), 1),), least, problem.size(table), moments.id))
            for parts in _partitions(problem, table, condition, printed):
                groups = [(_with(part, known), printed[part]) for part in parts]
                found += _together(groups, moments, problem.size(table))
    return found


def ordered_lines(problem: Problem, table: str, conditions: Sequence[Condition]) -> list[Linear]:
    """Constraints of how many patients lie beyond the limits by which conditions cut a number into intervals.

    Of the values of a group, no more than a share lies below its printed quantile, and no more than the rest above; one patient more,
    as definitions of quantiles differ by one.

    Parameters
    ----------
    problem : Problem
    table : str
    conditions : sequence of Condition
        All that are spoken of.
    """
    found: list[Linear] = []
    declared = problem.study.variables[table]
    for row in problem.rows(table, *_SHARES):
        name = row.arguments["variable"]
        if declared[name].type not in ("number", "integer") or declared[name].range is None or row.value.relation != "=":
            continue
        limits = [block.low for block in blocks_of(declared[name], conditions, name) if block.low is not None][1:]
        share = _SHARES[row.statistic] or int(Fraction(row.arguments["share"]))
        known = _with(problem.condition(row), Clause(name, "!=", (MISSING,))) if declared[name].missing else problem.condition(row)
        low, high = attainable(row.value)
        far = 200 * problem.size(table)
        for limit in limits:
            beyond = [("<", share)] if low >= limit else [(">=", 100 - share)] if high < limit else []
            for comparison, most in beyond:
                part = _with(problem.condition(row), Clause(name, comparison, (f"{limit:g}",)))
                found.append(Linear(((part, 100), (known, -most)), -far, 100, row.id))
    return found


def _with(condition: Condition, clause: Clause) -> Condition:
    return condition & Condition((clause,))


def _find_printed(problem: Problem, table: str, name: str) -> dict[Condition, Moments]:
    means, deviations = dict[Condition, Row](), dict[Condition, Row]()
    for row in problem.rows(table, "mean", "sd"):
        if row.arguments["variable"] == name and row.value.relation == "=":
            (means if row.statistic == "mean" else deviations)[problem.condition(row)] = row
    usual = "n" not in problem.study.named_conventions("sd")  # the denominator is n − 1
    return {
        condition: Moments(
            attainable(row.value), attainable(deviations[condition].value) if usual and condition in deviations else None, row.id
        )
        for condition, row in means.items()
    }


def _partitions(problem: Problem, table: str, whole: Condition, printed: dict[Condition, Moments]) -> Iterator[list[Condition]]:
    """Groups of a category, all with a printed mean, that divide a condition's patients."""
    for name, variable in problem.study.variables[table].items():
        if variable.type not in ("category", "boolean") or variable.missing or name in whole.variables:
            continue
        parts = [
            next((one for one in printed if one.canonical == _with(whole, Clause(name, "=", (level,))).canonical), None)
            for level in levels_of(variable)
        ]
        if None not in parts:
            yield [one for one in parts if one is not None]


def _together(groups: Sequence[tuple[Condition, Moments]], whole: Moments, size: int) -> Iterator[Linear]:
    """Sums, and sums of squares, of the groups' values make those of all."""
    ids = f"{whole.id} with its groups"
    yield from _between([(group, one.mean) for group, one in groups], whole.mean, (Fraction(0), Fraction(0)), size, ids)
    if whole.sd is None or any(one.sd is None for _, one in groups):
        return
    squares = [(group, _plus(_square(one.mean), _square(one.sd))) for group, one in groups]
    lost = [_square(one.sd) for _, one in groups]
    all_lost = _square(whole.sd)
    constant = sum(low for low, _ in lost) - all_lost[1], sum(high for _, high in lost) - all_lost[0]
    yield from _between(squares, _plus(_square(whole.mean), all_lost), constant, size, ids)


def _between(
    groups: Sequence[tuple[Condition, tuple[Fraction, Fraction]]],
    whole: tuple[Fraction, Fraction],
    constant: tuple[Fraction, Fraction],
    size: int,
    name: str,
) -> Iterator[Linear]:
    """``Σ number × (value of the group − value of all) = constant``, each between its ends."""
    ends = [value for _, (low, high) in groups for value in (high - whole[0], low - whole[1])] + list(constant)
    scale = math.lcm(*(value.denominator for value in ends))
    far = int(scale * size * (1 + max(map(abs, ends))))
    yield Linear(tuple((group, int(scale * (high - whole[0]))) for group, (_, high) in groups), int(scale * constant[0]), far, name)
    yield Linear(tuple((group, int(scale * (low - whole[1]))) for group, (low, _) in groups), -far, int(scale * constant[1]), name)


def _plus(one: tuple[Fraction, Fraction], other: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    return one[0] + other[0], one[1] + other[1]


def _square(ends: tuple[Fraction, Fraction] | None) -> tuple[Fraction, Fraction]:
    assert ends is not None
    low, high = ends
    if low > 0 or high < 0:
        return min(low * low, high * high), max(low * low, high * high)
    return Fraction(0), max(low * low, high * high)
