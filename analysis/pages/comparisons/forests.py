"""Ledger rows beside each other: forest plots of estimates with their limits, values with their sampled ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.group_tests import proportions
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.parts.intervals import ForestRow, Interval
from analysis.figures.plots.forest import forest_figure
from analysis.ledger.rows.rounding import exact, first_stating
from analysis.ledger.rows.row import Row
from analysis.pages.guards import where_it_applies
from analysis.pages.section import Section, figure, table
from analysis.tables.estimates import Result
from analysis.tables.html.view import View
from analysis.tables.rows.results import SPELLED

_NONE = float("nan")


def methods_told(found: Mapping[str, str]) -> str:
    """A sentence on the methods of what is recomputed, by the label of their rows; rows that share one stand together."""
    rows: dict[str, list[str]] = {}
    for label, method in found.items():
        if method:
            rows.setdefault(SPELLED.get(method, method), []).append(label)
    if len(rows) == 1 and len(next(iter(rows.values()))) == len(found):
        return f"Recomputed by one method: {next(iter(rows))}."
    told = [f"{method} ({', '.join(labels)})" for method, labels in rows.items()]
    return f"Recomputed by {'; '.join(told)}." if told else ""


class Forests(Section):
    """Printed, recomputed and sampled estimates."""

    @figure
    @where_it_applies
    def forest(
        self,
        rows: Mapping[str, str | Sequence[str]],
        *,
        title: str,
        xlabel: str = "Hazard ratio (log scale)",
        caption: str = "",
        name: str | None = None,
    ) -> PairedFigure | HTML:
        """Estimates of ledger rows: as printed, recomputed, and sampled over the ensemble.

        Parameters
        ----------
        rows : mapping of label to ids
            The estimate and its two limits; or the beginning of ids that end in ``hr``, ``lower`` and ``upper``.
        title, xlabel, caption, name : str
        """
        named = {label: (f"{ids}.hr", f"{ids}.lower", f"{ids}.upper") if isinstance(ids, str) else ids for label, ids in rows.items()}
        bars = tuple(ForestRow(label, self._bars(*ids)) for label, ids in named.items())
        if not any(row.intervals for row in bars):
            raise Undefined("no available table has the variables these estimates need")
        found = {
            label: self._method(ids)
            for label, ids in named.items()
            if self.page.values and self.page.values[0].has(self.page.opened.ledger[ids[0]])
        }
        caption = f"{caption} {methods_told(found)}".strip()
        ranges = [
            self.page.range_of(ids[0], self._method(ids))
            for ids in named.values()
            if ids[0] and self.page.values and self.page.values[0].has(self.page.opened.ledger[ids[0]])
        ]
        members = max((one.members for one in ranges), default=0)
        told = {
            "level": self.page.level,
            "members": members,
            "reconstructed": not self.page.own,
            "caption": self.page.with_structures(caption, members),
            "name": name,
        }
        return forest_figure(bars, title=title, xlabel=xlabel, **told)

    def _method(self, ids: Sequence[str]) -> str:
        """The method that gives most of the printed digits of an estimate and its limits; the paper's own among equals."""
        if not self.page.compared:
            return self.page.convention(ids[0])
        rows = [self.page.opened.ledger[id] for id in ids]
        found = [self.page.values[0].of(row) for row in rows]

        def matches(method: str) -> int:
            return sum(states(row, values[method]) for row, values in zip(rows, found, strict=True) if method in values)

        named = (self.page.convention(ids[0]), *self.page.opened.study.named_conventions(rows[0].statistic))
        return max([*(name for name in named if name in found[0]), *found[0]], key=matches)

    def _bars(self, estimate: str, lower: str, upper: str) -> tuple[Interval, ...]:
        """Bars of one comparison, all by one method."""
        ids = (estimate, lower, upper)
        bars = [] if not self.page.compared else [Interval("printed", *(float(self.page.opened.ledger[id].value.value) for id in ids))]
        if not self.page.values or not self.page.values[0].has(self.page.opened.ledger[estimate]):
            return tuple(bars)
        convention = self._method(ids)
        recomputed = [float(self.page.values[0].of(self.page.opened.ledger[id])[convention]) for id in ids]
        if np.isfinite(recomputed[0]):
            bars.append(Interval("recomputed", *recomputed))
        found = self.page.range_of(estimate, convention)
        if found.ranged:
            bars.append(Interval("sampled", _NONE, found.low, found.high))
        return tuple(bars)

    @table
    @where_it_applies
    def proportions(self, rows: Mapping[str, Sequence[str]], *, caption: str) -> View | HTML:
        """Shares of printed counts with exact (Clopper-Pearson) limits; on a reader's own cohort, of its counts.

        Parameters
        ----------
        rows : mapping of label to ids
            Ledger rows of the count, of the number it is part of and, if it is printed, of the share.
        caption : str
        """
        results = []
        for label, (part, whole, *share) in rows.items():
            met, n = (
                self.page.value_of(id) if not self.page.compared else float(self.page.opened.ledger[id].value.value) for id in (part, whole)
            )
            if not n > 0 or not 0 <= met <= n:
                results.append(Result(label, _NONE, remark="not estimable: no patients"))
                continue
            lower, upper = proportions.interval(int(met), int(n), method="clopper-pearson", level=self.page.level)
            printed = "" if not self.page.compared or not share else f", printed {self.page.opened.ledger[share[0]].printed}"
            results.append(
                Result(label, 100 * met / n, (100 * lower, 100 * upper), decimals=1, unit="%", remark=f"{met:g} of {n:g}{printed}")
            )
        return self.page.results_table(results, caption)

    @table
    @where_it_applies
    def ranges(self, rows: Mapping[str, str], *, caption: str) -> View | HTML:
        """Ledger rows with the value on the reference cohort and the range over the ensemble.

        Parameters
        ----------
        rows : mapping of label to id
        caption : str
        """
        if not self.page.values:
            raise Undefined("no cohort has been reconstructed yet")
        results = []
        for label, id in rows.items():
            found, row = self.page.range_of(id), self.page.opened.ledger[id]
            printed = "" if not self.page.compared else f"printed {row.printed}"
            results.append(Result(label, found.reference, range=found, decimals=max(row.value.decimals, 2), remark=printed))
        return self.page.results_table(results, caption)


def states(row: Row, value: float) -> bool:
    """Whether a value is what the row prints, under any rounding rule."""
    return bool(np.isfinite(value)) and first_stating(row.value, exact(float(value)), row.rules) is not None
