"""Rules, orders of dates, and links between rows and tables, asked of a cohort's tables alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from analysis.cohorts import conditions
from analysis.cohorts.study_parts import Endpoint
from analysis.reconstruction.checks import linked_checks
from analysis.reconstruction.counts.derived import HAIR
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.problem.timeline_assumptions import Clock


def find_broken(problem: Problem, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Rules, orders of dates, and links between rows and tables that do not hold, in words."""
    found = []
    for name, assumed in problem.assumptions.tables.items():
        frame = _with_parent(problem, name, tables)
        for rule in assumed.rules:
            against = rule.premise.mask(frame) & ~rule.conclusion.mask(frame)
            if against.any():
                found.append(f"{name}: {rule.when} → {rule.then} fails in {int(against.sum())} rows")
        for bound in assumed.bounds:
            number = int(bound.condition.mask(frame).sum())
            if not bound.at_least <= number <= bound.at_most:
                found.append(f"{name}: {number} rows meet {bound.where}")
        for column, parts in assumed.derived.items():
            wrong = _not_derived(frame, column, parts, problem.study.variables[name][column])
            if wrong:
                found.append(f"{name}: {column} is not {' + '.join(parts)} in {wrong} rows")
        if assumed.parent:
            found += _children(name, assumed.parent, tables)
        if assumed.pairs:
            found += _patients(problem, name, tables[name])
    found += [wrong for statement in problem.assumptions.statements if (wrong := statement.broken(problem.study, tables))]
    return found + _order(problem, tables) + linked_checks.find_broken(problem, tables)


def _not_derived(frame: pd.DataFrame, column: str, parts, variable) -> int:
    """Rows in which a column is not what it follows from: as far as it is measured, downwards only if in completed units."""
    weights = parts if isinstance(parts, Mapping) else dict.fromkeys(parts, 1.0)
    total = sum(weight * frame[part].astype(float) for part, weight in weights.items())
    off = (total - frame[column].astype(float)).to_numpy(float)
    known = ~np.isnan(off)
    if bool((total.isna() != frame[column].isna()).any()):
        return int((total.isna() != frame[column].isna()).sum())
    if not isinstance(parts, Mapping):
        return int((np.abs(off[known]) > 1e-6).sum())
    if variable.type == "integer":
        low, high = 0.0, 1.0 - 2 * HAIR
    else:
        low, high = (-variable.grain / 2, variable.grain / 2) if variable.grain < 1 else (0.0, 0.0)
    return int(((off[known] < low - HAIR) | (off[known] > high + HAIR)).sum())


def _with_parent(problem: Problem, name: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    parent = problem.assumptions.of(name).parent
    if parent is None:
        return tables[name]
    other = tables[parent.table].add_prefix(f"{parent.table}_")
    return tables[name].merge(other, left_on=parent.key, right_on=f"{parent.table}_{parent.key}", how="left")


def _children(name: str, parent, tables) -> list[str]:
    numbers = tables[name].groupby(parent.key).size()
    expected = tables[parent.table].set_index(parent.key)[parent.count].astype(int)
    if not numbers.reindex(expected.index, fill_value=0).equals(expected.astype(numbers.dtype)):
        return [f"{name}: rows per {parent.key} differ from {parent.table}.{parent.count}"]
    return []


def _patients(problem: Problem, name: str, frame: pd.DataFrame) -> list[str]:
    pairs = problem.assumptions.of(name).pairs
    assert pairs is not None, "asked where they are declared"
    found = []
    for patient, rows in frame.groupby(pairs.key):
        if len(rows) < 2:
            continue
        changed = [column for column in pairs.same if column != pairs.age and rows[column].nunique(dropna=False) > 1]
        if changed:
            found.append(f"{name}: {patient} differs between enrolments in {', '.join(changed)}")
        told = [pair for pair in pairs.known if len(rows) == 2 and _is(pair, rows)]
        if not told:
            found.append(f"{name}: {patient} is not one of the patients described with two enrolments")
        elif not any(_one_life(problem, pair, pairs.age, rows) for pair in told):
            found.append(f"{name}: the two enrolments of {patient} cannot belong to one patient")
    return found


def _is(pair, rows: pd.DataFrame) -> bool:
    first, second = (conditions.parse(text).mask(rows) for text in (pair.first, pair.second))
    return bool((first.sum() == 1) and (second.sum() == 1) and not (first & second).any())


def _one_life(problem: Problem, pair, age: str, rows: pd.DataFrame) -> bool:
    """Whether ends, first event and ages of two enrolments fit one life (see `assumptions.Pair`)."""
    if pair.gap is None:
        return True
    timeline, endpoints = problem.timeline, problem.study.endpoints
    event, end = endpoints[timeline.chain[0]], endpoints[timeline.chain[-1]]
    earlier = conditions.parse(pair.first).mask(rows)
    first, second = rows[earlier].iloc[0], rows[~earlier].iloc[0]
    gaps = [int(first[end.time]) - int(second[end.time])] if int(first[end.event]) == int(second[end.event]) else []
    gaps += [int(first[end.time])] if not int(first[end.event]) else []
    begun = int(first[event.event]) == 1
    return any(
        pair.gap[0] <= gap <= pair.gap[1]
        and begun
        and int(first[event.time]) <= gap
        and (not age or int(second[age]) - int(first[age]) == gap)
        for gap in gaps
    )


def _order(problem: Problem, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Order of dates: an event of the chain's first endpoint not after the end; without one, both end together."""
    timeline, endpoints = problem.assumptions.timeline, problem.study.endpoints
    if timeline is None:
        return []
    frame, last = tables[timeline.table], endpoints[timeline.chain[-1]]
    found = [fault for clock in timeline.all_clocks for fault in _of_clock(frame, endpoints, clock, last)]
    if len(timeline.chain) < 2:
        return found
    first = endpoints[timeline.chain[0]]
    a, b = frame[first.time].astype(float), frame[last.time].astype(float)
    ill, dead = frame[first.event].astype(bool), frame[last.event].astype(bool)
    if (a > b).any():
        found.append(f"{first.time} exceeds {last.time}")
    if (~ill & (a != b)).any():
        found.append(f"{first.time} ends before {last.time} without an event")
    if (dead & ~ill).any():
        found.append(f"{last.event} without {first.event}")
    for window in timeline.windows:
        end = endpoints[window.endpoint]
        inside = window.condition.mask(frame)
        time, event = frame[end.time].astype(float), frame[end.event].astype(bool)
        asked = inside & {"event": event, "end": True, "free": ~event}[window.what]
        if (asked & ~time.between(window.first, window.last)).any():
            found.append(f"{window.where or 'all'}: {window.endpoint} {window.what} outside {window.first}–{window.last}")
    return found


def _of_clock(frame: pd.DataFrame, endpoints: Mapping[str, Endpoint], clock: Clock, last: Endpoint) -> Iterator[str]:
    """What cannot be of times that start later than the chain's; they are unknown outside the clock's part, so that comparisons are false."""
    until = frame[last.time].astype(float)
    start = frame[clock.origin].astype(float) if clock.origin else pd.Series(0.0, frame.index)
    for name in (*clock.ends, *clock.events):
        own = endpoints[name]
        end = start + frame[own.time].astype(float)
        if (end > until + HAIR).any():
            yield f"{own.time} lasts beyond {last.time}"
        if clock.origin and name in clock.ends and (end < until - HAIR).any():
            yield f"{own.time} ends before {last.time}"
