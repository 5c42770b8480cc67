"""One cohort of a large group from one seed: labels by counts, times and events by the search, then what hangs on them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import parse
from analysis.reconstruction.counts.cell_counts import Linear
from analysis.reconstruction.large import annealing, beginning, dealing, encoding
from analysis.reconstruction.large.arrays import arrays
from analysis.reconstruction.large.encoding import Encoding
from analysis.reconstruction.large.state import ROUNDS, Patients, schedules
from analysis.reconstruction.problem.problem import Problem, linear
from analysis.reconstruction.single.start import child_rows

#: Kinds of items, in the order in which the search sums their misses.
ITEMS = ("sums", "points", "limits", "crossings", "spans", "means", "compared")


def make_tables(problem: Problem, seed: int, say: Callable[[str], None] = lambda line: None) -> tuple[dict[str, pd.DataFrame], float, int]:
    """Tables of a cohort, the search's miss (0 if everything it was asked holds), and its moves.

    Parameters
    ----------
    problem : Problem
    seed : int
        Same seed, same tables.
    say : callable of str
        Told what the search was asked and does not hold.

    Raises
    ------
    NoSolution
        If printed counts cannot hold, given the labels, times and events found.
    """
    name = problem.main
    found = encoding.encode(problem)
    known = pd.DataFrame(index=range(problem.size(name))).assign(**problem.assumptions.of(name).filled)
    labelled = dealing.deal(problem, name, known, [label for label in found.names if label not in known], seed)
    patients, misses, spent = search(found, dealing.codes(labelled, found.names, found.blocks), seed)
    for words, miss in unmet(found, misses):
        say(f"start {seed}: misses {words} by {miss:.2g} units")
    table = _complete(problem, name, _known(found, patients, known), seed)
    tables = {name: table} | _children(problem, table, seed)
    return tables, float(misses.sum()), spent


def search(found: Encoding, code: np.ndarray, seed: int) -> tuple[Patients, np.ndarray, int]:
    """Patients who give everything asked, or as nearly as found; misses of the items, and the moves made.

    Parameters
    ----------
    found : Encoding
    code : array of int, shape (labels, patients)
        Labels to begin with.
    seed : int
    """
    best, nearest, spent = (), (np.inf, np.inf), 0
    order = schedules(code.shape[1], bool(found.problem.digitised))
    for number, schedule in enumerate(order * ROUNDS):
        if number % len(order) == 0:
            patients = beginning.begin(found, code.copy(), 1000 * seed + number)
        misses, moves = annealing.anneal(
            arrays(found, schedule), patients, 1000 * seed + number, schedule.moves, schedule.hot, schedule.cold
        )
        spent += int(moves)
        reached = int((misses > 0).sum()), float(misses.sum())
        if reached < nearest:
            best, nearest = (Patients(*(array.copy() for array in patients)), misses), reached
        if nearest[0] == 0:
            break
    return *best, spent


def unmet(found: Encoding, misses: np.ndarray) -> list[tuple[str, float]]:
    """What does not hold, by ledger ids or in words, and its miss."""
    words = [words for item in ITEMS for words in found.ids.get(item, [])]
    return [(one, float(miss)) for one, miss in zip(words, misses) if miss > 0]


def _known(found: Encoding, patients: Patients, known: pd.DataFrame) -> pd.DataFrame:
    """Times, events and labels of the search as columns, in months and as levels."""
    columns = dict(known)
    for position, endpoint in enumerate(found.endpoints):
        declared = found.problem.study.endpoints[endpoint]
        months = patients.time[position] if found.steps == 1 else np.round(patients.time[position] / found.steps, 6)
        columns |= {declared.time: months, declared.event: patients.event[position]}
    for place, name in enumerate(found.names):
        values = [block.value for block in found.blocks[name]]
        columns[name] = pd.Series([values[code] for code in patients.code[place]], dtype=object)
    return pd.DataFrame(columns)


def _complete(problem: Problem, name: str, known: pd.DataFrame, seed: int) -> pd.DataFrame:
    """All columns of a table: labels dealt, numbers filled, keys given."""
    assumed, declared, key = problem.assumptions.of(name), problem.study.variables[name], problem.study.tables[name].key
    open_ = [
        column for column, variable in declared.items() if column not in known and column not in assumed.derived and variable.type != "id"
    ]
    table = dealing.deal(problem, name, known, open_, seed, _sizes_of_children(problem, name))
    # intervals of labels that the search moved are open inside, too
    table, _ = dealing.fill_numbers(
        problem, name, table, [column for column in declared if column in table and column not in _outcomes(problem, name)], seed
    )
    if key not in table:
        table.insert(0, key, [f"{key[0].upper()}{row + 1:02d}" for row in range(len(table))])
    for column, parts in assumed.derived.items():
        table[column] = sum(table[part].astype("Int64") for part in parts)
    return table[list(declared)]


def _outcomes(problem: Problem, name: str) -> set[str]:
    return encoding.outcome_variables(problem) if name == problem.main else set()


def _sizes_of_children(problem: Problem, name: str) -> list[Linear]:
    """Printed sizes of the tables whose rows belong to this one's, as sums of the numbers of children."""
    found = []
    for child, assumed in problem.assumptions.tables.items():
        parent = assumed.parent
        if parent is None or parent.table != name:
            continue
        least, most = (int(end) for end in problem.study.variables[name][parent.count].range)
        for row in problem.rows(child, "count"):
            condition = problem.condition(row)
            if set(condition.variables) <= set(parent.copied):
                _, low, high = linear(row)
                found.append(
                    Linear(
                        tuple((condition & parse(f"{parent.count}={value}"), value) for value in range(least, most + 1)), low, high, row.id
                    )
                )
    return found


def _children(problem: Problem, table: pd.DataFrame, seed: int) -> dict[str, pd.DataFrame]:
    """Tables whose rows belong to the main one's."""
    found = {}
    for name, assumed in problem.assumptions.tables.items():
        if assumed.parent and assumed.parent.table == problem.main:
            rows = child_rows(problem, name, table)
            found[name] = _complete(problem, name, rows, seed)
    return found
