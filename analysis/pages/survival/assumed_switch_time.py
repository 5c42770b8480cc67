"""What happens on the way at a time that is not printed: results as functions of the time assumed, never findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.errors import Undefined
from analysis.estimators.ensemble_range import Sampled
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.plots.sensitivity import sensitivity_figure
from analysis.pages.guards import where_it_applies
from analysis.pages.section import figure
from analysis.pages.survival.switched import Switch, Switched

_NONE = float("nan")


class AssumedSwitchTimes(Switched):
    """Sensitivity of what happens on the way to when it happened."""

    @figure
    @where_it_applies
    def hazard_ratio_by_switch_time(
        self,
        switch: Sequence[str],
        months: Sequence[float],
        *,
        title: str,
        caption: str = "",
        population: str = "all",
        reference: tuple[str, str] | None = None,
        name: str | None = None,
    ) -> PairedFigure | HTML:
        """Time-dependent hazard ratio as a function of the month in which everybody is assumed to have switched.

        Parameters
        ----------
        switch : (endpoint, happened, time, label)
        months : sequence of float
            Assumed months; 0 is the comparison from the start.
        title, caption, population, name : str
        reference : (str, id), optional
            A printed hazard ratio to compare with.
        """
        which = Switch(*switch)

        def at(month: float) -> Mapping[str, Sampled]:
            return self.page.over_many(self._switch_ratios(which, self._time_dependent, month), population)

        told = "Patients followed for less than the assumed time are assumed to have had it in their last whole month of follow-up."
        return self._assumption(at, months, f"Month of {which.label} assumed", title, f"{caption} {told}".strip(), reference, name)

    @figure
    @where_it_applies
    def hazard_ratio_by_landmark(
        self,
        switch: Sequence[str],
        months: Sequence[float],
        *,
        title: str,
        caption: str = "",
        population: str = "all",
        own_times: bool = False,
        reference: tuple[str, str] | None = None,
        name: str | None = None,
    ) -> PairedFigure | HTML:
        """Landmark hazard ratio as a function of the landmark.

        Parameters
        ----------
        switch : (endpoint, happened, time, label)
        months : sequence of float
            Landmarks.
        title, caption, population, name : str
        own_times : bool
            Divide patients by the times of the switch that their cohort holds; else all switches are assumed to have come
            by the landmark.
        reference : (str, id), optional
            A printed hazard ratio to compare with.
        """
        which, assumed = Switch(*switch), None if own_times else 0.0

        def at(month: float) -> Mapping[str, Sampled]:
            return self.page.over_many(self._switch_ratios(which, lambda table: self._landmark(table, month), assumed), population)

        told = f"Of those still under observation at the landmark, all who ever had {which.label} are assumed to have had it by then."
        if own_times:
            told = f"Those still under observation at the landmark are grouped by whether {which.label} had occurred by then, at the time given by their cohort."
        return self._assumption(at, months, "Landmark, months", title, f"{caption} {told}".strip(), reference, name)

    def _assumption(
        self,
        at: Callable,
        months: Sequence[float],
        xlabel: str,
        title: str,
        caption: str,
        reference: tuple[str, str] | None,
        name: str | None,
    ) -> PairedFigure:
        rows = []
        for month in months:
            found = at(month)
            value, nothing = found["value"], not found["value"].defined
            limits = (_NONE, _NONE) if nothing or "lower" not in found else (found["lower"].reference, found["upper"].reference)
            finite = value.reference if value.defined and 0 < value.reference < np.inf else _NONE
            rows.append((month, finite, *limits, *((value.low, value.high) if value.ranged else (_NONE, _NONE))))
        frame = pd.DataFrame(rows, columns=["assumed", "estimate", "lower", "upper", "low", "high"])
        if not np.isfinite(frame["estimate"]).any():
            raise Undefined("no assumed month gives a finite hazard ratio")
        beside = (
            None
            if reference is None or not self.page.compared
            else (reference[0], float(self.page.opened.ledger[reference[1]].value.value))
        )
        told = {
            "level": self.page.level,
            "members": self.page.members,
            "reconstructed": not self.page.own,
            "caption": self.page.with_structures(caption),
            "name": name,
        }
        return sensitivity_figure(frame, title=title, xlabel=xlabel, ylabel="Hazard ratio", reference=beside, **told)
