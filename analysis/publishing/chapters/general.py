"""Any survival cohort: who the patients are, how they fare, how groups compare.  No printed number stands beside."""

from __future__ import annotations

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts.conditions import Condition
from analysis.cohorts.reading import ABSENT
from analysis.cohorts.selection import COHORT
from analysis.errors import NotShown, Undefined
from analysis.estimators import log_rank, proportional_hazards, rmst, small_samples
from analysis.estimators.bounded_ratio import BoundedRatio, bounded_ratio
from analysis.estimators.estimable import lower_limit_without_events
from analysis.estimators.follow_up import reverse_kaplan_meier
from analysis.estimators.kaplan_meier import Curve, kaplan_meier
from analysis.estimators.sampled import over
from analysis.figures.bounded import bounded_figure
from analysis.figures.present import PairedFigure
from analysis.figures.survival import survival_figure
from analysis.ledger.ranges import months_text
from analysis.publishing.chapters import protected
from analysis.publishing.chapters.beside_published import BesidePublished
from analysis.publishing.chapters.effects import AFTER_FIRTH, in_small_samples
from analysis.publishing.chapters.general_base import EVERYBODY
from analysis.publishing.chapters.showing import where_it_applies
from analysis.publishing.chapters.timing import BIASED
from analysis.tables.estimates import Result
from analysis.tables.plain import plain_table
from analysis.tables.statements import Statement, interval, number, p_cell, p_text
from analysis.tables.view import View

TIMES = (12.0, 24.0, 36.0, 60.0)
"""Times at which survival is told, months, as far as the horizon; the horizon itself besides."""


