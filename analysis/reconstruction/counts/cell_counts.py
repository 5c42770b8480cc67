"""Labels of a large table, by counting: how many exchangeable rows take which levels.

Rows that agree in everything the constraints can see are one class; a whole-number
variable counts the rows of a class that take a combination of levels.  A registry of a
thousand rows becomes a few hundred variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from ortools.sat.python import cp_model

from analysis.cohorts.conditions import Condition
from analysis.reconstruction.counts.cell_classes import classes, combinations_of, holds, meets_all
from analysis.reconstruction.counts.cell_targets import rake, random_weights
from analysis.reconstruction.problem.assumptions import Rule
from analysis.reconstruction.solver import interruptible
from analysis.reconstruction.solver.timeline import NoSolution


@dataclass(frozen=True)
class Linear:
    """``low ≤ Σ weight × rows that meet the condition ≤ high``.

    Attributes
    ----------
    terms : tuple of (Condition, int)
    low, high : int
    name : str
        A ledger id, or where the constraint comes from.
    """

    terms: tuple[tuple[Condition, int], ...]
    low: int
    high: int
    name: str

    @property
    def variables(self) -> set[str]:
        """Names of the variables it speaks of."""
        return {name for condition, _ in self.terms for name in condition.variables}


class Counts:
    """Whole-number model of how many rows of each class take which levels.

    Parameters
    ----------
    declared : mapping of name to Variable
        Of the whole table.
    table : DataFrame, shape (rows, decided columns)
        For `fixed` rows it holds the variables to be filled, too.
    names : sequence of str
        Variables to fill together (categories, booleans, or whole numbers of few values).
    constraints : iterable of Linear
        Those that speak of anything undecided, or of `names` not at all, are left out.
    rules : iterable of Rule
    fixed : ndarray of bool, shape (rows,), optional
        Rows that are already complete.

    Raises
    ------
    NoSolution
        If a constraint fails whatever the counts are.
    """

    def __init__(self, declared: Mapping, table: pd.DataFrame, names: Sequence[str], constraints: Iterable[Linear], rules: Iterable[Rule],
                 fixed: np.ndarray | None = None):  # fmt: skip
        self.table, self.names = table, tuple(names)
        self.fixed = np.zeros(len(table), bool) if fixed is None else fixed
        seen = set(table.columns) | set(names)
        asked = [line for line in constraints if line.variables <= seen and line.variables & set(names)]
        spoken = [(rule, set(rule.premise.variables) | set(rule.conclusion.variables)) for rule in rules]
        kept = [rule for rule, words in spoken if words <= seen and words & set(names)]
        conditions = [c for line in asked for c, _ in line.terms] + [c for rule in kept for c in (rule.premise, rule.conclusion)]
        self.members = classes(table[~self.fixed], conditions, set(table.columns) - set(names))
        self.combinations = combinations_of(declared, names, conditions, kept)
        self.model, self.counts, self.sums = cp_model.CpModel(), {}, list[tuple]()
        for number, rows in enumerate(self.members):
            sample = table.loc[rows[:1]]
            for place, combination in enumerate(self.combinations):
                if not any(
                    meets_all(rule.premise, sample, combination) and not meets_all(rule.conclusion, sample, combination) for rule in kept
                ):
                    self.counts[number, place] = self.model.new_int_var(0, len(rows), "")
            self.model.add(sum(count for key, count in self.counts.items() if key[0] == number) == len(rows))
        for line in asked:
            self._add(line)

    def number(self, condition: Condition):
        """Rows that meet a condition: those that are complete, and the keys of the counts of the others."""
        already = int(condition.mask(self.table[self.fixed]).sum()) if self.fixed.any() else 0
        outer = Condition(tuple(clause for clause in condition.clauses if clause.variable not in self.names))
        inner = Condition(tuple(clause for clause in condition.clauses if clause.variable in self.names))
        groups = [number for number, rows in enumerate(self.members) if outer.mask(self.table.loc[rows[:1]])[0]]
        places = [place for place, combination in enumerate(self.combinations) if holds(inner, combination)]
        return already, [(number, place) for number in groups for place in places if (number, place) in self.counts]

    def _add(self, line: Linear) -> None:
        parts = [(weight, *self.number(condition)) for condition, weight in line.terms]
        total = sum(weight * (already + sum(self.counts[key] for key in keys)) for weight, already, keys in parts)
        if isinstance(total, int):
            if not line.low <= total <= line.high:
                raise NoSolution(line.name, proven=True)
            return
        self.model.add_linear_constraint(total, line.low, line.high)
        if len(parts) == 1 and parts[0][0] == 1:
            self.sums.append((parts[0][2], line.low - parts[0][1], line.high - parts[0][1]))

    def range(self, condition: Condition, effort: float = 2.0) -> tuple[int, int]:
        """Least and greatest number of rows that can meet a condition (bounds proven by the solver)."""
        already, keys = self.number(condition)
        ends = []
        for objective in (self.model.minimize, self.model.maximize):
            objective(sum(self.counts[key] for key in keys))
            solver = self._solved(0, effort)
            ends.append(already + round(solver.best_objective_bound))
        self.model.clear_objective()
        return ends[0], ends[1]

    def solve(self, seed: int, effort: float = 2.0, spread: float = 0.0, lean: np.ndarray | None = None) -> pd.DataFrame:
        """The table with the columns filled, near to a random one with the right margins.

        Parameters
        ----------
        seed : int
        effort : float
            Deterministic time of the solver.
        spread : float
            How strongly columns hang together in the random table: standard deviation of the
            logarithm of each count about independence.
        lean : array of float, shape (rows,), optional
            What draws rows of a class to the same levels, in units of the spread of chance; by default chance alone deals them.

        Raises
        ------
        NoSolution
        """
        rng = np.random.default_rng(seed)
        weights = random_weights(self.combinations, rng)
        targets = {key: len(self.members[key[0]]) * weights[key[1]] for key in self.counts}
        if spread:
            targets = {key: target * np.exp(rng.normal(0, spread)) for key, target in targets.items()}
        near = rake(targets, self.sums, self.members)
        self.model.minimize(sum(distance_to(self.model, count, round(near[key])) for key, count in self.counts.items()))
        solver = self._solved(seed, effort)
        values = {key: solver.Value(count) for key, count in self.counts.items()}
        return _write(self.table, self.names, self.members, self.combinations, values, rng, lean)

    def _solved(self, seed: int, effort: float) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers, solver.parameters.random_seed = 1, seed
        solver.parameters.max_deterministic_time = effort
        status = interruptible.solve(solver, self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise NoSolution(f"counts of {', '.join(self.names)}", proven=status == cp_model.INFEASIBLE)
        return solver


def distance_to(model: cp_model.CpModel, number, wish: int):
    """A variable that is at least the distance of a number from a wish."""
    distance = model.new_int_var(0, 10**6, "")
    model.add(distance >= number - wish)
    model.add(distance >= wish - number)
    return distance


def _write(table, names, members, combinations, values, rng, lean) -> pd.DataFrame:
    """The table with each class's counts dealt to its rows at random, or in the order to which they lean."""
    columns = {name: pd.Series(table.get(name), index=table.index, dtype=object) for name in names}
    places = range(len(combinations)) if lean is None else rng.permutation(len(combinations))
    keys = None if lean is None else pd.Series(lean + rng.gumbel(size=len(table)), index=table.index)
    for number, rows in enumerate(members):
        dealt = [place for place in places for _ in range(values.get((number, place), 0))]
        ordered = rng.permutation(np.array(rows, dtype=object)) if keys is None else keys.loc[rows].sort_values().index
        for row, place in zip(ordered, dealt):
            for name in names:
                columns[name][row] = combinations[place][name].value
    return table.assign(**columns)
