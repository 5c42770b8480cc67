"""Families of printed numbers that are left out together, with everything that would give them away."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.ledger.rows.row import Row
from analysis.reconstruction.problem.problem import COUNTS, Problem

#: Fewest numbers that make a family worth leaving out.
FEWEST = 2
#: Families that are left out together as well.
TOGETHER = ("survival estimates", "survival errors and limits")


@dataclass(frozen=True)
class Family:
    """Printed numbers left out together.

    Attributes
    ----------
    name : str
        The kind of number, or the variable that is counted.
    counted : bool
        Whether they are counts and shares.
    left_out : tuple of str
        Numbers that are asked for afterwards: none follows from what is kept by arithmetic,
        none is quoted by an assumption.
    hidden : frozenset of str
        These, and every imposed row that would give one of them away.
    """

    name: str
    counted: bool
    left_out: tuple[str, ...]
    hidden: frozenset[str]


def families(problem: Problem) -> list[Family]:
    """Families of a study's imposed rows, in the ledger's order.

    Counts and shares of one variable are a family; so is every other kind of statistic.
    The size of a table is never left out: it says how many rows to look for.
    """
    groups: dict[tuple[bool, str], list[Row]] = {}
    for row in problem.imposed:
        if problem.condition(row).clauses or row.statistic != "count":
            groups.setdefault(_key(problem, row), []).append(row)
    found = []
    curves = [row for (_, name), rows in groups.items() if name in TOGETHER for row in rows]
    groups[False, " and ".join(TOGETHER)] = curves  # each of the two nearly tells the other
    for (counted, name), rows in groups.items():
        hidden = _hide(problem, {row.id for row in rows})
        left_out = tuple(row.id for row in rows if not _follows(row, hidden) and not _quoted(problem, row))
        if len(left_out) >= FEWEST:
            found.append(Family(name, counted, left_out, frozenset(hidden)))
    return found


def _key(problem: Problem, row: Row) -> tuple[bool, str]:
    if row.statistic in COUNTS:
        return True, " and ".join(dict.fromkeys(row.subset.variables or problem.base(row).variables))
    return False, row.registered.family


def _hide(problem: Problem, ids: set[str]) -> set[str]:
    """Ids with all imposed rows that would give one of them away.

    A share or a test gives its counts away; a count gives away the one left-out number of
    its arithmetic, but of two or more only their sum, which the others would not know either.
    """
    hidden, growing = set(ids), True
    while growing:
        more = {row.id for row in problem.imposed if row.id not in hidden and row.sources is not None and _tells(row, hidden)}
        growing = bool(more)
        hidden |= more
    return hidden


def _tells(row: Row, hidden: set[str]) -> bool:
    spoken = len(set(row.sources.ids if row.sources else ()) & hidden)
    return spoken == 1 if row.statistic == "count" else spoken > 0


def _follows(row: Row, hidden: set[str]) -> bool:
    return row.sources is not None and not set(row.sources.ids) & hidden


def _quoted(problem: Problem, row: Row) -> bool:
    """Whether an assumption on the same variable says that it quotes what is printed: leaving the row out would hide nothing."""
    linked = problem.assumptions.linked
    if linked is None or row.statistic not in ("minimum", "maximum", "follow_up_minimum", "follow_up_maximum"):
        return False
    name = row.arguments.get("variable") or problem.study.endpoints[row.arguments["endpoint"]].time
    names = {name} | ({linked.times.variables[0]} if name in linked.times.derived else set())
    return any(window.variable in names and "printed" in window.why for window in linked.times.windows)
