"""Patients who enter a state on the way: who was when in which, and hazard ratios of the states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import Undefined
from analysis.estimators.regression.small_samples import Compared
from analysis.estimators.time_dependent.counting_process import split
from analysis.estimators.time_dependent.landmark import landmark, status_at
from analysis.pages.comparisons.group_results import GroupResults, Many

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


class Switched(GroupResults):
    """A section on a state entered on the way."""

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
            own = self.page.months_of(rows, switch.time)
            if np.isnan(own[ever]).any():
                raise Undefined(f"the time of {switch.label} is unknown")
        else:
            own = np.minimum(assumed, np.maximum(np.ceil(time) - 1, 0))
        return {"time": time, "event": event, "switch": np.where(ever, own, _NONE), "switched_ever": ever.astype(int)}

    def _followed(self, frame: pd.DataFrame, switch: Switch) -> tuple[np.ndarray, np.ndarray, pd.DataFrame, np.ndarray]:
        """Times and events, their rows, and who switched: found once for each table, whatever month is assumed."""
        known = self.page.kept.setdefault("followed by table", {})
        key = (id(frame), switch)
        if key not in known:
            time, event, rows = self.page.times(frame, switch.endpoint)
            known[key] = time, event, rows, self.page.met(rows, switch.happened), frame  # kept, or another might get its identity
        return known[key][:4]

    def _switch_ratios(self, switch: Switch, way: Callable[[Table], Compared], assumed: float | None = None) -> Many:
        """Hazard ratios of many cohorts at once, compared in one of the ways below."""
        return self._ratios(lambda frame: way(self._switched(frame, switch, assumed)))

    @staticmethod
    def _from_the_start(table: Table) -> Compared:
        """The comparison that a table by ever having switched makes: as if everybody had switched at the start."""
        return Compared(table["time"], table["event"], table["switched_ever"])

    @staticmethod
    def _time_dependent(table: Table) -> Compared:
        rows = split(table["time"], table["event"], table["switch"])
        return Compared(rows.stop, rows.event, rows.switched, rows.start)

    def _landmark(self, table: Table, at: float) -> Compared:
        rows = self._after(table, at)
        return Compared(rows["time"], rows["event"], rows["term"])

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
