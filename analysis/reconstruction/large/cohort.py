"""One cohort of a large group from one seed: labels by counts, times and events by the search, then what hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import parse
from analysis.reconstruction.constraints.curves import printed_curves
from analysis.reconstruction.counts.cell_counts import Linear
from analysis.reconstruction.counts.derived import add_other_keys, derive_column
from analysis.reconstruction.large import beginning, dealing, encoding, reach
from analysis.reconstruction.large.arrays import arrays, no_pull
from analysis.reconstruction.large.constraints import COMPARED, KINDS
from analysis.reconstruction.large.items.encoded import Encoding
from analysis.reconstruction.large.kernels import annealing
from analysis.reconstruction.large.kernels.counting import counted_of
from analysis.reconstruction.large.state import Patients
from analysis.reconstruction.polishing.polish import Walk, polish
from analysis.reconstruction.problem.digitised import DigitisedCurve
from analysis.reconstruction.problem.problem import Problem, linear
from analysis.reconstruction.single.start import child_rows
from analysis.reconstruction.temperatures import FINE, LONG, STILL, schedules

#: New starts, before the long annealing from the nearest state.
ROUNDS = 6

#: Kinds of items, in the order in which the search sums their misses.
ITEMS = ("sums", "points", "incidences", "limits", "crossings", "spans", "means", "compared")

#: Strongest pull on the times of the censored and on those of events, from one printed time to the next.
PULL = (8.0, 6.0)
#: Rounds in which there is a pull; where they do not end, it may be what hinders them.
PULLED = 2


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
    found = encoding.encode(problem)
    patients, misses, spent = search(found, labels(found, seed), seed, say)
    for words, miss in unmet(found, misses):
        say(f"start {seed}: misses {words} by {miss:.2g} units")
    return tables_of(found, patients, seed, say), float(misses.sum()), spent


def tables_of(found: Encoding, patients: Patients, seed: int, say: Callable[[str], None] = lambda line: None) -> dict[str, pd.DataFrame]:
    """All tables of a cohort with these patients: labels that the search did not move are dealt, and tables that hang on the main one made.

    Parameters
    ----------
    found : Encoding
    patients : Patients
    seed : int
    say : callable of str
        Told which summaries of numbers did not come out.

    Raises
    ------
    NoSolution
        If printed counts cannot hold, given the labels, times and events found.
    """
    problem = found.problem
    table = _complete(problem, problem.main, _known(found, patients, _filled(problem)), seed, say)
    return polished(problem, {problem.main: table} | _children(problem, table, seed, say), seed, say)


def polished(
    problem: Problem, tables: dict[str, pd.DataFrame], seed: int, say: Callable[[str], None] = lambda line: None
) -> dict[str, pd.DataFrame]:
    """The tables, brought to the printed numbers that no search steers (`reach.measured`)."""
    rows = reach.measured(problem)
    return polish(problem, tables, rows, seed, _walk(problem) if rows and reach.walks(problem) else None, say)


def _walk(problem: Problem) -> Walk:
    """Other times and events of the patients of a table that give everything that the search of large groups hears of."""
    found = encoding.encode(problem)
    asked = arrays(found, FINE)

    def walk(table: pd.DataFrame, size: int, seed: int) -> pd.DataFrame:
        patients = dealing.patients_of(found, table)
        annealing.anneal(asked, patients, seed, size, STILL, STILL, True)
        columns = dealing.outcome_columns(found, patients)
        return table.assign(**{name: pd.Series(values, index=table.index).astype(table[name].dtype) for name, values in columns.items()})

    return walk


def labels(found: Encoding, seed: int) -> np.ndarray:
    """Labels to begin with, dealt by counts; shape (labels, patients)."""
    problem, known = found.problem, _filled(found.problem)
    dealt = dealing.deal(problem, problem.main, known, [label for label in found.names if label not in known], seed)
    return dealing.codes(dealt, found.names, found.blocks)


def _filled(problem: Problem) -> pd.DataFrame:
    """Rows of the main table with the columns that are declared."""
    return pd.DataFrame(index=range(problem.size(problem.main))).assign(**problem.assumptions.of(problem.main).filled)


def search(
    found: Encoding, code: np.ndarray, seed: int, say: Callable[[str], None] = lambda line: None
) -> tuple[Patients, np.ndarray, int]:
    """Patients who give everything asked, or as nearly as found; misses of the items, and the moves made.

    Parameters
    ----------
    found : Encoding
    code : array of int, shape (labels, patients)
        Labels to begin with.
    seed : int
    say : callable of str
        Told after each annealing how much is missed.
    """
    nearest, spent = (np.inf, np.inf), 0
    best: tuple[Patients, np.ndarray] | None = None
    order = schedules(code.shape[1], bool(found.problem.digitised))
    runs = [*order * ROUNDS, LONG]
    for number, schedule in enumerate(runs):
        if schedule is LONG and best is not None:
            patients = _copied(best[0])
        elif number % len(order) == 0:
            pull = pull_of(found, 1000 * seed + number) * (number < PULLED * len(order))
            patients = beginning.begin(found, code.copy(), 1000 * seed + number)
            spent += _search_each(found, patients, 1000 * seed + number)
        asked = arrays(found, schedule)._replace(pull=pull)
        misses, moves = annealing.anneal(asked, patients, 1000 * seed + number, schedule.moves, schedule.hot, schedule.cold)
        spent += int(moves)
        reached = int((misses > 0).sum()), float(misses.sum())
        if reached < nearest:
            best, nearest = (_copied(patients), misses), reached
        if nearest[0] == 0:
            break
        say(f"start {seed}: annealing {number + 1} of {len(runs)}, {nearest[0]} of {len(misses)} numbers missed at best")
    assert best is not None, "the first annealing is nearer than none"
    return *best, spent


def _copied(patients: Patients) -> Patients:
    return Patients(*(array.copy() for array in patients))


def pull_of(found: Encoding, seed: int) -> np.ndarray:
    """A pull to earlier or later times between any two printed ones, of the censored and of events; as `Asked.pull`.

    Of hundreds of patients nearly all states look alike: left to chance, each stretch between two printed times would be filled evenly
    in every cohort, and ranges across cohorts would leave out most of what the printed numbers allow.
    """
    problem, chance, pull = found.problem, np.random.default_rng(seed), no_pull(found)
    for place, endpoint in enumerate(found.endpoints):
        printed = {
            horizon.time for curve in printed_curves(problem, problem.main) if curve.endpoint == endpoint for horizon in curve.horizons()
        }
        cuts = sorted({0, pull.shape[2], *(int(time * found.steps) + 1 for time in printed if 0 < time * found.steps < pull.shape[2])})
        for first, end in zip(cuts, cuts[1:]):
            pull[place, :, first:end] = np.outer(chance.uniform(-1, 1, 2) * PULL, np.linspace(-0.5, 0.5, end - first))
    return pull


def _search_each(found: Encoding, patients: Patients, seed: int) -> int:
    """Bring the patients of each of several curves near its numbers, in place; moves made.

    Of one arm a search ends soon; of several at once it ends only where each of them does.  What compares arms, or counts
    them together, is left to the search of all.
    """
    spent, curves = 0, [curve for curve in found.problem.digitised if found.condition(curve.group) is not None]
    for curve in curves if len(curves) > 1 else ():
        chosen, part = patients_of(found, patients, curve)
        alone = encoding.encode(part_of(found.problem, curve))
        for number, schedule in enumerate(schedules(len(chosen), True) if len(chosen) else ()):
            misses, moves = annealing.anneal(arrays(alone, schedule), part, seed + number, schedule.moves, schedule.hot, schedule.cold)
            spent += int(moves)
            if misses.sum() == 0:
                break
        patients.time[:, chosen], patients.event[:, chosen], patients.start[:, chosen] = part.time, part.event, part.start
    return spent


def part_of(problem: Problem, curve: DigitisedCurve) -> Problem:
    """What is printed and drawn of one curve's group alone."""
    asked = set(curve.group.clauses)
    own = [
        row.id
        for row in problem.imposed
        if asked <= set(problem.condition(row).clauses) and KINDS.get(row.statistic, ("",))[0] not in COMPARED
    ]
    return replace(problem.only(own), digitised=(curve,))


