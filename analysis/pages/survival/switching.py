"""What happens on the way, such as transplantation: analyses that do not credit it with the time survived to reach it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.regression import small_samples
from analysis.estimators.time_dependent import mantel_byar
from analysis.estimators.time_dependent.counting_process import split
from analysis.estimators.time_dependent.landmark import landmark, status_at
from analysis.estimators.time_dependent.simon_makuch import simon_makuch
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.plots.survival import survival_figure
from analysis.pages.comparisons.two_groups import Effects, in_small_samples
from analysis.pages.guards import where_it_applies
from analysis.tables import sentences
from analysis.tables.html.view import View
from analysis.tables.sentences import Statement

_NONE = float("nan")

#: Numbers by name, one entry a patient each: for a hundred cohorts cheaper than as many data frames.
Table = Mapping[str, np.ndarray]


class Switch(NamedTuple):
    """A state entered on the way.

    Attributes
    ----------
    endpoint : str
        Declared endpoint, whose clock counts.
    happened : str
        Condition that it came at all, e.g. ``sct=1``.
    time : str
        Variable with its time from the same origin.
    label : str
        What it is called, e.g. ``SCT``.
    """

    endpoint: str
    happened: str
    time: str
    label: str


class Switching(Effects):
    """Landmark, time-dependent Cox, Mantel-Byar and Simon-Makuch, and how they depend on the time assumed."""

    def _switched(self, frame: pd.DataFrame, switch: Switch, assumed: float | None = None) -> Table:
        """Entries time, event, switch (months; NaN without), switched (0/1 ever).

        With `assumed`, everybody who switched did so at that month, or in the last whole month before the own
        follow-up ended if that was earlier.
        """
        time, event, rows, ever = self._followed(frame, switch)
        if not ever.any() or ever.all():
            raise Undefined(f"{'everybody' if ever.all() else 'nobody'} had {switch.label}")
        if not event.any():
            raise Undefined(f"no event of the endpoint {switch.endpoint}")
        if assumed is None:
            own = rows[switch.time].astype("Float64").to_numpy(float, na_value=np.nan)
            if np.isnan(own[ever]).any():
                raise Undefined(f"the time of {switch.label} is unknown")
        else:
            own = np.minimum(assumed, np.maximum(np.ceil(time) - 1, 0))
        return {"time": time, "event": event, "switch": np.where(ever, own, _NONE), "switched_ever": ever.astype(int)}

    def _followed(self, frame: pd.DataFrame, switch: Switch) -> tuple[np.ndarray, np.ndarray, pd.DataFrame, np.ndarray]:
        """Times and events, their rows, and who switched: found once for each table, whatever month is assumed."""
        known = self.__dict__.setdefault("_followed_by_table", {})
        key = (id(frame), switch)
        if key not in known:
            time, event, rows = self.times(frame, switch.endpoint)
            known[key] = time, event, rows, self.met(rows, switch.happened), frame  # kept, or another might get its identity
        return known[key][:4]

    def _from_the_start(self, table: Table) -> dict[str, float]:
        """The comparison that a table by ever having switched makes: as if everybody had switched at the start."""
        return self._cox({**table, "term": table["switched_ever"]}, "time", None)

    def _time_dependent(self, table: Table) -> dict[str, float]:
        rows = split(table["time"], table["event"], table["switch"])
        return self._cox({"start": rows.start, "stop": rows.stop, "event": rows.event, "term": rows.switched}, "stop", "start")

    def _landmark(self, table: Table, at: float) -> dict[str, float]:
        return self._cox(self._after(table, at), "time", None)

    @staticmethod
    def _after(table: Table, at: float) -> Table:
        """Those under observation at a landmark: time after it, event, term (1 switched by then), position (0 switched)."""
        kept = landmark(table["time"], table["event"], at)
        group = np.asarray(status_at(table["switch"], at)[kept.kept])
        if not 0 < group.sum() < len(group):
            raise Undefined(f"at {at:g} months all patients under observation are in one group")
        if not kept.event.any():
            raise Undefined(f"no event after {at:g} months")
        return {"time": kept.time, "event": kept.event, "term": group, "position": 1 - group}

    def _cox(self, rows: Table, time: str, entry: str | None) -> dict[str, float]:
        return in_small_samples(
            small_samples.hazard_ratio(
                rows[time], rows["event"], rows["term"], None if entry is None else rows[entry], self.ties, self.level
            )
        )

    @where_it_applies
    def switch_comparison(self, switch: Sequence[str], *, caption: str, population: str = "all") -> View | HTML:
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
            found = self.over(lambda frame, way=way: way(self._switched(frame, which)), population, searched)
            results += self._as_results(label, found)
        found = self.over(lambda frame: self._mantel_byar(self._switched(frame, which)), population)
        results += self._as_results("Mantel-Byar: events observed after it less expected", found, 1)
        told = f"{caption} (Cox, {self.ties} ties, limits and P of the profile likelihood; time-dependent with intervals (start, stop], so that an event in the month of the switch counts before it)"
        return self.results_table(results, told)

    def _searched_ways(self, which: Switch, population: str) -> list[str]:
        """Of each of `_ways`, whether both ends of its range were searched for, in words."""

        def same(arguments: Mapping[str, str]) -> bool:
            alike = (arguments["endpoint"], arguments["switch_time"]) == (which.endpoint, which.time)
            return alike and float(arguments.get("landmark", self.landmark)) == self.landmark

        return ["", *(self.searched(statistic, population, same) for statistic in ("landmark_hr", "cox_td_hr"))]

    def _ways(self, which: Switch) -> dict:
        """The three comparisons by what a table calls them."""
        label = which.label[:1].upper() + which.label[1:]
        return {
            f"{label} ever versus never, from the start (time survived to reach it counted for it)": self._from_the_start,
            f"{label} by {self.landmark:g} months versus not, landmark": lambda table: self._landmark(table, self.landmark),
            f"{label} as a time-dependent covariate": self._time_dependent,
        }

    @where_it_applies
    def switch_statement(self, switch: Sequence[str], *, what: str, population: str = "all") -> Statement | HTML:
        """What the three comparisons of `switch_comparison` say, one after the other."""
        which, parts = Switch(*switch), []
        openings = ("Compared from the start", f"Compared from the landmark of {self.landmark:g} months", "Counted only once it has come")
        for opening, way, searched in zip(openings, self._ways(which).values(), self._searched_ways(which, population), strict=True):
            found = self.over(lambda frame, way=way: way(self._switched(frame, which)), population, searched)
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
                significance=self.significance,
                level=self.level,
                test=test,
            ).text
            words = sentences.crossing(found["p"], self.significance)
            told = self.over_cohorts(
                f"The hazard ratio for {what}, {which.label} vs no {which.label},", found["value"], said, words=words
            ).text
            parts.append(f"{opening}: {told[0].lower()}{told[1:]}")
        lead = "" if self.own else f"With the times of {which.label} that each cohort assumes, and so not as a finding. "
        return Statement(lead + " ".join(parts))

    @staticmethod
    def _mantel_byar(table: Table) -> dict[str, float]:
        found = mantel_byar.compare(table["time"], table["event"], table["switch"])
        return {"value": found.observed - found.expected, "p": found.p}

    @where_it_applies
    def switch_curves(
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
        """
        which = Switch(*switch)
        drawn = self._simon_makuch(self.rows_of(population), which)
        if any(curve is None for curve in drawn.values()):
            raise Undefined(f"one of the states holds nobody after {self.landmark:g} months")
        others = []
        for number in range(1, len(self.values)):
            try:
                others.append(self._simon_makuch(self.rows_of(population, number), which))
            except Undefined:  # this member has nobody in one of the states: it adds nothing to the range
                continue
        told = f"{caption} Curves of states, not of groups followed from a common start; they begin at {self.landmark:g} months, and the switch counts as censored in the first."
        return survival_figure(
            drawn, horizon=self.horizon, interval=self.interval, level=self.level, title=title, ylabel=ylabel, ensemble=others,
            reconstructed=not self.own, caption=self.with_structures(told.strip()), name=name, xlabel=f"Months after the landmark of {self.landmark:g}",
        )  # fmt: skip

    def _simon_makuch(self, frame: pd.DataFrame, which: Switch) -> dict:
        table = self._switched(frame, which)
        # the clock restarts at the landmark: whoever left before is out, whoever switched before starts in the new state
        late = table["time"] > self.landmark
        if not late.any():
            raise Undefined(f"nobody is under observation after {self.landmark:g} months")
        switch = np.maximum(table["switch"][late] - self.landmark, 0.0)
        found = simon_makuch(table["time"][late] - self.landmark, table["event"][late], switch)
        return {f"After {which.label}": found.after, f"Not yet, or never, {which.label}": found.before}
