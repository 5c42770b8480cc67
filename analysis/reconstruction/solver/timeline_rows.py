"""Printed follow-up and printed curves as constraints of the model of times."""

from __future__ import annotations

import math

from analysis.ledger.rows.row import Row
from analysis.reconstruction.constraints.curves import PrintedCurve
from analysis.reconstruction.constraints.guides import stretches
from analysis.reconstruction.constraints.risk_sets import count_events, steps
from analysis.reconstruction.problem.accepted import accepts
from analysis.reconstruction.problem.timeline_assumptions import Order, Pattern, Tally
from analysis.reconstruction.solver.cells import members
from analysis.reconstruction.solver.time_model import FREE, TimeModel, group_size

#: So many times the mean of its stretch may leave in one month before it costs.
_CROWDED = 1.5


def add_follow_up(model: TimeModel, row: Row) -> None:
    """Least, greatest and middle follow-up of a group, over all rows or over survivors."""
    cells = members(model.cells, model.problem.condition(row))
    if cells is None or row.arguments["endpoint"] not in model.timeline.chain:
        return
    events, ends = model.kinds(row.arguments["endpoint"])
    if model.timeline.follow_up == "over survivors":
        ends = tuple(kind for kind in ends if kind not in events)
    value = int(row.value.value)
    below = model.total(cells, ends, [m for m in model.months if m < value])
    until = model.total(cells, ends, [m for m in model.months if m <= value])
    whole = model.total(cells, ends)
    if row.statistic == "follow_up_minimum":
        model.solver.add(below == 0)
        model.solver.add(until >= 1)
    elif row.statistic == "follow_up_maximum":
        model.solver.add(until == whole)
        model.solver.add(below <= whole - 1)
    else:
        _middle(model, row, cells, ends, whole)
    model.used.append(row.id)


def _middle(model: TimeModel, row: Row, cells, ends, whole) -> None:
    """The middle value, or the two middle values on average, are the printed median.

    Written with twice the numbers of rows, so that the group may be of any size: a month is
    the single middle (or both) if 2·before < whole < 2·until; two months a < b share it if
    half of the rows end until a, none between, and the others from b on.
    """
    choices = []
    for a in model.months:
        for b in model.months:
            if b < a or not accepts(row.value, (a + b) / 2, row.rules):
                continue
            choice = model.solver.new_bool_var("")
            choices.append(choice)
            before_a, until_a, before_b, until_b = (
                2 * model.total(cells, ends, [m for m in model.months if (m < month if strict else m <= month)])
                for month in (a, b)
                for strict in (True, False)
            )
            if a == b:
                conditions = before_a <= whole - 1, until_a >= whole + 1
            else:
                conditions = before_a <= whole - 2, until_a == whole, before_b == whole, until_b >= whole + 2
            for condition in conditions:
                model.solver.add(condition).only_enforce_if(choice)
    model.solver.add_bool_or(choices)


def add_tally(model: TimeModel, tally: Tally) -> None:
    """Bounds of a sum over cells, outcomes and months."""
    number = 0
    for term in tally.terms:
        cells = members(model.cells, term.condition)
        if cells is None:
            return
        events, ends = model.kinds(term.endpoint)
        kinds = {"event": events, "end": ends, "free": (FREE,)}[term.what]
        number += model.total(cells, kinds, [m for m in model.months if term.first <= m <= term.last])
    model.solver.add(number >= tally.at_least)
    model.solver.add(number <= tally.at_most)


