"""Competing risks of any cohort: cumulative incidence of two causes, Gray's test, models of each cause."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts.selection import COHORT
from analysis.errors import NotShown, Undefined
from analysis.estimators.comparisons.gray import gray_test
from analysis.estimators.curves.competing_risks import Incidence, cumulative_incidence
from analysis.estimators.ensemble_range import over
from analysis.estimators.regression import requested_model
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.plots.incidence import incidence_figure
from analysis.ledger.statistics.groups import is_condition
from analysis.pages.any_cohort.base import EVERYBODY, GeneralSection
from analysis.pages.any_cohort.survival import TIMES
from analysis.pages.comparisons.covariate_models import covariate_columns, model_tables, numbers_of, on_request
from analysis.pages.comparisons.group_results import GroupResults
from analysis.pages.guards import not_shown, together, where_it_applies
from analysis.pages.section import figure, table
from analysis.tables.estimates import Result, not_estimable
from analysis.tables.html.typography import sentence_case
from analysis.tables.html.view import View
from analysis.tables.range_sentences import across, crossing

CAUSES = (1, 2)


class GeneralCompetingRisks(GeneralSection, GroupResults):
    """The endpoint of a general page with a competing event."""

    def _cause(self, frame: pd.DataFrame, event: pd.Series) -> np.ndarray:
        """1 for the endpoint's event, 2 for who left by the competing one, 0 where censored."""
        for name in self.page.competing_condition.variables:
            self.page.must_have(frame, name)
        return np.where(event == 1, 1, np.where(self.page.competing_condition.mask(frame), 2, 0))

    def _incidences(self, member: int, grouped: bool) -> dict[str, tuple[Incidence, Incidence]]:
        """Cumulative incidence of the endpoint's event and of the competing one, of all patients or of each group."""
        table = self._with_causes(member, grouped)
        labels = (
            table["label"].unique()
            if not grouped
            else [one for one in map(self.page.called, self.page.levels()) if (table["label"] == one).any()]
        )
        rows = {label: table[table["label"] == label] for label in labels}
        first, second = CAUSES
        return {
            label: (cumulative_incidence(one["time"], one["cause"], first), cumulative_incidence(one["time"], one["cause"], second))
            for label, one in rows.items()
        }

    def _with_causes(self, member: int, grouped: bool) -> pd.DataFrame:
        self._require()
        frame = self.page.everybody(member)
        table = self.page.observed(member, grouped=grouped, rows=True)
        table["cause"] = self._cause(frame.loc[table.index], table["event"])
        return table.assign(label=table["group"].map(self.page.called) if grouped else EVERYBODY)

    def _require(self) -> None:
        """Say what is lacking, where there can be no result."""
        _ = self.page.competing_condition  # says so where no competing event was asked for
        _ = self.page.endpoint  # and where none is declared
        if self.page.protection:
            raise NotShown("a cumulative incidence needs rows")

    def _names(self) -> dict[int, str]:
        """What the two causes are called."""
        self._require()
        other = self._other() if is_condition(self.page.competing) else sentence_case(self._other())
        return {1: self.page.endpoint.label, 2: f"{other} (competing event)"}

    def _other(self) -> str:
        """The competing event as it was declared or asked for."""
        return self.page.competing if is_condition(self.page.competing) else self.page.label(self.page.competing)

    def _occurring(self, grouped: bool) -> dict[int, str]:
        """Causes that occur in a cohort by what they are called: the endpoint's event, and the competing one unless nobody has it."""
        names, cohorts = self._names(), self.page.of_members(lambda member: self._with_causes(member, grouped))
        found = [self._with_causes(0, grouped), *cohorts]
        return {of: name for of, name in names.items() if of == 1 or any((table["cause"] == of).any() for table in found)}

    def _absent(self, occurring: Mapping[int, str]) -> str:
        """What is said of a cause that occurs in no cohort; empty where both do."""
        return "" if CAUSES[1] in occurring else f"No patient has the competing event ({self._other()})."

    @figure
    @where_it_applies
    def incidence_by_cause(self, what: str, grouped: bool = False) -> PairedFigure | HTML:
        """Cumulative incidence of the endpoint’s event and of the competing one.

        Parameters
        ----------
        what : str
            Beginning of the title.
        grouped : bool
            Of each group.
        """
        names = self._occurring(grouped)

        def drawn(member: int) -> dict[str, Incidence]:
            found = self._incidences(member, grouped)
            return {f"{names[of]}, {label}" if grouped else names[of]: curves[of - 1] for label, curves in found.items() for of in names}

        return incidence_figure(
            drawn(0),
            horizon=self.page.horizon,
            title=self.page.title(what, grouped),
            axis=self.page.time_axis([self.page.endpoint]),
            ensemble=self.page.of_members(drawn),
            caption=self._absent(names),
            reconstructed=not self.page.own,
            unit=self.page.opened.study.tables[COHORT].unit,
            name=f"{self.page.endpoint_name}-competing-{self.page.grouping if grouped else 'all'}",
        )

    @table
    @where_it_applies
    def incidence_estimates(self, what: str, grouped: bool = False) -> View | HTML:
        """Cumulative incidence of both causes at one, two, three and five years as far as the horizon; Gray’s P between groups.

        Parameters
        ----------
        what : str
            Beginning of the caption.
        grouped : bool
            Of each group.
        """
        times = sorted({*(time for time in TIMES if time <= self.page.horizon), self.page.horizon})
        results: list[Result] = []
        occurring = self._occurring(grouped)
        for of, name in occurring.items():
            for label in self._incidences(0, grouped):
                for time in times:
                    found = over(self.page.cohort_numbers(), partial(self._at, grouped=grouped, label=label, of=of, time=time))
                    events = f"{across(found['events'])} by then, of {across(found['n'], 'patients')}" if "events" in found else ""
                    of_whom = f", {label}" if grouped else ""
                    rows = self._as_results(f"{name}{of_whom}, at {time:g} months", found, 1, "%")
                    results += [row._replace(remark="; ".join(filter(None, (row.remark, events)))) for row in rows]
            if grouped:
                results.append(self._gray_row(f"{name}: Gray’s P", of))
        results += [Result(name, float("nan"), remark="does not occur") for of, name in self._names().items() if of not in occurring]
        return self.page.results_table(results, f"{self.page.title(what, grouped)} (Aalen–Johansen estimate, log-log CI)")

    def _at(self, member: int, grouped: bool, label: str, of: int, time: float) -> dict[str, float]:
        found = self._incidences(member, grouped)
        if label not in found:
            raise Undefined(f"nobody is in {label}")
        curve = found[label][of - 1]
        if time > curve.time[-1]:
            raise Undefined("beyond follow-up")
        low, high = curve.interval_at(time, level=self.page.level)
        by_then = curve.time <= time
        return {
            "value": 100 * curve.incidence_at(time),
            "lower": 100 * low,
            "upper": 100 * high,
            "events": float(curve.events[by_then].sum()),
            "n": float(curve.at_risk[0]),
            "why": "no event by then",
        }

    def _gray_row(self, label: str, of: int) -> Result:
        found = over(self.page.cohort_numbers(), lambda member: self._gray(member, of))["value"]
        if not found.defined:
            return not_estimable(label, found.why)
        return Result(label, found.reference, range=found, is_p=True, remark=crossing(found, self.page.significance))

    def _gray(self, member: int, of: int) -> float:
        table = self._with_causes(member, grouped=True)
        if table["label"].nunique() < 2:
            raise Undefined("only one group has patients")
        p = gray_test(table["time"], table["cause"], table["label"], of).p
        if np.isnan(p):
            raise Undefined("the cause does not occur")
        return p

    @table
    @where_it_applies
    def cause_specific_models(self, what: str) -> View | HTML:
        """Cox models of the hazard of each cause, the other ending observation, with the covariates asked for or else the groups.

        Parameters
        ----------
        what : str
            Beginning of the caption.
        """
        self._require()
        asked = self.page.parameters["covariates"] or ([self.page.grouping] if self.page.grouping else [])
        if not asked:
            raise Undefined("neither covariates nor a grouping was requested")

        def model(member: int, of: int) -> requested_model.RequestedModel:
            table = self._with_causes(member, grouped=False)
            columns = covariate_columns(self.page.everybody(member).loc[table.index], asked, self.page.opened.study, COHORT)
            return requested_model.fit(table["time"], (table["cause"] == of).astype(int), columns, self.page.ties, self.page.level)

        def numbers(member: int, of: int) -> dict[str, float]:
            return numbers_of(model(member, of))

        parts = []
        occurring = self._occurring(grouped=False)
        for of, name in occurring.items():
            with on_request() as scope:
                reference = model(0, of)
                found = over(self.page.cohort_numbers(), partial(numbers, of=of))
            caption = f"{what}: cause-specific hazard, {name}"
            parts.append(model_tables(reference, found, caption, self.page.ties, self._as_results, self.page.results_table, scope.remarks))
        return together(*parts, *([not_shown(self._absent(occurring))] if self._absent(occurring) else []))
