"""Digitised curves as linear constraints: of the model of times, and of the proofs.

On a scale of -log S every event adds -log(1 - 1/n), n at risk just before it; d tied events
among n count like single ones among n, n - 1, …  Numbers at risk say between which two
whole numbers n lies, so that each event adds between two known amounts.  Nothing that a
true cohort could have done is excluded.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis.cohorts import conditions
from analysis.cohorts.conditions import Condition
from analysis.reconstruction.constraints.curves import printed_curves
from analysis.reconstruction.problem.digitised import DigitisedCurve
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.solver.cells import members
from analysis.reconstruction.solver.time_model import TimeModel, group_size

#: Logarithms are made whole by this factor; what rounding could exclude is given back.
SCALE = 10**8
#: Stands for -log 0.
GONE = 10 * SCALE
#: A lower bound of an estimate (percent) below it says nothing that `GONE` could not confuse with 0.
LEAST = 0.01
#: Most pairs (at risk, events) of one month that are listed; where more are possible, amounts are bounded.
PAIRS = 3_000


def amount(survival: float) -> float:
    """-log of a share, scaled."""
    return min(float(GONE), -SCALE * math.log(survival)) if survival > 0 else float(GONE)


def per_event(curve: DigitisedCurve, month: int, size: int) -> tuple[int, int]:
    """Least and greatest amount of one event in a month, of a group of at most `size`."""
    most, left = curve.at_risk_range(month, size)[1], curve.at_risk_range(month + 1, size)[0]
    return math.floor(amount(1 - 1 / most)) if most else 0, math.ceil(amount(1 - 1 / (left + 1)))


def add_digitised(model: TimeModel, curve: DigitisedCurve) -> None:
    """Numbers at risk, and the band around the curve, of a group that the cells tell apart."""
    cells = members(model.cells, curve.group)
    if cells is None or curve.endpoint not in model.timeline.chain:
        return
    cells = tuple(cells)
    size = group_size(model, cells)
    size = model.problem.size(model.timeline.table) if size is None else size
    events, ends = model.kinds(curve.endpoint)
    free = [kind for kind in ends if kind not in events]
    for month, low, high in curve.remaining:
        left = sum(model.size[cell] for cell in cells) - model.total(cells, ends, [m for m in model.months if m < month])
        model.solver.add(left >= low)
        if high is not None:
            model.solver.add(left <= high)
    for first, last, least in curve.censored:
        model.solver.add(model.total(cells, free, [m for m in model.months if first <= m <= last]) >= least)
    lost = {month: _hazard(model, curve, cells, month, size) for month in model.months}
    for month, low, high in (*((month, *band) for month, band in curve.bands.items()), *_find_printed(model.problem, curve)):
        until = sum(lost[m] for m in model.months if m <= month)
        rounding = len(model.months)
        if low > LEAST:
            model.solver.add(until <= math.ceil(amount(low / 100)) + rounding)
        model.solver.add(until >= math.floor(amount(high / 100)) - rounding)


def _find_printed(problem: Problem, curve: DigitisedCurve) -> list[tuple[float, float, float]]:
    """Printed estimates of the same curve: of a large group, whose risk sets are too many to list, the times hear of them here alone."""
    same = [
        printed
        for printed in printed_curves(problem, problem.timeline.table)
        if printed.endpoint == curve.endpoint and printed.group.canonical == curve.group.canonical
    ]
    return [(horizon.time, horizon.lowest, horizon.highest) for printed in same for horizon in printed.horizons()]


def _hazard(model: TimeModel, curve: DigitisedCurve, cells: tuple[int, ...], month: int, size: int):
    """Variable: how much -log S grows in a month; exact where the numbers at risk leave few possibilities."""
    at_risk, tied = model.at(curve.endpoint, cells, month)
    least, most = per_event(curve, month, size)
    lost = model.solver.new_int_var(0, GONE, "")
    model.solver.add(lost >= least * tied)
    model.solver.add(lost <= most * tied)
    pairs = [(n, d, round(amount(1 - d / n)) if d else 0) for n, d in possible(curve, month, size)]
    if len(pairs) <= PAIRS:
        model.solver.add_allowed_assignments([at_risk, tied, lost], pairs)
    return lost


def possible(curve: DigitisedCurve, month: int, size: int) -> Iterator[tuple[int, int]]:
    """Numbers at risk just before a month, each with numbers of events in it."""
    low, high = curve.at_risk_range(month, size)
    left, _ = curve.at_risk_range(month + 1, size)
    before, after = curve.band(month - 1)[1] if month else 100.0, curve.band(month)[0]
    for n in range(low, high + 1):
        for d in range(min(n - left, math.floor(n * (1 - after / before) + 1e-6) if before > 0 else 0) + 1):
            yield n, d


def amounts(problem: Problem, curve: DigitisedCurve, size: int) -> list[tuple[tuple[tuple[Condition, int], ...], int]]:
    """Weighted sums of numbers of rows that no cohort within the tolerance lets exceed a number.

    Parameters
    ----------
    problem : Problem
    curve : DigitisedCurve
    size : int
        Most rows of the group.

    Returns
    -------
    list of (tuple of (Condition, weight), most)
    """
    endpoint = problem.study.endpoints[curve.endpoint]
    found: list[tuple[tuple[tuple[Condition, int], ...], int]] = []
    each_month = [per_event(curve, month, size) for month in range(max(curve.bands, default=-1) + 1)]

    def rows(text: str) -> Condition:
        return curve.group & conditions.parse(text)

    for month, low, high in curve.remaining:
        left = rows(f"{endpoint.time}>={month}")
        found.append((((left, -1),), -low))
        found += [(((left, 1),), high)] if high is not None else []
    for month, (low, high) in curve.bands.items():
        stretches: dict[tuple[int, int], list[int]] = {}  # months in which one event adds the same
        for m, each in enumerate(each_month[: month + 1]):
            stretches.setdefault(each, []).append(m)
        events = [
            (rows(f"{endpoint.event}=1 & {endpoint.time}>={months[0]} & {endpoint.time}<={months[-1]}"), each)
            for each, months in stretches.items()
        ]
        if low > LEAST:
            found.append((tuple((condition, least) for condition, (least, _) in events), math.ceil(amount(low / 100))))
        if high < 100:
            found.append((tuple((condition, -most) for condition, (_, most) in events), -math.floor(amount(high / 100))))
    return found
