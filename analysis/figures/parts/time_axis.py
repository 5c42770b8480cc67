"""The time axis of a figure of curves: its unit, its origin, its ticks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

_DAY = 1 / 30.4375
_MONTHS = {"days": _DAY, "weeks": 7 * _DAY, "months": 1.0, "years": 12.0}
_STEPS = {
    "days": tuple(days * _DAY for days in (1, 7, 14, 30, 60, 90, 180, 365, 730, 1825, 3650, 18250)),
    "weeks": tuple(weeks * 7 * _DAY for weeks in (1, 2, 4, 8, 12, 26, 52, 104, 260, 520, 2600)),
    "months": (1, 3, 6, 12, 24, 36, 60, 120, 240, 600, 1200),
    "years": (3, 6, 12, 24, 36, 60, 120, 240, 600, 1200),
}
_FEWEST, _USUAL, _MOST = 4, 6, 10
"""Intervals between ticks: fewer than the first tell little, more than the last are crowded."""


class TimeAxis(NamedTuple):
    """Unit and origin of an axis whose times are kept in months.

    Attributes
    ----------
    unit : {"days", "weeks", "months", "years"}
        What the axis is labelled in.
    origin : str
        What time is counted from, ``diagnosis``; empty where it is not known.
    """

    unit: str = "months"
    origin: str = ""

    @property
    def label(self) -> str:
        """``Years since diagnosis``."""
        return self.unit.capitalize() + (f" since {self.origin}" if self.origin else "")

    @property
    def months(self) -> float:
        """Months in one unit of the axis."""
        return _MONTHS[self.unit]

    def tick_label(self, month: float) -> str:
        """A tick, given in months, as it is labelled."""
        return f"{round(month / self.months, 6):g}"

    def spell(self, month: float) -> str:
        """A time in words: ``1 year``, ``24 months``."""
        text = f"{round(month / self.months, 1):g}"
        return f"{text} {self.unit.removesuffix('s') if text == '1' else self.unit}"

    def spell_exactly(self, month: float) -> str:
        """A time in words, in months where the axis's own unit would round it: 50 months are no 4.2 years."""
        tenths = 10 * month / self.months
        return (
            self.spell(month)
            if abs(tenths - round(tenths)) < 1e-9
            else MONTHS.spell(month)
            if month == round(month, 1)
            else f"{month:g} months"
        )

    def ticks(self, horizon: float, marked: Sequence[float] = ()) -> list[float]:
        """Ticks from 0 to a horizon, months: the fewest that are not too few, each marked time among them where that is possible.

        Parameters
        ----------
        horizon : float
            Right end of the axis, months.
        marked : sequence of float
            Times of printed estimates, months.
        """
        steps = _STEPS[self.unit]
        held = [step for step in steps if all(abs(time / step - round(time / step)) < 1e-9 for time in marked)] if marked else []
        step = next((step for step in reversed(held) if _FEWEST <= horizon / step <= _MOST), None)
        step = step or next((step for step in steps if horizon / step <= _USUAL), horizon / _USUAL)
        ticks = [float(tick) for tick in np.arange(0, horizon + step * 1e-9, step)]
        return ticks if len(ticks) > 1 else [0.0, float(horizon)]


MONTHS = TimeAxis()
"""Months, counted from what the figure does not say."""
