"""Whole numbers with printed means, standard deviations, medians, ranges and tests of two groups.

Each row's value stays within its interval; values are moved one or two at a time until
every printed summary comes out, or a number of moves is spent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.estimators.group_tests import t_tests
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics import groups
from analysis.reconstruction.kernels.rank_kernels import mann_whitney
from analysis.reconstruction.kernels.summary_kernels import KINDS, misses, summary
from analysis.reconstruction.problem.accepted import accepts, interval, widest
from analysis.reconstruction.problem.problem import SUMMARIES, Problem

#: First and last temperature, in half-widths of what is printed.
HOT, COLD = 10.0, 0.3
TESTS = ("mann_whitney_p", "t_test_p")
#: Share of what is rounded to a printed value that is left out at either edge.
EDGE = 1e-6


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
        most = np.floor(float(declared.range[1]) * steps).astype(int)
        low, high = low * steps, np.minimum((high + 1) * steps - 1, most)
        links = [(first, second, gap * steps) for first, second, gap in links]
    # values between two printed ones are rounded either way, by a rule that the search does not know: hundreds need not lie there
    margin = EDGE if centred else 0.0
    asked = [_Summary(row, mask, steps, margin) for row, mask in _groups(problem, table, frame, name, SUMMARIES)]
    tests = [_TwoGroupTest(problem, row, mask, frame) for row, mask in _groups(problem, table, frame, name, TESTS)]
    parts: list[_Summary | _TwoGroupTest] = [*asked, *tests]
    hopeless = [part.row.id for part in parts if not part.possible]
    asked, tests = [part for part in asked if part.possible], [part for part in tests if part.possible]
    for first, second, gap in links:
        low[first], high[first] = max(low[first], low[second] - gap), min(high[first], high[second] - gap)
    values = _start(asked, low, high, chance)
    values = _linked(_centred(values, asked, low, high, chance) if centred else values, links)
    missed = _together(asked)
    total = missed(values) + sum(part.miss(values) for part in tests)
    for hot in (COLD, HOT) if centred else (HOT,):
        for move in range(moves):
            if total == 0:
                break
            heat = hot * (COLD / hot) ** (move / moves)
            trial = _linked(_moved(values, low, high, chance), links)
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
    parts = [*asked, *tests]
    return (values if steps == 1 else values / steps), hopeless + [part.row.id for part in parts if not part.met(values)]


class _Summary:
    def __init__(self, row: Row, mask: np.ndarray, steps: int, margin: float = 0.0):
        self.steps = steps
        self.row, self.mask, self.members, self.kind = row, mask, np.flatnonzero(mask), KINDS.index(row.statistic)
        low, high = map(float, interval(row.value))
        self.low, self.high = (low + margin * (high - low)) * steps, (high - margin * (high - low)) * steps
        self.half = float(row.value.unit_in_last_place) / 2 * steps
        self.possible = len(self.members) >= (2 if row.statistic == "sd" else 1)

    def met(self, values) -> bool:
        return accepts(self.row.value, summary(values[self.members], self.kind) / self.steps, self.row.rules)


def _together(asked: list[_Summary]) -> Callable[[np.ndarray], float]:
    """Miss of several summaries, in half units of their last printed digits, as a function of the values."""
    kinds = np.array([part.kind for part in asked], dtype=np.int64)
    members = np.concatenate([np.zeros(0, dtype=np.int64), *(part.members for part in asked)])
    begins = np.cumsum([0, *(len(part.members) for part in asked)])
    low, high, half = (np.array([getattr(part, name) for part in asked], dtype=float) for name in ("low", "high", "half"))
    return lambda values: misses(values, kinds, members, begins, low, high, half)


class _TwoGroupTest:
    def __init__(self, problem: Problem, row: Row, mask: np.ndarray, frame: pd.DataFrame):
        declared = problem.study.variables[problem.table(row)]
        _, position = groups.split(frame, row.arguments, declared)
        self.row, self.first, self.second = row, *(np.flatnonzero(mask & (position == side)) for side in (0, 1))
        self.possible = min(len(self.first), len(self.second)) >= (2 if row.statistic == "t_test_p" else 1)
        self.low, self.high = widest(row.value, row.rules)

    def values(self, values) -> list[float]:
        x, y = values[self.first], values[self.second]
        if self.row.statistic == "t_test_p":
            return [t_tests.t_test(x, y, test=test).p for test in ("student", "welch")]
        return list(mann_whitney(x, y))  # with the continuity correction and without

    def met(self, values) -> bool:
        return any(accepts(self.row.value, value, self.row.rules) for value in self.values(values))

    def miss(self, values) -> float:
        found = self.values(values)
        if any(self.low <= value <= self.high for value in found):
            return 0.0
        # P spans orders of magnitude: its logarithm steers better than P itself
        printed = float(self.row.value.value)
        return 1 + min(abs(np.log10(value / printed)) for value in found) * 10


def _groups(problem: Problem, table: str, frame: pd.DataFrame, name: str, statistics):
    for row in problem.rows(table, *statistics):
        if row.arguments["variable"] == name and set(problem.condition(row).variables) <= set(frame.columns):
            yield row, problem.condition(row).mask(frame)


def _start(asked, low, high, chance) -> np.ndarray:
    """Near the printed centres of each group, within each row's interval.

    Where no centre is printed, the shape is drawn too: some members of an ensemble have mostly
    low values, others mostly high ones, for the paper does not say.
    """
    skew = 3.0 ** chance.uniform(-1, 1)
    values = np.floor(low + (high - low + 1) * chance.random(len(low)) ** skew).astype(int)
    for part in asked:
        printed = int(part.row.value.value * part.steps)
        if part.row.statistic == "minimum":
            low[part.mask] = np.maximum(low[part.mask], printed)
        elif part.row.statistic == "maximum":
            high[part.mask] = np.minimum(high[part.mask], printed)
        elif part.row.statistic == "median":
            spread = chance.normal(printed, max(2, printed / 3), part.mask.sum())
            values[part.mask] = np.round(spread)
    return np.clip(values, low, high)


def _centred(values: np.ndarray, asked: Sequence[_Summary], low: np.ndarray, high: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Values with each group's printed spread, then centre, then extremes, each as far as the rows' intervals allow."""
    values = values.copy()
    for statistic in ("sd", "mean", "median", "minimum", "maximum"):
        for part in asked:
            if part.row.statistic != statistic:
                continue
            group, printed = values[part.members], float(part.row.value.value) * part.steps
            if statistic == "sd":
                group = chance.normal(group.mean(), printed, len(group))
            elif statistic == "mean":
                group = group + (printed - group.mean())
            elif statistic == "median":
                group = group + (printed - np.median(group))
            else:
                able = np.flatnonzero((low[part.members] <= printed) & (printed <= high[part.members]))
                group[chance.choice(able, min(1, len(able)), replace=False)] = printed
            values[part.members] = np.clip(np.round(group).astype(int), low[part.members], high[part.members])
    return values


def _linked(values: np.ndarray, links) -> np.ndarray:
    for first, second, gap in links:
        values[second] = values[first] + gap
    return values


def _moved(values, low, high, chance) -> np.ndarray:
    """One value shifted, or two against each other so that their sum stays."""
    trial = values.copy()
    first, second = chance.integers(0, len(values), 2)
    step = int(chance.integers(1, 4) if chance.random() < 0.6 else chance.integers(1, 40)) * (1 if chance.random() < 0.5 else -1)
    trial[first] = min(max(trial[first] + step, low[first]), high[first])
    if chance.random() < 0.6 and first != second:
        step = trial[first] - values[first]
        trial[second] = min(max(trial[second] - step, low[second]), high[second])
    return trial
