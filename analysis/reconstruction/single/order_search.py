"""Orders of events of a study, from its ledger: what ``reconstruction.yml`` may declare.

The groups of each declared order are taken from the assumptions, everything else from printed
numbers; `event_orders` enumerates.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analysis.cohorts.conditions import Clause, Condition
from analysis.errors import Fault, InputError
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics import groups as sides_of
from analysis.paths import shorten_path
from analysis.reconstruction.constraints.curves import printed_curves
from analysis.reconstruction.constraints.event_order_comparisons import Asked, Step, fits
from analysis.reconstruction.constraints.event_order_steps import GroupCurve
from analysis.reconstruction.constraints.event_orders import orders
from analysis.reconstruction.constraints.hazard_ratio_ranges import COMPARISONS
from analysis.reconstruction.problem.accepted import widest
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.problem.timeline_assumptions import Order
from analysis.reconstruction.solver.cells import Cell, cells_of, members
from analysis.reconstruction.solver.time_model import TimeModel, group_size

#: Statistics of a comparison, by their name in `event_order_comparisons.Asked`.
_NAMES = {"logrank_p": "p", "hazard_ratio": "ratio", "hazard_ratio_lower": "lower", "hazard_ratio_upper": "upper"}


def search(problem: Problem, later: int = 0) -> dict[str, list[Found]]:
    """Every pattern that printed numbers leave for each declared order of a study.

    Orders of one endpoint are of the same events: those of a later one are enumerated for each that was found of the first.

    Raises
    ------
    InputError
        If the study declares no orders, or its strata do not tell the groups of one.
    """
    timeline = problem.assumptions.timeline
    if not timeline or not timeline.orders:
        raise InputError(
            Fault(
                shorten_path(problem.study.folder / "reconstruction.yml"),
                "key timeline.orders",
                "groups of at least one order of events",
                "none",
            )
        )
    found: dict[str, list[Found]] = {}
    for order in timeline.orders:
        same = [other.id for other in timeline.orders if other.id in found and other.endpoint == order.endpoint]
        totals = tuple(dict.fromkeys(one.totals for one in found[same[0]])) if same else None
        found[order.id] = patterns(problem, order, later, totals)
    return found


def describe(problem: Problem, found: dict[str, list[Found]]) -> str:
    """Patterns as the YAML of ``reconstruction.yml``.

    A pattern that is declared says so; one that does not give a printed comparison of some of the groups names its rows.
    """
    lines = []
    for order in problem.timeline.orders:
        lines += [f"{order.id}: # {order.endpoint}, groups {'; '.join(order.groups)}"]
        for steps, missed in found[order.id]:
            lines += [f"  - at_risk: {[list(at_risk) for at_risk, _ in steps]}", f"    events: {[list(events) for _, events in steps]}"]
            lines += ["    # declared"] if number_of_declared(order, steps) else []
            lines += [f"    # does not give {', '.join(missed)}"] if missed else []
    return "\n".join(lines)


class Found(NamedTuple):
    """An order of events that printed numbers leave.

    Attributes
    ----------
    steps : tuple of Step
    missed : tuple of str
        Ids of the rows that it does not give, of comparisons that leave groups out.
    """

    steps: tuple[Step, ...]
    missed: tuple[str, ...]

    @property
    def totals(self) -> tuple[tuple[int, int], ...]:
        """Numbers at risk and events of all groups together at each time."""
        return tuple((sum(at_risk), sum(events)) for at_risk, events in self.steps)


def patterns(problem: Problem, order: Order, later: int = 0, totals: Sequence[tuple[tuple[int, int], ...]] | None = None) -> list[Found]:
    """Orders of events of some groups that give all printed curves and comparisons which divide everybody.

    Parameters
    ----------
    problem : Problem
    order : Order
        Its groups and endpoint; its patterns do not matter.
    later : int
        Most events after the last time at which everybody's curve is printed.
    totals : sequence of tuple of (int, int), optional
        Numbers at risk and events of everybody at each time, in every way that is possible; all by default.

    Raises
    ------
    InputError
        If the strata do not tell a group.
    """
    cells, groups = _groups(problem, order)
    model = TimeModel(problem, cells, [])
    sizes = [None if group is None else group_size(model, group) for group in groups]
    if None in sizes:
        raise InputError(
            Fault(
                shorten_path(problem.study.folder / "reconstruction.yml"),
                f"timeline.orders, {order.id}",
                "groups that strata and printed counts tell",
                order.groups[sizes.index(None)],
            )
        )
    whole, curves = _curves(problem, order, cells, groups, sizes)
    asked = list(_comparisons(problem, order, cells, groups))
    everybody = [one for _, one in asked if len({*one.first, *one.second}) == len(groups)]
    found = dict.fromkeys(
        steps
        for chosen in itertools.product(*curves)
        for sequence in whole
        for known in ([()] if totals is None else totals)
        for steps in orders(tuple(size for size in sizes if size is not None), sequence, chosen, everybody, later, known)
    )
    return [Found(steps, tuple(id for ids, one in asked if not fits(steps, one) for id in ids)) for steps in found]


def later_patterns(problem: Problem, order: Order, later: int) -> list[Found]:
    """`patterns` with at least one event, and at most so many, after the last time at which everybody's curve is printed."""
    curves = printed_curves(problem, problem.timeline.table)
    last = [one for one in curves if one.endpoint == order.endpoint and not one.group.clauses]
    number = {sum(len(part) for part in parts) for one in last for parts in one.sequences(problem.size(problem.timeline.table)) or ()}
    return [one for one in patterns(problem, order, later) if sum(events for _, events in one.totals) > max(number, default=0)]