def patients_of(found: Encoding, patients: Patients, curve: DigitisedCurve) -> tuple[np.ndarray, Patients]:
    """Positions of a curve's patients, and a copy of them with the labels that its own problem moves."""
    member = counted_of(arrays(found, FINE), patients).member
    chosen = np.flatnonzero(member[found.condition(curve.group)])
    kept = [found.names.index(name) for name in encoding.moved_labels(part_of(found.problem, curve))]
    own = patients._replace(code=patients.code[kept])
    return chosen, Patients(*(np.ascontiguousarray(rows[:, chosen]) for rows in own))


def unmet(found: Encoding, misses: np.ndarray) -> list[tuple[str, float]]:
    """What does not hold, by ledger ids or in words, and its miss."""
    words = [words for item in ITEMS for words in found.ids.get(item, [])]
    return [(one, float(miss)) for one, miss in zip(words, misses) if miss > 0]


def _known(found: Encoding, patients: Patients, known: pd.DataFrame) -> pd.DataFrame:
    """Times, events and labels of the search as columns, in months and as levels."""
    columns = dict(known) | dealing.outcome_columns(found, patients)
    for place, name in enumerate(found.names):
        values = [block.value for block in found.blocks[name]]
        columns[name] = pd.Series([values[code] for code in patients.code[place]], dtype=object)
    return pd.DataFrame(columns)


