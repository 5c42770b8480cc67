"""The last search: a finished cohort is moved within everything that holds, until printed numbers that no search steers come back.

Life tables and counts steer a search because a move changes them in microseconds.  A Cox model with covariates, Gray's
test or a landmark ratio take milliseconds; but from a cohort that gives everything else they are not far, and
some thousand evaluations suffice.  So each registered statistic is measured as the audit measures it, and none needs code of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.ledger.rows.row import Row
from analysis.ledger.verdicts.recompute import collect_variables
from analysis.reconstruction.io.saved import as_saved
from analysis.reconstruction.polishing.exchanges import Exchanges, movable, with_derived
from analysis.reconstruction.polishing.measures import Measures
from analysis.reconstruction.polishing.shifts import Shifts, beside, shiftable
from analysis.reconstruction.problem.problem import Problem

#: Rounds, moves tried in each, and beginnings of the search for those to make at once.
ROUNDS, DIRECTIONS, BEGINNINGS = 90, 40, 20
#: A round that leaves more than this share of the miss halves the next one's moves; after the least share of the patients come all again.
NEARER, LEAST = 0.98, 0.03
#: Such rounds in a row after which nothing more is tried.
PATIENCE = 15
#: Leaps at most before the rounds, shares of the patients who leap, and candidates of each kind and share.
LEAPS, LEAPING, CANDIDATES = 8, (0.1, 0.3, 1.0), 2
#: Moves of the search that a walk tries for each patient who may move.
STRIDE = 100

#: Another main table that gives everything that its search steers: of a table, how many moves are tried, and a seed.
Walk = Callable[[pd.DataFrame, int, int], pd.DataFrame]


def polish(
    problem: Problem,
    tables: Mapping[str, pd.DataFrame],
    rows: Sequence[Row],
    seed: int,
    walk: Walk | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, pd.DataFrame]:
    """Tables that are nearer to some printed numbers of the main table, and give all others as before.

    Parameters
    ----------
    problem : Problem
    tables : mapping of str to DataFrame
        Of a cohort as its search leaves it.
    rows : sequence of Row
        Printed numbers that are measured.
    seed : int
        Same seed, same tables.
    walk : callable, optional
        Without it, times and events stay.
    say : callable of str
        Told which rows do not come back.

    Returns
    -------
    dict of str to DataFrame
        The same tables if nothing is measured or everything comes back at once, else typed ones.
    """
    if not rows:
        return dict(tables)
    typed = as_saved(problem, tables)
    measures = Measures(problem, rows, typed)
    if not measures.misses(measures.of(typed)).any():
        return dict(tables)
    kinds, columns = _moves_of(problem, rows)
    measures = Measures(problem, [*rows, *beside(problem, columns, rows)], typed)
    chance = np.random.default_rng(seed)
    begun = typed | {problem.main: _leapt(problem, typed, measures, kinds, chance)}
    main, misses = _search(problem, begun, measures, [*_walks(walk), *kinds], chance)  # a walk may move anybody, and so comes first
    missed = [id for id, miss in zip(measures.ids, misses) if miss > 0]
    missed += [row.id for row in rows if row.id not in measures.ids]  # undefined on this cohort
    if missed:
        say(f"start {seed}: of the numbers measured on finished rows misses {', '.join(missed)}")
    return typed | {problem.main: main}


#: Of a table, who may move, how many do, and chance.
Move = Callable[[pd.DataFrame, np.ndarray, int, np.random.Generator], pd.DataFrame | None]


def _walks(walk: Walk | None) -> list[Move]:
    """The walk as a move, if there is one."""
    return [lambda table, free, size, chance: walk(table, STRIDE * size, int(chance.integers(2**31)))] if walk is not None else []


def _moves_of(problem: Problem, rows: Sequence[Row]) -> tuple[list[Move], list[str]]:
    """Exchanges and shifts of columns that the rows speak of; and the columns that are shifted."""
    measured = {row.id for row in rows}
    steered = [row for row in problem.imposed if row.id not in measured and problem.table(row) == problem.main]
    others = sorted({name for row in rows for name in collect_variables(row, problem.study)} & set(problem.study.variables[problem.main]))
    exchanges = [Exchanges(problem, column, steered, others) for column in movable(problem, rows)]
    exchanges = [one for one in exchanges if not one.idle]
    columns = shiftable(problem, [one.column for one in exchanges])
    return [*(one.exchanged for one in exchanges), *(Shifts(problem, column, steered, others).shifted for column in columns)], columns


def _leapt(
    problem: Problem, tables: Mapping[str, pd.DataFrame], measures: Measures, kinds: Sequence[Move], chance: np.random.Generator
) -> pd.DataFrame:
    """The main table, after moves of many patients at once, where widths of confidence intervals are about those printed.

    A standard error grows as 1 / √(1 − r²) with the correlation of two covariates: near none there is no slope, and small
    moves never come to covariates that nearly determine each other, as age and a type of disease of the young.
    """
    here, everybody = tables[problem.main], np.ones(len(tables[problem.main]), bool)

    def missed(table: pd.DataFrame) -> float:
        return measures.widths_missed(measures.of({**tables, problem.main: table}))

    now = missed(here)
    for _ in range(LEAPS):
        if now == 0:
            break
        sizes = [max(1, round(share * len(here))) for share in LEAPING for _ in range(CANDIDATES)]
        tried = [table for kind in kinds for size in sizes if (table := kind(here, everybody, size, chance)) is not None]
        found = [(missed(table), number) for number, table in enumerate(with_derived(problem, table) for table in tried)]
        if not found or min(found)[0] > NEARER * now:
            break
        now, number = min(found)
        here = with_derived(problem, tried[number])
    return here


def _search(
    problem: Problem, tables: Mapping[str, pd.DataFrame], measures: Measures, kinds: list[Move], chance: np.random.Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """The best main table found, and its misses.

    What a few patients' moves change of a number adds up as long as they are other patients.  So each round tries `DIRECTIONS`
    such moves one by one, and makes those of them at once that together lead nearest.
    """

    def valued(table: pd.DataFrame) -> np.ndarray:
        return measures.of({**tables, problem.main: table})

    here = tables[problem.main]
    values = valued(here)
    now = float(measures.misses(values).sum())
    share, stalled = 1.0, 0
    for _ in range(ROUNDS if kinds else 0):
        if now == 0 or stalled == PATIENCE:
            break
        tried, apart = _directions(problem, here, kinds, share, chance)
        if not tried:
            break
        found = np.array([valued(one) for one in tried])
        several = _combined(here, tried, chosen(measures, values, found - values, chance, apart))
        options = [*zip(tried, found), (several, valued(several))]
        trial, reached = min(options, key=lambda option: measures.misses(option[1]).sum())
        then = float(measures.misses(reached).sum())
        stalled = stalled + 1 if then > NEARER * now else 0
        if stalled:
            share = share / 2 if share > LEAST else 1.0
        if then <= now:
            here, values, now = trial, reached, then
    return here, measures.misses(values)


def _directions(
    problem: Problem, here: pd.DataFrame, kinds: list[Move], share: float, chance: np.random.Generator
) -> tuple[list[pd.DataFrame], np.ndarray]:
    """Tables that differ from one, and which of them in other patients each."""
    found, apart, free = [], [], np.ones(len(here), bool)
    for number in range(DIRECTIONS):
        size = max(1, round(share * len(here) / DIRECTIONS * chance.random()))
        trial = kinds[number % len(kinds)](here, free, size, chance)
        if trial is not None:
            trial = with_derived(problem, trial)
            moved = changed(here, trial)
            found.append(trial)
            apart.append(not (moved & ~free).any())
            if apart[-1]:
                free &= ~moved
    return found, np.array(apart)


def changed(here: pd.DataFrame, other: pd.DataFrame) -> np.ndarray:
    """Rows in which two tables differ, shape (rows,)."""
    found = np.zeros(len(here), bool)
    for name in here.columns:
        if other[name] is not here[name] and not other[name].equals(here[name]):
            one, two = here[name], other[name]
            found |= ~((one == two).fillna(False) | (one.isna() & two.isna())).to_numpy(bool)
    return found


def _combined(here: pd.DataFrame, tried: Sequence[pd.DataFrame], which: Sequence[int]) -> pd.DataFrame:
    """A table with what several others change of it."""
    result = here.copy()
    for number in which:
        rows = changed(here, tried[number])
        result.loc[rows] = tried[number].loc[rows]
    return result.astype(here.dtypes)


def chosen(measures: Measures, values: np.ndarray, steps: np.ndarray, chance: np.random.Generator, apart: np.ndarray) -> list[int]:
    """Which of several steps to make at once: those whose sum leads nearest to everything printed.

    Parameters
    ----------
    measures : Measures
    values : array of float, shape (rows,)
    steps : array of float, shape (steps, rows)
        What each step alone changes of the values.
    chance : Generator
    apart : array of bool, shape (steps,)
        Steps that may be made together: two that move the same patient would undo a part of each other.
    """
    places = np.flatnonzero(apart)
    steps = np.nan_to_num(steps[places])
    single = np.arange(len(steps))[:, None]
    pairs = np.array(np.triu_indices(len(steps), 1)).T
    best, least = np.zeros(len(steps), bool), float(measures.misses(values).sum())
    for beginning in range(BEGINNINGS):
        taken = chance.random(len(steps)) < 0.5 if beginning else best.copy()
        total = _descend(measures, values, steps, taken, single)
        if total < least:
            best, least = taken, total
    while len(pairs):  # what one number needs, another forbids, unless a second step makes up for it
        before = least
        least = _descend(measures, values, steps, best, pairs)
        if least >= before:
            break
        least = _descend(measures, values, steps, best, single)
    return [int(number) for number in places[best]]


def _descend(measures: Measures, values: np.ndarray, steps: np.ndarray, taken: np.ndarray, together: np.ndarray) -> float:
    """Take or leave those steps together, shape (choices, steps at once), that lead nearest, in place, as long as some do; the miss reached."""
    reached = values + steps[taken].sum(axis=0)
    total = float(measures.misses(reached).sum())
    while True:
        others = reached + (np.where(taken, -1, 1)[:, None] * steps)[together].sum(axis=1)
        totals = measures.misses(others).sum(axis=1)
        which = int(totals.argmin()) if len(totals) else -1
        if which < 0 or totals[which] >= total:
            return total
        taken[together[which]] = ~taken[together[which]]
        reached, total = others[which], float(totals[which])
