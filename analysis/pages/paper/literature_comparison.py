"""A study's figures beside those of the reports that its paper cites: intervals where what is printed allows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from IPython.display import HTML
from scipy.stats import norm

from analysis.errors import Undefined
from analysis.estimators.group_tests import proportions
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.parts.intervals import ForestRow, Interval
from analysis.figures.plots.forest import forest_figure
from analysis.ledger.rows.rounding import exact, first_stating
from analysis.ledger.rows.row import Ledger, Row
from analysis.pages.guards import together, where_it_applies
from analysis.pages.section import Section, figure
from analysis.tables.html.audit_index import Entries
from analysis.tables.registers.definitions import definitions_table
from analysis.tables.sentences import Statement, number

_NONE = float("nan")
FORMS = ("count", "share", "limits", "error", "cited", "span")
_FROM_ERROR = "limits from the standard error, log scale"
_NOTE = "Reports differ in patients, definitions and years; overlap of intervals is no test, and no test across reports is made."


class Compared(NamedTuple):
    """One report: its bar, how its limits came about, and the ledger rows behind it."""

    label: str
    bar: Interval
    how: str
    ids: tuple[str, ...]


def compare(label: str, spec: Sequence[str], ledger: Ledger, value: Callable[[str], float], level: float) -> Compared:
    """Read one line of a comparison.

    Parameters
    ----------
    label : str
    spec : (form, id, …)
        ``count`` and ``share`` have two ids (count or percentage, and its denominator) and get exact limits;
        ``limits`` an estimate and its printed limits; ``error`` an estimate and its standard error, the limits being
        symmetrical on the log scale; ``cited`` an estimate with nothing else; ``span`` the lowest and highest of
        several reports.
    ledger : Ledger
    value : callable
        Of an id to its value.
    level : float

    Raises
    ------
    Undefined
        If the patients at hand give one of the values no number: chosen patients, or a reader's own.
    ValueError
        If the form is unknown, or no count has the printed share of its denominator.
    """
    form, *ids = spec
    if form not in FORMS:
        raise ValueError(f"form: one of {', '.join(FORMS)} expected, {form!r} found")
    values = [value(id) for id in ids]
    if not np.isfinite(values).all():
        raise Undefined(f"“{label}” has no value of its own here: {', '.join(id for id, one in zip(ids, values) if not np.isfinite(one))}")
    if form in ("count", "share"):
        whole = int(values[1])
        met = int(values[0]) if form == "count" else _count_behind(ledger[ids[0]], whole)
        ends = (100 * end for end in proportions.interval(met, whole, method="clopper-pearson", level=level))
        how = f"{met} of {whole}, exact limits" + ("" if form == "count" else f"; count from {ledger[ids[0]].printed}")
        return Compared(label, Interval("exact", 100 * met / whole, *ends), how, tuple(ids))
    if form == "span":
        return Compared(label, Interval("reported", _NONE, *values), "lowest and highest of several reports", tuple(ids))
    if form == "error":
        reach = np.exp(norm.ppf(1 - (1 - level) / 2) * values[1] / values[0])
        return Compared(label, Interval("derived", values[0], values[0] / reach, min(values[0] * reach, 100.0)), _FROM_ERROR, tuple(ids))
    ends = values[1:] if form == "limits" else (_NONE, _NONE)
    return Compared(label, Interval("printed", values[0], *ends), "printed limits" if form == "limits" else "no limits printed", tuple(ids))


def _count_behind(row: Row, whole: int) -> int:
    """The one count whose share of `whole` rounds to what is printed."""
    counts = [k for k in range(whole + 1) if first_stating(row.value, exact(100 * k / whole), row.rules) is not None]
    if not counts:
        raise ValueError(f"no count of {whole} is {row.printed}")
    return min(counts, key=lambda k: abs(100 * k / whole - float(row.value.value)))


def draw(rows: Sequence[Compared], *, title: str, xlabel: str, caption: str, level: float, name: str | None = None) -> PairedFigure:
    """A forest plot of reports; no line of no effect, since nothing is compared by a ratio."""
    bars = [ForestRow(row.label, (row.bar,)) for row in rows]
    caption = " ".join(filter(None, (caption, _NOTE)))
    return forest_figure(
        bars, title=title, xlabel=xlabel, null=None, log=False, level=level, reconstructed=False, caption=caption, name=name
    )


def list_reports(rows: Sequence[Compared], entries: Entries, citation: Callable[[str], str], caption: str):
    """The same as a table: what is printed, how limits came about, where it is cited from."""
    cells = [
        [row.label, " / ".join(f"{{{id}}}" for id in row.ids), row.bar.percents.split(" ", 1)[1], row.how, citation(row.ids[0])]
        for row in rows
    ]
    return definitions_table(entries, ("Report", "Printed", "Percent", "Limits", "Cited as"), cells, caption=caption)


def citation_of(row: Row) -> str:
    """Where a quoted number comes from by the paper's own list: the beginning of the ledger's note."""
    note = row.note.split(";")[0].strip()
    return note[:1].lower() + note[1:] if note.lower().startswith("reference") else ("this study" if row.statistic != "quoted" else "")


def against(first: Compared, others: Sequence[Compared], what: str) -> Statement:
    """Which of the other estimates lie within the confidence interval of the first, and which outside it.

    Parameters
    ----------
    first : Compared
        Must have limits.
    others : sequence of Compared
        A span lies within it if all of it does.
    what : str
    """
    if not np.isfinite([first.bar.lower, first.bar.upper]).all():
        raise ValueError(f"{first.label} has no limits")
    places: dict[str, list[str]] = {"within it": [], "below it": [], "above it": [], "across one of its limits": []}
    for row in others:
        low, high = (row.bar.lower, row.bar.upper) if row.bar.kind == "reported" else (row.bar.estimate, row.bar.estimate)
        inside = first.bar.lower <= low and high <= first.bar.upper
        beyond = "below it" if high < first.bar.lower else "above it" if low > first.bar.upper else "across one of its limits"
        places["within it" if inside else beyond].append(row.label)
    told = "; ".join(f"{place}: {' · '.join(labels)}" for place, labels in places.items() if labels)
    return Statement(
        f"{what}. {first.label}: confidence interval {number(first.bar.lower, 1)}–{number(first.bar.upper, 1)}%. Other estimates {told}. "
        "They have sampling errors of their own and differ in patients, definitions and years: this is no comparison of treatments."
    )


class Literature(Section):
    """Reports beside each other on the page of one study."""

    @figure
    @where_it_applies
    def literature(
        self, rows: Mapping[str, Sequence[str]], *, title: str, caption: str = "", xlabel: str = "Percent", name: str | None = None
    ) -> HTML:
        """The study (first row) beside the reports that its paper cites: a statement, a forest plot and a table.

        Parameters
        ----------
        rows : mapping of label to (form, id, …)
            As in `compare`. On a reader's own cohort numbers of the study are that cohort's.
        title, caption, xlabel, name : str
        """
        found = [compare(label, spec, self.page.opened.ledger, self._stated, self.page.level) for label, spec in rows.items()]
        figure = draw(found, title=title, xlabel=xlabel, caption=caption, level=self.page.level, name=name)
        table = list_reports(found, self.page.judged, lambda id: citation_of(self.page.opened.ledger[id]), title)
        return together(against(found[0], found[1:], title), figure, table)

    def _stated(self, id: str) -> float:
        row = self.page.opened.ledger[id]
        return self.page.value_of(id) if not self.page.compared and row.role != "context" else float(row.value.value)
