"""Labels of a large table, dealt by counting: how many exchangeable patients take which levels, then at random who.

Variables that printed numbers or rules tie together are dealt together, the most often named first and by itself
where their combinations would be too many: what hangs on it is then dealt within its levels.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import Condition
from analysis.reconstruction.counts import numbers
from analysis.reconstruction.counts.cell_counts import Counts, Linear
from analysis.reconstruction.counts.totals import known_lines, ordered_lines
from analysis.reconstruction.kernels.memberships import BOTH, FIRST, cause_of
from analysis.reconstruction.large.arrays import arrays
from analysis.reconstruction.large.items.encoded import Encoding
from analysis.reconstruction.large.kernels.counting import counted_of
from analysis.reconstruction.large.state import OF_START, OWN, Patients
from analysis.reconstruction.linked.cases import lines
from analysis.reconstruction.problem.blocks import Block, blocks_of
from analysis.reconstruction.problem.problem import SUMMARIES, Problem
from analysis.reconstruction.temperatures import FINE

#: Most combinations of levels dealt at once.
MOST = 600
#: Deterministic time of the solver for one deal.
EFFORT = 1.0
#: How strongly labels on which nothing is printed together with the outcome may hang on it: a logarithm of odds for each standard deviation.
LEAN = 1.5


def deal(
    problem: Problem, table: str, known: pd.DataFrame, names: Sequence[str], seed: int, further: Sequence[Linear] = ()
) -> pd.DataFrame:
    """A table with more of its columns filled.

    Parameters
    ----------
    problem : Problem
    table : str
    known : DataFrame, shape (rows, decided columns)
    names : sequence of str
        Variables to deal; of a number, the least value of its interval.
    seed : int
    further : sequence of Linear
        Constraints beside the printed counts.

    Raises
    ------
    NoSolution
        If the counts cannot hold, given what is decided.
    """
    declared, rules = problem.study.variables[table], problem.assumptions.of(table).rules
    asked = [*lines(problem, table), *known_lines(problem, table), *ordered_lines(problem, table, spoken(problem, table)), *further]
    left, found = list(names), known
    while left:
        together = _next(problem, table, asked, left)
        left = [name for name in left if name not in together]
        found = Counts(declared, found, together, asked, rules).solve(
            seed + len(left), EFFORT, lean=lean_of(problem, found, seed + len(left))
        )
    return found


def lean_of(problem: Problem, known: pd.DataFrame, seed: int) -> np.ndarray | None:
    """How each row's outcome draws it to some level: those who die early to one, those who live long to another, to an extent that differs from cohort to cohort; None where no outcome is known."""
    timeline = problem.assumptions.timeline
    declared = problem.study.endpoints[timeline.chain[-1]] if timeline else None
    if declared is None or declared.time not in known or declared.event not in known:
        return None
    time, event = known[declared.time].astype(float), known[declared.event].astype(float)
    worse = event - time.rank() / len(known)
    if not worse.std() > 0:
        return None
    return np.random.default_rng(seed).uniform(-LEAN, LEAN) * ((worse - worse.mean()) / worse.std()).to_numpy()


def _next(problem: Problem, table: str, asked: Sequence[Linear], left: Sequence[str]) -> list[str]:
    """Variables to deal next: a set that nothing ties to the others, or the one that ties most of them."""
    tied = [line.variables & set(left) for line in asked]
    tied += [set(rule.premise.variables + rule.conclusion.variables) & set(left) for rule in problem.assumptions.of(table).rules]
    named = Counter(name for names in tied if len(names) > 1 for name in names)
    hub = max(left, key=lambda name: named[name])  # the first declared of those named most
    together, before = {hub}, set[str]()
    while together != before:
        before = set(together)
        together |= {name for names in tied if names & together for name in names}
    ordered = [name for name in left if name in together]
    conditions = spoken(problem, table)
    sizes = [len(blocks_of(problem.study.variables[table][name], conditions, name)) for name in ordered]
    return ordered if math.prod(sizes) <= MOST else [hub]


def spoken(problem: Problem, table: str) -> list[Condition]:
    """Every condition that rows, rules or bounds of a table speak of: they cut numbers into intervals."""
    assumed = problem.assumptions.of(table)
    found = [problem.condition(row) for row in problem.ledger if row.role != "context" and problem.table(row) == table]
    return (
        found
        + [condition for rule in assumed.rules for condition in (rule.premise, rule.conclusion)]
        + [bound.condition for bound in assumed.bounds]
    )


