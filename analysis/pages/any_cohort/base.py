"""The patients of a page that is bound to no paper: one endpoint, perhaps groups, perhaps a later time origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import Condition
from analysis.cohorts.reading import ABSENT
from analysis.cohorts.selection import COHORT
from analysis.cohorts.study_parts import PER_MONTH
from analysis.errors import Undefined
from analysis.estimators.disclosure.bounded_curve import BoundedCurve
from analysis.pages.any_cohort import disclosure_control
from analysis.pages.any_cohort.page_choices import GeneralChoices
from analysis.pages.section import Section
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View

EVERYBODY = "All patients"


class GeneralBase(GeneralChoices):
    """A cohort with one of its endpoints; parameters as in `GeneralChoices`."""

    def cohort_numbers(self) -> range:
        """Numbers of the cohorts that results are evaluated on: the reference and, but for a reader's own patients, the ensemble."""
        return range(1 if self.own else max(len(self.opened.cohorts), 1))

    def searched_of_patients(self, statistic: str, group: Condition, arguments: Mapping[str, str]) -> str:
        """As `searched`, of patients of the cohort who meet a condition."""
        population = next(
            (name for name, one in self.opened.study.populations.items() if one.table == COHORT and not one.condition.clauses), ""
        )
        return self.searched(statistic, population, lambda asked: dict(asked) == arguments, str(group)) if population else ""

    def patients_table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> View:
        """A table of cells that begin with a range where there is one, and what is to be said of ranges."""
        others = len(self.cohort_numbers()) - 1
        return plain_table(
            heads, rows, caption, f"{self._note_on_ranges(others)} Without a range, all give the same digits." if others else ""
        )

    def everybody(self, member: int = 0) -> pd.DataFrame:
        """Rows of the cohort: the reference (0) or a member of the ensemble.

        Raises
        ------
        Undefined
            If there is no cohort, or nobody in it.
        """
        if not self.opened.reference:
            raise self.without_rows()
        frame = (self.opened.cohorts[member] if member else self.opened.reference)[COHORT]
        if not len(frame):
            raise Undefined("there are no patients")
        return frame

    def observed(self, member: int = 0, grouped: bool = False, keep: Sequence[str] = (), rows: bool = False) -> pd.DataFrame:
        """Columns time (months from the origin), event (0 or 1), if asked for group, and variables to keep; who has no time is left out.

        With `rows`, the index is that of the cohort's rows.

        Raises
        ------
        Undefined
            If there is no endpoint, nobody with a time, or nothing to group by.
        """
        frame = self.everybody(member)
        for name in (self.endpoint.time, self.endpoint.event, *([self.origin] if self.origin else [])):
            self.must_have(frame, name)
        observed = frame[self.endpoint.time].astype(float)
        known = observed.notna() & frame[self.endpoint.event].notna()
        time, event = self.endpoint.observed(observed, frame[self.endpoint.event].fillna(False).astype(bool))
        months = time / PER_MONTH.get(self.endpoint.unit, 1.0)
        if self.origin:
            unit = self.opened.study.variables[COHORT][self.origin].unit
            months = months - frame[self.origin].astype(float) / PER_MONTH.get(unit, 1.0)
            known &= months.notna() & (months >= 0)
        if not known.any():
            raise Undefined("no patient has a time of this endpoint")
        table = pd.DataFrame({"time": months[known], "event": event[known].astype(int)})
        for name in keep:
            self.must_have(frame, name)
            table[name] = frame.loc[known, name].astype(float)
        if grouped:
            table["group"] = self.groups_in(frame)[known]
            table = table[table["group"].notna()]
        return table if rows else table.reset_index(drop=True)

    def divided(self, member: int = 0) -> tuple[pd.DataFrame, list[str]]:
        """`observed` with groups, and the groups that somebody is in, the reference last.

        Raises
        ------
        Undefined
            If there are fewer than two.
        """
        table = self.observed(member, grouped=True)
        held = [level for level in self.levels() if (table["group"] == level).any()]
        if len(held) < 2:
            raise Undefined(f"a comparison needs two groups, and {'only one' if held else 'none'} of {self.grouping} has patients")
        return table[table["group"].isin(held)].reset_index(drop=True), held

    def bounded_curves(self, grouped: bool) -> dict[str, BoundedCurve]:
        """Bounds of the curves of patients who need protection, of all or of each group that has enough.

        Raises
        ------
        Undefined
            If there is no endpoint, a column is lacking, or no group has enough patients.
        """
        lacking = self.lacking([self.endpoint.time, self.endpoint.event, *filter(None, [self.origin, self.grouping if grouped else ""])])
        if lacking:
            raise Undefined(f"the cohort has no column {', '.join(lacking)}")
        return disclosure_control.curves(self.released, self.endpoint, self.conditions() if grouped else {EVERYBODY: Condition()})

    def groups_in(self, frame: pd.DataFrame) -> pd.Series:
        """Level of the grouping of each row, as text; missing where it is unknown or not asked for.

        Raises
        ------
        Undefined
            If the cohort lacks the column.
        """
        levels = self.levels()
        self.must_have(frame, self.grouping)
        column = frame[self.grouping]
        if pd.api.types.is_bool_dtype(column.dtype):
            column = column.map({True: "1", False: "0"})
        column = column.astype(object)
        return column.where(column.isin(levels), np.nan)

    def must_have(self, frame: pd.DataFrame, name: str) -> None:
        """Raise `Undefined` where a cohort lacks a column."""
        if name in frame.attrs.get(ABSENT, ()) or name not in frame:
            raise Undefined(f"the cohort has no column {name}")


class GeneralSection(Section):
    """A section on the patients of a general page."""

    page: GeneralBase
