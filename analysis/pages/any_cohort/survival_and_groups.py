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
from analysis.pages.any_cohort.base import EVERYBODY
from analysis.pages.any_cohort.groups_formed_later import BIASED
from analysis.pages.any_cohort.patients import GeneralPatients
from analysis.pages.any_cohort.published_beside import BesidePublished
from analysis.pages.comparisons.two_groups import AFTER_FIRTH, in_small_samples
from analysis.pages.guards import where_it_applies
from analysis.tables.estimates import Result
from analysis.tables.html.view import View
from analysis.tables.sentences import Statement, interval, number, p_cell, p_text, range_first

TIMES = (12.0, 24.0, 36.0, 60.0)
"""Times at which survival is told, months, as far as the horizon; the horizon itself besides."""


class General(GeneralPatients, BesidePublished):
    """Sections for any survival cohort."""

    @where_it_applies
    def survival_curves(self, what: str, grouped: bool = False) -> PairedFigure | HTML:
        """Kaplan-Meier curves of the endpoint, of all patients or of each group."""
        name = f"{self.endpoint_name}-{self.grouping if grouped else 'all'}"
        if self.protection:
            return bounded_figure(
                self.bounded_curves(grouped), horizon=self.horizon, title=self.title(what, grouped), ylabel=self.endpoint.label, name=name
            )
        drawn = self._curves(0, grouped)
        others = [] if self.own else [self._curves(member, grouped) for member in range(1, len(self.opened.cohorts))]
        told = {"horizon": self.horizon, "interval": self.interval, "level": self.level, "ylabel": self.endpoint.label}
        return survival_figure(drawn, title=self.title(what, grouped), ensemble=others, reconstructed=not self.own, name=name, **told)

    def _curves(self, member: int, grouped: bool) -> dict[str, Curve]:
        if not grouped:
            table = self.observed(member)
            return {EVERYBODY: kaplan_meier(table["time"], table["event"])}
        table, held = self.divided(member)
        return {
            self.called(level): kaplan_meier(rows["time"], rows["event"]) for level in held for rows in [table[table["group"] == level]]
        }

    @where_it_applies
    def estimates(self, what: str, grouped: bool = False) -> View | HTML:
        """Survival at one, two, three and five years as far as the horizon, and the median, with their intervals."""
        times = sorted({*(time for time in TIMES if time <= self.horizon), self.horizon})
        if self.protection:
            return disclosure_control.estimates(self.bounded_curves(grouped), times, self.title(what, grouped), self.interval, self.level)
        rows, cohorts = [], [self._curves(member, grouped) for member in self.cohort_numbers()]
        for label, curve in cohorts[0].items():
            found = self._with_searched(over(cohorts, lambda curves, label=label: self._at_times(curves, label, times)), label)
            cells = [
                range_first(found[f"{time:g}"], told, lambda value: f"{number(value, 1)}%")
                for time, told in zip(times, self._survival_cells(curve, times), strict=True)
            ]
            counts = [range_first(found[name], f"{found[name].reference:g}", lambda value: f"{value:g}") for name in ("n", "events")]
            rows.append([label, *counts, *cells, range_first(found["median"], self._median(curve), _reached)])
        heads = ["", "Patients", "Events", *(f"At {time:g} months" for time in times), "Median, months"]
        return self._patients_table(heads, rows, f"{self.title(what, grouped)} ({100 * self.level:g}% CI, {self.interval})")

    def _with_searched(self, found: Mapping[str, Sampled], label: str) -> dict[str, Sampled]:
        """Survival at times and the median of one curve, with what is to be said where both ends of a range were searched for."""
        group = Condition() if label == EVERYBODY else self.conditions()[label]

        def searched(name: str) -> str:
            if name in ("n", "events") or self.origin:  # of patients `who` counts them; another clock is another quantity
                return ""
            wanted = {"endpoint": self.endpoint_name} | ({} if name == "median" else {"time": name})
            return self.searched_of_patients("survival_median" if name == "median" else "survival", group, wanted)

        return {name: replace(one, searched=searched(name)) for name, one in found.items()}

    def _survival_cells(self, curve: Curve, times: list[float]) -> list[str]:
        low, high = curve.limits_at(times, kind=self.interval, level=self.level)
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
        median, limits = curve.median(), curve.median_interval(self.interval, self.level)
        told = _reached(median)
        low, high = (_reached(limit) for limit in limits)
        return told if low == high == "not reached" else f"{told} ({low} to {high})"

    def _without_limits(self, curve: Curve, time: float) -> str:
        """What stands in place of limits where Greenwood's error is 0 or undefined."""
        if curve.survival_at(time) < 1:
            return "no limits"
        return f"no event; lower {100 * self.level:g}% limit {100 * lower_limit_without_events(curve.at_risk_at(time), self.level):.1f}"

    @where_it_applies
    def follow_up(self, what: str) -> Statement | HTML:
        """Median follow-up by the reverse Kaplan-Meier estimate."""
        if self.protection:
            self.bounded_curves(grouped=False)
            median = disclosure_control.bounded(self.released.life(self.endpoint, reverse=True)).median()
            return Statement(f"{what}: the median follow-up, by the reverse Kaplan-Meier estimate, is {months_text(median, ' months')}.")
        found = over(self.cohort_numbers(), self._follow_up)["value"]
        lead = f"{what}: the median follow-up, by the reverse Kaplan-Meier estimate,"
        if not found.defined:
            return Statement(f"{what}: too few patients are censored for a median follow-up by the reverse Kaplan-Meier estimate.")
        return self.over_cohorts(
            lead,
            found,
            f"{lead} is {number(found.reference, 1)} months.",
            decimals=1,
            unit=" months",
            short=f"{number(found.reference, 1)} months.",
        )

    def _follow_up(self, member: int) -> float:
        table = self.observed(member)
        median = reverse_kaplan_meier(table["time"], table["event"]).median()
        return median if np.isfinite(median) else float("nan")

    @where_it_applies
    def log_rank_statement(self, what: str) -> Statement | HTML:
        """The log-rank test of all groups together."""
        if self.protection:
            return self._bounded_log_rank(what)
        _, held = self._compared_groups()
        found = over(self.cohort_numbers(), self._log_rank)["value"]
        if not found.defined:
            raise Undefined("the test is undefined for these times")
        lead = f"{what}: P of the log-rank test of {len(held)} groups"
        told = self.over_cohorts(
            lead,
            found,
            f"{what}: the log-rank test of {len(held)} groups gives {p_text(found.reference)}.",
            is_p=True,
            short=f"{p_text(found.reference)}.",
        )
        return Statement(f"{told} {self._of_p_values()}")

    def _of_p_values(self) -> str:
        return "A large P value is no proof that the groups are alike." + (f" The comparison is {BIASED}." if self.immortal else "")

    def _bounded_log_rank(self, what: str) -> Statement:
        """The test of two groups of patients who need protection: bounds of its P."""
        names = [self.called(level) for level in self.levels()]
        if len(names) != 2:
            raise NotShown("bounds of P are known for two groups only")
        curves = self.bounded_curves(grouped=True)
        if len(curves) != 2:
            raise NotShown("one group has too few patients")
        try:
            told = p_value_text(bounded_p(*(curves[name] for name in names), self.protection.threshold))
        except Undefined as reason:
            raise NotShown(str(reason)) from None
        return Statement(f"{what}: P of the log-rank test of 2 groups is {told}. {self._of_p_values()}")

    def _log_rank(self, member: int) -> float:
        table, held = self._compared_groups(member)
        return log_rank.compare(table["time"], table["event"], table["group"], groups=held).p

    @where_it_applies
    def hazard_ratios(self, what: str) -> View | HTML:
        """Hazard ratio of each group to the last (Cox with profile limits and the page's handling of ties), with the check of proportional hazards."""
        model = f"each pair of groups in a Cox model of its own, ties: {self.ties}"
        if self.protection:
            return disclosure_control.hazard_ratios(self.bounded_ratios(), f"{self.title(what, grouped=True)}; {model}", self.level)
        _, held = self._compared_groups()
        results = []
        for level in held[:-1]:
            label = f"{self.called(level)} against {self.called(held[-1])}"
            found = over(self.cohort_numbers(), lambda member, level=level: self._ratio(member, level, held[-1]))
            if not found["value"].defined:
                results.append(Result(label, float("nan"), remark=f"does not exist: {found['value'].why}"))
                continue
            limits = (found["lower"].reference, found["upper"].reference)
            remark = f"P of a trend of the ratio in time {p_cell(found['trend'].reference)}" if found["trend"].defined else ""
            remark = AFTER_FIRTH if found["after_firth"].reference else remark
            results.append(Result(label, found["value"].reference, limits, found["p"].reference, found["value"], remark=remark))
        return self.results_table(results, f"{self.title(what, grouped=True)}; {model}")

    def bounded_ratios(self) -> dict[str, BoundedRatio | Undefined]:
        """Bounds of the ratio of each group to the last one, or why there are none."""
        if self.ties == "exact":
            raise NotShown("bounds are known for Breslow and Efron ties only")
        curves = self.bounded_curves(grouped=True)
        names = [self.called(level) for level in self.levels()]
        reference, found = names[-1], {}
        if reference not in curves:
            raise NotShown(f"too few patients in {reference}, to which the others are compared")
        for name in names[:-1]:
            try:
                ratio: BoundedRatio | Undefined = (
                    bounded_ratio(curves[name], curves[reference], self.protection.threshold, self.level)
                    if name in curves
                    else NotShown("too few patients")
                )
            except Undefined as problem:
                ratio = problem
            found[f"{name} against {reference}"] = ratio
        return found

    def _ratio(self, member: int, level: str, reference: str) -> dict[str, float]:
        table, _ = self.divided(member)
        table = table[table["group"].isin([level, reference])]
        first = (table["group"] == level).astype(float)
        found = small_samples.hazard_ratio(table["time"], table["event"], first, ties=self.ties, level=self.level)
        try:
            trend = proportional_hazards.check(table.assign(first=first), "time", "event", ["first"]).p
        except Undefined:
            trend = float("nan")
        return in_small_samples(found) | {"trend": trend}

    @where_it_applies
    def restricted_mean_times(self, what: str, grouped: bool = True) -> View | HTML:
        """Mean survival time up to the horizon, or to where the shortest group's follow-up ends."""
        if self.protection:
            return disclosure_control.restricted_means(self.bounded_curves(grouped), self.horizon, self.title(what, grouped))
        _, held, ends = self._for_means(0, grouped)
        for member in self.cohort_numbers()[1:]:
            with suppress(Undefined):  # a cohort without these groups has no mean either
                ends = min(ends, self._for_means(member, grouped)[2])
        horizon = min(self.horizon, ends)
        if not horizon > 0:
            raise Undefined("one group has no follow-up")
        results = []
        for level in held:
            found = over(self.cohort_numbers(), lambda member, level=level: self._mean(member, grouped, level, horizon))
            mean, limits, why = (
                found["value"],
                (found["lower"].reference, found["upper"].reference),
                self._mean(0, grouped, level, horizon)["why"],
            )
            results.append(
                Result(
                    self.called(level) if grouped else level,
                    mean.reference,
                    limits,
                    range=mean,
                    decimals=1,
                    unit=" months",
                    remark=f"not estimable: {why}" if why else "",
                )
            )
        return self.results_table(results, f"{self.title(what, grouped)}, to {horizon:g} months")

    def _for_means(self, member: int, grouped: bool) -> tuple[pd.DataFrame, list[str], float]:
        """Rows with their groups, the groups, and where the shortest follow-up of one ends."""
        table, held = self._compared_groups(member) if grouped else (self.observed(member).assign(group=EVERYBODY), [EVERYBODY])
        return table, held, table.groupby("group")["time"].max().min()

    def _mean(self, member: int, grouped: bool, level: str, horizon: float) -> dict[str, float | str]:
        table, held, _ = self._for_means(member, grouped)
        if level not in held:
            raise Undefined(f"nobody is in {level}")
        rows = table[table["group"] == level]
        mean = rmst.restricted_mean(rows["time"], rows["event"], horizon, level=self.level)
        return {"value": mean.mean, "lower": mean.lower, "upper": mean.upper, "why": mean.why}

    def _compared_groups(self, member: int = 0) -> tuple[pd.DataFrame, list[str]]:
        table, held = self.divided(member)
        if not table["event"].any():
            raise Undefined("nobody has an event")
        return table, held


def _reached(time: float) -> str:
    return number(time, 1) if np.isfinite(time) else "not reached"
