"""What a notebook asks for: tables, curves and numbers of one study, with its parameters.

A page opens its study once.  Everything it shows is computed from the ledger and the
cohort it was given; where a cohort is missing or does not hold what a table or figure
needs, the page says so in a sentence in place of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from html import escape

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.estimators.kaplan_meier import Curve, kaplan_meier
from analysis.figures.curves import PrintedPoint
from analysis.figures.present import PairedFigure
from analysis.figures.survival import survival_figure
from analysis.ledger.opening import Opened, open_study
from analysis.ledger.recompute import CohortValues
from analysis.ledger.registers import read_layouts
from analysis.ledger.rows import Row
from analysis.tables.audit_page import audit_page
from analysis.tables.beside import printed_table
from analysis.tables.inline import inline
from analysis.tables.judged import Judged, judged
from analysis.tables.listing import listing
from analysis.tables.number import shown
from analysis.tables.registers import claims_register, findings_register
from analysis.tables.view import View

#: The study's audit page, seen from its other pages.
AUDIT_PAGE = "audit.html"

#: Members of the ensemble drawn behind a curve: enough to show a range, few enough to stay light.
_DRAWN = 100


class Page:
    """A study as one page shows it.

    Parameters
    ----------
    study : str
        Slug.
    cohort : path, optional
        A patient table in place of the study's reference cohort.
    horizon : float
        Right end of time axes, months.
    level : float
        Confidence level.
    interval : {"log", "log-log", "plain"}
        Scale of pointwise intervals.
    """

    def __init__(self, study: str, *, cohort: str | None = None, horizon: float = 36.0, level: float = 0.95, interval: str = "log"):
        self.horizon, self.level, self.interval = horizon, level, interval
        self.own = cohort is not None
        self.opened: Opened = open_study(study, cohort)

    @cached_property
    def judged(self) -> Judged:
        """The audit of this page's cohort, with links to the study's audit page."""
        return judged(self.opened.audit, prefix=AUDIT_PAGE)

    def table(self, name: str) -> View:
        """A table of the paper, every number recomputed, by the first segment of its ledger ids."""
        return printed_table(read_layouts(self.opened.study)[name].model_dump(), self.judged, table=name)

    def notice(self) -> HTML:
        """What the rows on this page are: the sentence that every page of results opens with."""
        if self.own:
            return HTML('<p class="cohort-notice">This page was executed on a cohort of the reader’s own; the printed numbers beside it belong to the published study.</p>')
        if not self.opened.cohorts:
            return HTML('<p class="cohort-notice">No cohort of this study has been reconstructed yet: what is shown rests on printed numbers alone.</p>')
        return HTML('<p class="cohort-notice">Where patients are needed, this page uses rows that were <em>reconstructed, not the original patients</em>.</p>')

    def ids(self, *prefixes: str) -> list[str]:
        """Ids of the ledger rows that begin with any of these words, in the order of the ledger."""
        return [row.id for row in self.opened.ledger if any(row.id == prefix or row.id.startswith(prefix + ".") for prefix in prefixes)]

    def audit(self) -> View:
        """The whole audit, to search, filter and sort."""
        return audit_page(self.opened.audit)

    def findings(self) -> View:
        """The register of numbers that cannot all be read plainly."""
        return findings_register(self.opened.findings, self.judged)

    def claims(self) -> View:
        """What the paper concludes, weighed."""
        return claims_register(self.opened.claims, self.judged)

    def rows(self, *ids: str, caption: str = "Printed and recomputed") -> View:
        """Ledger rows one under another: printed, recomputed, verdict."""
        return listing(self.judged, ids, caption=caption)

    def glue(self, *ids: str) -> None:
        """Make ledger rows available to the prose as ``{glue}`` of their ids, with the dots kept."""
        from myst_nb import glue

        for id in ids:
            glue(id, inline(self.judged, id), display=False)

    def curve(self, endpoint: str, population: str = "all", member: int = 0) -> Curve | None:
        """Kaplan-Meier estimate of an endpoint in a population; None where nobody is in it.

        Parameters
        ----------
        endpoint, population : str
            Declared names.
        member : int
            0 the reference cohort, then the members of the ensemble.
        """
        return _curve(self.opened, self.opened.cohorts[member], endpoint, population)

    def survival(self, curves: Mapping[str, tuple[str, str]], *, annotate: Mapping[str, Sequence[str]] | None = None, title: str, caption: str = "", ylabel: str = "Survival", name: str | None = None) -> PairedFigure | HTML:
        """Kaplan-Meier curves with the printed estimates on them and the ensemble behind them.

        Parameters
        ----------
        curves : mapping of label to (endpoint, population)
        annotate : mapping of label to ids
            Ledger rows whose recomputed and printed values stand in the figure: one row, or
            an estimate and its two limits.
        title, caption, ylabel, name : str
            As in `survival_figure`.
        """
        if not self.opened.cohorts:
            return sentence(f"No cohort of {self.opened.study.slug} has been reconstructed yet, so “{title}” cannot be drawn.")
        drawn = {label: self.curve(*which) for label, which in curves.items()}
        if all(curve is None for curve in drawn.values()):
            return sentence(f"The cohort holds nobody with the times that “{title}” needs.")
        others = [{label: self.curve(*which, member=number) for label, which in curves.items()} for number in range(1, min(len(self.opened.cohorts), _DRAWN + 1))]
        return survival_figure(
            drawn,
            horizon=self.horizon,
            interval=self.interval,
            level=self.level,
            title=title,
            ylabel=ylabel,
            annotate=[self._line(label, *ids) for label, ids in (annotate or {}).items()],
            printed=[] if self.own else [point for label, which in curves.items() for point in self._printed(label, *which)],
            ensemble=others,
            reconstructed=not self.own,
            caption=caption,
            name=name,
        )

    def _line(self, label: str, estimate: str, *limits: str) -> str:
        """A line for a figure: ``HR 0.49 (0.16 to 1.56), printed the same``."""
        entries = [self.judged[id] for id in (estimate, *limits)]
        recomputed = _with_limits([shown(entry) for entry in entries])
        printed = _with_limits([entry.row.printed for entry in entries])
        if self.own:
            return f"{label} {recomputed}"
        return f"{label} {recomputed}, " + ("as printed" if printed == recomputed else f"printed {printed}")

    def _printed(self, label: str, endpoint: str, population: str) -> list[PrintedPoint]:
        """Printed estimates of a curve inside the horizon, each time once."""
        rows = [row for row in self.opened.ledger if _speaks_of(row, endpoint, population)]
        found = {}
        for row in rows:
            time = float(row.arguments["time"])
            if row.statistic == "survival" and not row.copy_of and time <= self.horizon:
                parts = {other.statistic: float(other.value.value) for other in rows if other.arguments == row.arguments and not other.copy_of}
                found[time] = PrintedPoint(time, float(row.value.value), parts.get("survival_se"), parts.get("survival_lower"), parts.get("survival_upper"), label)
        return [found[time] for time in sorted(found)]

    def at_risk(self, endpoint: str, population: str = "all") -> pd.DataFrame:
        """Steps of a curve as a table: time, at risk, events, censored, survival and its limits."""
        curve = self.curve(endpoint, population)
        return curve.steps() if curve is not None else pd.DataFrame()


def _with_limits(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"{values[0]} ({' to '.join(values[1:])})"


def _speaks_of(row: Row, endpoint: str, population: str) -> bool:
    return row.population == population and row.arguments.get("endpoint") == endpoint and "time" in row.arguments and not row.subset.clauses


def _curve(opened: Opened, tables, endpoint: str, population: str) -> Curve | None:
    declared = opened.study.endpoints[endpoint]
    if opened.study.populations[population].table not in tables:
        return None
    frame = CohortValues(opened.study, tables).population(population)
    time, event = frame[declared.time], frame[declared.event]
    known = (time.notna() & event.notna()).to_numpy()
    if not known.any():
        return None
    return kaplan_meier(time[known].to_numpy(dtype=float), event[known].to_numpy(dtype=bool).astype(np.int64))


def sentence(text: str) -> HTML:
    """A sentence in place of something that cannot be shown."""
    return HTML(f'<p class="not-shown">{escape(text)}</p>')
