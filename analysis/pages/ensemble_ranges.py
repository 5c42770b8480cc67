"""Results over the cohorts of a page: the value on the reference and the range over the ensemble, and what to say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from typing import Any, TypeVar

import pandas as pd

from analysis.cohorts import conditions
from analysis.cohorts.ensemble import count_structures
from analysis.errors import NotShown, Undefined
from analysis.estimators import ensemble_range
from analysis.estimators.engines.shown import kernels
from analysis.estimators.ensemble_range import Sampled
from analysis.estimators.regression import cox
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics.registry import Range
from analysis.ledger.verdicts.recompute import CohortValues
from analysis.pages.base import Base
from analysis.reconstruction.problem.aims import Aim
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.ranges import record as ends
from analysis.tables import range_sentences
from analysis.tables.estimates import Result, estimates_table
from analysis.tables.html.view import View
from analysis.tables.sentences import Statement

Drawn = TypeVar("Drawn")


class Ranges(Base):
    """A page whose results are shown over an ensemble."""

    def others(self) -> range:
        """Numbers of the members whose range is drawn."""
        return range(1, len(self.opened.cohorts))

    def of_members(self, function: Callable[[int], Drawn]) -> list[Drawn]:
        """A function of the number of each member whose range is drawn, by this project's kernels alone; none where it is `Undefined`."""
        found = []
        with kernels():
            for number in self.others():
                with suppress(Undefined):
                    found.append(function(number))
        return found

    def over(
        self, function: Callable[[pd.DataFrame], float | Mapping[str, Any]], population: str = "all", searched: str = ""
    ) -> dict[str, Sampled]:
        """A function of a population's rows: reference value and range over the ensemble, by name.

        Parameters
        ----------
        function : callable
            Of a DataFrame to a number or to numbers by name; `analysis.errors.Undefined` means that it does not exist there.
        population : str
            Declared name.
        searched : str
            What `searched` says of the value.
        """
        return self.over_many(lambda frames: ensemble_range.each(function, frames), population, searched)

    def over_many(
        self,
        function: Callable[[Sequence[pd.DataFrame | Undefined]], Sequence[float | Mapping[str, Any] | Undefined]],
        population: str = "all",
        searched: str = "",
    ) -> dict[str, Sampled]:
        """As `over`, by a function of the population's rows in many cohorts at once, as a kernel of arrays members × patients needs it.

        Parameters
        ----------
        function : callable
            As `ensemble_range.over_many` describes it; a cohort without these rows is the `Undefined` that says so.
        population, searched : str
            As of `over`.
        """
        if not self.values:
            raise self.without_rows()
        table = self.opened.study.populations[population].table
        # a table may be saved for fewer members than another: the others say nothing of it
        holding = [values for number, values in enumerate(self.values) if not number or table in values.tables]
        found = ensemble_range.over_many(
            holding, lambda some: function(ensemble_range.each(lambda values: self.population_in(values, population), some))
        )
        return found | ({"value": replace(found["value"], searched=searched)} if searched and "value" in found else {})

    def range_of(self, id: str, convention: str | None = None) -> Sampled:
        """A ledger row on the cohorts: reference value and range over the ensemble, by default under its verdict's convention."""
        row = self.opened.ledger[id]
        if not self.values:
            raise self.without_rows()
        if not self.values[0].has(row):
            raise Undefined(f"no available table has the variables that “{row.quantity}” needs")
        convention = self.convention(id) if convention is None else convention
        reference = ensemble_range.over(self.values[:1], partial(value_of, row=row, convention=convention))["value"]
        others = self.opened.members.numbers(row, convention)
        self.opened.members.remember()
        searched = self.searched(row.statistic, row.population, lambda arguments: arguments == row.arguments, str(row.subset))
        return replace(ensemble_range.of([reference.reference, *others], reference.why), searched=searched)

    def value_of(self, id: str) -> float:
        """A ledger row's value: from printed counts where it follows from them, else on the reference cohort.

        On a reader's own cohort always the cohort's. NaN where there is none.

        Raises
        ------
        Undefined
            If the patients need protection: they have ranges, not values.
        """
        if self.protection:
            raise NotShown()
        judgement = self.judged[id]
        if judgement.evidence == "counts" and judgement.values:
            names = [
                judgement.convention.split("; ")[0],
                *self.opened.study.named_conventions(judgement.row.statistic),
                judgement.row.registered.default,
            ]
            value = judgement.values[next((name for name in names if name in judgement.values), next(iter(judgement.values)))]
            return (float(value.low) + float(value.high)) / 2 if isinstance(value, Range) else float(value)
        return self.range_of(id).reference if self.values and self.values[0].has(judgement.row) else float("nan")

    def convention(self, id: str) -> str:
        """Convention under which a row is recomputed: that of its verdict, else the first that the paper names."""
        if not self.values:
            raise self.without_rows()
        row, values = self.opened.ledger[id], self.values[0].of(self.opened.ledger[id])
        judged_by = self.judged[id].convention.split("; ")[0]
        named = (*self.opened.study.named_conventions(row.statistic), row.registered.default)
        return next((name for name in (judged_by, *named) if name in values), next(iter(values)))

    def _count_structures(self, members: int) -> int:
        """Structures of the cohorts that a range is over: of all, or of those that hold a table that others lack; 0 where nobody has counted."""
        if self.own or not self.values:
            return 0
        holding = ([place for place, values in enumerate(self.values[1:]) if table in values.tables] for table in self.opened.study.tables)
        return count_structures(self.opened.study, next((places for places in holding if len(places) == members < self.members), None))

    def structures(self, members: int) -> str:
        """Of how many structures so many cohorts are, in words; empty where nobody has counted."""
        count = self._count_structures(members)
        return "" if not count else " with the same order of deaths" if count == 1 else f" with {count} different orders of deaths"

    def over_cohorts(self, what: str, found: Sampled, told: str, **how: Any) -> Statement:
        """`range_sentences.describe_range` with of how many structures this page's cohorts are."""
        count = self._count_structures(found.members)
        structures = "" if not count else "one order of deaths" if count == 1 else f"{count} different orders of deaths"
        return range_sentences.describe_range(what, found, told, structures=structures, **how)

    def with_structures(self, caption: str, members: int | None = None) -> str:
        """A figure's caption with how many structures its range is over; of all members if it is not said of how many."""
        count = self._count_structures(self.members if members is None else members) if self.members else 0
        told = f"The cohorts have {count} different orders of deaths." if count > 1 else "All cohorts have the same order of deaths."
        return f"{caption} {told}".strip() if count else caption

    def results_table(self, results: Sequence[Result], caption: str) -> View:
        """`estimates_table` with what is to be said of the ranges of this page's cohorts."""
        ranges = [result.range for result in results if result.range is not None]
        note = self._note_on_ranges(max((found.members for found in ranges), default=0), any(found.searched for found in ranges))
        return estimates_table(results, caption=caption, level=self.level, note=note)

    @cached_property
    def _searched(self) -> tuple[Aim, ...]:
        """Quantities of whose ranges both ends were searched for; none of a reader's own patients, or of part of a study's."""
        if not self.compared or not self.members or not (self.opened.study.folder / ends.FOUND).is_file():
            return ()
        return ends.searched_aims(read_problem(self.opened.study.folder))

    def searched(self, statistic: str, population: str, fits: Callable[[Mapping[str, str]], bool], where: str = "") -> str:
        """What is to be said of a range both ends of which were searched for; empty where they were not, or not of just this quantity.

        Parameters
        ----------
        statistic, population : str
            Registered and declared names.
        fits : callable
            Of the searched quantity's arguments: whether they ask for the same.
        where : str
            Condition on the rows of the population; the searched quantity may name the same rows in another way.
        """
        for aim in self._searched:
            if aim.statistic == statistic and fits(aim.arguments) and self._same_rows(aim, population, where):
                return "both ends of the range searched for" + (
                    f" ({aim.convention.capitalize()} ties)" if aim.convention in cox.TIES else ""
                )
        return ""

    def _same_rows(self, aim: Aim, population: str, where: str) -> bool:
        """Whether a searched quantity is of the same rows, in every cohort."""
        asked = conditions.parse(where)
        if (aim.population, str(aim.row.subset)) == (population, str(asked)):
            return True
        populations = self.opened.study.populations
        tables = {populations[name].table for name in (aim.population, population)}
        if len(tables) > 1:
            return False
        rows = [
            (values.population(aim.population), values.population(population)) for values in self.values if tables <= set(values.tables)
        ]
        return all(theirs.index[aim.row.subset.mask(theirs)].equals(ours.index[asked.mask(ours)]) for theirs, ours in rows)

    def _note_on_ranges(self, members: int, searched: bool = False) -> str:
        """What is to be said below a table of ranges over so many cohorts, some of which may have been searched for their ends."""
        but = ", except where both ends were searched for" * searched
        return f"Ranges across {members} cohorts{self.structures(members)}, all compatible with the printed numbers: inner bounds{but}, not confidence intervals."


def value_of(values: CohortValues, row: Row, convention: str) -> float:
    """Value of a ledger row on a cohort under a convention.

    Raises
    ------
    Undefined
        If the cohort allows a range of values, not one.
    """
    value = values.of(row)[convention]
    if isinstance(value, Range):
        raise Undefined("a cohort gives a range for it, not a single value")
    return float(value)