def rows_used(problem: Problem, order: Order) -> tuple[str, ...]:
    """Ids of the printed rows by which `patterns` chooses, in the ledger's order: sizes of groups, curves and comparisons of everybody."""
    cells, groups = _groups(problem, order)
    used = {id for ids, one in _comparisons(problem, order, cells, groups) if len({*one.first, *one.second}) == len(groups) for id in ids}
    told = [one for one in printed_curves(problem, problem.timeline.table) if one.endpoint == order.endpoint]
    told = [one for one in told if _union(cells, groups, one.group) is not None]
    sizes = {one.group.canonical for one in told} | {condition.canonical for condition in order.conditions}
    used |= {id for one in told for id in one.ids}
    counts = problem.rows(problem.timeline.table, "count")
    used |= {row.id for row in counts if problem.condition(row).canonical in sizes}
    return tuple(row.id for row in problem.ledger if row.id in used)


def _groups(problem: Problem, order: Order) -> tuple[list[Cell], list[list[int] | None]]:
    """Cells of the strata, and the positions of those that make up each group; None where they cannot tell."""
    timeline = problem.timeline
    cells = cells_of(problem.study, timeline, problem.assumptions.of(timeline.table).rules)
    return cells, [members(cells, condition) for condition in order.conditions]


def _curves(problem: Problem, order: Order, cells: list[Cell], groups, sizes):
    """Stretches of everybody, and of each other union of groups, in every way that is printed of them."""
    whole, others = [], []
    for curve in printed_curves(problem, problem.timeline.table):
        inside = _union(cells, groups, curve.group) if curve.endpoint == order.endpoint else None
        if inside is None:
            continue
        size = sum(sizes[k] for k in inside)
        ways = [tuple(zip(sorted(curve.rows), parts)) for parts in curve.sequences(size) or ()]
        if len(inside) == len(groups):
            whole = ways
        elif ways:
            others.append((inside, ways))
    horizons = [horizon for horizon, _ in whole[0]] if whole else []
    told = [(inside, ways) for inside, ways in others if {horizon for horizon, _ in ways[0]} <= set(horizons)]
    return whole, [[GroupCurve(inside, divided) for stretches in ways for divided in divide(stretches, horizons)] for inside, ways in told]


def divide(
    stretches: tuple[tuple[float, tuple[int, ...]], ...], horizons: list[float]
) -> Iterator[tuple[tuple[float, tuple[int, ...]], ...]]:
    """Every way to divide the events of a curve among the stretches of another one that is printed at more times.

    Parameters
    ----------
    stretches : tuple of (horizon, risk-set sequence)
    horizons : list of float
        Ascending; those of the stretches are among them.
    """
    if not stretches:
        yield ()
        return
    (until, sequence), *later = stretches
    within = [horizon for horizon in horizons if horizon <= until]
    beyond = [horizon for horizon in horizons if horizon > until]
    for cuts in itertools.combinations_with_replacement(range(len(sequence) + 1), len(within) - 1):
        ends = (0, *cuts, len(sequence))
        parts = tuple((horizon, sequence[first:last]) for horizon, first, last in zip(within, ends, ends[1:]))
        yield from ((*parts, *rest) for rest in divide(tuple(later), beyond))


def _comparisons(problem: Problem, order: Order, cells: list[Cell], groups) -> Iterator[tuple[list[str], Asked]]:
    """What is printed of comparisons of unions of groups, with the ids of its rows."""
    table = problem.timeline.table
    found: dict[tuple, tuple[list[str], dict]] = {}
    for row in problem.rows(table, *COMPARISONS):
        pair = (
            _sides(problem, row, table, cells, groups) if row.arguments["endpoint"] == order.endpoint and row.statistic in _NAMES else None
        )
        if pair is not None:
            ids, asked = found.setdefault(pair, ([], {}))
            ids.append(row.id)
            asked[_NAMES[row.statistic]] = widest(row.value, row.rules)
    yield from ((ids, Asked(*pair, **asked)) for pair, (ids, asked) in found.items())


def _sides(problem: Problem, row: Row, table: str, cells: list[Cell], groups) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Positions of the groups on either side of a comparison; None where they do not make up a side."""
    variable = problem.study.variables[table][row.arguments["by"]]
    names = sides_of.names(row.arguments["groups"]) if "groups" in row.arguments else sides_of.levels_of(variable)
    if len(names) != 2:
        return None
    first, second = (
        _union(
            cells, groups, problem.condition(row) & Condition((Clause(row.arguments["by"], "=", sides_of.merge_levels(name, variable)),))
        )
        for name in names
    )
    return None if first is None or second is None else (first, second)


def _union(cells: list[Cell], groups, condition: Condition) -> tuple[int, ...] | None:
    """Positions of the groups that together are the rows which meet a condition; None where there are none such."""
    inside = members(cells, condition)
    if inside is None:
        return None
    chosen = tuple(k for k, group in enumerate(groups) if group and set(group) <= set(inside))
    return chosen if {cell for k in chosen for cell in groups[k]} == set(inside) else None


def number_of_declared(order: Order, steps: tuple[Step, ...]) -> int:
    """Number, from 1, of the declared pattern that an order of events is; 0 if none."""
    same = (number for number, pattern in enumerate(order.patterns, 1) if list(steps) == list(zip(pattern.at_risk, pattern.events)))
    return next(same, 0)
