"""Any cohort: who the patients are, and what is not known of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts import conditions
from analysis.cohorts.conditions import MISSING, Clause, Condition
from analysis.cohorts.reading import ABSENT
from analysis.cohorts.selection import COHORT
from analysis.cohorts.study_parts import Variable
from analysis.errors import Undefined
from analysis.estimators.ensemble_range import Sampled, over
from analysis.pages.any_cohort import disclosure_control
from analysis.pages.any_cohort.base import EVERYBODY, GeneralSection
from analysis.pages.guards import where_it_applies
from analysis.pages.section import table
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
    def baseline(self, caption: str = "Patients") -> View | HTML:
        """Counts of every category and truth value, medians and quartiles of every measurement, in all and by group.

        Parameters
        ----------
        caption : str
        """
        if self.page.protection:
            columns = {EVERYBODY: Condition()} | (self.page.conditions() if self.page.grouping else {})
            return disclosure_control.patients(self.page.released, columns, self._labels(), self._without_outcomes(caption))
        found = over(self.page.cohort_numbers(), self._described)
        if (EVERYBODY, "", "") not in found:
            raise Undefined(found["value"].why)
        columns = [EVERYBODY, *(self.page.called(level) for level in (self.page.levels() if self.page.grouping else ()))]
        groups = {EVERYBODY: Condition()} | (self.page.conditions() if self.page.grouping else {})
        rows = [["Patients", *(_count(found[column, "", ""], self._searched_count(groups[column])) for column in columns)]]
        for name, variable in self._shown(self.page.everybody()).items():
            if _measured(variable):
                unit = f" ({variable.unit})" if variable.unit else ""
                rows.append(
                    [
                        f"{self.page.label(name)}{unit}, median (quartiles)",
                        *(_quartiles([found[column, name, p] for p in _QUARTILES]) for column in columns),
                    ]
                )
                continue
            for level, words in disclosure_control.levels(variable).items():
                cells = [
                    _count(found[column, name, level], self._searched_count(groups[column] & disclosure_control.level_is(name, level)))
                    for column in columns
                ]
                rows.append([f"{self.page.label(name)}: {words}", *cells])
        return self.page.patients_table(["", *columns], rows, self._without_outcomes(caption))

    def _searched_count(self, where: Condition) -> str:
        return self.page.searched_of_patients("count", where, {})

    def _described(self, member: int) -> dict[_Place, float]:
        """Every number of the table on one cohort; quartiles are NaN where no value is known."""
        frame = self.page.everybody(member)
        chosen: dict[str, np.ndarray] = {EVERYBODY: np.ones(len(frame), bool)}
        if self.page.grouping:
            groups = self.page.groups_in(frame)
            chosen |= {self.page.called(level): (groups == level).to_numpy() for level in self.page.levels()}
        numbers: dict[_Place, float] = {(column, "", ""): int(inside.sum()) for column, inside in chosen.items()}
        for name, variable in self._shown(frame).items():
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

    def _shown(self, frame: pd.DataFrame) -> dict[str, Variable]:
        absent = frame.attrs.get(ABSENT, ())
        return {
            name: variable
            for name, variable in self.page.opened.study.variables[COHORT].items()
            if name not in absent and variable.type != "id" and self.page.opened.study.countable(name)
        }

    def _without_outcomes(self, caption: str) -> str:
        """The caption with what is not counted, as it is known of all follow-up and that is censored."""
        left = [
            self.page.label(name)
            for name, variable in self.page.opened.study.variables[COHORT].items()
            if variable.type != "id" and not self.page.opened.study.countable(name)
        ]
        return f"{caption} (not counted, as known of all follow-up: {', '.join(left)})" if left else caption

    def _labels(self) -> dict[str, str]:
        return {name: self.page.label(name) for name in self.page.opened.study.variables[COHORT]}

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
                        self.page.label(name),
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


def _count(found: Sampled, searched: str) -> str:
    return begin_with_range(replace(found, searched=searched), f"{found.reference:g}", lambda value: f"{value:g}")


def _quartiles(found: list[Sampled]) -> str:
    """The median over the cohorts, and with its quartiles on the reference cohort."""
    low, middle, high = (one.reference for one in found)
    told = f"{number(middle, 1)} ({number(low, 1)} to {number(high, 1)})" if found[1].defined else "unknown"
    return begin_with_range(found[1], told, lambda value: number(value, 1))
