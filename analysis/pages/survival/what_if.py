"""What a page would show under another choice: any sampled cohort, another scale of the interval, another month of a switch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from IPython.display import HTML

from analysis.errors import NotShown, Undefined
from analysis.estimators.curves.kaplan_meier import Curve
from analysis.estimators.engines.shown import kernels
from analysis.pages.guards import where_it_applies
from analysis.pages.section import figure, table
from analysis.pages.survival.curves import Curves
from analysis.pages.survival.switched import Switch, Switched
from analysis.tables.html.what_if import Choice, panel, whose

SCALES = {"log": "symmetrical in log S(t)", "log-log": "symmetrical in log(−log S(t))", "plain": "symmetrical in S(t) itself"}


class WhatIf(Switched):
    """Panels that let a reader choose; what follows is computed for every choice."""

    @figure
    @where_it_applies
    def what_if_cohort(self, curves: Mapping[str, tuple[str, str]], *, what: str) -> HTML:
        """Curves and estimates of the reference and of each sampled cohort, one at a time.

        Parameters
        ----------
        curves : mapping of label to (endpoint, population)
        what : str
            What is estimated, e.g. *overall survival*.
        """
        if self.page.own:
            raise Undefined("these patients have no sampled cohorts")
        if not self.page.opened.reference:
            raise Undefined("no cohort has been reconstructed yet")
        at = self.page.horizon
        with kernels():
            found = [self._curves(curves, number) for number in (0, *self.page.others())]
        choices = [_of_cohort(number, drawn, found[0], what, at) for number, drawn in enumerate(found)]
        if len(choices) < 2:
            raise Undefined("no cohorts were sampled")
        shown = panel(
            f"Another compatible cohort: {what}",
            "Cohort",
            [f"{label}, at {at:g} months" for label in curves],
            choices,
            note=f"{whose(self.page.own)}Each of these cohorts gives every printed number that can be satisfied together with the others; which is nearest the truth is unknown.",
            horizon=at,
        )
        return HTML(shown)

    def _curves(self, curves: Mapping[str, tuple[str, str]], number: int = 0) -> dict[str, Curve | None]:
        return {label: Curves(self.page).curve(*which, member=number) for label, which in curves.items()}

    def _assumed(self, label: str) -> str:
        """What months that a reader chooses are."""
        if self.page.own:
            return "The months are assumptions, whatever the dates of these patients."
        return f"The dates of {label} are not printed: these are assumptions, and none is a result of the paper."

    @table
    @where_it_applies
    def what_if_interval(self, curves: Mapping[str, tuple[str, str]], *, what: str) -> HTML:
        """Survival at the horizon with its interval on each scale.

        Parameters
        ----------
        curves : mapping of label to (endpoint, population)
        what : str
            What is estimated, e.g. *overall survival*.
        """
        if self.page.protection:
            raise NotShown
        if not self.page.opened.reference:
            raise Undefined("no cohort has been reconstructed yet")
        at, level = self.page.horizon, self.page.level
        found = self._curves(curves)
        scales = [self.page.interval, *(scale for scale in SCALES if scale != self.page.interval)]
        choices = []
        for scale in scales:
            cells = [_with_limits(curve, at, scale, level) for curve in found.values()]
            told = "; ".join(f"{label} {cell}" for label, cell in zip(found, cells, strict=True))
            choices.append(Choice(scale, cells, f"Scale {scale}, {SCALES[scale]}: {what} at {at:g} months {told}."))
        shown = panel(
            f"Another scale of the confidence interval: {what}",
            "Scale",
            [f"{label}, at {at:g} months ({100 * level:g}% CI)" for label in curves],
            choices,
            note=f"{whose(self.page.own)}The estimate is the same on each scale; in small groups the limits differ, and on the log and plain scales they are cut at 100%.",
        )
        return HTML(shown)

    @table
    @where_it_applies
    def what_if_switch_time(self, switch: Sequence[str], months: Sequence[float], *, what: str, population: str = "all") -> HTML:
        """Time-dependent hazard ratio if all had switched in a given month.

        Parameters
        ----------
        switch : (endpoint, happened, time, label)
        months : sequence of float
            Assumed months; 0 is the comparison from the start.
        what : str
            Of what the hazard is, e.g. *death*.
        population : str
        """
        if self.page.protection:
            raise NotShown
        which = Switch(*switch)
        choices = [self._of_month(month, which, what, population) for month in months]
        if not any(choice.cells[0] != "—" for choice in choices):
            raise Undefined("no assumed month gives a finite hazard ratio")
        shown = panel(
            f"Another month of {which.label}: hazard ratio of {what}",
            f"Month of {which.label} assumed",
            ["Hazard ratio", f"{100 * self.page.level:g}% CI", "Range across cohorts"],
            choices,
            note=f"{whose(self.page.own)}{self._assumed(which.label)} "
            "Patients followed for less than the assumed time are assumed to have had it in their last whole month of follow-up.",
        )
        return HTML(shown)

    def _of_month(self, month: float, which: Switch, what: str, population: str) -> Choice:
        with kernels():
            found = self.page.over_many(self._switch_ratios(which, self._time_dependent, month), population)
        value = found["value"]
        if not value.defined:
            return Choice(f"{month:g}", ["—", "—", "—"], f"Month {month:g}: there is no hazard ratio.")
        limits = [found[end].reference for end in ("lower", "upper")] if "lower" in found else []
        interval = _between(*limits) if limits else "—"
        ranged = _between(value.low, value.high) if value.ranged else "—"
        when = f"Had {which.label} come in month {month:g} for everybody who had it" if month else f"Had {which.label} come at the start"
        told = f"{when}, the hazard ratio of {what} would be {_ratio(value.reference)}"
        told += f" ({100 * self.page.level:g}% CI {interval})" if limits else ""
        told += f"; across the cohorts: {ranged}" if value.ranged else ""
        return Choice(f"{month:g}", [_ratio(value.reference), interval, ranged], f"{told}.")


def _between(low: float, high: float) -> str:
    """Two ratios; one where they read alike."""
    return _ratio(low) if _ratio(low) == _ratio(high) else f"{_ratio(low)}–{_ratio(high)}"


def _ratio(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else "∞"


def _of_cohort(number: int, found: Mapping[str, Curve | None], first: Mapping[str, Curve | None], what: str, at: float) -> Choice:
    """What a cohort shows, and where it departs most from the page's."""
    cells = [_share(curve, at) for curve in found.values()]
    named = f"Compatible cohort {number}" if number else "The page’s cohort"
    told = ", ".join(f"{label} {cell}" for label, cell in zip(found, cells, strict=True))
    drawn = {label: curve for label, curve in found.items() if curve is not None}
    gaps = [(*largest_gap(curve, other, at), label) for label, curve in drawn.items() if (other := first[label]) is not None]
    gap, month, label = max(gaps, default=(0.0, 0.0, ""))
    departs = "" if not number else " Its curves are the page’s." if not gap > 0 else ""
    if number and gap > 0:
        departs = f" It differs most from the page’s curve in month {month:g}, by {100 * gap:.1f} percentage points ({label})."
    steps = {label: ([0.0, *curve.time], [100.0, *(100 * curve.survival)]) for label, curve in drawn.items()}
    return Choice(named, cells, f"{named}: {what} at {at:g} months {told}.{departs}", steps)


def largest_gap(one: Curve, other: Curve, until: float) -> tuple[float, float]:
    """Largest difference between two curves up to a time, and when it begins, months."""
    times = np.unique([0.0, *(time for time in (*one.time, *other.time) if time <= until)])
    gaps = [abs(float(one.survival_at(time)) - float(other.survival_at(time))) for time in times]
    known = [0.0 if gap != gap else gap for gap in gaps]  # nobody is followed so long in one of them
    place = int(np.argmax(known))
    return known[place], float(times[place])


def _share(curve: Curve | None, at: float) -> str:
    """Survival at a time, percent; a dash where nobody is followed so long."""
    if curve is None or not curve.survival_at(at) >= 0:
        return "—"
    return f"{100 * curve.survival_at(at):.1f}%"


def _with_limits(curve: Curve | None, at: float, scale: str, level: float) -> str:
    told = _share(curve, at)
    if curve is None or told == "—":
        return "—"
    low, high = (100 * limit for limit in curve.interval_at(at, kind=scale, level=level))
    return f"{told} ({low:.1f}–{high:.1f})" if low == low and high == high else told
