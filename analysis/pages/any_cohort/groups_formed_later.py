"""Groups that are formed after the start: what is wrong with comparing them from there, and a comparison that may be made."""

from __future__ import annotations

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts.scales import PER_MONTH
from analysis.cohorts.selection import COHORT
from analysis.errors import NotShown, Undefined
from analysis.estimators.disclosure.bounded_curve import bounded
from analysis.estimators.disclosure.bounded_ratio import bounded_ratio
from analysis.estimators.ensemble_range import over
from analysis.estimators.regression import small_samples
from analysis.estimators.time_dependent.landmark import landmark, status_at
from analysis.pages.any_cohort import disclosure_control
from analysis.pages.any_cohort.base import GeneralBase
from analysis.pages.guards import sentence, where_it_applies
from analysis.tables.estimates import Result
from analysis.tables.html.view import View
from analysis.tables.sentences import across

BIASED = "subject to immortal-time bias"


class Timing(GeneralBase):
    """When a grouping is known, and what follows from that."""

    @property
    def immortal(self) -> bool:
        """Whether groups known only later are compared from the start, by a column that the cohort has."""
        variable = self.opened.study.variables[COHORT].get(self.grouping or "")
        return variable is not None and variable.known == "later" and not self.origin and not self.lacking([self.grouping])

    def notice(self) -> HTML:
        """As on every page, with a warning of groups that are not known at the start."""
        told = super().notice()
        return HTML(told.data + sentence(self._warning()).data) if self.immortal else told

    def _warning(self) -> str:
        variable, label = self.opened.study.variables[COHORT][self.grouping], self.label(self.grouping)
        offers = [f"-p origin={variable.time} counts the time of those who have it from when it came"] if variable.time else []
        offers += (
            ["the section From a landmark of the page How groups compare divides the patients by what is known at -p landmark=6"]
            if variable.time
            else []
        )
        return (
            f"Immortal-time bias: {label} is known only after the start. Whoever has it survived until then, and that time is counted for the group, "
            f"so its survival looks better than it is. {'; '.join(offers) + '.' if offers else 'The study declares no time at which it came, so no other comparison is offered.'}"
        )

    def title(self, what: str, grouped: bool = False) -> str:
        """``what`` with the endpoint's label, and with the bias of groups that are not known at the start."""
        return super().title(what) + (f"; groups {BIASED}" if grouped and self.immortal else "")

    @where_it_applies
    def from_landmark(self, what: str) -> View | HTML:
        """Hazard ratio, from the page's landmark, of those who had it by then to those who had not."""
        self.levels()  # says what is wrong with the grouping
        variable = self.opened.study.variables[COHORT][self.grouping]
        if variable.known == "start":
            raise Undefined("the groups are known at the start")
        if variable.type != "boolean" or not variable.time:
            raise Undefined(f"the study declares no time at which {self.label(self.grouping)} came")
        if self.protection:
            return self._bounded_landmark(what, variable.time)
        found = over(self.cohort_numbers(), lambda member: self._after(member, variable.time))
        if not found["value"].defined:
            raise Undefined(found["value"].why)
        limits = (found["lower"].reference, found["upper"].reference)
        label = self._by_landmark()
        remark = f"{across(found['n'], 'patients')}, {across(found['events'], 'events')}"
        result = Result(label, found["value"].reference, limits, found["p"].reference, found["value"], remark=remark)
        return self.results_table([result], self._landmark_caption(what))

    def _by_landmark(self) -> str:
        return f"{self.label(self.grouping)} by {self.landmark:g} months against not by then"

    def _landmark_caption(self, what: str) -> str:
        return f"{what}: {self.endpoint.label} of those still followed at {self.landmark:g} months, counted from there"

    def _bounded_landmark(self, what: str, came: str) -> HTML:
        """The comparison of patients who need protection: bounds of the ratio."""
        if self.endpoint is None:
            raise Undefined("the study declares no endpoint of the table cohort")
        lacking = self.lacking([self.endpoint.time, self.endpoint.event, self.grouping, came])
        if lacking:
            raise Undefined(f"the cohort has no column {', '.join(lacking)}")
        if self.ties == "exact":
            raise NotShown("bounds are known for Breslow and Efron ties only")
        had, others = map(bounded, self.released.from_landmark(self.endpoint, self.grouping, came, self.landmark))
        ratio = bounded_ratio(had, others, self.protection.threshold, self.level)
        return disclosure_control.hazard_ratios({self._by_landmark(): ratio}, self._landmark_caption(what), self.level)

    def _after(self, member: int, came: str) -> dict[str, float]:
        table = self.observed(member, grouped=True, keep=(came,))
        unit = PER_MONTH.get(self.opened.study.variables[COHORT][came].unit, 1.0)
        since = np.where(table["group"] == "1", table[came] / unit, np.nan)
        if pd.isna(since[table["group"] == "1"]).any():
            raise Undefined(f"the time of {self.label(self.grouping)} is unknown in some patients")
        kept = landmark(table["time"], table["event"], self.landmark)
        had = np.asarray(status_at(since, self.landmark))[kept.kept]
        found = small_samples.hazard_ratio(kept.time, kept.event, had, ties=self.ties, level=self.level)
        return {
            "value": found.hr,
            "lower": found.lower,
            "upper": found.upper,
            "p": found.p,
            "n": len(had),
            "events": int(np.sum(kept.event)),
        }
