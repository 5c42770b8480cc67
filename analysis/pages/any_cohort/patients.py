"""Any cohort: who the patients are, and what is not known of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts import conditions
from analysis.cohorts.conditions import MISSING, Clause, Condition, parse
from analysis.cohorts.reading import ABSENT
from analysis.cohorts.selection import COHORT
from analysis.cohorts.study_parts import Variable
from analysis.errors import Undefined
from analysis.estimators.ensemble_range import Sampled, over
from analysis.pages.any_cohort import disclosure_control
from analysis.pages.any_cohort.base import EVERYBODY, GeneralSection
from analysis.pages.guards import where_it_applies
from analysis.pages.section import table
from analysis.tables.html.typography import sentence_case
from analysis.tables.html.view import View
from analysis.tables.range_sentences import begin_with_range
from analysis.tables.sentences import number

#: Column, variable, and a level of it, or which of `_QUARTILES`.
_Place = tuple[str, str, str | float]
_QUARTILES = (0.25, 0.5, 0.75)


class GeneralPatients(GeneralSection):
    """The patients themselves."""

    @table
    @where_it_applies
    def baseline(self, caption: str = "Patients", later: bool = False) -> View | HTML:
        """Number and percentage of every category and truth value, median and quartiles of every measurement, in all and by group.

        Parameters
        ----------
        caption : str
        later : bool
            What becomes known during follow-up (treatment, response, outcome) in place of what is known at the start.
        """
        if not self._part(later):
            raise Undefined("the study declares no variable that becomes known during follow-up" if later else "the study declares none")
        if self.page.protection:
            columns = {EVERYBODY: Condition()} | (self.page.conditions() if self.page.grouping else {})
            shown = self._part(later)
            return disclosure_control.patients(self.page.released, columns, shown, self._labels(), self._without_outcomes(caption, later))
        found = over(self.page.cohort_numbers(), partial(self._described, later))
        if (EVERYBODY, "", "") not in found:
            raise Undefined(found["value"].why)
        columns = [EVERYBODY, *(self.page.called(level) for level in (self.page.levels() if self.page.grouping else ()))]
        groups = {EVERYBODY: Condition()} | (self.page.conditions() if self.page.grouping else {})
        rows = [["Patients", *(_count(found[column, "", ""], self._searched_count(groups[column])) for column in columns)]]
        for name, variable in self._shown(self.page.everybody(), later).items():
            if _measured(variable):
                unit = f" ({variable.unit})" if variable.unit else ""
                rows.append(
                    [
                        f"{sentence_case(self._called(name))}{unit}, median (quartiles)",
                        *(_quartiles([found[column, name, p] for p in _QUARTILES]) for column in columns),
                    ]
                )
                continue
            for level, words in disclosure_control.rows_of(variable).items():
                cells = [
                    _count(
                        found[column, name, level],
                        self._searched_count(groups[column] & disclosure_control.level_is(name, level)),
                        of=found[column, "", ""].reference,
                    )
                    for column in columns
                ]
                rows.append([disclosure_control.row_name(self._called(name), words), *cells])
        return self.page.patients_table(["", *columns], rows, self._without_outcomes(f"{caption}, n (%) unless stated otherwise", later))

    def _searched_count(self, where: Condition) -> str:
        return self.page.searched_of_patients("count", where, {})

    def _described(self, later: bool, member: int) -> dict[_Place, float]:
        """Every number of the table on one cohort; quartiles are NaN where no value is known."""
        frame = self.page.everybody(member)
        chosen: dict[str, np.ndarray] = {EVERYBODY: np.ones(len(frame), bool)}
        if self.page.grouping:
            groups = self.page.groups_in(frame)
            chosen |= {self.page.called(level): (groups == level).to_numpy() for level in self.page.levels()}
        numbers: dict[_Place, float] = {(column, "", ""): int(inside.sum()) for column, inside in chosen.items()}
        for name, variable in self._shown(frame, later).items():
            if _measured(variable):
                values = frame[name].astype("Float64").to_numpy(float, na_value=np.nan)
                for column, inside in chosen.items():
                    known = values[inside & ~np.isnan(values)]
                    numbers |= {(column, name, p): float(np.quantile(known, p)) if len(known) else float("nan") for p in _QUARTILES}
                continue
            places, written = conditions.written_levels(frame[name])
            for column, inside in chosen.items():
                # counted once for all levels, as there are many of them in each of many cohorts
                counts = Counter(written[place] if place >= 0 else MISSING for place in places[inside].tolist())
                numbers |= {(column, name, level): counts[level] for level in disclosure_control.levels(variable)}
        return numbers

    def _shown(self, frame: pd.DataFrame, later: bool) -> dict[str, Variable]:
        absent = frame.attrs.get(ABSENT, ())
        countable = self.page.opened.study.countable
        return {name: variable for name, variable in self._part(later).items() if name not in absent and countable(name)}

    def _part(self, later: bool) -> dict[str, Variable]:
        """Variables known at the start or only later, without what divides the columns and what numbers a patient's rows."""
        study = self.page.opened.study
        outcomes = {name for endpoint in study.endpoints.values() if endpoint.table == COHORT for name in (endpoint.time, endpoint.event)}
        first = study.tables[COHORT].first
        left_out = {self.page.grouping, *(parse(first).variables if first else ())}
        return {
            name: variable
            for name, variable in study.variables[COHORT].items()
            if variable.type != "id" and name not in left_out and later == (variable.known == "later" or name in outcomes)
        }

    def _without_outcomes(self, caption: str, later: bool) -> str:
        """The caption with what is not counted, as it is known of all follow-up and that is censored."""
        left = [self._called(name) for name in self._part(later) if not self.page.opened.study.countable(name)]
        return f"{caption} (not counted, as known of all follow-up: {', '.join(left)})" if left else caption

    def _called(self, name: str) -> str:
        """What a variable is called; the time of what comes later, whose label is that of the origin of a curve, as a time."""
        times = {variable.time for variable in self.page.opened.study.variables[COHORT].values()}
        return f"time to {self.page.label(name)}" if name in times else self.page.label(name)

    def _labels(self) -> dict[str, str]:
        return {name: self._called(name) for name in self.page.opened.study.variables[COHORT]}

    @table
    @where_it_applies
    def missing_values(self, caption: str = "Missing values") -> View | HTML:
        """Columns that the cohort lacks, and in how many patients a value is missing.

        Parameters
        ----------
        caption : str
        """
        if self.page.protection:
            return disclosure_control.missing(self.page.released, self._labels(), caption)
        absent = self.page.everybody().attrs.get(ABSENT, ())
        rows = [[", ".join(absent), "no such column"]] if absent else []
        for name, found in over(self.page.cohort_numbers(), self._gaps).items():
            if max(found.reference, found.high if found.ranged else 0):
                searched = self._searched_count(Condition((Clause(name, "=", (MISSING,)),)))
                rows.append(
                    [
                        sentence_case(self._called(name)),
                        begin_with_range(
                            replace(found, searched=searched),
                            f"{found.reference:g} of {len(self.page.everybody())}",
                            lambda value: f"{value:g}",
                        ),
                    ]
                )
        return self.page.patients_table(["Column", "Missing"], rows or [["every column", "nothing"]], caption)

    def _gaps(self, member: int) -> dict[str, int]:
        """In how many patients of a cohort a value of each column is missing."""
        frame = self.page.everybody(member)
        return frame[frame.columns.difference(frame.attrs.get(ABSENT, ()), sort=False)].isna().sum().to_dict()


def _measured(variable: Variable) -> bool:
    return variable.type in ("integer", "number")


def _count(found: Sampled, searched: str, of: float = 0) -> str:
    """A count, and what percentage it is of the patients in its column."""
    share = f" ({100 * found.reference / of:.0f}%)" if of else ""
    return begin_with_range(replace(found, searched=searched), f"{found.reference:g}{share}", lambda value: f"{value:g}")


def _quartiles(found: list[Sampled]) -> str:
    """The median over the cohorts, and with its quartiles on the reference cohort."""
    low, middle, high = (one.reference for one in found)
    told = f"{number(middle, 1)} ({number(low, 1)}–{number(high, 1)})" if found[1].defined else "unknown"
    return begin_with_range(found[1], told, lambda value: number(value, 1))
