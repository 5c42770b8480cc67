"""What happens on the way, such as transplantation: analyses that do not credit it with the time survived to reach it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.time_dependent import mantel_byar
from analysis.estimators.time_dependent.simon_makuch import simon_makuch
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.parts.time_axis import TimeAxis
from analysis.figures.plots.survival import survival_figure
from analysis.pages.guards import where_it_applies
from analysis.pages.section import figure, sentence, table
from analysis.pages.survival.switched import Switch, Switched, Table
from analysis.tables import range_sentences, sentences
from analysis.tables.html.view import View
from analysis.tables.sentences import Statement


class Switching(Switched):
    """Landmark, time-dependent Cox, Mantel-Byar and Simon-Makuch, and how they depend on the time assumed."""

    @table
    @where_it_applies
    def switch_hazard_ratios(self, switch: Sequence[str], *, caption: str, population: str = "all") -> View | HTML:
        """Hazard ratios after against without the switch: from the start, by landmark, time-dependent; Mantel-Byar P.

        Times of the switch are those of the cohort: assumptions of a reconstruction, where the paper prints none.

        Parameters
        ----------
        switch : (endpoint, happened, time, label)
            As `Switch`.
        caption, population : str
        """
        which, results = Switch(*switch), []
        for (label, way), searched in zip(self._ways(which).items(), self._searched_ways(which, population), strict=True):
            found = self.page.over_many(self._switch_ratios(which, way), population, searched)
            results += self._as_results(label, found)
        found = self.page.over(lambda frame: self._mantel_byar(self._switched(frame, which)), population)
        results += self._as_results(f"Mantel–Byar test: observed minus expected events after {which.label}", found, 1)
        told = f"{caption} (Cox regression, {self.page.ties.capitalize()} ties, profile-likelihood CI and likelihood-ratio P; an event in the month of {which.label} counts as before it)"
        return self.page.results_table(results, told)

    def _searched_ways(self, which: Switch, population: str) -> list[str]:
        """Of each of `_ways`, whether both ends of its range were searched for, in words."""

        def same(arguments: Mapping[str, str]) -> bool:
            alike = (arguments["endpoint"], arguments["switch_time"]) == (which.endpoint, which.time)
            return alike and float(arguments.get("landmark", self.page.landmark)) == self.page.landmark

        return ["", *(self.page.searched(statistic, population, same) for statistic in ("landmark_hr", "cox_td_hr"))]

    def _ways(self, which: Switch) -> dict:
        """The three comparisons by what a table calls them."""
        label = which.label[:1].upper() + which.label[1:]
        return {
            f"{label} ever vs never, naive comparison (subject to immortal-time bias)": self._from_the_start,
            f"{label} by {self.page.landmark:g} months vs not, landmark analysis": lambda table: self._landmark(table, self.page.landmark),
            f"{label} as a time-dependent covariate": self._time_dependent,
        }

    @sentence
    @where_it_applies
    def switch_hazard_ratio(self, switch: Sequence[str], *, what: str, population: str = "all") -> Statement | HTML:
        """What the three comparisons of `switch_hazard_ratios` say, one after the other.

        Parameters
        ----------
        switch : (endpoint, happened, time, label)
            As `Switch`.
        what : str
            The event, e.g. ``death``.
        population : str
        """
        which, parts = Switch(*switch), []
        openings = (
            "Naive comparison, subject to immortal-time bias",
            f"Landmark analysis at {self.page.landmark:g} months",
            f"Counted from the date of {which.label}",
        )
        for opening, way, searched in zip(openings, self._ways(which).values(), self._searched_ways(which, population), strict=True):
            found = self.page.over_many(self._switch_ratios(which, way), population, searched)
            if not found["value"].defined:
                parts.append(f"{opening}, nothing can be said: {found['value'].why}.")
                continue
            ratio = tuple(found[key].reference for key in ("value", "lower", "upper"))
            test = "penalised likelihood-ratio" if found["after_firth"].reference else "likelihood-ratio"
            said = sentences.hazards(
                what,
                which.label,
                f"no {which.label}",
                ratio,
                found["p"].reference,
                significance=self.page.significance,
                level=self.page.level,
                test=test,
            ).text
            words = range_sentences.crossing(found["p"], self.page.significance)
            told = self.page.over_cohorts(
                f"The hazard ratio for {what}, {which.label} vs no {which.label},", found["value"], said, words=words
            ).text
            parts.append(f"{opening}: {told[0].lower()}{told[1:]}")
        lead = (
            ""
            if self.page.own
            else f"The dates of {which.label} are not reported; each cohort assumes its own, so that none of this is a result of the paper. "
        )
        return Statement(lead + " ".join(parts))

    @staticmethod
    def _mantel_byar(table: Table) -> dict[str, float]:
        found = mantel_byar.compare(table["time"], table["event"], table["switch"])
        return {"value": found.observed - found.expected, "p": found.p}

    @figure
    @where_it_applies
    def simon_makuch(
        self,
        switch: Sequence[str],
        *,
        title: str,
        caption: str = "",
        ylabel: str = "Survival",
        population: str = "all",
        name: str | None = None,
    ) -> PairedFigure | HTML:
        """Simon-Makuch curves: those not yet switched, and those who have, from the landmark on.

        Both start at 100 % at the landmark; what happened before is left out.

        Parameters
        ----------
        switch : (endpoint, happened, time, label)
            As `Switch`.
        title, caption, ylabel, population, name : str
        """
        which = Switch(*switch)
        drawn = self._simon_makuch(self.page.rows_of(population), which)
        if any(curve is None for curve in drawn.values()):
            raise Undefined(f"one of the states has no patients after {self.page.landmark:g} months")
        # a member with nobody in one of the states adds nothing to the range
        others = self.page.of_members(lambda number: self._simon_makuch(self.page.rows_of(population, number), which))
        told = f"{caption} These are curves of states, not of groups followed from a common start; they begin at {self.page.landmark:g} months, and patients are censored in the first state when they change to the second."
        return survival_figure(
            drawn, horizon=self.page.horizon, interval=self.page.interval, level=self.page.level, title=title, ylabel=ylabel, ensemble=others, unit=self.page.unit_of(population),
            reconstructed=not self.page.own, caption=self.page.with_structures(told.strip()), name=name, axis=TimeAxis(self.page.opened.study.time_axis, f"the landmark of {self.page.landmark:g} months"),
        )  # fmt: skip

    def _simon_makuch(self, frame: pd.DataFrame, which: Switch) -> dict:
        table = self._switched(frame, which)
        # the clock restarts at the landmark: whoever left before is out, whoever switched before starts in the new state
        late = table["time"] > self.page.landmark
        if not late.any():
            raise Undefined(f"no patient is under observation after {self.page.landmark:g} months")
        switch = np.maximum(table["switch"][late] - self.page.landmark, 0.0)
        found = simon_makuch(table["time"][late] - self.page.landmark, table["event"][late], switch)
        return {f"After {which.label}": found.after, f"Not yet, or never, {which.label}": found.before}
