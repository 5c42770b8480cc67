"""Where a search begins: times and events spread as printed numbers and figures say roughly.

For each group with a curve of its own, expected events and other ends are spread over the steps; a patient follows the
smallest such group that he is in.  The search does the rest, and hardly depends on it: what must be right is the size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.cohorts.conditions import Condition
from analysis.reconstruction.constraints.curves import printed_curves
from analysis.reconstruction.constraints.guides import stretches
from analysis.reconstruction.constraints.risk_sets import Horizon
from analysis.reconstruction.large.arrays import arrays
from analysis.reconstruction.large.constraints import Constraint
from analysis.reconstruction.large.encoding import asked_of
from analysis.reconstruction.large.items.encoded import Encoding
from analysis.reconstruction.large.kernels.counting import counted_of
from analysis.reconstruction.large.kernels.starts import start_clocks
from analysis.reconstruction.large.state import Patients
from analysis.reconstruction.problem.digitised import DigitisedCurve
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.temperatures import FINE


@dataclass(frozen=True)
class Expected:
    """Events and other ends that a group is expected to have at each step; shape (steps,)."""

    events: np.ndarray
    others: np.ndarray


def begin(found: Encoding, code: np.ndarray, seed: int) -> Patients:
    """Times and events of a start.

    Parameters
    ----------
    found : Encoding
    code : array of int, shape (labels, patients)
    seed : int
    """
    chance, asked = np.random.default_rng(seed), arrays(found, FINE)
    rows = code.shape[1]
    number, clocks = len(found.endpoints), len(asked.clocks)
    patients = Patients(
        np.ones((number, rows), np.int64), np.zeros((number, rows), np.int64), code, np.zeros((clocks, rows), np.int64)
    )  # fmt: skip
    member = counted_of(asked, patients).member
    for position, endpoint in enumerate(found.endpoints):
        for group, chosen in _parts(found, endpoint, member):
            if chosen.any():
                size = int(member[found.condition(group)].sum())
                time, event = _dealt(expected(found, group, endpoint, size), int(chosen.sum()), size, int(asked.reach[0]), chance)
                patients.time[position, chosen], patients.event[position, chosen] = time, event
    if len(found.endpoints) == 2:
        _in_order(patients)
    start_clocks(asked, patients, seed)
    return patients


def _parts(found: Encoding, endpoint: str, member: np.ndarray):
    """Groups with curves, the smallest first, and the patients who follow each; at last all others."""
    problem = found.problem
    groups = [curve.group for curve in problem.digitised if curve.endpoint == endpoint]
    groups += [curve.group for curve in printed_curves(problem, problem.main) if curve.endpoint == endpoint]
    groups += [one.group for one in asked_of(problem) if one.kind in ("median", "quantile") and one.endpoint == endpoint]
    known = {group.canonical: group for group in groups if found.condition(group) is not None}
    left = np.ones(member.shape[1], bool)
    for group in sorted(known.values(), key=lambda group: int(member[found.condition(group)].sum())):
        chosen = left & member[found.condition(group)]
        left &= ~chosen
        yield group, chosen
    yield Condition(), left


def expected(found: Encoding, group: Condition, endpoint: str, size: int) -> Expected:
    """What a group's figure, else its printed numbers, let expect."""
    problem = found.problem
    last = problem.timeline.last * found.steps
    total = _total(problem, group, endpoint)
    for curve in problem.digitised:
        if curve.endpoint == endpoint and curve.group.canonical == group.canonical:
            return of_figure(curve.in_steps(found.steps), size, last, total)
    return of_horizons(_horizons(found, group, endpoint), size, last, found.steps, total)


def _total(problem: Problem, group: Condition, endpoint: str) -> int | None:
    """Events of a group as printed."""
    event = problem.study.endpoints[endpoint].event
    for one in asked_of(problem):
        clauses = [clause for clause in one.group.clauses if clause.variable == event]
        rest = Condition(tuple(clause for clause in one.group.clauses if clause.variable != event))
        if one.kind == "count" and [str(clause) for clause in clauses] == [f"{event}=1"] and rest.canonical == group.canonical:
            return int(one.low)
    return None


def _horizons(found: Encoding, group: Condition, endpoint: str) -> list[Horizon]:
    """What is printed of a group's curve, a median or another quantile as the height at its time."""
    problem, same = found.problem, group.canonical
    horizons = [
        horizon
        for curve in printed_curves(problem, problem.main)
        if curve.endpoint == endpoint and curve.group.canonical == same
        for horizon in curve.horizons()
    ]
    times = {horizon.time for horizon in horizons}
    horizons += [
        _lowered(one)
        for one in asked_of(problem)
        if one.kind in ("median", "quantile") and one.endpoint == endpoint and one.group.canonical == same and _middle(one) not in times
    ]
    return sorted(horizons, key=lambda horizon: horizon.time)


def _middle(one: Constraint) -> float:
    return (float(one.low) + float(one.high)) / 2


