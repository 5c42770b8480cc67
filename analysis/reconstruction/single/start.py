"""A start: one cohort through all stages of the solver, before any search."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.cohorts import conditions
from analysis.reconstruction.counts import numbers
from analysis.reconstruction.counts.derived import add_other_keys, derive_column
from analysis.reconstruction.problem.blocks import Block
from analysis.reconstruction.problem.problem import Problem, linear
from analysis.reconstruction.single.patterns_of_times import add_patterns
from analysis.reconstruction.solver import clocks, label_comparisons, labels, pairs, timeline
from analysis.reconstruction.solver.cells import Cell
from analysis.reconstruction.solver.label_model import require
from analysis.reconstruction.solver.timeline import NoSolution

#: Times that a table of rows that belong to others is made.
ANEW = 4


@dataclass
class Start:
    """Tables of a cohort, and the intervals in which its numbers may still move.

    Attributes
    ----------
    tables : dict of str to DataFrame
        Text and whole numbers, missing values as None or NA.
    links : list of Link
        Rows of one patient, in the main table.
    missed : list of str
        Ids of imposed rows that a stage could not satisfy.
    """

    tables: dict[str, pd.DataFrame]
    links: list[pairs.Link] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def times(problem: Problem, seed: int) -> tuple[pd.DataFrame, dict[str, list[tuple[Block, ...]]]]:
    """Times of the main table: chain, strata and second clock; and blocks left open for some strata.

    Raises
    ------
    NoSolution
    """
    model = timeline.build(problem, seed)
    if model.timeline.labels_counted:
        add_patterns(model)
    table = timeline.rows_of(model, timeline.solve(model, seed), seed)
    cells: list[Cell] = [model.cells[position] for position in table.pop("cell")]
    allowed = {}
    for name in model.timeline.strata:
        open_ = [cell.blocks[name] for cell in cells]
        table[name] = [blocks[0].value for blocks in open_]
        if any(len(blocks) > 1 for blocks in open_):
            allowed[name] = open_
    if model.timeline.clock:
        with_clock = clocks.add_clock(problem, table, seed, tuple(allowed))
        if with_clock is None:
            raise NoSolution("second clock", proven=False)
        table = with_clock
    return table.drop(columns=list(allowed)), allowed


def table_of(
    problem: Problem,
    name: str,
    known: pd.DataFrame,
    allowed,
    seed: int,
    parents: tuple[str, ...] = (),
    paired: bool = True,
    compared: float = 0.0,
    near: float = 0.0,
    goal: labels.Goal | None = None,
) -> Start:
    """Labels and numbers of one table.

    Unless `paired`, every row is a patient's only one.  With `compared`, labels also give the
    printed comparisons of survival at the times known, within so much effort of the solver.
    `near` and `goal` are those of `labels.solve`.  Rows are shuffled before labels are dealt: they come in the order
    of their outcomes, and what is printed of labels alone would otherwise be met from one end.

    Raises
    ------
    NoSolution
    """
    assumed = problem.assumptions.of(name)
    order = np.random.default_rng(seed).permutation(len(known))
    known, allowed = known.iloc[order].reset_index(drop=True), {column: [rows[k] for k in order] for column, rows in allowed.items()}
    model, literals = label_model(problem, name, known, allowed, paired, bool(compared), goal)
    table, solver = labels.solve(model, seed, compared or labels.EFFORT, near, goal)
    start = Start({name: table}, pairs.choose_links(literals, solver))
    for column, blocks in model.blocks.items():
        if any(block.level is None for block in blocks):
            start.missed += _fill(problem, name, model, solver, start, column, seed)
    if assumed.parent:  # rows of one parent together again, in their order
        start.tables[name] = start.tables[name].iloc[np.argsort(order)].reset_index(drop=True)
    table = start.tables[name]
    declared = problem.study.variables[name]
    key = problem.study.tables[name].key
    if key not in table:
        table.insert(0, key, [f"{key[0].upper()}{row + 1:02d}" for row in range(len(table))])
    if assumed.pairs:
        table[assumed.pairs.key] = pairs.name_patients(table, assumed.pairs.key, start.links)
    for column, parts in assumed.derived.items():
        table[column] = derive_column(table, parts, declared[column])
    table = add_other_keys(table, declared)
    start.tables[name] = table[[*declared, *(column for column in parents if column in table)]]
    return start


def label_model(
    problem: Problem,
    name: str,
    known: pd.DataFrame,
    allowed,
    paired: bool = True,
    compared: bool = True,
    goal: labels.Goal | None = None,
) -> tuple[labels.LabelModel, dict[pairs.Link, object]]:
    """All that a table's labels obey, see `table_of`, and the choices of rows of one patient."""
    assumed = problem.assumptions.of(name)
    known = known.assign(**{column: value for column, value in assumed.filled.items() if column not in known})
    model = labels.build(problem, name, known, allowed, skip=tuple(assumed.derived), goal=goal)
    literals = pairs.add_pairs(model) if paired else {}
    for child, assumption in problem.assumptions.tables.items():
        if assumption.parent and assumption.parent.table == name:
            _children(model, child, assumption.parent)
    if compared:
        label_comparisons.add_comparisons(model)
    return model, literals


