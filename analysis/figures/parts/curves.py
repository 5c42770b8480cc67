"""The layers of a survival plot: steps, confidence bands, censor ticks, printed points, ranges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.palette import Theme, group_style

RANGE_HATCH = "////"
"""Of the range over cohorts: hatched and never tinted, as a tint is the confidence interval in every journal."""


class PrintedPoint(NamedTuple):
    """An estimate as a paper prints it, in months and percent.

    Attributes
    ----------
    time, estimate : float
        Months; percent.
    error : float or None
        Printed standard error, percentage points.
    lower, upper : float or None
        Printed confidence limits, percent; used where no error is given.
    group : str or None
        Label of the curve that it belongs to; None where a figure has one curve.
    told : str
        The estimate with its error or limits in the characters of the paper; empty where only the values are known.
    """

    time: float
    estimate: float
    error: float | None = None
    lower: float | None = None
    upper: float | None = None
    group: str | None = None
    told: str = ""

    @property
    def bar(self) -> tuple[float, float] | None:
        """Ends of the bar in percent, or None."""
        if self.error is not None:
            return self.estimate - self.error, self.estimate + self.error
        if self.lower is not None and self.upper is not None:
            return self.lower, self.upper
        return None


def is_empty(curve) -> bool:
    """Whether a group has no patients."""
    return curve is None or curve.n == 0


def steps_frame(label: str, curve, *, interval: str | None, level: float) -> pd.DataFrame:
    """Steps of a curve as they are drawn and offered for download.

    Returns
    -------
    pandas.DataFrame
        ``group, time`` (months), ``at_risk, events, censored`` (at that time), and in percent
        ``survival`` with its limits ``lower`` and ``upper`` (missing where undefined).
    """
    columns = ["group", "time", "at_risk", "events", "censored", "survival", "lower", "upper"]
    if is_empty(curve):
        return pd.DataFrame(columns=columns)
    lower, upper = _limits(curve, np.asarray(curve.time, dtype=float), interval, level)
    values = [curve.time, curve.at_risk, curve.events, curve.censored, 100 * np.asarray(curve.survival), 100 * lower, 100 * upper]
    frame = pd.DataFrame(dict(zip(columns[1:], values, strict=True)))
    return frame.assign(group=label)[columns].astype({"at_risk": int, "events": int, "censored": int})


def _limits(curve, times: np.ndarray, interval: str | None, level: float) -> tuple[np.ndarray, np.ndarray]:
    if interval is None:
        return np.full(times.shape, np.nan), np.full(times.shape, np.nan)
    lower, upper = curve.limits_at(times, kind=interval, level=level)
    return np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)


def corners(curve, horizon: float) -> np.ndarray:
    """Times at which the drawn curve starts, steps and ends: from 0 to the end of follow-up or the horizon."""
    times = np.asarray(curve.time, dtype=float)
    inner = times[(times > 0) & (times < horizon)]
    return np.concatenate([[0.0], inner, [min(horizon, times[-1])]])


def _flat(times: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corner points of a right-continuous step function; each value holds until the next time."""
    return np.repeat(times, 2)[1:], np.repeat(values, 2)[:-1]


def draw_curve(axes: Axes, curve, index: int, theme: Theme, *, horizon: float, interval: str | None, level: float) -> None:
    """Draw one group: tinted confidence band, steps, censor ticks. An empty group draws nothing."""
    if is_empty(curve):
        return
    style = group_style(index, theme)
    times = corners(curve, horizon)
    survival = 100 * np.asarray(curve.survival_at(times))
    lower, upper = _limits(curve, times, interval, level)
    if np.isfinite(lower).any():
        x, low = _flat(times, 100 * lower)
        _, high = _flat(times, 100 * upper)
        axes.fill_between(x, low, high, color=style["color"], alpha=0.16, linewidth=0, zorder=1.2)
        for edge in (low, high):
            axes.plot(x, edge, color=style["color"], zorder=1.3, alpha=0.45, linewidth=0.5)
    x, y = _flat(times, survival)
    # all start at 100 %: events at time 0 fall along the axis
    axes.plot(np.concatenate([[0.0], x]), np.concatenate([[100.0], y]), linewidth=1.8, zorder=3, clip_on=False, **style)
    left = np.asarray(curve.time)[(np.asarray(curve.censored) > 0) & (np.asarray(curve.time) <= horizon)]
    heights = 100 * np.asarray(curve.survival_at(left)) if len(left) else np.empty(0)
    axes.plot(left, heights, "|", color=style["color"], markersize=7, markeredgewidth=1.1, zorder=3.2, clip_on=False)


