"""How many rows take which combination of values: a small exact model for proofs.

Rows that agree in every variable spoken of are exchangeable, so a whole number for each
combination says all.  Leaving out what speaks of other variables only loosens the model:
its "no" is a proof for the whole, its "yes" holds for the variables spoken of.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import linprog

from analysis.cohorts.conditions import Condition
from analysis.reconstruction.counts.cell_classes import combinations_of, holds
from analysis.reconstruction.problem.blocks import blocks_of
from analysis.reconstruction.proofs.lines import Line
from analysis.reconstruction.solver import interruptible

#: Most combinations of one model.
LIMIT = 40_000
#: Deterministic time of one answer of the solver.
EFFORT = 30.0
#: Part of a row by which a line may be exceeded in fractions: more than the programme's own tolerance.
_TOLERANCE = 1e-5
#: Status of a linear programme without a solution.
_NONE = 2


class Undecided(Exception):
    """The solver reached its limit without an answer."""


class Combinations:
    """Numbers of rows by combination of the values of a few variables.

    Parameters
    ----------
    declared : mapping of name to Variable
        Variables spoken of, in any order.
    lines : iterable of Line
        Those that speak of other variables are left out.
    rules : iterable of Rule
        Likewise.
    most : int
        No combination has more rows.
    asked : iterable of Condition
        Further conditions whose rows will be counted.
    effort : float
        Deterministic time of one answer of the solver.

    Raises
    ------
    ValueError
        If there would be more than `LIMIT` combinations.
    """

    def __init__(
        self,
        declared: Mapping,
        lines: Iterable[Line],
        rules=(),
        most: int = 10_000,
        asked: Iterable[Condition] = (),
        effort: float = EFFORT,
    ):
        names = frozenset(declared)
        self.effort = effort
        self.most, self.rules = most, [rule for rule in rules if set(rule.premise.variables) | set(rule.conclusion.variables) <= names]
        self.lines = [line for line in lines if line.variables <= names]
        conditions = (
            [condition for line in self.lines for condition, _ in line.terms]
            + [c for rule in self.rules for c in (rule.premise, rule.conclusion)]
            + list(asked)
        )
        sizes = [len(blocks_of(declared[name], conditions, name)) for name in declared]
        if math.prod(sizes) > LIMIT:
            raise ValueError(f"{math.prod(sizes)} combinations of {', '.join(declared)}")
        self.combinations = combinations_of(declared, tuple(declared), conditions, self.rules)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ledger rows that the model can speak of, in order."""
        return tuple(dict.fromkeys(id for line in self.lines for id in sorted(line.ids)))

    def holds_together(self, ids: Collection[str]) -> bool | None:
        """Whether rows exist that satisfy all lines of these ids; None if the solver does not know."""
        status = interruptible.solve(self._solver(), self._model(ids)[0])
        return {cp_model.INFEASIBLE: False, cp_model.OPTIMAL: True, cp_model.FEASIBLE: True}.get(status)

    def holds_in_fractions(self, ids: Collection[str]) -> bool:
        """Whether numbers of rows exist, whole or not, that satisfy all lines of these ids: "no" is a proof, found by a linear programme."""
        kept = set(ids)
        rows, ends = self._coefficients
        chosen = [number for number, line in enumerate(self.lines) if line.ids <= kept]
        if not self.combinations or not chosen:
            return not any(line.most < 0 for line in self.lines if line.ids <= kept)
        found = linprog(np.zeros(len(self.combinations)), A_ub=rows[chosen], b_ub=ends[chosen], bounds=(0, self.most), method="highs")
        return found.status != _NONE

    @cached_property
    def _coefficients(self) -> tuple[np.ndarray, np.ndarray]:
        """Lines as rows of a matrix over combinations, each scaled to numbers of rows, with what none may exceed."""
        counted: dict[str, np.ndarray] = {}

        def column(condition: Condition) -> np.ndarray:
            key = condition.canonical
            if key not in counted:
                counted[key] = np.array([holds(condition, combination) for combination in self.combinations], float)
            return counted[key]

        rows, ends = np.zeros((len(self.lines), len(self.combinations))), np.zeros(len(self.lines))
        for number, line in enumerate(self.lines):
            for condition, weight in line.terms:
                rows[number] += weight * column(condition)
            scale = max(1.0, float(np.abs(rows[number]).max(initial=0.0)))
            rows[number] /= scale
            ends[number] = line.most / scale + _TOLERANCE
        return rows, ends

    def range(self, condition: Condition, ids: Collection[str] | None = None) -> tuple[int, int]:
        """Least and greatest number of rows that meet a condition; proven, since each end is solved to optimality or relaxed by the solver's own bound.

        Raises
        ------
        Undecided
            If the model has no solution or none was found.
        """
        ends = []
        for sign in (1, -1):
            model, numbers = self._model(self.ids if ids is None else ids)
            model.minimize(sign * self._counted(condition, numbers))
            solver = self._solver()
            status = interruptible.solve(solver, model)
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                raise Undecided(f"no rows found that satisfy {len(self.ids)} printed numbers")
            ends.append(sign * math.ceil(solver.best_objective_bound - 1e-6))
        return ends[0], ends[1]

    def _counted(self, condition: Condition, numbers):
        return sum(number for number, combination in zip(numbers, self.combinations) if holds(condition, combination))

    def _model(self, ids: Collection[str]):
        kept, model = set(ids), cp_model.CpModel()
        numbers = [model.new_int_var(0, self.most, "") for _ in self.combinations]
        for line in self.lines:
            if line.ids <= kept:
                total = sum(weight * self._counted(condition, numbers) for condition, weight in line.terms)
                if isinstance(total, int):
                    if total > line.most:
                        model.add_bool_or([])
                else:
                    model.add(total <= line.most)
        return model, numbers

    def _solver(self) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = self.effort
        return solver