class General(BesidePublished):
    """Sections for any survival cohort."""

    @where_it_applies
    def who(self, caption: str = "Patients") -> View | HTML:
        """Counts of every category and truth value, medians and quartiles of every measurement, in all and by group."""
        if self.protection:
            columns = {EVERYBODY: Condition()} | (self.conditions() if self.grouping else {})
            return protected.patients(self.released, columns, self._labels(), caption)
        frame = self.everybody()
        chosen: dict[str, np.ndarray] = {EVERYBODY: np.ones(len(frame), bool)}
        if self.grouping:
            groups = self._groups(frame)
            chosen |= {self.called(level): (groups == level).to_numpy() for level in self.levels()}
        rows = [["Patients", *(str(int(inside.sum())) for inside in chosen.values())]]
        for name, variable in self.opened.study.variables[COHORT].items():
            if name in frame.attrs.get(ABSENT, ()) or variable.type == "id":
                continue
            if variable.type in ("integer", "number"):
                unit = f" ({variable.unit})" if variable.unit else ""
                rows.append([f"{self.label(name)}{unit}, median (quartiles)", *(self._quartiles(frame[name][inside]) for inside in chosen.values())])
                continue
            for level, words in protected.levels(variable).items():
                mask = protected.level_is(name, level).mask(frame)
                rows.append([f"{self.label(name)}: {words}", *(str(int((mask & inside).sum())) for inside in chosen.values())])
        return plain_table(["", *chosen], rows, caption)

    def _labels(self) -> dict[str, str]:
        return {name: self.label(name) for name in self.opened.study.variables[COHORT]}

    def _quartiles(self, column: pd.Series) -> str:
        known = column.dropna().to_numpy(dtype=float)
        if not len(known):
            return "unknown"
        low, middle, high = np.quantile(known, [0.25, 0.5, 0.75])
        return f"{number(middle, 1)} ({number(low, 1)} to {number(high, 1)})"

    @where_it_applies
    def missing(self, caption: str = "Missing values") -> View | HTML:
        """Columns that the cohort lacks, and in how many patients a value is missing."""
        if self.protection:
            return protected.missing(self.released, self._labels(), caption)
        frame = self.everybody()
        absent = frame.attrs.get(ABSENT, ())
        rows = [[", ".join(absent), "no such column"]] if absent else []
        gaps = frame[frame.columns.difference(absent, sort=False)].isna().sum()
        rows += [[self.label(name), f"{count} of {len(frame)}"] for name, count in gaps.items() if count]
        return plain_table(["Column", "Missing"], rows or [["every column", "nothing"]], caption)

    @where_it_applies
    def survival_curves(self, what: str, grouped: bool = False) -> PairedFigure | HTML:
        """Kaplan-Meier curves of the endpoint, of all patients or of each group."""
        name = f"{self.endpoint_name}-{self.grouping if grouped else 'all'}"
        if self.protection:
            return bounded_figure(self.bounded_curves(grouped), horizon=self.horizon, title=self.title(what, grouped), ylabel=self.endpoint.label, name=name)
        drawn = self._curves(0, grouped)
        others = [] if self.own else [self._curves(member, grouped) for member in range(1, len(self.opened.cohorts))]
        told = {"horizon": self.horizon, "interval": self.interval, "level": self.level, "ylabel": self.endpoint.label}
        return survival_figure(drawn, title=self.title(what, grouped), ensemble=others, reconstructed=not self.own, name=name, **told)

    def _curves(self, member: int, grouped: bool) -> dict[str, Curve]:
        if not grouped:
            table = self.observed(member)
            return {EVERYBODY: kaplan_meier(table["time"], table["event"])}
        table, held = self.divided(member)
        return {self.called(level): kaplan_meier(rows["time"], rows["event"]) for level in held for rows in [table[table["group"] == level]]}

    @where_it_applies
    def estimates(self, what: str, grouped: bool = False) -> View | HTML:
        """Survival at one, two, three and five years as far as the horizon, and the median, with their intervals."""
        times = sorted({*(time for time in TIMES if time <= self.horizon), self.horizon})
        if self.protection:
            return protected.estimates(self.bounded_curves(grouped), times, self.title(what, grouped), self.interval, self.level)
        rows = []
        for label, curve in self._curves(0, grouped).items():
            low, high = curve.limits_at(times, kind=self.interval, level=self.level)
            seen = np.asarray(times) <= curve.time[-1]
            limits = [interval(100 * a, 100 * b, 1) if np.isfinite([a, b]).any() else self._without_limits(curve, time) for a, b, time in zip(low, high, times, strict=True)]
            cells = [f"{100 * s:.1f}% ({told})" if known else "beyond follow-up" for s, told, known in zip(curve.survival_at(times), limits, seen, strict=True)]
            rows.append([label, str(curve.n), str(int(curve.events.sum())), *cells, self._median(curve)])
        heads = ["", "Patients", "Events", *(f"At {time:g} months" for time in times), "Median, months"]
        return plain_table(heads, rows, f"{self.title(what, grouped)} ({100 * self.level:g}% intervals, {self.interval})")

    def _median(self, curve: Curve) -> str:
        median, limits = curve.median(), curve.median_interval(self.interval, self.level)
        told = number(median, 1) if np.isfinite(median) else "not reached"
        low, high = (number(limit, 1) if np.isfinite(limit) else "not reached" for limit in limits)
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
            median = protected.bounded(self.released.life(self.endpoint, reverse=True)).median()
            return Statement(f"{what}: the median follow-up, by the reverse Kaplan-Meier estimate, is {months_text(median, ' months')}.")
        table = self.observed()
        median = reverse_kaplan_meier(table["time"], table["event"]).median()
        return Statement(f"{what}: the median follow-up, by the reverse Kaplan-Meier estimate, is {number(median, 1)} months." if np.isfinite(median)
                         else f"{what}: too few patients are censored for a median follow-up by the reverse Kaplan-Meier estimate.")

    @where_it_applies
    def log_rank_statement(self, what: str) -> Statement | HTML:
        """The log-rank test of all groups together."""
        if self.protection:
            raise NotShown("its P value depends on the order of events within intervals of time")
        table, held = self._compared_groups()
        p = log_rank.compare(table["time"], table["event"], table["group"], groups=held).p
        if not np.isfinite(p):
            raise Undefined("the test is undefined for these times")
        return Statement(f"{what}: the log-rank test of {len(held)} groups gives {p_text(p)}. A large P value is no proof that the groups are alike.{f' The comparison is {BIASED}.' if self.immortal else ''}")

    @where_it_applies
    def hazard_ratios(self, what: str) -> View | HTML:
        """Hazard ratio of each group to the last (Cox with profile limits and the page's handling of ties), with the check of proportional hazards."""
        model = f"each pair of groups in a Cox model of its own, ties: {self.ties}"
        if self.protection:
            return protected.hazard_ratios(self.bounded_ratios(), f"{self.title(what, grouped=True)}; {model}", self.level)
        _, held = self._compared_groups()
        results = []
        members = range(1 if self.own else len(self.opened.cohorts))
        for level in held[:-1]:
            label = f"{self.called(level)} against {self.called(held[-1])}"
            found = over(members, lambda member, level=level: self._ratio(member, level, held[-1]))
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
                ratio: BoundedRatio | Undefined = bounded_ratio(curves[name], curves[reference], self.protection.threshold, self.level) if name in curves else NotShown("too few patients")
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
            return protected.restricted_means(self.bounded_curves(grouped), self.horizon, self.title(what, grouped))
        table, held = self._compared_groups() if grouped else (self.observed().assign(group=EVERYBODY), [EVERYBODY])
        horizon = min(self.horizon, table.groupby("group")["time"].max().min())
        if not horizon > 0:
            raise Undefined("one group has no follow-up")
        results = []
        for level in held:
            rows = table[table["group"] == level]
            mean = rmst.restricted_mean(rows["time"], rows["event"], horizon, level=self.level)
            results.append(Result(self.called(level) if grouped else level, mean.mean, (mean.lower, mean.upper), decimals=1, unit=" months", remark=f"not estimable: {mean.why}" if mean.why else ""))
        return self.results_table(results, f"{self.title(what, grouped)}, to {horizon:g} months")

    def _compared_groups(self) -> tuple[pd.DataFrame, list[str]]:
        table, held = self.divided()
        if not table["event"].any():
            raise Undefined("nobody has an event")
        return table, held

