"""Any survival cohort: how patients and groups fare.  No printed number stands beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
from IPython.display import HTML

from analysis.cohorts.conditions import Condition
from analysis.cohorts.selection import COHORT
from analysis.errors import Undefined
from analysis.estimators.curves.follow_up import reverse_kaplan_meier
from analysis.estimators.curves.kaplan_meier import Curve, kaplan_meier
from analysis.estimators.ensemble_range import Sampled, over
from analysis.estimators.numerics.estimable import lower_limit_without_events
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.plots.protected_survival import bounded_figure
from analysis.figures.plots.survival import survival_figure
from analysis.ledger.session.ranges import months_text
from analysis.pages.any_cohort import disclosure_control
from analysis.pages.any_cohort.base import EVERYBODY, GeneralSection
from analysis.pages.guards import where_it_applies
from analysis.pages.section import figure, sentence, table
from analysis.tables.html.view import View
from analysis.tables.range_sentences import begin_with_range
from analysis.tables.sentences import Statement, interval, number

TIMES = (12.0, 24.0, 36.0, 60.0)
"""Times at which survival is told, months, as far as the horizon; the horizon itself besides."""


class GeneralSurvival(GeneralSection):
    """Survival of the patients of any cohort, and how long they are followed."""

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
            unit=self.page.opened.study.tables[COHORT].unit,
            **told,
        )

    def curves(self, member: int, grouped: bool) -> dict[str, Curve]:
        """Kaplan-Meier estimate of a cohort (0 is the reference cohort), by group or of everybody."""
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
            found = self._with_searched(over(cohorts, partial(self._at_times, label=label, times=times)), label)
            cells = [
                begin_with_range(found[f"{time:g}"], told, lambda value: f"{number(value, 1)}%")
                for time, told in zip(times, self._survival_cells(curve, times), strict=True)
            ]
            counts = [begin_with_range(found[name], f"{found[name].reference:g}", lambda value: f"{value:g}") for name in ("n", "events")]
            rows.append([label, *counts, *cells, begin_with_range(found["median"], self._median(curve), _describe_reached)])
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
        told = _describe_reached(median)
        low, high = (_describe_reached(limit) for limit in limits)
        return told if low == high == "not reached" else f"{told} ({low} to {high})"

    def _without_limits(self, curve: Curve, time: float) -> str:
        """What stands in place of limits where Greenwood's error is 0 or undefined."""
        if curve.survival_at(time) < 1:
            return "no limits"
        return f"no event; lower {100 * self.page.level:g}% limit {100 * lower_limit_without_events(curve.at_risk_at(time), self.page.level):.1f}"

    @sentence
    @where_it_applies
    def follow_up(self, what: str) -> Statement | HTML:
        """Median follow-up by the reverse Kaplan–Meier estimate.

        Parameters
        ----------
        what : str
            Beginning of the sentence.
        """
        if self.page.protection:
            self.page.bounded_curves(grouped=False)
            median = disclosure_control.bounded(self.page.released.life(self.page.endpoint, reverse=True)).median()
            return Statement(f"{what}: the median follow-up, by the reverse Kaplan–Meier estimate, is {months_text(median, ' months')}.")
        found = over(self.page.cohort_numbers(), self._follow_up)["value"]
        lead = f"{what}: the median follow-up, by the reverse Kaplan–Meier estimate,"
        if not found.defined:
            return Statement(f"{what}: too few patients are censored for a median follow-up by the reverse Kaplan–Meier estimate.")
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


def _describe_reached(time: float) -> str:
    return number(time, 1) if np.isfinite(time) else "not reached"
