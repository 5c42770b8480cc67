"""Recomputing a ledger row: from other printed numbers, or on a cohort."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from analysis.cohorts import conditions
from analysis.cohorts.reading import ABSENT
from analysis.cohorts.study import Study
from analysis.estimators.engines.shown import kernels, shown
from analysis.ledger.rows.expressions import Expression, Sources
from analysis.ledger.rows.rounding import attainable
from analysis.ledger.rows.row import Ledger, Row
from analysis.ledger.statistics import groups as grouping
from analysis.ledger.statistics.lazy import Lazy
from analysis.ledger.statistics.registry import Cell, Cells, Sample, Values

SHARES = ("count", "percent")
"""Statistics of how many of a population meet a row's subset."""

Tables = Mapping[str, pd.DataFrame]
Keep = Callable[[Row, Callable[[], Values]], Values]


def from_printed(ledger: Ledger, row: Row, sources: Sources) -> Values:
    """Values of a row that follow from other printed rows, by convention.

    Counts are exact; of any other printed number every value that rounds to it is
    attainable.

    Parameters
    ----------
    ledger : Ledger
    row : Row
        Whose statistic and arguments count.
    sources : Sources
        The rows it follows from: its own ``from``, or that of the row it copies.
    """
    cells = Cells(
        [[_cell(ledger, cell) for cell in cells] for cells in sources.rows],
        [[_cell(ledger, cell) for cell in cells] for cells in sources.no_data],
        row.arguments,
    )
    recompute = row.registered.from_printed
    if recompute is None:  # a ledger is checked when it is read
        raise ValueError(f"{row.id}: {row.statistic!r} does not follow from printed numbers")
    with shown():
        values = recompute(cells)
    if isinstance(values, Lazy):
        values.within = shown
    return values


def _cell(ledger: Ledger, expression: Expression) -> Cell:
    value, low, high = Fraction(0), Fraction(0), Fraction(0)
    for sign, id in expression.terms:
        source = ledger[id]
        ends = (Fraction(source.value.value),) * 2 if source.registered.kind == "exact" else attainable(source.value)
        value += sign * Fraction(source.value.value)
        low += sign * ends[0 if sign > 0 else 1]
        high += sign * ends[1 if sign > 0 else 0]
    return Cell(value, low, high)


def collect_variables(row: Row, study: Study) -> set[str]:
    """Variables that a row speaks of, among other words of its arguments."""
    found = {*study.populations[row.population].condition.variables, *row.subset.variables}
    for key, value in row.arguments.items():
        if key not in ("groups", "levels"):  # values, not variables
            found.update(re.findall(r"[A-Za-z_]\w*", str(value)))
    if "endpoint" in row.arguments:
        endpoint = study.endpoints[row.arguments["endpoint"]]
        found |= {endpoint.time, endpoint.event}
    return found


def require_countable(row: Row, study: Study) -> None:
    """Refuse a row that counts by what is known only in the course of follow-up, where that is censored.

    Raises
    ------
    Undefined
    """
    if "endpoint" not in row.arguments:
        study.require_countable(collect_variables(row, study))


