"""The search stage: move a start's free times and labels until P values and hazard ratios come out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohorts import conditions
from analysis.cohorts.conditions import Condition
from analysis.reconstruction.counts.derived import derive_column
from analysis.reconstruction.kernels.kernels import PLACES
from analysis.reconstruction.kernels.memberships import LEVELS
from analysis.reconstruction.kernels.moves import AGAIN, AGAIN_AT, DEAD, END, ILL, ILL_AT, START, derive
from analysis.reconstruction.kernels.search_state import Asked, Clocks, Conditions, Exchanged, Laws, Rows, SecondClock
from analysis.reconstruction.problem.problem import SUMMARIES, Problem
from analysis.reconstruction.problem.timeline_assumptions import Timeline
from analysis.reconstruction.single import annealing
from analysis.reconstruction.single.encode import Encoded, condition, encode
from analysis.reconstruction.single.start import Start


@dataclass(frozen=True)
class Found:
    """Outcome of a search.

    Attributes
    ----------
    table : DataFrame
        The main table.
    miss : float
        Weighted miss of the comparisons, and of curves that did not hold at the start; 0 if all hold.
    wrong : int
        Rows of counts, curves and follow-up that do not hold.
    moves : int
    """

    table: pd.DataFrame
    miss: float
    wrong: int
    moves: int

    @property
    def hits(self) -> bool:
        """Whether every comparison and every linear row holds."""
        return self.off == (0, 0)

    @property
    def off(self) -> tuple[int, float]:
        """How far this is from a hit: what does not hold at all counts before the miss."""
        return self.wrong, self.miss


def settled_variables(problem: Problem) -> frozenset[str]:
    """Labels that a rule reads off a time: set again after the times have moved."""
    timeline, study = problem.timeline, problem.study
    times = {endpoint.time for endpoint in study.endpoints.values()}
    return frozenset(
        clause.variable
        for rule in problem.assumptions.of(timeline.table).rules
        for clause in rule.conclusion.clauses
        if times & set(rule.premise.variables)
    )


def search(
    problem: Problem,
    start: Start,
    seed: int,
    moves: int = 1_000_000,
    hot: float = 5.0,
    cold: float = 0.03,
    strata_first: bool = False,
    away: int = 0,
    beside: frozenset[str] = frozenset(),
) -> Found:
    """Anneal one start.

    Parameters
    ----------
    problem : Problem
    start : Start
    seed : int
    moves : int
    hot, cold : float
        First and last temperature, in units of the miss (`misses.soft_miss`).
    strata_first : bool
        Whether comparisons of the strata alone count.
    away : int
        Moves to make before a state counts: to another one from one that hits.
    beside : frozenset of str
        Variables whose comparisons count like those of strata.
    """
    name = problem.timeline.table
    table = start.tables[name]
    settled = settled_variables(problem)
    encoded = encode(problem, table, settled)
    strata = _of_strata(problem, encoded, beside)
    # what is found for the strata is not to be lost for a label
    asked = _encode_asked(encoded, strata if strata_first else 1 + 4 * strata)
    laws, exchanged = _laws(problem, encoded, start), _encode_exchanges(problem, encoded, start)
    clocks = _clocks(problem.timeline, encoded)
    rows = Rows(encoded.codes.copy(), _life(problem, table))
    # the conditions last: the laws add to them
    known = Conditions(_array(encoded.clauses, 4), _array(encoded.conditions, 2))
    best, miss, wrong, spent = annealing.anneal(
        annealing.Problem(asked, known, laws, exchanged, clocks), rows, seed, moves, hot, cold, away
    )
    return Found(_decode(problem, encoded, table, best, clocks, settled), float(miss), int(wrong), int(spent))


def _of_strata(problem: Problem, encoded: Encoded, beside: frozenset[str]) -> np.ndarray:
    """1 for comparisons of groups that strata and the variables beside them define, 0 for those that other labels do."""
    strata = {position for position, name in enumerate(encoded.names) if name in problem.timeline.strata or name in beside}
    return np.array(
        [float({*_variables(encoded, first), *_variables(encoded, second)} <= strata) for _, first, second in encoded.comparisons]
    )


def _array(rows, width: int, kind=np.int64) -> np.ndarray:
    return np.array(rows, dtype=kind).reshape(-1, width)


def _encode_asked(encoded: Encoded, weights: np.ndarray) -> Asked:
    curves, spans, comparisons = sorted(encoded.curves), encoded.spans, encoded.comparisons
    sides = [(side, endpoint) for endpoint, *both in comparisons for side in both]
    groups = {pair: k for k, pair in enumerate(dict.fromkeys([row[:2] for row in (*curves, *spans)] + sides))}
    many = np.array([len(found) for found in encoded.ways], np.int64)
    past = many.cumsum()
    return Asked(
        groups=_array(list(groups), 2),
        counts=_array(encoded.counts, 5),
        curves=_array([(groups[row[:2]], *row[2:4]) for row in curves], 3),
        curve_ends=_array([row[4:] for row in curves], 2, float),
        spans=_array([(groups[row[:2]], row[2]) for row in spans], 2),
        span_ends=_array([row[3:] for row in spans], 2, float),
        compared=_array([(groups[first, endpoint], groups[second, endpoint]) for endpoint, first, second in comparisons], 2),
        ways=np.stack([past - many, past], axis=1),
        methods=np.array([way.method for found in encoded.ways for way in found], np.int64),
        way_ends=_array([way.ends for found in encoded.ways for way in found], 2 * PLACES, float),
        weights=weights,
    )


def _laws(problem: Problem, encoded: Encoded, start: Start) -> Laws:
    """What rows obey; conditions that it asks for join the encoded ones."""
    timeline = problem.timeline
    clock = timeline.clock
    early = condition(problem, encoded, conditions.parse(clock.early)) if clock else 0
    assert early is not None, "the strata tell who is early"
    links, kept = _lives(problem, encoded, start)
    return Laws(
        rules=_array(encoded.rules, 2),
        windows=_array(encoded.windows, 5),
        links=links,
        kept=kept,
        clock=SecondClock(clock.first, clock.last, early, int(clock.needed)) if clock else SecondClock(0, 0, 0, 0),
        end=timeline.last,
    )


def _encode_exchanges(problem: Problem, encoded: Encoded, start: Start) -> Exchanged:
    sets = _sets_to_exchange(encoded, _held_variables(problem), set(problem.timeline.strata))
    labels = np.full((len(sets), max(map(len, sets))), -1)
    for k, variables in enumerate(sets):
        labels[k, : len(variables)] = variables
    frozen = np.zeros(encoded.codes.shape[1], bool)
    for link in start.links:
        frozen[[link.first, link.second]] = True
    return Exchanged(labels, np.array([len(variables) for variables in sets]), frozen)


def _clocks(timeline: Timeline, encoded: Encoded) -> Clocks:
    return Clocks(len(timeline.chain), len(timeline.clock.ends) if timeline.clock else 0, _later(timeline), len(encoded.endpoints))


def _later(timeline: Timeline) -> int:
    """Position of the first endpoint with the second clock's events that counts from the chain's origin."""
    clock = timeline.clock
    return len(timeline.chain) + (len(clock.ends) + len(clock.events) if clock else 0)


def _lives(problem: Problem, encoded: Encoded, start: Start) -> tuple[np.ndarray, np.ndarray]:
    """Rows of one patient whose times are tied, and what is told of their times."""
    links, kept = [], []
    for link in start.links:
        if link.pair.gap is not None:
            links.append((link.first, link.second, link.gap))  # the ages say how far apart they are
            for row, text in ((link.first, link.pair.first), (link.second, link.pair.second)):
                for clause in conditions.parse(text).clauses:
                    asked = condition(problem, encoded, Condition((clause,)))
                    if asked is not None and encoded.clauses[encoded.conditions[asked][0]][0] != LEVELS:  # their labels stay
                        kept.append((row, asked))
    return _array(links, 3), _array(kept, 2)


def _held_variables(problem: Problem) -> set[str]:
    """Variables that stay where they are: numbers with printed summaries, and numbers of children."""
    name = problem.timeline.table
    held = {row.arguments["variable"] for row in problem.rows(name, *SUMMARIES)}
    return held | {table.parent.count for table in problem.assumptions.tables.values() if table.parent and table.parent.table == name}


def _sets_to_exchange(encoded: Encoded, held: set[str], strata: set[str]) -> list[list[int]]:
    """Sets of variables to exchange together: those that comparisons ask for, alone, with those their rules tie them to, and all at once."""
    asked = {which for _, first, second in encoded.comparisons for side in (first, second) for which in _variables(encoded, side)}
    found = [[variable] for variable in sorted(asked)]
    for variable in sorted(asked):
        tied = {variable}
        for premise, conclusion in encoded.rules:
            together = set(_variables(encoded, premise)) | set(_variables(encoded, conclusion))
            if variable in together:
                tied |= together
        tied = {which for which in tied if encoded.names[which] not in held}
        if len(tied) > 1:
            found.append(sorted(tied))
    loose = [which for which, name in enumerate(encoded.names) if name not in held | strata]
    together = sorted(which for which in asked if encoded.names[which] not in held | strata)
    found += [group for group in (loose, together) if len(group) > 1] * 2
    return found or [[0]]


def _variables(encoded: Encoded, position: int) -> list[int]:
    first, last = encoded.conditions[position]
    return [which for kind, which, _, _ in encoded.clauses[first:last] if kind == LEVELS]


def _life(problem: Problem, table: pd.DataFrame) -> np.ndarray:
    timeline, endpoints = problem.timeline, problem.study.endpoints
    first, last = endpoints[timeline.chain[0]], endpoints[timeline.chain[-1]]
    life = np.zeros((7, len(table)), np.int64)
    life[START] = -1
    life[END], life[DEAD] = table[last.time].astype(int), table[last.event].astype(int)
    life[ILL_AT], life[ILL] = table[first.time].astype(int), table[first.event].astype(int)
    if timeline.clock:
        has = table[timeline.clock.origin].notna().to_numpy()
        life[START, has] = table.loc[has, timeline.clock.origin].astype(int)
        for name in timeline.clock.events[:1]:
            event, time = endpoints[name].event, endpoints[name].time
            again = has & (table[event].fillna(0).astype(int).to_numpy() == 1) & (life[ILL_AT] <= life[START])
            life[AGAIN, again] = 1
            life[AGAIN_AT, again] = life[START, again] + table.loc[again, time].astype(int)
    return life


def _decode(problem: Problem, encoded: Encoded, table: pd.DataFrame, rows: Rows, clocks: Clocks, settled) -> pd.DataFrame:
    """The table of a state, with the labels that follow from times set again."""
    timeline, endpoints = problem.timeline, problem.study.endpoints
    result, codes, life = table.copy(), rows.codes, rows.life
    for position, name in enumerate(encoded.names):
        blocks = encoded.blocks[name]
        changed = codes[position] != encoded.codes[position]
        for row in np.flatnonzero(changed):
            result.loc[result.index[row], name] = blocks[codes[position, row]].value
    clock = timeline.clock
    times, events = np.full((len(encoded.endpoints), len(table)), -1), np.zeros((len(encoded.endpoints), len(table)), np.int64)
    for row in range(len(table)):
        derive(life, row, clocks.chain, clocks.ends, clocks.later, times, events)
    for position, name in enumerate(encoded.endpoints):
        known = times[position] >= 0
        for column, values in ((endpoints[name].time, times[position]), (endpoints[name].event, events[position])):
            if position < len(timeline.chain) or column != endpoints[timeline.chain[-1]].event:
                result[column] = pd.array(np.where(known, values, 0), dtype="Int64")
                result.loc[~known, column] = pd.NA
    if clock:
        result[clock.origin] = pd.array(np.maximum(life[START], 0), dtype="Int64")
        result.loc[life[START] < 0, clock.origin] = pd.NA
    assumed = problem.assumptions.of(timeline.table)
    for rule in assumed.rules:
        for clause in rule.conclusion.clauses:
            if clause.variable in settled:
                value = clause.values[0]
                result.loc[rule.premise.mask(result), clause.variable] = None if value == "?" else value
    for column, parts in assumed.derived.items():
        result[column] = derive_column(result, parts, problem.study.variables[timeline.table][column])
    return result
