"""A reader's own patients beside the published cohort: exploratory, never a test."""

from __future__ import annotations

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts.protection.counts import Protection
from analysis.cohorts.protection.released import Released
from analysis.cohorts.selection import COHORT
from analysis.cohorts.study_parts import PER_MONTH
from analysis.errors import Undefined
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.disclosure.bounded_curve import Bounds, bounded
from analysis.estimators.disclosure.bounded_ratio import BoundedRatio, bounded_ratio
from analysis.estimators.ensemble_range import over
from analysis.estimators.regression import small_samples
from analysis.figures.plots.protected_survival import bounded_figure
from analysis.figures.plots.survival import survival_figure
from analysis.ledger.session.study_session import Opened, open_study
from analysis.pages.any_cohort.base import GeneralSection
from analysis.pages.any_cohort.disclosure_control import hazard_ratios
from analysis.pages.guards import not_shown, together, where_it_applies
from analysis.pages.section import figure
from analysis.pages.takeaway import AskedLook
from analysis.tables.estimates import Result

OWN, PUBLISHED = "own patients", "published, reconstructed"
WARNING = (
    "Exploratory only. Patients were not assigned to one cohort or the other: patients, care, years and follow-up differ, "
    "and the published rows are reconstructed from printed numbers, not the original patients. They must not serve as a control arm. "
    "So no P value is given; the interval treats both cohorts as if they were observed, and the range is an inner bound over the sampled cohorts, without probability meaning."
)


class OwnAndPublished(GeneralSection):
    """The comparison that the parameter ``compare`` asks for."""

    @figure
    @where_it_applies
    def own_and_published(self, what: str) -> HTML:
        """Curves of both, and the hazard ratio with its interval and its range over the ensemble; off unless asked for.

        Parameters
        ----------
        what : str
            What a sentence calls the comparison where it is off.
        """
        if not self.page.parameters["compare"]:
            return not_shown(f"{what}: not shown, as the parameter compare is not set.")
        if not self.page.own:
            raise Undefined("there are no patients of your own on this page")
        study = self.page.opened.study
        published = open_study(study.folder, None, self.page.selection)
        if not published.cohorts:
            raise Undefined("no cohort of the published study is available")
        if self.page.protection:
            return self._in_ranges(published)
        mine = self.page.observed()
        members = range(len(published.cohorts))
        found = over(members, lambda member: self._against(mine, self._theirs(published, member)))
        if not found["value"].defined:
            raise Undefined(found["value"].why)
        result = Result(
            f"{OWN} vs {PUBLISHED}",
            found["value"].reference,
            (found["lower"].reference, found["upper"].reference),
            range=found["value"],
            remark="exploratory; no test",
        )
        table = self.page.results_table([result], self.page.title("Unadjusted hazard ratio"))
        return together(not_shown(WARNING), self._drawn(mine, published), table)

    def _in_ranges(self, published: Opened) -> HTML:
        """The same where the own patients need protection: bands, and the least and the greatest ratio over all cohorts."""
        how = self.page.released.how
        exact = Protection(1, how.step, how.origin)
        (mine,) = self.page.bounded_curves(grouped=False).values()
        theirs = [bounded(Released(published.study, tables[COHORT], exact).life(self.page.endpoint)) for tables in published.cohorts]
        figure = bounded_figure(
            {OWN: mine, PUBLISHED: theirs[0]},
            horizon=self.page.horizon,
            title=self.page.title("Own and published patients"),
            axis=self.page.time_axis([self.page.endpoint]),
            ylabel=self.page.endpoint.label,
            name="own-and-published",
            caption=f"{PUBLISHED.capitalize()}: not the original patients, and in a band as narrow as the steps of time.",
        )
        ratios = [bounded_ratio(mine, one, how.threshold, self.page.level) for one in theirs]
        ratio, limits = (Bounds(min(one[part].low for one in ratios), max(one[part].high for one in ratios)) for part in (0, 1))
        label = f"{OWN} vs {PUBLISHED}, over {len(theirs)} cohorts"
        table = hazard_ratios(
            {label: BoundedRatio(ratio, limits)}, self.page.title("Unadjusted hazard ratio, exploratory"), self.page.level
        )
        return together(not_shown(WARNING), figure.with_look(AskedLook(self.page.parameters)), table)

    def _drawn(self, mine: pd.DataFrame, published: Opened):
        theirs = [self._theirs(published, member) for member in range(len(published.cohorts))]
        curves = {OWN: kaplan_meier(mine["time"], mine["event"]), PUBLISHED: kaplan_meier(theirs[0]["time"], theirs[0]["event"])}
        others = [{PUBLISHED: kaplan_meier(one["time"], one["event"])} for one in theirs[1:]]
        return survival_figure(
            curves,
            horizon=self.page.horizon,
            interval=self.page.interval,
            level=self.page.level,
            title=self.page.title("Own and published patients"),
            ylabel=self.page.endpoint.label,
            ensemble=others,
            reconstructed=False,
            caption=f"{PUBLISHED.capitalize()}: not the original patients.",
            name="own-and-published",
        )

    def _theirs(self, published: Opened, member: int) -> pd.DataFrame:
        frame, unit = published.cohorts[member][COHORT], PER_MONTH.get(self.page.endpoint.unit, 1.0)
        time, event = self.page.endpoint.observed(
            frame[self.page.endpoint.time].astype(float), frame[self.page.endpoint.event].fillna(False).astype(bool)
        )
        months = time / unit
        if self.page.origin:
            months = months - frame[self.page.origin].astype(float) / PER_MONTH.get(
                published.study.variables[COHORT][self.page.origin].unit, 1.0
            )
        known = months.notna() & (months >= 0) & frame[self.page.endpoint.event].notna()
        if not known.any():
            raise Undefined("no patient of the published cohort has a time of this endpoint")
        return pd.DataFrame({"time": months[known], "event": event[known].astype(int)})

    def _against(self, mine: pd.DataFrame, theirs: pd.DataFrame) -> dict[str, float]:
        both = pd.concat([mine.assign(group=OWN), theirs.assign(group=PUBLISHED)])
        found = small_samples.hazard_ratio(both["time"], both["event"], both["group"] == OWN, ties=self.page.ties, level=self.page.level)
        if not 0 < found.hr < np.inf:
            raise Undefined("the ratio has no finite estimate")
        return {"value": found.hr, "lower": found.lower, "upper": found.upper}
