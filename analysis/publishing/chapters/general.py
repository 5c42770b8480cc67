"""Any survival cohort: who the patients are, how they fare, how groups compare.  No printed number stands beside."""

from __future__ import annotations

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts.reading import ABSENT
from analysis.cohorts.selection import COHORT
from analysis.errors import Undefined
from analysis.estimators import log_rank, proportional_hazards, rmst, small_samples
from analysis.estimators.estimable import lower_limit_without_events
from analysis.estimators.follow_up import reverse_kaplan_meier
from analysis.estimators.kaplan_meier import Curve, kaplan_meier
from analysis.estimators.sampled import over
from analysis.estimators.suppression import hidden
from analysis.figures.present import PairedFigure
from analysis.figures.survival import survival_figure
from analysis.publishing.chapters.beside_published import BesidePublished
from analysis.publishing.chapters.effects import AFTER_FIRTH, in_small_samples
from analysis.publishing.chapters.general_base import EVERYBODY
from analysis.publishing.chapters.showing import where_it_applies
from analysis.tables.estimates import Result, estimates_table
from analysis.tables.plain import plain_table
from analysis.tables.statements import Statement, interval, number, p_text
from analysis.tables.view import View

NOT_SHOWN = "not shown"


class General(BesidePublished):
    """Sections for any survival cohort."""

    @where_it_applies
    def who(self, caption: str = "Patients") -> View | HTML:
        """Counts of every category and truth value, medians and quartiles of every measurement, in all and by group."""
        frame = self.everybody()
        columns: dict[str, np.ndarray] = {EVERYBODY: np.ones(len(frame), bool)}
        if self.grouping:
            groups = self._groups(frame)
            columns |= {level: (groups == level).to_numpy() for level in self.levels()}
        declared = {name: v for name, v in self.opened.study.variables[COHORT].items() if name not in frame.attrs.get(ABSENT, ()) and v.type != "id"}
        counted = {("", "", column): mask for column, mask in columns.items()}
        for name, variable in declared.items():
            for level, mask in _cells(frame[name], variable).items():
                counted |= {(name, level, column): mask & inside for column, inside in columns.items()}
        within = {key: columns[key[2]] for key in counted if key[0]}
        gone = hidden(counted, self.threshold, within) if self.threshold else set()
        shown = lambda key: NOT_SHOWN if key in gone else str(int(counted[key].sum()))  # noqa: E731
        rows = [["Patients", *(shown(("", "", column)) for column in columns)]]
        for name, variable in declared.items():
            if variable.type in ("integer", "number"):
                rows.append([f"{name}{f' ({variable.unit})' if variable.unit else ''}, median (quartiles)", *(self._quartiles(frame[name][inside]) for inside in columns.values())])
                continue
            rows += [[f"{name}: {level}", *(shown((name, level, column)) for column in columns)] for level in _cells(frame[name], variable)]
        return plain_table(["", *columns], rows, caption)

    def _quartiles(self, column: pd.Series) -> str:
        known = column.dropna().to_numpy(dtype=float)
        if not len(known):
            return "unknown"
        if len(known) < self.threshold:
            return NOT_SHOWN
        low, middle, high = np.quantile(known, [0.25, 0.5, 0.75])
        return f"{number(middle, 1)} ({number(low, 1)} to {number(high, 1)})"

    @where_it_applies
    def missing(self, caption: str = "Missing values") -> View | HTML:
        """Columns that the cohort lacks, and in how many patients a value is missing."""
        frame = self.everybody()
        absent = frame.attrs.get(ABSENT, ())
        rows = [[", ".join(absent), "no such column"]] if absent else []
        for name in frame.columns.difference(absent, sort=False):
            gaps = int(frame[name].isna().sum())
            few = min(gaps, len(frame) - gaps) if len(frame) > gaps else 0
            if gaps:
                rows.append([name, NOT_SHOWN if 0 < gaps < self.threshold or 0 < few < self.threshold else f"{gaps} of {len(frame)}"])
        return plain_table(["Column", "Missing"], rows or [["every column", "nothing"]], caption)

    @where_it_applies
    def survival_curves(self, what: str, grouped: bool = False) -> PairedFigure | HTML:
        """Kaplan-Meier curves of the endpoint, of all patients or of each group."""
        drawn = self._curves(0, grouped)
        others = [] if self.own else [self._curves(member, grouped) for member in range(1, len(self.opened.cohorts))]
        told = {"horizon": self.horizon, "interval": self.interval, "level": self.level, "ylabel": self.endpoint.label}
        return survival_figure(
            self._safe(drawn), title=self.title(what), ensemble=others, reconstructed=not self.own, rounded=self.threshold,
            name=f"{self.endpoint_name}-{self.grouping if grouped else 'all'}", **told,
        )

    def _curves(self, member: int, grouped: bool) -> dict[str, Curve]:
        if not grouped:
            table = self.observed(member)
            return {EVERYBODY: kaplan_meier(table["time"], table["event"])}
        table, held = self.divided(member)
        return {level: kaplan_meier(rows["time"], rows["event"]) for level in held for rows in [table[table["group"] == level]]}

    @where_it_applies
    def estimates(self, what: str, grouped: bool = False) -> View | HTML:
        """Estimates at a third, two thirds and the whole of the horizon, and the median."""
        times = [self.horizon * part for part in (1 / 3, 2 / 3, 1)]
        rows = []
        for label, curve in self._safe(self._curves(0, grouped)).items():
            low, high = curve.limits_at(times, kind=self.interval, level=self.level)
            seen = np.asarray(times) <= curve.time[-1]
            limits = [interval(100 * a, 100 * b, 1) if np.isfinite([a, b]).any() else self._without_limits(curve, time) for a, b, time in zip(low, high, times, strict=True)]
            cells = [f"{100 * s:.1f}% ({told})" if known else "beyond follow-up" for s, told, known in zip(curve.survival_at(times), limits, seen, strict=True)]
            median = curve.median()
            rows.append([label, str(curve.n), str(int(curve.events.sum())), *cells, f"{number(median, 1)} months" if np.isfinite(median) else "not reached"])
        about = "about " if self.protection else ""
        heads = ["", f"Patients{' (rounded)' if about else ''}", f"Events{' (rounded)' if about else ''}", *(f"At {time:g} months" for time in times), "Median"]
        return plain_table(heads, rows, f"{self.title(what)} ({100 * self.level:g}% intervals, {self.interval})")

    def _without_limits(self, curve: Curve, time: float) -> str:
        """What stands in place of limits where Greenwood's error is 0 or undefined."""
        if curve.survival_at(time) < 1:
            return "no limits"
        return f"no event; lower {100 * self.level:g}% limit {100 * lower_limit_without_events(curve.at_risk_at(time), self.level):.1f}"

    @where_it_applies
    def follow_up(self, what: str) -> Statement | HTML:
        """Median follow-up by the reverse Kaplan-Meier estimate."""
        table = self.observed()
        self.enough(int((table["event"] == 0).sum()), "censored patients")
        median = reverse_kaplan_meier(table["time"], table["event"]).median()
        return Statement(f"{what}: the median follow-up, by the reverse Kaplan-Meier estimate, is {number(median, 1)} months." if np.isfinite(median)
                         else f"{what}: too few patients are censored for a median follow-up by the reverse Kaplan-Meier estimate.")

    @where_it_applies
    def log_rank_statement(self, what: str) -> Statement | HTML:
        """The log-rank test of all groups together."""
        table, held = self._compared_groups()
        p = log_rank.compare(table["time"], table["event"], table["group"], groups=held).p
        if not np.isfinite(p):
            raise Undefined("the test is undefined for these times")
        return Statement(f"{what}: the log-rank test of {len(held)} groups gives {p_text(p)}. A large P value is no proof that the groups are alike.")

    @where_it_applies
    def hazard_ratios(self, what: str) -> View | HTML:
        """Hazard ratio of each group to the last (Cox with profile limits and the page's handling of ties), with the check of proportional hazards."""
        _, held = self._compared_groups()
        results = []
        members = range(1 if self.own else len(self.opened.cohorts))
        for level in held[:-1]:
            found = over(members, lambda member, level=level: self._ratio(member, level, held[-1]))
            if not found["value"].defined:
                results.append(Result(f"{level} against {held[-1]}", float("nan"), remark=f"does not exist: {found['value'].why}"))
                continue
            limits = (found["lower"].reference, found["upper"].reference)
            remark = f"P of a trend of the ratio in time {number(found['trend'].reference, 3)}" if found["trend"].defined else ""
            remark = AFTER_FIRTH if found["after_firth"].reference else remark
            results.append(Result(f"{level} against {held[-1]}", found["value"].reference, limits, found["p"].reference, found["value"], remark=remark))
        return estimates_table(results, caption=self.title(what), level=self.level)

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
        table, held = self._compared_groups() if grouped else (self.observed().assign(group=EVERYBODY), [EVERYBODY])
        horizon = min(self.horizon, table.groupby("group")["time"].max().min())
        if not horizon > 0:
            raise Undefined("one group has no follow-up")
        results = []
        for level in held:
            rows = table[table["group"] == level]
            mean = rmst.restricted_mean(rows["time"], rows["event"], horizon, level=self.level)
            results.append(Result(level, mean.mean, (mean.lower, mean.upper), decimals=1, unit=" months", remark=f"not estimable: {mean.why}" if mean.why else ""))
        return estimates_table(results, caption=f"{self.title(what)}, to {horizon:g} months", level=self.level)

    def _compared_groups(self) -> tuple[pd.DataFrame, list[str]]:
        table, held = self.divided()
        if not table["event"].any():
            raise Undefined("nobody has an event")
        for level in held:
            self.enough(int(table.loc[table["group"] == level, "event"].sum()), f"events in {level}")
        return table, held


def _cells(column: pd.Series, variable) -> dict[str, np.ndarray]:
    """Who has each level of a category or truth value, and of whom it is unknown; nothing of a measurement."""
    if variable.type not in ("category", "boolean"):
        return {}
    levels = variable.levels or (True, False)
    found = {("yes" if level is True else "no" if level is False else level): (column == level).fillna(False).to_numpy(bool) for level in levels}
    unknown = column.isna().to_numpy()
    return found | ({"unknown": unknown} if unknown.any() else {})
