"""What the comparisons can carry: proportional hazards, detectable effects, unmeasured confounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.regression import proportional_hazards
from analysis.estimators.sensitivity import detectable_effect, e_value
from analysis.pages.comparisons.group_results import GroupResults
from analysis.pages.guards import where_it_applies
from analysis.pages.section import sentence, table
from analysis.tables import range_sentences, sentences
from analysis.tables.estimates import Result, not_estimable
from analysis.tables.html.view import View
from analysis.tables.sentences import Statement, number


class AssumptionChecks(GroupResults):
    """Limits of the evidence."""

    @table
    @where_it_applies
    def proportional_hazards_tests(
        self, rows: Mapping[str, tuple[str, str, Sequence[str]]], *, caption: str, population: str = "all"
    ) -> View | HTML:
        """Tests of proportional hazards (score test of a trend in 1 - S(t)), with the events that carry each.

        Parameters
        ----------
        rows : mapping of label to (endpoint, by, groups)
        caption, population : str
        """
        results = []
        for label, which in rows.items():
            found = self.page.over(lambda frame, which=which: self._checked(frame, *which), population)
            p = found.get("p", found.get("value"))
            if not p.defined:
                results.append(not_estimable(label, p.why))
                continue
            results.append(
                Result(
                    f"{label}, P of a trend in time",
                    p.reference,
                    range=p,
                    is_p=True,
                    remark=f"{range_sentences.across(found['events'], 'events')}, one parameter",
                )
            )
        return self.page.results_table(results, f"{caption} (score test of a trend in 1 − S(t), {self.page.score_ties.capitalize()} ties)")

    @sentence
    @where_it_applies
    def proportional_hazards_test(
        self, what: str, *, endpoint: str, by: str, groups: Sequence[str], population: str = "all"
    ) -> Statement | HTML:
        """What the check says of one comparison; its silence is never called proportional.

        Parameters
        ----------
        what : str
            What is compared.
        endpoint, by, population : str
        groups : (first, reference)
        """
        found = self.page.over(lambda frame: self._checked(frame, endpoint, by, groups), population)
        p = found.get("p", found.get("value"))
        if not p.defined:
            raise Undefined(p.why)
        told = sentences.proportionality(what, p.reference, int(found["events"].reference), 1, significance=self.page.significance)
        return self.page.over_cohorts(f"The P value of a trend in the hazard ratio of {what}", p, told.text, is_p=True)

    def _checked(self, frame: pd.DataFrame, endpoint: str, by: str, groups: Sequence[str]) -> dict[str, float]:
        table = self.page.two_groups(frame, endpoint, by, groups)
        columns = {**table, "first": (table["position"] == 0).astype(float)}
        found = proportional_hazards.check(columns, "time", "event", ["first"], ties=self.page.score_ties)
        return {"p": found.p, "events": found.events}

    @table
    @where_it_applies
    def detectable_hazard_ratios(
        self, rows: Mapping[str, tuple[str, str, Sequence[str]]], *, caption: str, population: str = "all", power: float = 0.8
    ) -> View | HTML:
        """The hazard ratio that each comparison could have found (Schoenfeld), from its events and group sizes alone.

        Parameters
        ----------
        rows : mapping of label to (endpoint, by, groups)
        caption, population : str
        power : float
        """
        results = []
        for label, (endpoint, by, groups) in rows.items():
            found = self.page.over(partial(self._detectable, endpoint=endpoint, by=by, groups=groups, power=power), population)
            value = found["value"]
            if not value.defined:
                results.append(not_estimable(label, value.why))
                continue
            remark = f"or above {number(1 / value.reference)}; {range_sentences.across(found['events'], 'events')}, {range_sentences.across(found['share'], '', '{:.0%}'.format)} in the first group"
            results.append(Result(f"{label}: hazard ratio below", value.reference, range=value, remark=remark))
        told = f"{caption} (power {100 * power:g}%, two-sided level {self.page.significance:g})"
        return self.page.results_table(results, told)

    def _detectable(self, frame: pd.DataFrame, endpoint: str, by: str, groups: Sequence[str], power: float) -> dict[str, float]:
        table = self.page.two_groups(frame, endpoint, by, groups)
        events, share = int(table["event"].sum()), float((table["position"] == 0).mean())
        smallest = detectable_effect.minimum_detectable_hazard_ratio(events, share, power, self.page.significance)
        return {"value": smallest, "events": events, "share": share}

    @table
    @where_it_applies
    def e_values(
        self,
        rows: Mapping[str, tuple[str, str, Sequence[str]]],
        *,
        caption: str,
        population: str = "all",
        kind: str = "hazard-ratio-common",
    ) -> View | HTML:
        """E-values of hazard ratios. Only for groups that are known at the start: immortal time is not confounding.

        Parameters
        ----------
        rows : mapping of label to (endpoint, by, groups)
        caption, population : str
        kind : str
            As in `e_value.e_value`.
        """
        results = []
        for label, (endpoint, by, groups) in rows.items():
            found = self.page.over(partial(self._e_value, endpoint=endpoint, by=by, groups=groups, kind=kind), population)
            if not found["value"].defined:
                results.append(not_estimable(label, found["value"].why))
                continue
            limit = found["limit"].reference
            remark = f"{100 * self.page.level:g}% CI includes 1" if limit == 1 else f"{number(limit)} for the confidence limit nearer to 1"
            results.append(Result(label, found["value"].reference, range=found["value"], remark=remark))
        return self.page.results_table(results, caption)

    def _e_value(self, frame: pd.DataFrame, endpoint: str, by: str, groups: Sequence[str], kind: str) -> dict[str, float]:
        ratio = self._two_curves(self.page.two_groups(frame, endpoint, by, groups))
        value, lower, upper = (float(ratio[name]) for name in ("value", "lower", "upper"))
        if not 0 < value < float("inf"):
            raise Undefined("the hazard ratio is 0 or infinite, as one group has no event while both are at risk")
        found = e_value.e_value(value, lower, upper, kind)
        return {"value": found.estimate, "limit": found.limit}
