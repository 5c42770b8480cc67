"""What a comparison from a landmark can carry: size, restricted means, proportional hazards, detectable effects, E-values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.curves import rmst
from analysis.estimators.regression import proportional_hazards, small_samples
from analysis.estimators.regression.small_samples import Compared
from analysis.estimators.sensitivity import detectable_effect, e_value
from analysis.pages.comparisons.group_results import shorter
from analysis.pages.guards import where_it_applies
from analysis.pages.section import table
from analysis.pages.survival.switched import Switch, Switched, Table
from analysis.tables.estimates import Result
from analysis.tables.html.view import View
from analysis.tables.sentences import number

_POWER = 0.8


class Landmarks(Switched):
    """Checks of comparisons that are free of immortal time."""

    @table
    @where_it_applies
    def landmark_checks(
        self, switch: Sequence[str], *, caption: str, population: str = "all", kind: str = "hazard-ratio-common"
    ) -> View | HTML:
        """The comparison from the page's landmark, one check a row, each with its sampled range.

        Parameters
        ----------
        switch : (endpoint, happened, time, label)
            As `Switch`.
        caption, population : str
        kind : str
            Of the E-value, as in `e_value.e_value`. It is given for the landmark and the time-dependent estimate
            alone: immortal time, which a comparison from the start holds, is not confounding.
        """
        which = Switch(*switch)
        ways = {
            "Restricted mean survival after the landmark, difference": (self._means, 1, " months"),
            "Proportional hazards after the landmark, P of a trend in time": (self._trend, 3, ""),
            "Minimum detectable hazard ratio: below": (self._smallest, 2, ""),
            "E-value, from the landmark": (lambda rows: self._explained(Compared(rows["time"], rows["event"], rows["term"]), kind), 2, ""),
        }
        results = []
        for label, (way, decimals, unit) in ways.items():
            found = self.page.over(lambda frame, way=way: way(self._late(frame, which)), population)
            results += self._check(label, found, decimals, unit)
        found = self.page.over(lambda frame: self._explained(self._time_dependent(self._switched(frame, which)), kind), population)
        results += self._check("E-value, time-dependent", found, 2, "")
        return self.page.results_table(results, f"{caption} (landmark {self.page.landmark:g} months)")

    def _late(self, frame: pd.DataFrame, which: Switch) -> Table:
        return self._after(self._switched(frame, which), self.page.landmark)

    def _means(self, rows: Table) -> dict[str, float]:
        horizon = min(self.page.horizon - self.page.landmark, shorter(rows))
        if not horizon > 0:
            raise Undefined("one group has no follow-up after the landmark")
        found = rmst.difference(rows["time"], rows["event"], rows["position"], horizon, groups=(0, 1), level=self.page.level)
        return {"value": found.difference, "lower": found.lower, "upper": found.upper, "p": found.p, "why": found.why, "months": horizon}

    def _trend(self, rows: Table) -> dict[str, float]:
        found = proportional_hazards.check(rows, "time", "event", ["term"], ties=self.page.score_ties)
        return {"value": found.p, "events": found.events}

    def _smallest(self, rows: Table) -> dict[str, float]:
        events, share = int(rows["event"].sum()), float(rows["term"].mean())
        return {
            "value": detectable_effect.minimum_detectable_hazard_ratio(events, share, _POWER, self.page.significance),
            "events": events,
            "n": len(rows["event"]),
            "share": share,
        }

    def _explained(self, compared: Compared, kind: str) -> dict[str, float]:
        ratio = small_samples.hazard_ratio(*compared, ties=self.page.ties, level=self.page.level)
        if not 0 < ratio.hr < float("inf"):
            raise Undefined("the hazard ratio is 0 or infinite, as one group has no event while both are at risk")
        found = e_value.e_value(ratio.hr, ratio.lower, ratio.upper, kind)
        return {"value": found.estimate, "limit": found.limit}

    def _check(self, label: str, found: Mapping, decimals: int, unit: str) -> list[Result]:
        rows = self._as_results(label, found, decimals, unit)
        if not found["value"].defined:
            return rows
        known = {key: value.reference for key, value in found.items()}
        remark = rows[0].remark
        if "limit" in known:
            remark = (
                f"{100 * self.page.level:g}% CI includes 1"
                if known["limit"] == 1
                else f"{number(known['limit'])} for the confidence limit nearer to 1"
            )
        elif "share" in known:
            remark = f"or above {number(1 / known['value'])}; {known['events']:g} events in {known['n']:g}, {100 * known['share']:.0f}% switched; power {100 * _POWER:g}%"
        elif "months" in known:
            remark = "; ".join(filter(None, [f"over {known['months']:g} months", remark]))
        elif "events" in known:
            return [rows[0]._replace(remark=f"{known['events']:g} events, one parameter", is_p=True)]
        return [rows[0]._replace(remark=remark)]
