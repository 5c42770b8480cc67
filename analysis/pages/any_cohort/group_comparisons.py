"""Any survival cohort: how groups compare.  No printed number stands beside."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import pandas as pd
from IPython.display import HTML

from analysis.errors import NotShown, Undefined
from analysis.estimators.comparisons import log_rank
from analysis.estimators.curves import rmst
from analysis.estimators.disclosure.bounded_log_rank import bounded_p
from analysis.estimators.disclosure.bounded_ratio import BoundedRatio, bounded_ratio
from analysis.estimators.ensemble_range import over
from analysis.estimators.regression import proportional_hazards, small_samples
from analysis.ledger.session.p_ranges import p_value_text
from analysis.pages.any_cohort import disclosure_control
from analysis.pages.any_cohort.base import EVERYBODY, GeneralSection
from analysis.pages.any_cohort.page_choices import BIASED
from analysis.pages.comparisons.group_results import AFTER_FIRTH, in_small_samples
from analysis.pages.guards import where_it_applies
from analysis.pages.section import sentence, table
from analysis.tables.estimates import Result, not_estimable
from analysis.tables.html.view import View
from analysis.tables.sentences import Statement, p_text


class GeneralComparisons(GeneralSection):
    """Comparisons of the groups of any survival cohort."""

    @sentence
    @where_it_applies
    def log_rank(self, what: str) -> Statement | HTML:
        """The log-rank test of all groups together.

        Parameters
        ----------
        what : str
            Beginning of the sentence.
        """
        if self.page.protection:
            return self._bounded_log_rank(what)
        _, held = self.compared_groups()
        found = over(self.page.cohort_numbers(), self._log_rank)["value"]
        if not found.defined:
            raise Undefined("the test is undefined for these times")
        lead = f"{what}: P of the log-rank test of {len(held)} groups"
        told = self.page.over_cohorts(
            lead,
            found,
            f"{what}: the log-rank test of {len(held)} groups gives {p_text(found.reference)}.",
            is_p=True,
            short=f"{p_text(found.reference)}.",
        )
        return Statement(f"{told} {self._of_p_values()}")

    def _of_p_values(self) -> str:
        return "A large P value does not show that the groups are alike." + (f" The comparison is {BIASED}." if self.page.immortal else "")

    def _bounded_log_rank(self, what: str) -> Statement:
        """The test of two groups of patients who need protection: bounds of its P."""
        names = [self.page.called(level) for level in self.page.levels()]
        if len(names) != 2:
            raise NotShown("bounds of P are known for two groups only")
        curves = self.page.bounded_curves(grouped=True)
        if len(curves) != 2:
            raise NotShown("one group has too few patients")
        try:
            first, reference = (curves[name] for name in names)
            told = p_value_text(bounded_p(first, reference, self.page.released.how.threshold))
        except Undefined as reason:
            raise NotShown(str(reason)) from None
        return Statement(f"{what}: P of the log-rank test of 2 groups is {told}. {self._of_p_values()}")

    def _log_rank(self, member: int) -> float:
        table, held = self.compared_groups(member)
        return log_rank.compare(table["time"], table["event"], table["group"], groups=held).p

    @table
    @where_it_applies
    def hazard_ratios(self, what: str) -> View | HTML:
        """Hazard ratio of each group to the last (Cox with profile limits and the page's handling of ties), with the check of proportional hazards.

        Parameters
        ----------
        what : str
            Beginning of the caption.
        """
        model = f"a separate Cox model for each pair of groups, {self.page.ties.capitalize()} ties"
        if self.page.protection:
            return disclosure_control.hazard_ratios(
                self.bounded_ratios(), f"{self.page.title(what, grouped=True)}; {model}", self.page.level
            )
        _, held = self.compared_groups()
        results = []
        for level in held[:-1]:
            label = f"{self.page.called(level)} vs {self.page.called(held[-1])}"
            found = over(self.page.cohort_numbers(), partial(self.ratio, level=level, reference=held[-1]))
            if not found["value"].defined:
                results.append(not_estimable(label, found["value"].why))
                continue
            limits = (found["lower"].reference, found["upper"].reference)
            remark = f"test of proportional hazards: {p_text(found['trend'].reference)}" if found["trend"].defined else ""
            remark = AFTER_FIRTH if found["after_firth"].reference else remark
            results.append(Result(label, found["value"].reference, limits, found["p"].reference, found["value"], remark=remark))
        return self.page.results_table(results, f"{self.page.title(what, grouped=True)}; {model}")

    def bounded_ratios(self) -> dict[str, BoundedRatio | Undefined]:
        """Bounds of the ratio of each group to the last one, or why there are none."""
        if self.page.ties == "exact":
            raise NotShown("bounds are known for Breslow and Efron ties only")
        curves = self.page.bounded_curves(grouped=True)
        names = [self.page.called(level) for level in self.page.levels()]
        reference, found = names[-1], {}
        if reference not in curves:
            raise NotShown(f"too few patients in {reference}, to which the others are compared")
        for name in names[:-1]:
            try:
                ratio: BoundedRatio | Undefined = (
                    bounded_ratio(curves[name], curves[reference], self.page.released.how.threshold, self.page.level)
                    if name in curves
                    else NotShown("too few patients")
                )
            except Undefined as problem:
                ratio = problem
            found[f"{name} vs {reference}"] = ratio
        return found

    def ratio(self, member: int, level: str, reference: str) -> dict[str, float]:
        """Hazard ratio of two groups of a cohort (0 is the reference cohort), its limits and P, and P of a trend in time."""
        table, _ = self.page.divided(member)
        table = table[table["group"].isin([level, reference])]
        first = (table["group"] == level).astype(float)
        found = small_samples.hazard_ratio(table["time"], table["event"], first, ties=self.page.ties, level=self.page.level)
        try:
            trend = proportional_hazards.check(table.assign(first=first), "time", "event", ["first"], ties=self.page.score_ties).p
        except Undefined:
            trend = float("nan")
        return in_small_samples(found) | {"trend": trend}

    @table
    @where_it_applies
    def restricted_means(self, what: str, grouped: bool = True) -> View | HTML:
        """Mean survival time up to the horizon, or to where the shortest group's follow-up ends.

        Parameters
        ----------
        what : str
            Beginning of the caption.
        grouped : bool
            One row for each group, else one for all.
        """
        if self.page.protection:
            return disclosure_control.restricted_means(self.page.bounded_curves(grouped), self.page.horizon, self.page.title(what, grouped))
        _, held, ends = self._for_means(0, grouped)
        for member in self.page.cohort_numbers()[1:]:
            with suppress(Undefined):  # a cohort without these groups has no mean either
                ends = min(ends, self._for_means(member, grouped)[2])
        horizon = min(self.page.horizon, ends)
        if not horizon > 0:
            raise Undefined("one group has no follow-up")
        results = []
        for level in held:
            found = over(self.page.cohort_numbers(), partial(self._mean, grouped=grouped, level=level, horizon=horizon))
            mean, limits, why = (
                found["value"],
                (found["lower"].reference, found["upper"].reference),
                self._mean(0, grouped, level, horizon)["why"],
            )
            results.append(
                Result(
                    self.page.called(level) if grouped else level,
                    mean.reference,
                    limits,
                    range=mean,
                    decimals=1,
                    unit=" months",
                    remark=f"not estimable: {why}" if why else "",
                )
            )
        return self.page.results_table(results, f"{self.page.title(what, grouped)}, to {horizon:g} months")

    def _for_means(self, member: int, grouped: bool) -> tuple[pd.DataFrame, list[str], float]:
        """Rows with their groups, the groups, and where the shortest follow-up of one ends."""
        table, held = self.compared_groups(member) if grouped else (self.page.observed(member).assign(group=EVERYBODY), [EVERYBODY])
        return table, held, table.groupby("group")["time"].max().min()

    def _mean(self, member: int, grouped: bool, level: str, horizon: float) -> dict[str, float | str]:
        table, held, _ = self._for_means(member, grouped)
        if level not in held:
            raise Undefined(f"nobody is in {level}")
        rows = table[table["group"] == level]
        mean = rmst.restricted_mean(rows["time"], rows["event"], horizon, level=self.page.level)
        return {"value": mean.mean, "lower": mean.lower, "upper": mean.upper, "why": mean.why}

    def compared_groups(self, member: int = 0) -> tuple[pd.DataFrame, list[str]]:
        """Times, events and groups of a cohort, and the groups that it holds.

        Raises
        ------
        Undefined
            If nobody has an event.
        """
        table, held = self.page.divided(member)
        if not table["event"].any():
            raise Undefined("no patient has an event")
        return table, held