def sampled_range(curves: Sequence, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest estimate of a set of curves at each time, in percent.

    A curve counts as long as it is under observation, and afterwards if it ended at 0 %; where none
    counts, the range is missing.
    It is an inner bound over the cohorts sampled and has no probability meaning.
    """
    values = np.full((len(curves), len(times)), np.nan)
    for row, curve in zip(values, curves, strict=True):
        ended_at_zero = np.asarray(curve.survival)[-1] <= 0
        seen = (times <= np.asarray(curve.time)[-1]) | ended_at_zero
        row[seen] = 100 * np.asarray(curve.survival_at(times[seen]))
    kept = np.isfinite(values).any(axis=0)
    low, high = np.full(len(times), np.nan), np.full(len(times), np.nan)
    low[kept], high[kept] = np.nanmin(values[:, kept], axis=0), np.nanmax(values[:, kept], axis=0)
    return low, high


def turning(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Places at which a range of steps changes, the first and the last among them: all that its outline needs."""
    ends = np.stack([low, high])
    same = (ends[:, 1:] == ends[:, :-1]) | (np.isnan(ends[:, 1:]) & np.isnan(ends[:, :-1]))
    turns = np.concatenate([[True], ~same.all(axis=0)])
    turns[-1] = True
    return turns


def range_steps(curves: Sequence, horizon: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times at which the range of a set of curves changes, and its ends from there on, in percent; empty without a curve."""
    drawn = [curve for curve in curves if not is_empty(curve)]
    if not drawn:
        return np.empty(0), np.empty(0), np.empty(0)
    times = np.unique(np.concatenate([corners(curve, horizon) for curve in drawn]))
    low, high = sampled_range(drawn, times)
    turns = turning(low, high)
    return times[turns], low[turns], high[turns]


def draw_range(axes: Axes, steps: tuple[np.ndarray, np.ndarray, np.ndarray], index: int, theme: Theme) -> None:
    """Draw a range over cohorts as a hatched band with dotted edges, no tint: it never looks like a confidence band.

    Parameters
    ----------
    axes : Axes
    steps : (times, low, high)
        Months; percent, holding until the next time. Empty arrays draw nothing.
    index : int
        Position of the group (from 0), which gives the colour.
    theme : Theme
    """
    times, low, high = steps
    if not len(times):
        return
    x, bottom = _flat(times, low)
    _, top = _flat(times, high)
    colour = group_style(index, theme)["color"]
    axes.fill_between(x, bottom, top, facecolor="none", edgecolor=colour, hatch=RANGE_HATCH, alpha=0.45, linewidth=0, zorder=1.5)
    for edge in (bottom, top):
        axes.plot(x, edge, color=colour, linewidth=0.6, linestyle=(0, (1, 1.5)), zorder=1.6)


def medians_reached(curves: Sequence, horizon: float) -> list[tuple[int, float]]:
    """Position and median (months) of each curve that falls to 50% up to the horizon."""
    medians = [(index, float(curve.median())) for index, curve in enumerate(curves) if not is_empty(curve)]
    return [(index, median) for index, median in medians if np.isfinite(median) and median <= horizon]


def any_censored(curves: Sequence, horizon: float) -> bool:
    """Whether a curve has a censor tick up to the horizon."""
    return any(
        bool(((np.asarray(curve.censored) > 0) & (np.asarray(curve.time) <= horizon)).any()) for curve in curves if not is_empty(curve)
    )


def draw_medians(axes: Axes, curves: Sequence, theme: Theme, *, horizon: float) -> None:
    """Draw a line at 50% to each curve that falls to it up to the horizon, and down to its median."""
    reached = medians_reached(curves, horizon)
    line: dict[str, Any] = {"linewidth": 0.7, "linestyle": (0, (4, 2)), "zorder": 1.1}
    if reached:
        axes.plot([0, max(median for _, median in reached)], [50, 50], color=theme.muted, gid="median", **line)
    for index, median in reached:
        axes.plot([median, median], [0, 50], color=group_style(index, theme)["color"], **line)


def draw_printed(axes: Axes, points: Sequence[PrintedPoint], labels: Sequence[str], theme: Theme, *, horizon: float) -> None:
    """Draw printed estimates as hollow diamonds with bars, so that readers see printed against recomputed.

    Points of several groups at one time stand a little beside each other, else they would hide each other.
    """
    for point in points:
        together = [other.group for other in points if other.time == point.time]
        time = point.time + 0.016 * horizon * (together.index(point.group) - (len(together) - 1) / 2)
        colour = group_style(labels.index(point.group) if point.group else 0, theme)["color"]
        if point.bar:
            axes.plot([time] * 2, point.bar, color=colour, linewidth=1.0, zorder=3.5, solid_capstyle="butt", clip_on=False)
            axes.plot([time] * 2, point.bar, "_", color=colour, markersize=6, markeredgewidth=1.0, zorder=3.5, clip_on=False)
        axes.plot(
            [time], [point.estimate], "D", markersize=5, markeredgewidth=1.2, clip_on=False,
            markerfacecolor=theme.ground, markeredgecolor=colour, zorder=4,
        )  # fmt: skip
