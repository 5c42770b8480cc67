"""Rows of one patient: who is whose second row, as choices in the model of labels."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from ortools.sat.python import cp_model

from analysis.cohorts import conditions
from analysis.cohorts.conditions import MISSING, Condition
from analysis.reconstruction.problem.assumptions import Pair
from analysis.reconstruction.solver.label_model import LabelModel, require


@dataclass(frozen=True)
class Link:
    """A possible pair: positions of the first and second row, months between their origins, and which known pair it is."""

    first: int
    second: int
    gap: int | None
    pair: Pair


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
        options = {link: model.solver.new_bool_var("") for link in _links(model, pair)}
        model.solver.add_exactly_one(options.values())
        for link, literal in options.items():
            used.setdefault(link.first, []).append(literal)
            used.setdefault(link.second, []).append(literal)
            for row, text in ((link.first, pair.first), (link.second, pair.second)):
                require(model.solver, model.literal(row, _known_condition(model, text)) == 1, when=literal)
            for name in pairs.same:
                _equal(model, link, name, literal)
            _limit_ages(model, link, pairs.age, literal)
        literals |= options
    for chosen in used.values():
        model.solver.add_at_most_one(chosen)
    return literals


def _links(model: LabelModel, pair: Pair):
    first, second = _known_condition(model, pair.first), _known_condition(model, pair.second)
    able = [[k for k in range(len(model)) if not _never(model.literal(k, condition))] for condition in (first, second)]
    for one in able[0]:
        for other in able[1]:
            if one != other:
                for gap in _gaps(model, one, other, pair):
                    yield Link(one, other, gap, pair)


def _known_condition(model: LabelModel, text: str) -> Condition:
    """What is told of a row, as far as the model speaks of it: proofs about counts know no times."""
    return Condition(tuple(clause for clause in conditions.parse(text).clauses if model.speaks_of(Condition((clause,)))))


def _never(literal) -> bool:
    return isinstance(literal, int) and literal == 0


def _gaps(model: LabelModel, one: int, other: int, pair: Pair) -> list[int | None]:
    """Months between the origins with which the two rows' times can be one patient's, see `Pair`; None while times are unknown."""
    if pair.gap is None:
        return [0]
    timeline, endpoints = model.problem.timeline, model.problem.study.endpoints
    first, last = endpoints[timeline.chain[0]], endpoints[timeline.chain[-1]]
    if last.time not in model.known:
        return [None]
    a, b = model.known.iloc[one], model.known.iloc[other]
    # read from a file, an event is text, and text is true whatever it says
    ended, other_ended, ill = int(a[last.event]), int(b[last.event]), int(a[first.event])
    found = set() if ended else {int(a[last.time])}
    if ended == other_ended:
        found.add(int(a[last.time]) - int(b[last.time]))
    return [gap for gap in sorted(found) if pair.gap[0] <= gap <= pair.gap[1] and ill and int(a[first.time]) <= gap]


def _equal(model: LabelModel, link: Link, name: str, literal) -> None:
    if name in model.known:
        told = model.known[name].fillna(MISSING)
        require(model.solver, bool(told.iloc[link.first] == told.iloc[link.second]), when=literal)
        return
    for position, _ in enumerate(model.blocks[name]):
        ends = [model.indicator.get((row, name, position), 0) for row in (link.first, link.second)]
        require(model.solver, ends[0] == ends[1], when=literal)


def _limit_ages(model: LabelModel, link: Link, age: str, literal) -> None:
    """No two blocks of age that lie further apart, or nearer, than the two rows' origins."""
    if link.gap is None:
        return
    blocks = model.blocks.get(age, [])
    for i, one in enumerate(blocks):
        for j, other in enumerate(blocks):
            first, second = model.indicator.get((link.first, age, i)), model.indicator.get((link.second, age, j))
            if first is not None and second is not None and not _apart(one, other, link.gap):
                model.solver.add_bool_or([first.Not(), second.Not(), literal.Not()])


def _apart(one, other, gap: int) -> bool:
    """Whether some value of one block and one of another lie so far apart; both may be missing."""
    if one.missing or other.missing:
        return one.missing and other.missing
    return one.low + gap <= other.high and one.high + gap >= other.low


def name_patients(table: pd.DataFrame, key: str, links: list[Link]) -> list[str]:
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


def choose_links(literals: dict[Link, object], solver: cp_model.CpSolver) -> list[Link]:
    return [link for link, literal in literals.items() if solver.Value(literal)]
