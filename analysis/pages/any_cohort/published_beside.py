"""A reader's own patients beside the published cohort: exploratory, never a test."""

from __future__ import annotations

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts.protection import Protection, Released
from analysis.cohorts.scales import PER_MONTH
from analysis.cohorts.selection import COHORT
from analysis.errors import Undefined
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.disclosure.bounded_curve import Bounds, bounded
from analysis.estimators.disclosure.bounded_ratio import BoundedRatio, bounded_ratio
from analysis.estimators.ensemble_range import over
from analysis.estimators.regression import small_samples
from analysis.figures.plots.protected_survival import bounded_figure
from analysis.figures.plots.survival import survival_figure
from analysis.ledger.session.study_session import Opened, open_study
from analysis.pages.any_cohort.disclosure_control import hazard_ratios
from analysis.pages.any_cohort.groups_formed_later import Timing
from analysis.pages.guards import sentence, together, where_it_applies
from analysis.tables.estimates import Result

OWN, PUBLISHED = "own patients", "published, reconstructed"
WARNING = (
    "Exploratory only. Nobody was assigned to one cohort or the other: patients, care, years and follow-up differ, "
    "and the published rows are reconstructed from printed numbers, not the original patients. They must not serve as a control arm. "
    "So no P value is given; the interval treats both cohorts as if they were observed, and the range is an inner bound over the sampled cohorts, without probability meaning."
)


class BesidePublished(Timing):
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
        if self.protection:
            return self._in_ranges(published)
        mine = self.observed()
        members = range(len(published.cohorts))
        found = over(members, lambda member: self._against(mine, self._theirs(published, member)))
        if not found["value"].defined:
            raise Undefined(found["value"].why)
        result = Result(
            f"{OWN} against {PUBLISHED}",
            found["value"].reference,
            (found["lower"].reference, found["upper"].reference),
            range=found["value"],
            remark="exploratory; no test",
        )
        table = self.results_table([result], self.title("Hazard ratio, not adjusted for anything"))
        return together(sentence(WARNING), self._drawn(mine, published), table)

    def _in_ranges(self, published: Opened) -> HTML:
        """The same where the own patients need protection: bands, and the least and the greatest ratio over all cohorts."""
        exact = Protection(1, self.protection.step, self.protection.origin)
        (mine,) = self.bounded_curves(grouped=False).values()
        theirs = [bounded(Released(published.study, tables[COHORT], exact).life(self.endpoint)) for tables in published.cohorts]
        figure = bounded_figure(
            {OWN: mine, PUBLISHED: theirs[0]},
            horizon=self.horizon,
            title=self.title("Own and published patients"),
            ylabel=self.endpoint.label,
            name="own-and-published",
            caption=f"{PUBLISHED.capitalize()}: not the original patients, and in a band as narrow as the steps of time.",
        )
        ratios = [bounded_ratio(mine, one, self.protection.threshold, self.level) for one in theirs]
        ratio, limits = (Bounds(min(one[part].low for one in ratios), max(one[part].high for one in ratios)) for part in (0, 1))
        label = f"{OWN} against {PUBLISHED}, over {len(theirs)} cohorts"
        table = hazard_ratios(
            {label: BoundedRatio(ratio, limits)}, self.title("Hazard ratio, not adjusted for anything, exploratory"), self.level
        )
        return together(sentence(WARNING), figure, table)

    def _drawn(self, mine: pd.DataFrame, published: Opened):
        theirs = [self._theirs(published, member) for member in range(len(published.cohorts))]
        curves = {OWN: kaplan_meier(mine["time"], mine["event"]), PUBLISHED: kaplan_meier(theirs[0]["time"], theirs[0]["event"])}
        others = [{PUBLISHED: kaplan_meier(one["time"], one["event"])} for one in theirs[1:]]
        return survival_figure(
            curves,
            horizon=self.horizon,
            interval=self.interval,
            level=self.level,
            title=self.title("Own and published patients"),
            ylabel=self.endpoint.label,
            ensemble=others,
            reconstructed=False,
            caption=f"{PUBLISHED.capitalize()}: not the original patients.",
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