def fill_numbers(problem: Problem, table: str, found: pd.DataFrame, names: Sequence[str], seed: int) -> tuple[pd.DataFrame, list[str]]:
    """Numbers within the intervals that were dealt, with their printed summaries; and ids of rows that did not come out."""
    declared, conditions, missed = problem.study.variables[table], spoken(problem, table), list[str]()
    for name in names:
        if declared[name].type not in ("number", "integer"):
            continue
        blocks = blocks_of(declared[name], conditions, name)
        chosen = [_block(blocks, value) for value in found[name]]
        if not any(block.level is None for block in blocks):
            if not any(row.arguments["variable"] == name for row in problem.rows(table, *SUMMARIES)):
                continue
            chosen = [_loose(problem, table, blocks, block, name) for block in chosen]
        known = [row for row, block in enumerate(chosen) if not block.missing]
        low, high = (np.array([int(getattr(chosen[row], end)) for row in known]) for end in ("low", "high"))
        values, more = numbers.fill(problem, table, found.iloc[known].drop(columns=name), name, low, high, seed, centred=True)
        whole = pd.Series([pd.NA] * len(found), dtype="Int64" if declared[name].grain == 1 else "Float64")
        whole.iloc[known] = values
        found, missed = found.assign(**{name: whole.to_numpy()}), missed + more
    return found, missed


def _block(blocks: Sequence[Block], value) -> Block:
    if value is None or pd.isna(value):
        return next(block for block in blocks if block.missing)
    return next(block for block in blocks if block.low is not None and block.ends[0] <= float(value) <= block.ends[1])


def _loose(problem: Problem, table: str, blocks: Sequence[Block], block: Block, name: str) -> Block:
    """The whole range of a small number whose values nobody counts, so that its printed summary can be met."""
    counted = any(name in line.variables for line in lines(problem, table)) or any(
        name in rule.premise.variables + rule.conclusion.variables for rule in problem.assumptions.of(table).rules
    )
    if counted or block.missing:
        return block
    known = [one for one in blocks if not one.missing]
    return Block(None, known[0].low, known[-1].high)


def codes(found: pd.DataFrame, names: Sequence[str], blocks) -> np.ndarray:
    """Positions of the blocks of dealt labels, shape (names, rows)."""
    result = np.zeros((len(names), len(found)), np.int64)
    for place, name in enumerate(names):
        known = {}
        for row, value in enumerate(found[name]):
            key = None if value is None or pd.isna(value) else value
            if key not in known:
                known[key] = next(k for k, block in enumerate(blocks[name]) if _is(block, key))
            result[place, row] = known[key]
    return result


def patients_of(found: Encoding, table: pd.DataFrame) -> Patients:
    """Patients of a cohort's main table, typed or as text, in the search's terms."""
    endpoints = [found.problem.study.endpoints[name] for name in found.endpoints]
    time = [np.rint(table[one.time].to_numpy(float) * found.steps) for one in endpoints]
    event = [table[one.event].astype(float) for one in endpoints]
    end = np.array(time, np.int64)
    labels = table[found.names].reset_index(drop=True)
    for name in found.names:
        if pd.api.types.is_bool_dtype(labels[name]):
            labels[name] = labels[name].map(lambda value: None if pd.isna(value) else str(int(value))).astype(object)
    return Patients(end, np.array(event, np.int64), codes(labels, found.names, found.blocks), _starts_of(found, table, end))


def _starts_of(found: Encoding, table: pd.DataFrame, end: np.ndarray) -> np.ndarray:
    """Steps at which clocks start, by the variables of their spells; of those whom a clock is not of, the first possible."""
    clocks, spells = found.lists.get("clocks", []), found.lists.get("spells", [])
    start = np.repeat(np.array([first for _, _, first, _ in clocks], np.int64)[:, None], len(table), axis=1)
    for spell, (clock, which, *_) in zip(found.spells, spells):
        if spell.whose == OWN and spell.time:
            time = np.rint(table[spell.time].to_numpy(float, na_value=np.nan) * found.steps)
            known = ~np.isnan(time)
            start[clock, known] = time[known] if which == OF_START else end[which, known] - time[known]
    return start


def outcome_columns(found: Encoding, patients: Patients) -> dict[str, np.ndarray | pd.Series]:
    """Times, in months, events and causes of the search; empty for patients whom a clock is not of."""
    columns: dict[str, np.ndarray | pd.Series] = {}
    counted = counted_of(arrays(found, FINE), patients)
    for position, endpoint in enumerate(found.endpoints):
        declared = found.problem.study.endpoints[endpoint]
        columns |= {declared.time: _months(found, patients.time[position]), declared.event: patients.event[position]}
    cause = np.array([cause_of(patients.time, patients.event, row) for row in range(patients.time.shape[1])])
    for name in found.problem.timeline.causes:
        declared = found.problem.study.endpoints[name]
        columns |= {declared.event: (cause == FIRST).astype(int), declared.competing: (cause == BOTH).astype(int)}
    for position, spell in enumerate(found.spells, len(found.endpoints)):
        lasts = counted.time[position]
        values = {spell.time: _months(found, lasts), spell.event: counted.event[position], spell.competing: (cause == BOTH).astype(int)}
        columns |= {name: pd.Series(value).astype(pd.array(value).dtype).mask(lasts < 0) for name, value in values.items() if name}
    return columns


def _months(found: Encoding, steps: np.ndarray) -> np.ndarray:
    return steps if found.steps == 1 else np.round(steps / found.steps, 6)


def _is(block: Block, value) -> bool:
    if value is None or block.missing:
        return block.missing and value is None
    # of a number in tenths, 9.5 lies in the interval that ends with 9
    return str(value) == block.level if block.level is not None else block.ends[0] <= float(value) < block.ends[1] + 1
