"""One estimate of a forest plot: its interval in figures, and as it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.figures.palette import Theme
from analysis.figures.parts.curves import RANGE_HATCH

KINDS = ("printed", "derived", "recomputed", "sampled", "exact", "reported")


class Interval(NamedTuple):
    """One bar of a row.

    Attributes
    ----------
    kind : {"printed", "derived", "recomputed", "sampled", "exact", "reported"}
        ``derived`` is a printed estimate whose limits are computed here from its printed standard error. ``exact`` is a share of counts with exact limits. A sampled range, and the lowest and highest of several reports
        (``reported``), have no estimate of their own and are never drawn as an interval.
    estimate, lower, upper : float
        NaN where there is none.
    """

    kind: str
    estimate: float
    lower: float
    upper: float

    @property
    def text(self) -> str:
        """The bar of a ratio in figures: ``printed 0.49 (0.16 to 1.56)``."""
        return self.spell(_figure)

    @property
    def percents(self) -> str:
        """The bar of a share in figures, all with one decimal: ``exact 37.5 (8.5 to 75.5)``."""
        return self.spell(_percent)

    def spell(self, figure: Callable[[float], str]) -> str:
        """The bar in figures, each number written by `figure`."""
        low, high = figure(self.lower), figure(self.upper)
        if self.kind == "sampled":
            return f"all cohorts {low}" if low == high else f"cohorts {_span(low, high)}"
        if self.kind == "reported":
            return f"reports {_span(low, high)}"
        if self.kind == "derived":
            return f"printed {figure(self.estimate)}, from SE {_span(low, high)}"
        return f"{self.kind} {figure(self.estimate)}" + (f" ({_span(low, high)})" if np.isfinite([self.lower, self.upper]).all() else "")


class ForestRow(NamedTuple):
    """A comparison: its label and its bars, in the order drawn."""

    label: str
    intervals: tuple[Interval, ...]


def _figure(value: float) -> str:
    if not np.isfinite(value):
        return "none" if np.isnan(value) else "∞"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}" if 0 < abs(value) < 0.01 else f"{value:.2f}"


def _span(low: str, high: str) -> str:
    return f"{low} to {high}" if low.startswith("-") or high.startswith("-") else f"{low}–{high}"


def _percent(value: float) -> str:
    return f"{value:.1f}" if np.isfinite(value) else _figure(value)


def draw_interval(axes: Axes, bar: Interval, y: float, theme: Theme, span: tuple[float, float]) -> None:
    """Draw one bar at a height; ends beyond the axis become arrows.

    Parameters
    ----------
    axes : Axes
    bar : Interval
    y : float
        In the units of the axis.
    theme : Theme
    span : (float, float)
        Ends of the axis.
    """
    low, high = span
    ends = [float(np.clip(end, low, high)) if not np.isnan(end) else np.nan for end in (bar.lower, bar.upper)]
    known = not np.isnan(ends).any()
    if bar.kind == "sampled":
        if known:
            look: dict[str, Any] = {"facecolor": "none", "edgecolor": theme.muted, "hatch": 2 * RANGE_HATCH, "linewidth": 0}
            axes.add_patch(Rectangle((ends[0], y - 0.045), ends[1] - ends[0], 0.09, zorder=2, **look))
            for end in ends:
                axes.plot([end] * 2, [y - 0.045, y + 0.045], color=theme.muted, linewidth=0.9, zorder=2.1)
        return
    if bar.kind == "reported":
        if known:
            axes.plot(ends, [y, y], color=theme.muted, linewidth=3.2, zorder=2, solid_capstyle="butt")
        return
    as_printed = bar.kind in ("printed", "derived")
    colour = theme.ink if as_printed else theme.groups[0]
    if known:
        dashes = (0, (2.5, 1.5)) if bar.kind == "derived" else "-"
        axes.plot(ends, [y, y], color=colour, linewidth=1.1 if as_printed else 1.7, linestyle=dashes, zorder=3, solid_capstyle="butt")
        for end, asked, mark in ((ends[0], bar.lower, "<"), (ends[1], bar.upper, ">")):
            clipped = end != asked
            axes.plot([end], [y], mark if clipped else "|", color=colour, markersize=5 if clipped else 5.5, zorder=3, clip_on=False)
    if low <= bar.estimate <= high:
        hollow: dict[str, Any] = {
            "markerfacecolor": theme.ground if as_printed else colour,
            "markeredgecolor": colour,
            "markeredgewidth": 1.1,
        }
        axes.plot([bar.estimate], [y], "D" if as_printed else "s", markersize=4.8, zorder=4, clip_on=False, **hollow)