def _complete(problem: Problem, name: str, known: pd.DataFrame, seed: int, say: Callable[[str], None]) -> pd.DataFrame:
    """All columns of a table: labels dealt, numbers filled, keys given."""
    assumed, declared, key = problem.assumptions.of(name), problem.study.variables[name], problem.study.tables[name].key
    open_ = [
        column for column, variable in declared.items() if column not in known and column not in assumed.derived and variable.type != "id"
    ]
    table = dealing.deal(problem, name, known, open_, seed, _sizes_of_children(problem, name))
    # intervals of labels that the search moved are open inside, too
    table, missed = dealing.fill_numbers(
        problem, name, table, [column for column in declared if column in table and column not in _outcomes(problem, name)], seed
    )
    if missed:
        say(f"start {seed}: misses {', '.join(missed)}")
    if key not in table:
        table.insert(0, key, [f"{key[0].upper()}{row + 1:02d}" for row in range(len(table))])
    for column, parts in assumed.derived.items():
        table[column] = derive_column(table, parts, declared[column])
    return add_other_keys(table, declared)[list(declared)]


def _outcomes(problem: Problem, name: str) -> set[str]:
    return encoding.outcome_variables(problem) if name == problem.main else set()


def _sizes_of_children(problem: Problem, name: str) -> list[Linear]:
    """Printed sizes of the tables whose rows belong to this one's, as sums of the numbers of children."""
    found = []
    for child, assumed in problem.assumptions.tables.items():
        parent = assumed.parent
        if parent is None or parent.table != name:
            continue
        least, most = (int(end) for end in problem.study.variables[name][parent.count].ends)
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


def _children(problem: Problem, table: pd.DataFrame, seed: int, say: Callable[[str], None]) -> dict[str, pd.DataFrame]:
    """Tables whose rows belong to the main one's."""
    found = {}
    for name, assumed in problem.assumptions.tables.items():
        if assumed.parent and assumed.parent.table == problem.main:
            rows = child_rows(problem, name, table)
            found[name] = _complete(problem, name, rows, seed, say)
    return found