def add_order(model: TimeModel, order: Order, pattern: Pattern) -> None:
    """Events happen at the numbers at risk that a pattern names, together in all groups, and at no others.

    Raises
    ------
    ValueError
        If the strata do not tell a group.
    """
    told = [members(model.cells, condition) for condition in order.conditions]
    groups = [group for group in told if group is not None]
    if len(groups) < len(told):
        raise ValueError(f"order {order.id!r}: the strata do not distinguish its groups")
    events, _ = model.kinds(order.endpoint)
    allowed = [(*at_risk, *tied) for at_risk, tied in zip(pattern.at_risk, pattern.events)]
    for cells, number in zip(groups, map(sum, zip(*pattern.events))):
        model.solver.add(model.total(cells, events) == number)
    for month in model.months:
        states = [model.at(order.endpoint, tuple(cells), month) for cells in groups]
        at_risk, tied = ([state[k] for state in states] for k in (0, 1))
        some = model.solver.new_bool_var("")
        model.solver.add(sum(tied) == 0).only_enforce_if(some.Not())
        model.solver.add(sum(tied) >= 1).only_enforce_if(some)
        model.solver.add_allowed_assignments([*at_risk, *tied], allowed).only_enforce_if(some)


def add_curve(model: TimeModel, curve: PrintedCurve) -> None:
    """The group's events walk down one of the printed curve's risk-set sequences; of a large group they are guided."""
    cells = members(model.cells, curve.group)
    if cells is None:
        return
    size = group_size(model, cells)
    if size is None:
        return
    found = curve.sequences(size)
    if found is None:
        _guide(model, curve.endpoint, cells, stretches(size, curve.horizons()))
        return
    chosen = [model.solver.new_bool_var("") for _ in found]
    model.solver.add_bool_or(chosen)
    model.used += curve.ids
    cells = tuple(cells)
    for literal, parts in zip(chosen, found):
        before = -1.0
        for time, sequence in zip(sorted(curve.rows), parts):
            _walk(model, curve.endpoint, cells, (before, time), sequence, literal)
            before = time


def _walk(model: TimeModel, endpoint, cells, span, sequence, literal) -> None:
    """Events of a stretch of months happen at the numbers at risk that a sequence names.

    How many of them have happened before a month follows from the number at risk then.  The pairs
    imply it, but the solver finds times several times sooner when told.
    """
    months = [month for month in model.months if span[0] < month <= span[1]]
    events, _ = model.kinds(endpoint)
    model.solver.add(model.total(cells, events, months) == len(sequence)).only_enforce_if(literal)
    allowed = steps(sequence)
    sizes = range(model.problem.size(model.timeline.table) + 1)
    for month in months:
        at_risk, tied = model.at(endpoint, cells, month)
        some = model.solver.new_bool_var("")
        model.solver.add(tied == 0).only_enforce_if(some.Not())
        model.solver.add(tied >= 1).only_enforce_if(some)
        if allowed:
            model.solver.add_allowed_assignments([at_risk, tied], allowed).only_enforce_if([some, literal])
        else:
            model.solver.add(tied == 0).only_enforce_if(literal)
        if month > months[0]:
            before = model.since(endpoint, cells, months[0], month)
            model.solver.add_allowed_assignments(
                [at_risk, before], [(size, count_events(sequence, size)) for size in sizes]
            ).only_enforce_if(literal)


def _guide(model: TimeModel, endpoint, cells, parts) -> None:
    """Events and other ends of a large group's stretches are near the numbers expected, and spread over the months.

    Nothing is required, and no ledger row is in the model by this: the search brings the curve to its digits.
    """
    events, ends = model.kinds(endpoint)
    others = tuple(kind for kind in ends if kind not in events)
    for part in parts:
        months = [month for month in model.months if part.first < month <= part.last]
        for kinds, expected in ((events, part.events), (others, part.others)):
            if expected is not None:
                _near(model, model.total(cells, kinds, months), round(expected), round(expected))
            most = math.ceil(_CROWDED * (part.at_risk if expected is None else expected) / max(1, len(months)))
            for month in months:
                _near(model, model.total(cells, kinds, [month]), 0, most)


def _near(model: TimeModel, number, least: int, most: int) -> None:
    """A number outside these ends costs its distance."""
    off = model.solver.new_int_var(0, model.problem.size(model.timeline.table), "")
    model.solver.add(off >= least - number)
    model.solver.add(off >= number - most)
    model.penalties.append(off)
