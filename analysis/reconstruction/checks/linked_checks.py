"""Independent check of a linked cohort: keys, shared columns, windows and order of dates, first events.

Nothing of the solver or the search is used here: tables are read and asked.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.reconstruction.problem.problem import Problem

#: Months within which two numbers are one: saved tables keep six digits.
_TOLERANCE = 1e-3


def find_broken(problem: Problem, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """What does not hold of the declarations in ``linked``, in words.

    Parameters
    ----------
    problem : Problem
    tables : mapping of str to DataFrame
        Typed tables of a cohort; the registry may be absent, as in an ensemble.
    """
    linked = problem.assumptions.linked
    if linked is None or linked.cases not in tables:
        return []
    found = _dates(problem, tables[linked.cases])
    if linked.times.first_event:
        found += _first_events(problem, tables[linked.cases])
    return found + (_link(problem, tables) if linked.registry in tables else [])


def _link(problem: Problem, tables) -> list[str]:
    linked = problem.linked
    cases, registry = (tables[name].set_index(linked.key) for name in (linked.cases, linked.registry))
    own = registry[linked.condition.mask(registry)]
    if set(own.index) != set(cases.index):
        return [f"{linked.cases}: its keys are not those of {linked.registry} where {linked.where}"]
    shared = [name for name in cases if name in own]
    own = own.loc[cases.index]
    differ = [name for name in shared if not (cases[name].eq(own[name]) | (cases[name].isna() & own[name].isna())).fillna(False).all()]
    return [f"{linked.cases}: {name} differs from {linked.registry}" for name in differ]


def _dates(problem: Problem, table: pd.DataFrame) -> list[str]:
    times, found = problem.linked.times, []
    for window in times.windows:
        values = table[window.variable].astype(float)[window.condition.mask(table)]
        number = int((~values.between(window.first - _TOLERANCE, window.last + _TOLERANCE)).sum())
        if number:
            found.append(f"{window.where}: {window.variable} outside {window.first:g}–{window.last:g} in {number} rows")
    for order in times.order:
        number = int((table[order.before].astype(float) + order.gap > table[order.after].astype(float) + _TOLERANCE).sum())
        if number:
            found.append(f"{order.before} is not {order.gap:g} before {order.after} in {number} rows")
    for name, divisor in times.derived.items():
        if not np.allclose(table[name].astype(float) * divisor, table[times.variables[0]].astype(float), atol=_TOLERANCE):
            found.append(f"{name} is not {times.variables[0]} / {divisor:g}")
    return found


def _first_events(problem: Problem, table: pd.DataFrame) -> list[str]:
    linked = problem.linked
    declared = linked.times.first_event
    assert declared is not None, "asked where one is declared"
    first, last = (problem.study.endpoints[name] for name in (declared.endpoint, linked.times.endpoint))
    time, end = table[first.time].astype(float), table[last.time].astype(float)
    event, died, relapsed = (table[name].astype(bool) for name in (first.event, last.event, declared.relapse))
    at_zero = np.zeros(len(table), bool)
    for condition in problem.assumptions.readings[declared.reading].at_zero:
        at_zero |= condition.mask(table)
    wrong = {
        f"{first.time} is not 0 with an event where the reading puts it": at_zero & ((time != 0) | ~event),
        f"a relapse is not between {', '.join(declared.later)} and {last.time}": ~at_zero
        & relapsed
        & ~((time < end) & event & _after(table, declared.later, time)),
        f"{first.time} is not {last.time} without a relapse": ~at_zero & ~relapsed & ((abs(time - end) > _TOLERANCE) | (event != died)),
    }
    return [f"{words} ({int(rows.sum())} rows)" for words, rows in wrong.items() if rows.any()]


def _after(table: pd.DataFrame, names, time: pd.Series) -> pd.Series:
    later = pd.Series(True, index=table.index)
    for name in names:
        earlier = table[name].astype(float)
        later &= earlier.isna() | (earlier < time)
    return later
