"""Groups that are formed after the start: what is wrong with comparing them from there, and a comparison that may be made."""

from __future__ import annotations

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts.selection import COHORT
from analysis.cohorts.study_parts import PER_MONTH
from analysis.errors import NotShown, Undefined
from analysis.estimators.disclosure.bounded_curve import bounded
from analysis.estimators.disclosure.bounded_ratio import bounded_ratio
from analysis.estimators.ensemble_range import over
from analysis.estimators.regression import small_samples
from analysis.estimators.time_dependent.landmark import landmark, status_at
from analysis.pages.any_cohort import disclosure_control
from analysis.pages.any_cohort.base import GeneralSection
from analysis.pages.guards import where_it_applies
from analysis.pages.section import table
from analysis.tables.estimates import Result
from analysis.tables.html.view import View
from analysis.tables.range_sentences import across


class GroupsFormedLater(GeneralSection):
    """What groups that are known only later allow to compare."""

    @table
    @where_it_applies
    def landmark_hazard_ratio(self, what: str) -> View | HTML:
        """Hazard ratio, from the page's landmark, of those who had it by then to those who had not.

        Parameters
        ----------
        what : str
            Beginning of the caption.
        """
        name = self._formed_later()
        variable = self.page.opened.study.variables[COHORT][name]
        if variable.known == "start":
            raise Undefined("the groups are known at the start")
        if variable.type != "boolean" or not variable.time:
            raise Undefined(f"the study declares no time at which {self.page.label(name)} came")
        if self.page.protection:
            return self._bounded_landmark(what, name, variable.time)
        found = over(self.page.cohort_numbers(), lambda member: self._after(member, name, variable.time))
        if not found["value"].defined:
            raise Undefined(found["value"].why)
        limits = (found["lower"].reference, found["upper"].reference)
        label = self._by_landmark(name)
        remark = f"{across(found['n'], 'patients')}, {across(found['events'], 'events')}"
        result = Result(label, found["value"].reference, limits, found["p"].reference, found["value"], remark=remark)
        return self.page.results_table([result], self._landmark_caption(what))

    def _formed_later(self) -> str:
        """The grouping; where none was asked for, the first truth value that the study declares with the time at which it came."""
        if not self.page.parameters["grouping"]:
            declared = self.page.opened.study.variables[COHORT]
            for name, variable in declared.items():
                if variable.type == "boolean" and variable.time and not self.page.lacking([name, variable.time]):
                    return name
        self.page.levels()  # says what is wrong with the grouping
        return self.page.grouping

    def _by_landmark(self, name: str) -> str:
        return f"{self.page.label(name)} by {self.page.landmark:g} months vs not by then"

    def _landmark_caption(self, what: str) -> str:
        return f"{what}: {self.page.endpoint.label} of those still followed at {self.page.landmark:g} months, counted from there"

    def _bounded_landmark(self, what: str, name: str, came: str) -> HTML:
        """The comparison of patients who need protection: bounds of the ratio."""
        lacking = self.page.lacking([self.page.endpoint.time, self.page.endpoint.event, name, came])
        if lacking:
            raise Undefined(f"the cohort has no column {', '.join(lacking)}")
        if self.page.ties == "exact":
            raise NotShown("bounds are known for Breslow and Efron ties only")
        had, others = map(bounded, self.page.released.from_landmark(self.page.endpoint, name, came, self.page.landmark))
        ratio = bounded_ratio(had, others, self.page.released.how.threshold, self.page.level)
        return disclosure_control.hazard_ratios({self._by_landmark(name): ratio}, self._landmark_caption(what), self.page.level)

    def _after(self, member: int, name: str, came: str) -> dict[str, float]:
        table = self.page.observed(member, keep=(name, came))
        table = table[table[name].notna()]
        unit = PER_MONTH.get(self.page.opened.study.variables[COHORT][came].unit, 1.0)
        since = np.where(table[name] == 1, table[came] / unit, np.nan)
        if pd.isna(since[table[name] == 1]).any():
            raise Undefined(f"the time of {self.page.label(name)} is unknown in some patients")
        kept = landmark(table["time"], table["event"], self.page.landmark)
        had = np.asarray(status_at(since, self.page.landmark))[kept.kept]
        found = small_samples.hazard_ratio(kept.time, kept.event, had, ties=self.page.ties, level=self.page.level)
        return {
            "value": found.hr,
            "lower": found.lower,
            "upper": found.upper,
            "p": found.p,
            "n": len(had),
            "events": int(np.sum(kept.event)),
        }