def _lowered(one: Constraint) -> Horizon:
    return Horizon(_middle(one), lambda estimate, error: True, one.height - 0.5, one.height)


def of_horizons(horizons: list[Horizon], size: int, last: int, steps: int, total: int | None) -> Expected:
    """Events and other ends spread evenly between the times of printed estimates.

    After the last of them, what is left of a printed number of events; else events go on at the rate before.
    """
    found = Expected(np.zeros(last + 1), np.zeros(last + 1))
    parts = stretches(size, horizons)
    first, events, left, rate = 0, 0.0, float(size), 1.0 / max(1, last)
    for part in parts[:-1]:
        end = min(last, max(first + 1, round(part.last * steps)))
        _spread(found, first, end, part.events or 0.0, part.others or 0.0)
        events, left = events + (part.events or 0.0), max(0.0, part.at_risk - (part.events or 0.0) - (part.others or 0.0))
        if part.events and part.at_risk > part.events:
            rate = -math.log(1 - part.events / part.at_risk) / (end - first)
        first = end
    if first < last:
        more = left * (1 - math.exp(-rate * (last - first) / 2)) if total is None else min(left, max(0.0, total - events))
        _spread(found, first, last, more, left - more)
    return found


def _spread(found: Expected, first: int, last: int, events: float, others: float) -> None:
    found.events[first + 1 : last + 1] += events / (last - first)
    found.others[first + 1 : last + 1] += others / (last - first)


def of_figure(curve: DigitisedCurve, size: int, last: int, total: int | None) -> Expected:
    """Events from the heights of a figure, other ends from its numbers at risk; where none are printed, from the number of events."""
    height = np.array([sum(curve.band(step)) / 200 for step in range(last + 1)])
    height = np.minimum.accumulate(np.clip(height, 0.0, 1.0))
    beyond = max((math.ceil(time) for time, _ in curve.points), default=0)
    height[min(beyond, last) :] = height[min(beyond, last)]
    marks = [(math.ceil(step), number) for step, number in curve.printed_at_risk if 0 < step <= last]
    marks.insert(0, (0, size))
    if len(marks) > 1 or total is None:
        return _followed(height, marks, last, None)
    slow, fast = 0.0, 1.0
    for _ in range(40):
        rate = (slow + fast) / 2
        found = _followed(height, marks, last, rate)
        slow, fast = (rate, fast) if found.events.sum() > total else (slow, rate)
    return found


def _followed(height: np.ndarray, marks: list[tuple[int, int]], last: int, rate: float | None) -> Expected:
    """Events and other ends step by step; `rate` of other ends where no numbers at risk tell it."""
    found = Expected(np.zeros(last + 1), np.zeros(last + 1))
    lost = np.array([1.0 / (last - step + 1) if rate is None else rate for step in range(last + 1)])
    before = np.concatenate(([1.0], height[:-1]))
    for (step, number), (then, less) in zip(marks, marks[1:]):
        kept = before[then] / before[step] if before[step] > 0 else 1.0
        share = less / (number * kept) if number * kept > 0 else 1.0
        lost[step:then] = 1 - min(1.0, share) ** (1 / (then - step))
    numbers, left = dict(marks), float(marks[0][1])
    for step in range(last + 1):
        left = float(numbers.get(step, left))
        found.events[step] = left * (1 - height[step] / before[step]) if before[step] > 0 else 0.0
        found.others[step] = (left - found.events[step]) * lost[step]
        left = max(0.0, left - found.events[step] - found.others[step])
    found.others[last] += left
    return found


def _dealt(found: Expected, number: int, size: int, first: int, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Whole patients: steps and events of as many of a group as follow it."""
    share = number / max(1, size)
    times, events = [], []
    for expected_, event in ((found.events, 1), (found.others, 0)):
        upto = np.floor(np.cumsum(expected_) * share + chance.random()).astype(int)
        whole = np.diff(upto, prepend=0)
        at = np.repeat(np.arange(len(whole)), np.maximum(0, whole))
        times.append(at)
        events.append(np.full(len(at), event))
    time, event = np.concatenate(times), np.concatenate(events)
    order = chance.permutation(len(time))[:number]
    time, event = time[order], event[order]
    short = number - len(time)
    time = np.concatenate((time, np.full(short, len(found.events) - 1)))
    event = np.concatenate((event, np.zeros(short, int)))
    order = chance.permutation(number)
    return np.maximum(first, time[order]), event[order]


def _in_order(patients: Patients) -> None:
    """A first event not after the end, and both together where there is none; times pair by rank, so that little is lost."""
    time, event = patients.time, patients.event
    by_end, by_first = np.argsort(time[1], kind="stable"), np.argsort(time[0] + np.where(event[0], 0, 0.5), kind="stable")
    time[0, by_end], event[0, by_end] = time[0, by_first].copy(), event[0, by_first].copy()
    event[0] |= event[1]
    time[0] = np.where(event[0] == 1, np.minimum(time[0], time[1]), time[1])
