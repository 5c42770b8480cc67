"""Rows of one patient: who is whose second row, as choices in the model of labels."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from ortools.sat.python import cp_model

from analysis.cohorts import conditions
from analysis.reconstruction.assumptions import Pair
from analysis.reconstruction.label_model import LabelModel, require


@dataclass(frozen=True)
class Link:
    """A possible pair: positions of the first and second row, and months between their origins."""

    first: int
    second: int
    gap: int


def add_pairs(model: LabelModel) -> dict[Link, object]:
    """Choose one link for each known pair.

    Returns
    -------
    dict of Link to BoolVar
    """
    pairs = model.problem.assumptions.of(model.table).pairs
    literals: dict[Link, object] = {}
    if pairs is None:
        return literals
    used: dict[int, list] = {}
    for pair in pairs.known:
        options = {link: model.solver.NewBoolVar("") for link in _links(model, pair)}
        model.solver.AddExactlyOne(options.values())
        for link, literal in options.items():
            used.setdefault(link.first, []).append(literal)
            used.setdefault(link.second, []).append(literal)
            for row, text in ((link.first, pair.first), (link.second, pair.second)):
                require(model.solver, model.literal(row, conditions.parse(text)) == 1, when=literal)
            for name in pairs.same:
                _equal(model, link, name, literal)
        literals |= options
    for chosen in used.values():
        model.solver.AddAtMostOne(chosen)
    return literals


def _links(model: LabelModel, pair: Pair):
    first, second = conditions.parse(pair.first), conditions.parse(pair.second)
    able = [[k for k in range(len(model)) if not _never(model.literal(k, condition))] for condition in (first, second)]
    for one in able[0]:
        for other in able[1]:
            gap = _gap(model, one, other, pair)
            if one != other and gap is not None:
                yield Link(one, other, gap)


def _never(literal) -> bool:
    return isinstance(literal, int) and literal == 0


def _gap(model: LabelModel, one: int, other: int, pair: Pair) -> int | None:
    """Months between the origins if the two rows' times can be one patient's, else None."""
    if pair.gap is None:
        return 0
    timeline, endpoints = model.problem.assumptions.timeline, model.problem.study.endpoints
    first, last = endpoints[timeline.chain[0]], endpoints[timeline.chain[-1]]
    a, b = model.known.iloc[one], model.known.iloc[other]
    gap = int(a[last.time]) - int(b[last.time])
    begun = bool(a[first.event]) and int(a[first.time]) <= gap
    return gap if begun and a[last.event] == b[last.event] and pair.gap[0] <= gap <= pair.gap[1] else None


def _equal(model: LabelModel, link: Link, name: str, literal) -> None:
    for position, _ in enumerate(model.blocks[name]):
        ends = [model.indicator.get((row, name, position), 0) for row in (link.first, link.second)]
        require(model.solver, ends[0] == ends[1], when=literal)


def named(table: pd.DataFrame, key: str, links: list[Link]) -> list[str]:
    """Patient names: a row's own number, but both rows of a pair the first one's."""
    owner = {link.second: link.first for link in links}
    numbers: dict[int, int] = {}
    names = []
    for row in range(len(table)):
        root = owner.get(row, row)
        names.append(root)
    for root in names:
        numbers.setdefault(root, len(numbers) + 1)
    return [f"P{numbers[root]:02d}" for root in names]


def chosen(literals: dict[Link, object], solver: cp_model.CpSolver) -> list[Link]:
    return [link for link, literal in literals.items() if solver.Value(literal)]
