"""Whole numbers with printed means, standard deviations, medians, quantiles, ranges and tests of two groups.

Each row's value stays within its interval; values are moved one or two at a time until
every printed summary comes out, or a number of moves is spent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.reconstruction.counts.number_starts import centre, draw
from analysis.reconstruction.counts.summaries import Summary, TwoGroupTest, summaries_of, tests_of, together
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.temperatures import NUMBERS_COLD, NUMBERS_HOT


def fill(
    problem: Problem,
    table: str,
    frame: pd.DataFrame,
    name: str,
    low: np.ndarray,
    high: np.ndarray,
    seed: int,
    links=(),
    moves: int = 30_000,
    centred: bool = False,
):
    """Values of one variable.

    Parameters
    ----------
    problem : Problem
    table : str
    frame : DataFrame, shape (rows, other columns)
        Decides who belongs to which group.
    name : str
        The variable.
    low, high : ndarray of int, shape (rows,)
        Interval of each row.
    seed : int
    links : sequence of (int, int, int)
        First row, second row, and by how much the second's value is greater.
    moves : int
        Most moves tried.
    centred : bool
        Whether to begin where each printed summary holds by itself, and to search near there first: one value at a time moves
        the median of hundreds too slowly.

    Returns
    -------
    values : ndarray of int, shape (rows,)
        Of float where the variable declares a grain; a value then lies below the next whole number after its interval.
    missed : list of str
        Ids of rows that did not come out, those among them of a group that has too few members to speak of it.
    """
    chance = np.random.default_rng(seed)
    declared = problem.study.variables[table][name]
    steps = round(1 / declared.grain)
    if steps > 1:  # values are counted in grains
        least, most = (round(float(end) * steps, 6) for end in declared.ends)
        low, high = np.maximum(low * steps, math.ceil(least)), np.minimum((high + 1) * steps - 1, math.floor(most))
        links = [(first, second, gap * steps) for first, second, gap in links]
    # values between two printed ones are rounded either way, by a rule that the search does not know: hundreds need not lie there
    asked, tests = summaries_of(problem, table, frame, name, steps, ties=not centred), tests_of(problem, table, frame, name)
    every: list[Summary | TwoGroupTest] = [*asked, *tests]
    hopeless = [part.row.id for part in every if not part.possible]
    asked, tests = [part for part in asked if part.possible], [part for part in tests if part.possible]
    for first, second, gap in links:
        low[first], high[first] = max(low[first], low[second] - gap), min(high[first], high[second] - gap)
    values = draw(asked, low, high, chance)
    values = _link(centre(values, asked, low, high, chance) if centred else values, links)
    missed = together(problem, asked)
    for hot in (NUMBERS_COLD, NUMBERS_HOT) if centred else (NUMBERS_HOT,):
        values = _search(values, missed, tests, lambda now: _link(_move(now, low, high, chance), links), hot, moves, chance)
    missing = [part.row.id for part in every if part.possible and not part.met(values)]
    return (values if steps == 1 else values / steps), hopeless + missing


def _search(
    values: np.ndarray,
    missed: Callable[[np.ndarray], float],
    tests: Sequence[TwoGroupTest],
    move: Callable[[np.ndarray], np.ndarray],
    hot: float,
    moves: int,
    chance: np.random.Generator,
) -> np.ndarray:
    """Values annealed from a temperature to the last one, until everything holds or the moves are spent."""
    total = missed(values) + sum(part.miss(values) for part in tests)
    for number in range(moves):
        if total == 0:
            break
        heat = hot * (NUMBERS_COLD / hot) ** (number / moves)
        trial = move(values)
        now = missed(trial)
        drawn = None
        if now > total:  # the tests, which take long, could only add to it
            drawn = chance.random()
            if drawn >= np.exp((total - now) / heat):
                continue
        now += sum(part.miss(trial) for part in tests)
        if now > total and drawn is None:
            drawn = chance.random()
        if now <= total or drawn < np.exp((total - now) / heat):
            values, total = trial, now
    return values


def _link(values: np.ndarray, links) -> np.ndarray:
    for first, second, gap in links:
        values[second] = values[first] + gap
    return values


def _move(values, low, high, chance) -> np.ndarray:
    """One value shifted, or two against each other so that their sum stays."""
    trial = values.copy()
    first, second = chance.integers(0, len(values), 2)
    step = int(chance.integers(1, 4) if chance.random() < 0.6 else chance.integers(1, 40)) * (1 if chance.random() < 0.5 else -1)
    trial[first] = min(max(trial[first] + step, low[first]), high[first])
    if chance.random() < 0.6 and first != second:
        step = trial[first] - values[first]
        trial[second] = min(max(trial[second] - step, low[second]), high[second])
    return trial
