"""Any survival cohort: who the patients are, how they fare, how groups compare.  No printed number stands beside."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts.conditions import Condition
from analysis.errors import NotShown, Undefined
from analysis.estimators.comparisons import log_rank
from analysis.estimators.curves import rmst
from analysis.estimators.curves.follow_up import reverse_kaplan_meier
from analysis.estimators.curves.kaplan_meier import Curve, kaplan_meier
from analysis.estimators.disclosure.bounded_log_rank import bounded_p
from analysis.estimators.disclosure.bounded_ratio import BoundedRatio, bounded_ratio
from analysis.estimators.ensemble_range import Sampled, over
from analysis.estimators.numerics.estimable import lower_limit_without_events
from analysis.estimators.regression import proportional_hazards, small_samples
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.plots.protected_survival import bounded_figure
from analysis.figures.plots.survival import survival_figure
from analysis.ledger.session.p_ranges import p_value_text
from analysis.ledger.session.ranges import months_text
from analysis.pages.any_cohort import disclosure_control
from analysis.pages.any_cohort.base import BIASED, EVERYBODY, GeneralSection
from analysis.pages.comparisons.group_results import AFTER_FIRTH, in_small_samples
from analysis.pages.guards import where_it_applies
from analysis.pages.section import figure, sentence, table
from analysis.tables.estimates import Result
from analysis.tables.html.view import View
from analysis.tables.sentences import Statement, begin_with_range, interval, number, p_cell, p_text

TIMES = (12.0, 24.0, 36.0, 60.0)
"""Times at which survival is told, months, as far as the horizon; the horizon itself besides."""


class GeneralSurvival(GeneralSection):
    """Sections for any survival cohort."""

    @figure
    @where_it_applies
    def survival(self, what: str, grouped: bool = False) -> PairedFigure | HTML:
        """Kaplan-Meier curves of the endpoint, of all patients or of each group.

        Parameters
        ----------
        what : str
            Beginning of the title.
        grouped : bool
            One curve for each group.
        """
        name = f"{self.page.endpoint_name}-{self.page.grouping if grouped else 'all'}"
        if self.page.protection:
            return bounded_figure(
                self.page.bounded_curves(grouped),
                horizon=self.page.horizon,
                title=self.page.title(what, grouped),
                axis=self.page.time_axis([self.page.endpoint]),
                ylabel=self.page.endpoint.label,
                name=name,
            )
        drawn = self.curves(0, grouped)
        others = self.page.of_members(lambda member: self.curves(member, grouped))
        told = {"horizon": self.page.horizon, "interval": self.page.interval, "level": self.page.level, "ylabel": self.page.endpoint.label}
        return survival_figure(
            drawn,
            title=self.page.title(what, grouped),
            axis=self.page.time_axis([self.page.endpoint]),
            ensemble=others,
            reconstructed=not self.page.own,
            name=name,
            **told,
        )

    def curves(self, member: int, grouped: bool) -> dict[str, Curve]:
        if not grouped:
            table = self.page.observed(member)
            return {EVERYBODY: kaplan_meier(table["time"], table["event"])}
        table, held = self.page.divided(member)
        return {
            self.page.called(level): kaplan_meier(rows["time"], rows["event"])
            for level in held
            for rows in [table[table["group"] == level]]
        }

    @table
    @where_it_applies
    def survival_estimates(self, what: str, grouped: bool = False) -> View | HTML:
        """Survival at one, two, three and five years as far as the horizon, and the median, with their intervals.

        Parameters
        ----------
        what : str
            Beginning of the caption.
        grouped : bool
            One row for each group.
        """
        times = sorted({*(time for time in TIMES if time <= self.page.horizon), self.page.horizon})
        if self.page.protection:
            return disclosure_control.estimates(
                self.page.bounded_curves(grouped), times, self.page.title(what, grouped), self.page.interval, self.page.level
            )
        rows, cohorts = [], [self.curves(0, grouped), *self.page.of_members(lambda member: self.curves(member, grouped))]
        for label, curve in cohorts[0].items():
            found = self._with_searched(over(cohorts, lambda curves, label=label: self._at_times(curves, label, times)), label)
            cells = [
                begin_with_range(found[f"{time:g}"], told, lambda value: f"{number(value, 1)}%")
                for time, told in zip(times, self._survival_cells(curve, times), strict=True)
            ]
            counts = [begin_with_range(found[name], f"{found[name].reference:g}", lambda value: f"{value:g}") for name in ("n", "events")]
            rows.append([label, *counts, *cells, begin_with_range(found["median"], self._median(curve), _reached)])
        heads = ["", "Patients", "Events", *(f"At {time:g} months" for time in times), "Median, months"]
        return self.page.patients_table(
            heads, rows, f"{self.page.title(what, grouped)} ({100 * self.page.level:g}% CI, {self.page.interval})"
        )

    def _with_searched(self, found: Mapping[str, Sampled], label: str) -> dict[str, Sampled]:
        """Survival at times and the median of one curve, with what is to be said where both ends of a range were searched for."""
        group = Condition() if label == EVERYBODY else self.page.conditions()[label]

        def searched(name: str) -> str:
            if name in ("n", "events") or self.page.origin:  # of patients `baseline` counts them; another clock is another quantity
                return ""
            wanted = {"endpoint": self.page.endpoint_name} | ({} if name == "median" else {"time": name})
            return self.page.searched_of_patients("survival_median" if name == "median" else "survival", group, wanted)

        return {name: replace(one, searched=searched(name)) for name, one in found.items()}

    def _survival_cells(self, curve: Curve, times: list[float]) -> list[str]:
        low, high = curve.limits_at(times, kind=self.page.interval, level=self.page.level)
        seen = np.asarray(times) <= curve.time[-1]
        limits = [
            interval(100 * a, 100 * b, 1) if np.isfinite([a, b]).any() else self._without_limits(curve, time)
            for a, b, time in zip(low, high, times, strict=True)
        ]
        return [
            f"{100 * s:.1f}% ({told})" if known else "beyond follow-up"
            for s, told, known in zip(curve.survival_at(times), limits, seen, strict=True)
        ]

    @staticmethod
    def _at_times(curves: dict[str, Curve], label: str, times: list[float]) -> dict[str, float]:
        """Numbers of one curve of a cohort; survival is NaN beyond its follow-up."""
        if label not in curves:
            raise Undefined(f"nobody is in {label}")
        curve = curves[label]
        survival = np.where(np.asarray(times) <= curve.time[-1], 100 * curve.survival_at(times), np.nan)
        return {"n": curve.n, "events": int(curve.events.sum()), "median": curve.median()} | {
            f"{time:g}": value for time, value in zip(times, survival, strict=True)
        }

    def _median(self, curve: Curve) -> str:
        median, limits = curve.median(), curve.median_interval(self.page.interval, self.page.level)
        told = _reached(median)
        low, high = (_reached(limit) for limit in limits)
        return told if low == high == "not reached" else f"{told} ({low} to {high})"

    def _without_limits(self, curve: Curve, time: float) -> str:
        """What stands in place of limits where Greenwood's error is 0 or undefined."""
        if curve.survival_at(time) < 1:
            return "no limits"
        return f"no event; lower {100 * self.page.level:g}% limit {100 * lower_limit_without_events(curve.at_risk_at(time), self.page.level):.1f}"

    @sentence
    @where_it_applies
    def follow_up(self, what: str) -> Statement | HTML:
        """Median follow-up by the reverse Kaplan-Meier estimate.

        Parameters
        ----------
        what : str
            Beginning of the sentence.
        """
        if self.page.protection:
            self.page.bounded_curves(grouped=False)
            median = disclosure_control.bounded(self.page.released.life(self.page.endpoint, reverse=True)).median()
            return Statement(f"{what}: the median follow-up, by the reverse Kaplan-Meier estimate, is {months_text(median, ' months')}.")
        found = over(self.page.cohort_numbers(), self._follow_up)["value"]
        lead = f"{what}: the median follow-up, by the reverse Kaplan-Meier estimate,"
        if not found.defined:
            return Statement(f"{what}: too few patients are censored for a median follow-up by the reverse Kaplan-Meier estimate.")
        return self.page.over_cohorts(
            lead,
            found,
            f"{lead} is {number(found.reference, 1)} months.",
            decimals=1,
            unit=" months",
            short=f"{number(found.reference, 1)} months.",
        )

    def _follow_up(self, member: int) -> float:
        table = self.page.observed(member)
        median = reverse_kaplan_meier(table["time"], table["event"]).median()
        return median if np.isfinite(median) else float("nan")

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
        return "A large P value is no proof that the groups are alike." + (f" The comparison is {BIASED}." if self.page.immortal else "")

    def _bounded_log_rank(self, what: str) -> Statement:
        """The test of two groups of patients who need protection: bounds of its P."""
        names = [self.page.called(level) for level in self.page.levels()]
        if len(names) != 2:
            raise NotShown("bounds of P are known for two groups only")
        curves = self.page.bounded_curves(grouped=True)
        if len(curves) != 2:
            raise NotShown("one group has too few patients")
        try:
            told = p_value_text(bounded_p(*(curves[name] for name in names), self.page.protection.threshold))
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
        model = f"each pair of groups in a Cox model of its own, ties: {self.page.ties}"
        if self.page.protection:
            return disclosure_control.hazard_ratios(
                self.bounded_ratios(), f"{self.page.title(what, grouped=True)}; {model}", self.page.level
            )
        _, held = self.compared_groups()
        results = []
        for level in held[:-1]:
            label = f"{self.page.called(level)} against {self.page.called(held[-1])}"
            found = over(self.page.cohort_numbers(), lambda member, level=level: self.ratio(member, level, held[-1]))
            if not found["value"].defined:
                results.append(Result(label, float("nan"), remark=f"does not exist: {found['value'].why}"))
                continue
            limits = (found["lower"].reference, found["upper"].reference)
            remark = f"P of a trend of the ratio in time {p_cell(found['trend'].reference)}" if found["trend"].defined else ""
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
                    bounded_ratio(curves[name], curves[reference], self.page.protection.threshold, self.page.level)
                    if name in curves
                    else NotShown("too few patients")
                )
            except Undefined as problem:
                ratio = problem
            found[f"{name} against {reference}"] = ratio
        return found

    def ratio(self, member: int, level: str, reference: str) -> dict[str, float]:
        table, _ = self.page.divided(member)
        table = table[table["group"].isin([level, reference])]
        first = (table["group"] == level).astype(float)
        found = small_samples.hazard_ratio(table["time"], table["event"], first, ties=self.page.ties, level=self.page.level)
        try:
            trend = proportional_hazards.check(table.assign(first=first), "time", "event", ["first"]).p
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
            found = over(self.page.cohort_numbers(), lambda member, level=level: self._mean(member, grouped, level, horizon))
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
        table, held = self.page.divided(member)
        if not table["event"].any():
            raise Undefined("nobody has an event")
        return table, held


def _reached(time: float) -> str:
    return number(time, 1) if np.isfinite(time) else "not reached"
