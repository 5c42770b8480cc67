"""Cohorts of a large group that lie further out: an unprinted quantity is one more thing asked, and more of it each time.

Cohorts that are searched for begin alike and end at the first state that gives the printed digits, so that they tell too
little of what these leave open.  Here a cohort that gives them goes on: its quantity is asked to lie beyond where it is,
annealing brings together all that is asked, and the next step is wider; where that is not reached, it is narrower.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from analysis.ledger.rows import printed
from analysis.ledger.rows.row import Row
from analysis.reconstruction.large import constraints, dealing, encoding
from analysis.reconstruction.large.arrays import arrays
from analysis.reconstruction.large.cohort import tables_of
from analysis.reconstruction.large.items.encoded import Encoding
from analysis.reconstruction.large.kernels import annealing
from analysis.reconstruction.large.state import Patients
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.solver.timeline import NoSolution
from analysis.reconstruction.temperatures import schedules

#: By how much a step grows that was reached, and shrinks that was not.
WIDER, NARROWER = 2.0, 0.4

Take = Callable[[Mapping[str, pd.DataFrame]], float]


def push(
    problem: Problem, quantity: Row, tables: Mapping[str, pd.DataFrame], value: float, steps: tuple[float, float], upwards: bool,
    seed: int, tries: int, take: Take,
) -> int:  # fmt: skip
    """Lead a cohort to where a quantity is greater (or less), as far as that goes.

    Parameters
    ----------
    problem : Problem
    quantity : Row
        Of which nothing is printed (`problem.described`).
    tables : dict of str to DataFrame
        Those of a cohort that gives everything asked.
    value : float
        Of the quantity on it.
    steps : (float, float)
        By how much the quantity is asked to move at first, and at least.
    upwards : bool
    seed, tries : int
    take : callable
        Of the tables of a cohort that gives everything asked and lies further out: the quantity's value, NaN if it is not taken.

    Returns
    -------
    int
        Tries made; 0 if the search does not know the quantity's statistic.
    """
    sign = 1.0 if upwards else -1.0
    here, step = tables[problem.main], steps[0]
    for number in range(tries):
        if not upwards and value <= 0:
            return number
        beyond = asked_beyond(problem, quantity, value + sign * step, upwards)
        if beyond is None:
            return number
        found = encoding.encode(beyond)
        made = _made(found, dealing.patients_of(found, here), seed + number)
        reached = take(made) if made else math.nan
        if math.isnan(reached):
            step = max(steps[1], step * NARROWER)
        else:
            value, here, step = reached, made[problem.main], step * WIDER
    return tries


def asked_beyond(problem: Problem, quantity: Row, end: float, upwards: bool) -> Problem | None:
    """The same problem, asked as well that a quantity be at least (or at most) so much; None if its search does not know such quantities."""
    text = f"{'≥' if upwards else '≤'}{max(0.0, end):.9f}"
    row = replace(quantity, role="imposed", printed=text, value=printed.parse(text))
    beyond = replace(problem, ledger=replace(problem.ledger, rows=(*problem.ledger.rows, row)))
    asked = next(one for one in beyond.imposed if one.id == quantity.id)
    return None if problem.table(asked) != problem.main or constraints.of(beyond, asked) is None else beyond


def _made(found: Encoding, patients: Patients, seed: int) -> Mapping[str, pd.DataFrame]:
    """Tables of a cohort that gives everything asked, near the one given; none if that is not found."""
    schedule = schedules(patients.time.shape[1], bool(found.problem.digitised))[0]
    misses, _ = annealing.anneal(arrays(found, schedule), patients, seed, schedule.moves, schedule.hot, schedule.cold)
    if misses.sum() > 0:
        return {}
    try:
        return tables_of(found, patients, seed)
    except NoSolution:  # of labels that hang on those moved
        return {}
