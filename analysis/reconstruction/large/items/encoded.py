"""The lists of a search in the making: conditions, groups and items, and what each means."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from analysis.cohorts.conditions import MISSING, Clause, Condition
from analysis.reconstruction.kernels.memberships import BOTH, CAUSE, EVENT, FIRST, LEVELS, NEITHER, TIME
from analysis.reconstruction.large.constraints import Constraint
from analysis.reconstruction.large.items.spells import Spell
from analysis.reconstruction.problem.blocks import Block, meets
from analysis.reconstruction.problem.problem import Problem

#: Stands for "no end".
FAR = 1e12
#: A clause as `memberships.meets` has it.
Numbers = tuple[int, int, int, int]


@dataclass
class Encoding:
    """Arrays in the making, and what they mean.

    Attributes
    ----------
    names : list of str
        Labels that the search moves, in the order of `Patients.code`.
    blocks : dict of str to list of Block
    endpoints : tuple of str
        The chain.
    steps : int
        Steps a month.
    spells : list of Spell
        Times on clocks of a part of the patients, which the search numbers after the chain.
    ids : dict of str to list of str
        Ledger ids (or words) behind each list of items, by the list's name.
    """

    problem: Problem
    names: list[str]
    blocks: dict[str, list[Block]]
    endpoints: tuple[str, ...]
    steps: int
    clauses: list = field(default_factory=list)
    conditions: list = field(default_factory=list)
    groups: list = field(default_factory=list)
    lists: dict[str, list] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    spells: list[Spell] = field(default_factory=list)
    _known: dict = field(default_factory=dict)

    def add(self, name: str, item: tuple, id: str) -> None:
        self.lists.setdefault(name, []).append(item)
        self.ids.setdefault(name, []).append(id)

    def condition(self, asked: Condition) -> int | None:
        """Position of a condition; None if it speaks of what the search does not move."""
        key = asked.canonical
        if key not in self._known:
            parts = [self._clauses(clause) for clause in asked.clauses]
            self._known[key] = None if None in parts else len(self.conditions)
            if None not in parts:
                clauses = [one for part in parts if part is not None for one in part]
                self.conditions.append((len(self.clauses), len(self.clauses) + len(clauses)))
                self.clauses += clauses
        return self._known[key]

    def _clauses(self, clause: Clause) -> list[Numbers] | None:
        """A clause in the search's numbers; several for one that tells, too, that a patient belongs to a part."""
        one = self._clause_of_all(clause)
        return [one] if one is not None else self._of_spells(clause)

    def _of_spells(self, clause: Clause) -> list[Numbers] | None:
        for position, spell in enumerate(self.spells, len(self.endpoints)):
            if clause.variable == spell.event and _is_truth(clause):
                return [(EVENT, position, _truth(clause), 0)]
            if clause.variable == spell.competing and _is_truth(clause):
                others = (1 << NEITHER) | (1 << FIRST)
                return [(TIME, position, 0, 10**9), (CAUSE, 0, 1 << BOTH if _truth(clause) else others, 0)]
            if clause.variable == spell.time and _is_bound(clause):
                return [(TIME, position, *self._bounds(clause))]
        return None

    def _bounds(self, clause: Clause) -> tuple[int, int]:
        """First and last step of a bound on a time."""
        cut = Fraction(clause.values[0]) * self.steps
        return {
            "<": (0, math.ceil(cut) - 1),
            "<=": (0, math.floor(cut)),
            ">": (math.floor(cut) + 1, 10**9),
            ">=": (math.ceil(cut), 10**9),
        }[clause.comparison]

    def _clause_of_all(self, clause: Clause) -> Numbers | None:
        if clause.variable in self.blocks:
            mask = sum(1 << position for position, block in enumerate(self.blocks[clause.variable]) if meets(clause, block))
            return LEVELS, self.names.index(clause.variable), mask, 0
        for name in self.problem.timeline.causes:
            endpoint = self.problem.study.endpoints[name]
            own = {endpoint.event: FIRST, endpoint.competing: BOTH}.get(clause.variable)
            if own is not None and _is_truth(clause):
                others = sum(1 << cause for cause in (NEITHER, FIRST, BOTH) if cause != own)
                return CAUSE, 0, 1 << own if _truth(clause) else others, 0
        for position, name in enumerate(self.endpoints):
            endpoint = self.problem.study.endpoints[name]
            if clause.variable == endpoint.event and _is_truth(clause):
                return EVENT, position, _truth(clause), 0
            if clause.variable == endpoint.time and _is_bound(clause):
                return TIME, position, *self._bounds(clause)
        return None

    def group(self, asked: Condition, endpoint: str) -> int | None:
        """Position of a group; None if its condition or endpoint is not the search's."""
        condition, position = self.condition(asked), self.position(endpoint)
        if condition is None or position is None:
            return None
        pair = condition, position
        if pair not in self.groups:
            self.groups.append(pair)
        return self.groups.index(pair)

    def position(self, endpoint: str) -> int | None:
        """Of an endpoint among the search's, those of the chain first; None if it is none of them."""
        names = [*self.endpoints, *(spell.name for spell in self.spells)]
        return names.index(endpoint) if endpoint in names else None

    def at(self, time: float) -> int:
        """Last step that is not after a time in months."""
        last = self.problem.timeline.last * self.steps
        return max(0, min(last, math.floor(time * self.steps + 1e-6)))

    def crossed(self, one: Constraint) -> tuple[int, int] | None:
        """First and last step that print the time at which a curve comes down to a height; None if none does."""
        first, last = one.allowed.steps(self.steps)
        last = min(last, self.problem.timeline.last * self.steps)  # no end of "more than 60"
        return (first, last) if first <= last else None


def _is_truth(clause: Clause) -> bool:
    return clause.comparison in ("=", "!=") and clause.values in (("0",), ("1",))


def _truth(clause: Clause) -> int:
    """Whether a variable that is true or not is asked to be true."""
    return int(clause.values[0]) ^ (clause.comparison == "!=")


def _is_bound(clause: Clause) -> bool:
    return MISSING not in clause.values and clause.comparison in ("<", "<=", ">", ">=")


def find_size(problem: Problem, group: Condition) -> int:
    """Patients of a group as printed; half of all where no count of it is."""
    same = group.canonical
    for row in problem.rows(problem.main, "count"):
        if problem.condition(row).canonical == same and row.value.value > 0:
            return int(row.value.value)
    return max(2, problem.size(problem.main) // 2)
