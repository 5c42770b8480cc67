"""Survival curves and cumulative incidence of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.cohorts.study_parts import Endpoint
from analysis.errors import NotShown, Undefined
from analysis.estimators.curves.competing_risks import Incidence, cumulative_incidence
from analysis.estimators.curves.kaplan_meier import Curve, kaplan_meier
from analysis.estimators.disclosure.bounded_curve import bounded
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.plots.incidence import incidence_figure
from analysis.figures.plots.protected_survival import bounded_figure
from analysis.figures.plots.survival import survival_figure
from analysis.pages.guards import not_shown, where_it_applies, why_not
from analysis.pages.section import Section, figure, sentence
from analysis.pages.survival.printed_estimates import annotation, printed_points
from analysis.tables.sentences import Statement
from analysis.tables.sentences import number as number_text


class Curves(Section):
    """Curves of declared endpoints."""

    def curve(self, endpoint: str, population: str = "all", member: int = 0) -> Curve | None:
        """Kaplan-Meier estimate of an endpoint in a population; None where nobody is in it.

        Parameters
        ----------
        endpoint, population : str
            Declared names.
        member : int
            0 the reference cohort, then the members of the ensemble.
        """
        try:
            time, event, _ = self.page.times(self.page.rows_of(population, member), endpoint)
        except Undefined:
            return None
        return kaplan_meier(time, event)

    @figure
    def survival(
        self,
        curves: Mapping[str, tuple[str, str]],
        *,
        annotate: Mapping[str, Sequence[str]] | None = None,
        title: str,
        caption: str = "",
        ylabel: str = "Survival",
        name: str | None = None,
        over_cohorts: bool = True,
    ) -> PairedFigure | HTML:
        """Kaplan-Meier curves with the printed estimates on them and the ensemble behind them.

        Parameters
        ----------
        curves : mapping of label to (endpoint, population)
        annotate : mapping of label to ids
            Ledger rows whose recomputed and printed values stand in the figure: one row, or
            an estimate and its two limits.
        title, caption, ylabel, name : str
            As in `survival_figure`.
        over_cohorts : bool
            Whether the range over the cohorts of the ensemble is drawn.
        """
        if self.page.protection:
            return self._bands(curves, title, ylabel, caption, name)
        if not self.page.opened.reference:
            return not_shown(f"No cohort of {self.page.opened.study.label} has been reconstructed yet, so “{title}” cannot be drawn.")
        drawn = {label: self.curve(*which) for label, which in curves.items()}
        if all(curve is None for curve in drawn.values()):
            return not_shown(f"No patient of the cohort has the times that “{title}” needs.")
        others = self.page.of_members(lambda number: {label: self.curve(*which, member=number) for label, which in curves.items()})
        return survival_figure(
            drawn,
            horizon=self.page.horizon,
            interval=self.page.interval,
            level=self.page.level,
            title=title,
            axis=self.page.time_axis(self._endpoints(curves)),
            ylabel=ylabel,
            annotate=[annotation(self.page, label, *ids) for label, ids in (annotate or {}).items()],
            printed=[point for label, which in curves.items() for point in printed_points(self.page, label, *which)],
            ensemble=others if over_cohorts else [],
            reconstructed=not self.page.own,
            caption=self.page.with_structures(caption) if over_cohorts else caption,
            name=name,
            unit=self._unit(curves),
        )

    def _bands(self, curves: Mapping[str, tuple[str, str]], title: str, ylabel: str, caption: str, name: str | None) -> PairedFigure | HTML:
        """The bands that the curves of patients who need protection lie in."""
        study, found, reasons = self.page.opened.study, {}, []
        for label, (endpoint, population) in curves.items():
            try:
                condition = study.populations[population].condition
                lacking = self.page.released.lacking(
                    [*condition.variables, study.endpoints[endpoint].time, study.endpoints[endpoint].event]
                )
                if lacking or not self.page.released.divides(condition):
                    raise Undefined(
                        f"no column {', '.join(lacking)}"
                        if lacking
                        else f"no interval ends where {study.populations[population].label} divides the patients"
                    )
                found[label] = bounded(self.page.released.life(study.endpoints[endpoint], condition))
            except Undefined as problem:
                reasons.append(f"{label} is not shown: {problem}.")
        if not found:
            return why_not(title, NotShown(" ".join(reasons)))
        return bounded_figure(
            found,
            horizon=self.page.horizon,
            title=title,
            axis=self.page.time_axis(self._endpoints(curves)),
            ylabel=ylabel,
            caption=" ".join([caption, *reasons]).strip(),
            name=name,
        )

    def _endpoints(self, curves: Mapping[str, tuple[str, str]]) -> list[Endpoint]:
        return [self.page.opened.study.endpoints[endpoint] for endpoint, _ in curves.values()]

    @sentence
    @where_it_applies
    def curve_against_text(self, what: str, *, endpoint: str, population: str, said: str, because: Mapping[str, str]) -> Statement | HTML:
        """Why a curve falls where the paper says in words that nobody has an event; or that it does not fall.

        Parameters
        ----------
        what : str
            Beginning of the sentence.
        endpoint, population, said : str
            What is drawn, and what the paper says of it.
        because : mapping of condition to str
            What may explain an event of those who meet it, the first that applies.
        """
        time, event, rows = self.page.times(self.page.rows_of(population), endpoint)
        lowest = 100 * float(kaplan_meier(time, event).survival[-1])
        left, n = event == 1, len(time)
        if not left.any():
            return Statement(f"{what}: {said}; none of the {n} drawn has an event.")
        reasons = []
        for where, reason in because.items():
            met = left & self.page.met(rows, where)
            reasons += [f"{int(met.sum())} {reason}"] * bool(met.any())
            left = left & ~met
        reasons += [f"{int(left.sum())} against what is said"] * bool(left.any())
        return Statement(
            f"{what}: {said}, yet the curve drawn falls to {number_text(lowest, 1)}%. Of {n} patients, {int(event.sum())} {'has' if event.sum() == 1 else 'have'} an event: {'; '.join(reasons)}."
        )

    @figure
    @where_it_applies
    def incidence(
        self,
        curves: Mapping[str, tuple[str, str]],
        *,
        competing: str,
        title: str,
        ylabel: str = "Cumulative incidence",
        caption: str = "",
        name: str | None = None,
    ) -> PairedFigure | HTML:
        """Cumulative incidence of an endpoint's event, another way of leaving competing with it.

        Parameters
        ----------
        curves : mapping of label to (endpoint, population)
        competing : str
            Boolean variable: where the event did not happen and this is true, the patient left by the other way.
        title, ylabel, caption, name : str
        """
        drawn = {label: self._incidence(*which, competing, 0) for label, which in curves.items()}
        others = self.page.of_members(lambda number: {label: self._incidence(*which, competing, number) for label, which in curves.items()})
        printed = [
            point
            for label, which in curves.items()
            for statistic in ("incidence", "cumulative_incidence")
            for point in printed_points(self.page, label, *which, statistic=statistic)
        ]
        return incidence_figure(
            drawn,
            horizon=self.page.horizon,
            title=title,
            axis=self.page.time_axis(self._endpoints(curves)),
            ylabel=ylabel,
            printed=printed,
            ensemble=others,
            reconstructed=not self.page.own,
            caption=self.page.with_structures(caption),
            name=name,
            unit=self._unit(curves),
        )

    def _unit(self, curves: Mapping[str, tuple[str, str]]) -> str:
        """What a row of the curves' table is."""
        return self.page.unit_of(next(population for _, population in curves.values()))

    def _incidence(self, endpoint: str, population: str, competing: str, member: int) -> Incidence:
        time, cause = self._causes(self.page.rows_of(population, member), endpoint, competing)
        return cumulative_incidence(time, cause)

    def _causes(self, frame: pd.DataFrame, endpoint: str, competing: str) -> tuple[np.ndarray, np.ndarray]:
        """Times and causes: 1 the endpoint's event, 2 the competing way of leaving, 0 censored."""
        time, event, rows = self.page.times(frame, endpoint)
        until = self.page.opened.study.endpoints[endpoint].until
        other = rows[competing].fillna(False).to_numpy(bool) & (
            rows[self.page.opened.study.endpoints[endpoint].time].to_numpy(float) <= until
        )
        return time, np.where(event == 1, 1, np.where(other, 2, 0))
