"""A reader's own patients beside the published cohort: exploratory, never a test."""

from __future__ import annotations

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts.protection import PER_MONTH
from analysis.cohorts.selection import COHORT
from analysis.errors import Undefined
from analysis.estimators import small_samples
from analysis.estimators.kaplan_meier import kaplan_meier
from analysis.estimators.sampled import over
from analysis.figures.survival import survival_figure
from analysis.ledger.opening import Opened, open_study
from analysis.publishing.chapters.general_base import GeneralBase
from analysis.publishing.chapters.showing import sentence, together, where_it_applies
from analysis.tables.estimates import Result, estimates_table

OWN, PUBLISHED = "own patients", "published, reconstructed"
WARNING = (
    "Exploratory only. Nobody was assigned to one cohort or the other: patients, care, years and follow-up differ, "
    "and the published rows are reconstructed from printed numbers, not the original patients. They must not serve as a control arm. "
    "So no P value is given; the interval treats both cohorts as if they were observed, and the range is an inner bound over the sampled cohorts, without probability meaning."
)


class BesidePublished(GeneralBase):
    """The comparison that the parameter ``compare`` asks for."""

    @where_it_applies
    def beside_published(self, what: str) -> HTML:
        """Curves of both, and the hazard ratio with its interval and its range over the ensemble; off unless asked for."""
        if not self.parameters["compare"]:
            return sentence(f"{what}: off, as the parameter compare was not set.")
        if not self.own:
            raise Undefined("there are no patients of your own on this page")
        study = self.opened.study
        published = open_study(study.folder, None, self.selection)
        if not published.cohorts:
            raise Undefined("no cohort of the published study is at hand")
        mine = self.observed()
        self.enough(int(mine["event"].sum()), "events")
        members = range(len(published.cohorts))
        found = over(members, lambda member: self._against(mine, self._theirs(published, member)))
        if not found["value"].defined:
            raise Undefined(found["value"].why)
        result = Result(f"{OWN} against {PUBLISHED}", found["value"].reference, (found["lower"].reference, found["upper"].reference), range=found["value"], remark="exploratory; no test")
        table = estimates_table([result], caption=self.title("Hazard ratio, not adjusted for anything"), level=self.level)
        return together(sentence(WARNING), self._drawn(mine, published), table)

    def _drawn(self, mine: pd.DataFrame, published: Opened):
        theirs = [self._theirs(published, member) for member in range(len(published.cohorts))]
        # the whole cohort, printed numbers behind it: only the own curve needs a veil, which both then wear
        curves = self._safe({OWN: kaplan_meier(mine["time"], mine["event"]), PUBLISHED: kaplan_meier(theirs[0]["time"], theirs[0]["event"])})
        others = [{PUBLISHED: kaplan_meier(one["time"], one["event"])} for one in theirs[1:]]
        return survival_figure(
            curves, horizon=self.horizon, interval=self.interval, level=self.level, title=self.title("Own and published patients"),
            ylabel=self.endpoint.label, ensemble=others, reconstructed=False, rounded=self.threshold, caption=f"{PUBLISHED.capitalize()}: not the original patients.",
            name="own-and-published",
        )

    def _theirs(self, published: Opened, member: int) -> pd.DataFrame:
        frame, unit = published.cohorts[member][COHORT], PER_MONTH.get(self.endpoint.unit, 1.0)
        time, event = self.endpoint.observed(frame[self.endpoint.time].astype(float), frame[self.endpoint.event].fillna(False).astype(bool))
        months = time / unit
        if self.origin:
            months = months - frame[self.origin].astype(float) / PER_MONTH.get(published.study.variables[COHORT][self.origin].unit, 1.0)
        known = months.notna() & (months >= 0) & frame[self.endpoint.event].notna()
        if not known.any():
            raise Undefined("nobody of the published cohort has a time of this endpoint")
        return pd.DataFrame({"time": months[known], "event": event[known].astype(int)})

    def _against(self, mine: pd.DataFrame, theirs: pd.DataFrame) -> dict[str, float]:
        both = pd.concat([mine.assign(group=OWN), theirs.assign(group=PUBLISHED)])
        found = small_samples.hazard_ratio(both["time"], both["event"], both["group"] == OWN, ties=self.ties, level=self.level)
        if not 0 < found.hr < np.inf:
            raise Undefined("the ratio has no finite estimate")
        return {"value": found.hr, "lower": found.lower, "upper": found.upper}