class CohortValues:
    """Values of ledger rows on one cohort, what rows share being computed once.

    Parameters
    ----------
    study : Study
    tables : mapping of str to DataFrame
        The cohort's tables as the study declares them.
    is_shown : bool
        Whether values are those of the libraries that have the method, as of the cohort that is shown; else this project's
        kernels evaluate it, as a member of an ensemble.
    strict : bool
        As in `analysis.estimators.engines.shown.shown`: for published cohorts; patients whom a person chose fail no page.
    keep : callable, optional
        Of a row and what evaluates it, to its values, some of which may be known from earlier (`Members.of_reference`).
    """

    def __init__(self, study: Study, tables: Tables, is_shown: bool = False, strict: bool = True, keep: Keep | None = None):
        self._is_shown, self._strict, self._keep = is_shown, strict, keep
        self.study = study
        self.tables = tables
        self._cache: dict[Any, Any] = {}
        self._populations: dict[str, pd.DataFrame] = {}

    def population(self, name: str) -> pd.DataFrame:
        """Rows of a declared population."""
        if name not in self._populations:
            declared = self.study.populations[name]
            frame = self.tables[declared.table]
            mask = declared.condition.mask(frame)
            self._populations[name] = frame if mask.all() else frame[mask]
        return self._populations[name]

    def has(self, row: Row) -> bool:
        """Whether the cohort has the table that the row speaks of."""
        return self.study.populations[row.population].table in self.tables

    def lacking(self, row: Row) -> tuple[str, ...]:
        """Columns that the row speaks of and that a cohort of somebody's own does not have."""
        absent = self.tables[self.study.populations[row.population].table].attrs.get(ABSENT, ())
        asked = collect_variables(row, self.study) if absent else ()
        return tuple(name for name in absent if name in asked)

    def of(self, row: Row) -> Values:
        """Values of a row by convention; NaN where it is undefined on this cohort.

        Raises
        ------
        Undefined
            If the statistic does not exist, or would count what censored follow-up does not know.
        """
        require_countable(row, self.study)
        return self._evaluate(row) if self._keep is None else self._keep(row, lambda: self._evaluate(row))

    def _evaluate(self, row: Row) -> Values:
        with self._engines():
            values = row.registered.from_cohort(self._sample(row))
        if isinstance(values, Lazy):
            values.within = self._engines
        return values

    def _engines(self) -> AbstractContextManager[Any]:
        return shown(self._strict) if self._is_shown else kernels()

    def size(self, row: Row) -> tuple[int, int | None]:
        """Patients that a row's value rests on, and how many of them have its endpoint's event, None without an endpoint.

        Of a share, those that it is a share of; of a comparison, those of its groups; of a model, those whose covariates are known.
        """
        sample = self._sample(row)
        event = None
        if "endpoint" in row.arguments:
            _, event, frame = sample.times()
        else:
            frame = sample.population if row.statistic in SHARES else sample.frame
        inside = np.ones(len(frame), dtype=bool)
        if "by" in row.arguments:
            inside &= grouping.split(frame, row.arguments, sample.declared)[1] >= 0
        if "landmark" in row.arguments:
            inside &= sample.times()[0] >= float(row.arguments["landmark"])
        asked = [name for key in ("variable", "outcome", "first", "second", "expected") if (name := row.arguments.get(key))] + list(
            grouping.names(row.arguments.get("covariates", ""))
        )
        for name in asked:
            one = grouping.trend_of(name) or name
            variables = [one] if one in sample.declared else conditions.parse(one).variables
            inside &= frame[list(variables)].notna().all(axis=1).to_numpy()
        return int(inside.sum()), None if event is None else int(event[inside].sum())

    def _sample(self, row: Row) -> Sample:
        population = self.population(row.population)
        return Sample(
            study=self.study,
            table=self.study.populations[row.population].table,
            population=population,
            chosen=row.subset.mask(population) if row.subset.clauses else np.ones(len(population), dtype=bool),
            arguments=row.arguments,
            tables=self.tables,
            condition=row.subset,
            identity=(row.population, str(row.subset)),
            cache=self._cache,
        )


class StackedMembers:
    """Members of an ensemble one below the other, so that a condition is looked up once for all of them.

    Parameters
    ----------
    study : Study
    members : sequence of mapping of str to DataFrame
        Typed tables of each.
    """

    def __init__(self, study: Study, members: Sequence[Tables]):
        self._study, self._members = study, members
        self._tables: dict[str, tuple[pd.DataFrame, np.ndarray, int]] = {}
        self._masks: dict[tuple[str, str], np.ndarray] = {}

    def counts(self, row: Row) -> list[tuple[int, int]]:
        """How many rows of a row's population meet its subset, and how many there are: a pair a member that has the table.

        Raises
        ------
        Undefined
            As `CohortValues.of`.
        """
        require_countable(row, self._study)
        population = self._study.populations[row.population]
        _, place, number = self._stacked(population.table)
        inside = self._mask(population.table, population.condition)
        chosen = inside & self._mask(population.table, row.subset)
        return list(zip(*(np.bincount(place[met], minlength=number).tolist() for met in (chosen, inside)), strict=True))

    def _stacked(self, table: str) -> tuple[pd.DataFrame, np.ndarray, int]:
        """A table of all members that have it, the place of each row's member among these, and their number."""
        if table not in self._tables:
            frames = [tables[table] for tables in self._members if table in tables]
            place = np.repeat(np.arange(len(frames)), [len(frame) for frame in frames])
            self._tables[table] = pd.concat(frames, ignore_index=True), place, len(frames)
        return self._tables[table]

    def _mask(self, table: str, condition: conditions.Condition) -> np.ndarray:
        key = table, condition.canonical
        if key not in self._masks:
            self._masks[key] = condition.mask(self._stacked(table)[0])
        return self._masks[key]
