"""Times of the cases: windows, order of dates, and what is printed of curves, tests and summaries."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.cohorts.conditions import Clause, Condition
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics import groups
from analysis.reconstruction.kernels.date_kernels import UNTIL
from analysis.reconstruction.kernels.date_search import AskedOfDates, Dated, Labels, Windows, anneal, seed_generator
from analysis.reconstruction.linked import date_windows
from analysis.reconstruction.problem.accepted import hull, plain
from analysis.reconstruction.problem.problem import FOLLOW_UP, Problem
from analysis.reconstruction.temperatures import DATES, Schedule

CURVES = ("survival", "survival_lower", "survival_upper")
SUMMARIES = ("median", "minimum", "maximum")
SWITCHES = ("cox_td_hr", "cox_td_lower", "cox_td_upper")


@dataclass
class Dates:
    """Arrays of one search; see `date_search.anneal`."""

    problem: Problem
    table: pd.DataFrame
    values: np.ndarray
    low: np.ndarray
    high: np.ndarray
    events: np.ndarray
    codes: np.ndarray
    movable: np.ndarray
    levels: list[list[tuple]]
    order: np.ndarray
    conditions: list[Condition] = field(default_factory=list)
    asked: dict[str, list] = field(default_factory=lambda: {"curves": [], "sums": [], "ranks": [], "switches": []})
    ends: dict[str, list] = field(default_factory=lambda: {"curves": [], "sums": [], "ranks": [], "switches": []})

    def condition(self, condition: Condition) -> int:
        """Position of a condition, its clauses on times left out (windows hold them)."""
        times = self.problem.linked.times
        kept = Condition(tuple(c for c in condition.clauses if c.variable not in (*times.variables, *times.derived)))
        if kept not in self.conditions:
            self.conditions.append(kept)
        return self.conditions.index(kept)

    def ask(self, kind: str, what: tuple, low: float, high: float, half: float) -> None:
        self.asked[kind].append(what)
        self.ends[kind].append((low, high, half))


def search(problem: Problem, table: pd.DataFrame, seed: int, schedule: Schedule = DATES) -> tuple[pd.DataFrame, float, int]:
    """Times of all cases, and labels of the exchangeable variables.

    Parameters
    ----------
    problem : Problem
    table : DataFrame
        From `cases.label`.
    seed : int
    schedule : Schedule
        Each of its tries begins at new times.

    Returns
    -------
    table : DataFrame
        With the time columns, in months.
    miss : float
        Sum of misses in half-widths of the printed digits; 0 if everything holds.
    moves : int
        Most moves made.

    Raises
    ------
    NoSolution
        If a row's windows leave no time.
    """
    best, least = None, math.inf
    for restart in range(schedule.tries):
        dates = encode(problem, table, seed * 101 + restart)
        found, miss = _annealed(dates, seed * 101 + restart, schedule.moves, schedule.hot, schedule.cold)
        if miss < least:
            best, least = (dates, found), miss
        if least == 0:
            break
    assert best is not None, "some try has a finite miss"
    return _written(*best), least, schedule.moves * (restart + 1)


def walked(problem: Problem, table: pd.DataFrame, seed: int, away: int, more: int, heat: float) -> tuple[pd.DataFrame, float]:
    """Other times and labels, so many moves away from those of a table that has both; and their miss.

    Parameters
    ----------
    problem : Problem
    table : DataFrame
        With its times, in months.
    seed : int
    away, more : int
        Moves to make before a state counts, and moves after that to reach one that holds everything again.
    heat : float
        Temperature, in units of the miss.
    """
    times = problem.linked.times
    dates = encode(problem, table, seed)
    dates.values = np.array(
        [[-1 if pd.isna(value) else round(float(value) / times.grain) for value in table[name]] for name in times.variables]
    )
    found, miss = _annealed(dates, seed, away + more, heat, heat, away)
    return _written(dates, found), miss


def _annealed(dates: Dates, seed: int, moves: int, hot: float, cold: float, away: int = 0) -> tuple[Dated, float]:
    arrays = []
    for kind in dates.asked:
        arrays += [_array(dates.asked[kind], (0, 3), int), _array(dates.ends[kind], (0, 3), float)]
    windows = Windows(dates.low, dates.high, dates.order)
    labels = Labels(dates.movable, *_conditions(dates))
    return anneal(AskedOfDates(*arrays), windows, labels, dates.events, Dated(dates.values, dates.codes), seed, moves, hot, cold, away)


def encode(problem: Problem, table: pd.DataFrame, seed: int) -> Dates:
    """Windows, a random start within them, and what is asked."""
    times = problem.linked.times
    endpoint = problem.study.endpoints[times.endpoint]
    low, high = date_windows.windows(problem, table)
    seed_generator(int(np.random.default_rng(seed).integers(2**31)))
    place = {name: number for number, name in enumerate(times.variables)}
    order = np.array([(place[o.before], place[o.after], math.ceil(o.gap / times.grain)) for o in times.order], int).reshape(-1, 3)
    date_windows.tighten(low, high, order)
    events = (table[endpoint.event].astype(str) == "1").to_numpy().astype(int)
    codes, movable, levels = _exchanges(problem, table)
    dates = Dates(problem, table, date_windows.start(low, high, order, events), low, high, events, codes, movable, levels, order)
    for row in problem.rows(problem.linked.cases, *CURVES, *FOLLOW_UP, *SUMMARIES, "logrank_p", *SWITCHES):
        _ask(dates, row, place)
    for row in problem.rows(problem.linked.cases, "count"):
        if (clause := date_windows.counted(problem, row)) is not None:
            at = float(clause.values[0]) / times.grain
            last = math.ceil(at - 1e-9) - 1 if clause.comparison == "<" else math.floor(at + 1e-9)
            dates.ask("sums", (dates.condition(problem.condition(row)), place[clause.variable], UNTIL + last), *plain(row), 0.5)
    return dates


def _exchanges(problem: Problem, table: pd.DataFrame):
    """Labels that may change places, as codes; where; and the levels behind each code."""
    codes, movable, levels = [], [], []
    for exchange in problem.linked.times.exchange:
        tuples = list(zip(*(table[name].map(lambda value: None if pd.isna(value) else value) for name in exchange.variables)))
        known = list(dict.fromkeys(tuples))
        codes.append([known.index(item) for item in tuples])
        movable.append(exchange.condition.mask(table))
        levels.append(known)
    return _array(codes, (0, len(table)), int), _array(movable, (0, len(table)), bool), levels


def _array(items, empty, kind) -> np.ndarray:
    return np.array(items, kind) if len(items) else np.zeros(empty, kind)


def _ask(dates: Dates, row: Row, place: dict[str, int]) -> None:
    """Translate one ledger row."""
    problem, times = dates.problem, dates.problem.linked.times
    group = dates.condition(problem.condition(row))
    low, high = hull(row) if row.id in times.rounded_twice else plain(row)
    half = float(row.value.unit_in_last_place) / 2
    endpoint = problem.study.endpoints.get(row.arguments.get("endpoint", ""))
    scale = 1 / times.grain
    if endpoint is not None:
        scale *= times.derived.get(endpoint.time, 1)
        if endpoint.time not in (times.variables[0], *times.derived):
            return
    if row.statistic in CURVES:
        dates.ask("curves", (group, math.floor(float(row.arguments["time"]) * scale + 1e-9), CURVES.index(row.statistic)), low, high, half)
    elif row.statistic in FOLLOW_UP:
        dates.ask("sums", (group, 0, FOLLOW_UP.index(row.statistic)), low * scale, high * scale, half * scale)
    elif row.statistic in SUMMARIES and row.arguments["variable"] in place:
        dates.ask(
            "sums", (group, place[row.arguments["variable"]], SUMMARIES.index(row.statistic)), low * scale, high * scale, half * scale
        )
    elif row.statistic == "logrank_p":
        declared = problem.study.variables[problem.table(row)][row.arguments["by"]]
        items = groups.names(row.arguments["groups"]) if "groups" in row.arguments else groups.levels_of(declared)
        sides = [
            dates.condition(problem.condition(row) & Condition((Clause(row.arguments["by"], "=", groups.merge_levels(item, declared)),)))
            for item in items
        ]
        z = float(norm.isf(min(high, 1) / 2)), float(norm.isf(low / 2)) if low > 0 else 40.0
        if len(sides) == 2:
            dates.ask("ranks", (*sides, 0), *z, (z[1] - z[0]) / 2)
    elif row.statistic in SWITCHES:
        logs = math.log(low), math.log(high)
        dates.ask("switches", (group, place[row.arguments["switch_time"]], SWITCHES.index(row.statistic)), *logs, (logs[1] - logs[0]) / 2)


def _conditions(dates: Dates) -> tuple[np.ndarray, np.ndarray]:
    """What of each condition cannot change (by row), and which codes of each exchange meet the rest."""
    exchanges = dates.problem.linked.times.exchange
    moving = {name for exchange in exchanges for name in exchange.variables}
    fixed = np.zeros((len(dates.conditions), len(dates.table)), bool)
    bits = np.full((len(dates.conditions), len(exchanges)), -1)
    for number, condition in enumerate(dates.conditions):
        fixed[number] = Condition(tuple(c for c in condition.clauses if c.variable not in moving)).mask(dates.table)
        for e, exchange in enumerate(exchanges):
            mine = Condition(tuple(c for c in condition.clauses if c.variable in exchange.variables))
            if mine.clauses:
                frame = pd.DataFrame(dates.levels[e], columns=list(exchange.variables), dtype=object)
                bits[number, e] = sum(1 << k for k, met in enumerate(mine.mask(frame)) if met)
    return fixed, bits


def _written(dates: Dates, found: Dated) -> pd.DataFrame:
    """The table with times in months and the exchanged labels."""
    times, table = dates.problem.linked.times, dates.table.copy()
    for v, name in enumerate(times.variables):
        table[name] = [None if value < 0 else round(value * times.grain, 6) for value in found.values[v]]
    for name, divisor in times.derived.items():
        table[name] = table[times.variables[0]].astype(float) / divisor
    for e, exchange in enumerate(times.exchange):
        for k, name in enumerate(exchange.variables):
            table[name] = [dates.levels[e][code][k] for code in found.codes[e]]
    return table
