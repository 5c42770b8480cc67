"""Ends of several kinds: cumulative incidence of each (Aalen-Johansen), and Gray's test between groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.comparisons import gray
from analysis.estimators.curves.competing_risks import cumulative_incidence
from analysis.estimators.numerics import checks
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.plots.incidence import incidence_figure
from analysis.pages.comparisons.group_results import GroupResults
from analysis.pages.guards import where_it_applies
from analysis.pages.section import figure, table
from analysis.tables.estimates import Result, not_estimable
from analysis.tables.html.view import View
from analysis.tables.range_sentences import across, crossing


class CompetingRisks(GroupResults):
    """Competing risks. Causes are conditions on those with the event; an event of none of them competes with all."""

    @figure
    @where_it_applies
    def incidence_by_cause(
        self, causes: Mapping[str, str], groups: Mapping[str, str], *, endpoint: str, title: str, since: str | None = None, origin: str = "",
        population: str = "all", ylabel: str = "Cumulative incidence", caption: str = "", name: str | None = None,
    ) -> PairedFigure | HTML:  # fmt: skip
        """Cumulative incidence of each cause in each group.

        Parameters
        ----------
        causes, groups : mapping of label to condition
        endpoint : str
            Declared endpoint whose event is divided into causes.
        title, population, ylabel, caption, name : str
        since : str, optional
            Variable with the time at which the clock starts anew, e.g. that of a transplantation; patients without
            it are left out.
        origin : str
            What that time is of, as the axis names it, e.g. ``HSCT``.
        """
        declared = self.page.time_axis([self.page.opened.study.endpoints[endpoint]])
        axis = declared if since is None else declared._replace(origin=origin)

        def drawn(member: int) -> dict:
            frame = self.page.rows_of(population, member)
            parts = {label: self._causes(frame[self.page.met(frame, where)], endpoint, causes, since) for label, where in groups.items()}
            return {
                f"{cause}, {label}" if len(groups) > 1 else cause: cumulative_incidence(*part, of=number)
                for number, cause in enumerate(causes, 1)
                for label, part in parts.items()
            }

        told = {
            "ylabel": ylabel,
            "caption": self.page.with_structures(caption),
            "name": name,
            "reconstructed": not self.page.own,
            "axis": axis,
            "unit": self.page.unit_of(population),
        }
        return incidence_figure(drawn(0), horizon=self.page.horizon, title=title, ensemble=self.page.of_members(drawn), **told)

    def _causes(self, frame: pd.DataFrame, endpoint: str, causes: Mapping[str, str], since: str | None) -> tuple[np.ndarray, np.ndarray]:
        """Times, and causes numbered from 1 in their order; one more for an event of none of them; 0 if censored."""
        time, event, rows = self.page.times(frame, endpoint)
        code = np.where(event == 1, len(causes) + 1, 0)
        for number, where in reversed(list(enumerate(causes.values(), 1))):
            code[(event == 1) & self.page.met(rows, where)] = number
        if since is None:
            return time, code
        start = self.page.months_of(rows, since)
        known = np.isfinite(start)
        if not known.any():
            raise Undefined(f"no patient has a value of {since}")
        return (time - start)[known], code[known]

    @table
    @where_it_applies
    def gray_tests(
        self, causes: Mapping[str, str], groups: Mapping[str, str], *, endpoint: str, at: Sequence[float], caption: str, since: str | None = None, population: str = "all",
    ) -> View | HTML:  # fmt: skip
        """Cumulative incidence of each cause in each group at given months, and Gray's P between the groups.

        Parameters
        ----------
        causes, groups, endpoint, since, population
            As in `cause_curves`.
        at : sequence of float
            Months.
        caption : str
        """
        results = []
        for number, cause in enumerate(causes, 1):
            for label, where in groups.items():
                for month in at:
                    found = self.page.over(
                        lambda frame, number=number, where=where, month=month: self._incidence_at(
                            frame, where, number, month, endpoint, causes, since
                        ),
                        population,
                    )
                    events = f"{across(found['events'])} by then, of {across(found['n'], 'patients')}" if found["value"].defined else ""
                    results += [
                        row._replace(remark=row.remark or events)
                        for row in self._as_results(f"{cause}, {label}, at {month:g} months", found, 1, "%")
                    ]
            found = self.page.over(lambda frame, number=number: self._gray(frame, groups, number, endpoint, causes, since), population)
            results.append(self._gray_row(f"{cause}: Gray’s P", found))
        return self.page.results_table(results, caption)

    def _gray_row(self, label: str, found: Mapping) -> Result:
        p = found["value"]
        if not p.defined:
            return not_estimable(label, p.why)
        return Result(label, p.reference, range=p, is_p=True, remark=crossing(p, self.page.significance))

    def _incidence_at(
        self, frame: pd.DataFrame, where: str, number: int, month: float, endpoint: str, causes: Mapping[str, str], since: str | None
    ) -> dict[str, float]:
        time, cause = self._causes(frame[self.page.met(frame, where)], endpoint, causes, since)
        curve = cumulative_incidence(time, cause, of=number)
        if month > curve.time[-1]:
            raise Undefined(f"no patient is under observation at {month:g} months")
        return {
            "value": 100 * float(curve.incidence_at(month)),
            "events": int(((cause == number) & (time <= month + checks.TIME_TOLERANCE)).sum()),
            "n": len(time),
        }

    def _gray(
        self, frame: pd.DataFrame, groups: Mapping[str, str], number: int, endpoint: str, causes: Mapping[str, str], since: str | None
    ) -> float:
        parts = [self._causes(frame[self.page.met(frame, where)], endpoint, causes, since) for where in groups.values()]
        time, cause = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        member = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
        found = gray.gray_test(time, cause, member, of=number)
        if np.isnan(found.p):
            raise Undefined("the cause does not occur")
        return found.p