def _fill(problem: Problem, name: str, model, solver, start: Start, column: str, seed: int) -> list[str]:
    """Numbers of a column within the intervals that the labels chose."""
    table = start.tables[name]
    chosen = [labels.block_of(model, solver, row, column) for row in range(len(table))]
    known = [row for row, block in enumerate(chosen) if not block.missing]
    low, high = (np.array([int(getattr(chosen[row], end)) for row in known]) for end in ("low", "high"))
    inside = {row: place for place, row in enumerate(known)}
    pairs = problem.assumptions.of(name).pairs
    age = pairs.age if pairs else ""
    links = [(inside[link.first], inside[link.second], link.gap) for link in start.links if column == age]
    values, missed = numbers.fill(problem, name, table.iloc[known].drop(columns=column), column, low, high, seed, links)
    whole = pd.Series([pd.NA] * len(table), dtype="Int64" if problem.study.variables[name][column].grain == 1 else "Float64")
    whole.iloc[known] = values
    table[column] = whole.to_numpy()
    return missed


def _children(model: labels.LabelModel, child: str, parent) -> None:
    """Printed sizes of a child table: sums of the parent's number of children."""
    problem = model.problem
    number = problem.study.variables[model.table][parent.count].ends
    for row in problem.rows(child, "count"):
        condition = problem.condition(row)
        if not set(condition.variables) <= set(parent.copied):
            continue
        total = 0
        for position in range(len(model)):
            for value in range(int(number[0]), int(number[1]) + 1):
                clause = conditions.parse(f"{parent.count}={value}")
                total += value * model.literal(position, condition & clause)
        _, low, high = linear(row)
        require(model.solver, low <= total, total <= high)


def child_rows(problem: Problem, name: str, main: pd.DataFrame) -> pd.DataFrame:
    """Rows of a child table, with the parent's columns as ``parent_column`` for the rules."""
    parent = problem.assumptions.of(name).parent
    assert parent is not None, "asked of tables with one"
    records = []
    for _, values in main.iterrows():
        for number in range(1, int(values[parent.count]) + 1):
            record = {parent.key: values[parent.key], parent.number: number}
            record |= {column: values[column] for column in parent.copied}
            records.append(record | {f"{parent.table}_{column}": value for column, value in values.items()})
    return pd.DataFrame(records)


def make_start(problem: Problem, seed: int, timed: tuple, paired: bool = True) -> Start:
    """The main table of one cohort.

    Parameters
    ----------
    problem : Problem
    seed : int
        Of the labels and numbers.
    timed : tuple
        From `times`.
    paired : bool
        Whether rows of one patient are chosen.

    Raises
    ------
    NoSolution
        If a stage finds none; another seed may.
    """
    main = problem.timeline.table
    known, allowed = timed
    # labels that are chosen anew later need not come near to a draw
    return table_of(problem, main, known, allowed, seed, paired=paired, near=0.0 if paired else labels.NEAR)


def add_children(problem: Problem, start: Start, seed: int) -> None:
    """Tables whose rows belong to the main table's, once that is settled.

    A table is made anew while its numbers miss a printed summary, up to `ANEW` times; the best one stays.

    Raises
    ------
    NoSolution
    """
    main = problem.timeline.table
    for name, assumption in problem.assumptions.tables.items():
        if assumption.parent:
            rows = child_rows(problem, name, start.tables[main])
            best = table_of(problem, name, rows, {}, seed, near=labels.NEAR)
            for number in range(1, ANEW):
                if not best.missed:
                    break
                best = min(
                    best, table_of(problem, name, rows, {}, seed + 100_003 * number, near=labels.NEAR), key=lambda one: len(one.missed)
                )
            start.tables[name] = best.tables[name]
            start.missed += best.missed
