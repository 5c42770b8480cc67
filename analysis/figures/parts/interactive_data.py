"""What a figure of curves gives a page for a reader to explore: the ranges and printed points as tables, and how to draw them.

The script of the book that draws (`book/_static/curves.js`) is given nothing that the page does not
offer for download.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.figures.parts.curves import PrintedPoint, range_steps, steps_frame
from analysis.figures.parts.risk_table import risk_frame
from analysis.figures.parts.time_axis import TimeAxis
from analysis.figures.style import RECONSTRUCTED

RANGE, PRINTED = "range over cohorts", "printed estimates"


def exploration(
    *,
    title: str,
    value: str,
    ylabel: str,
    axis: TimeAxis,
    ticks: Sequence[float],
    horizon: float,
    opened_at: float,
    reconstructed: bool,
    level: float | None,
    cohorts: int,
    annotations: Sequence[str] = (),
) -> dict[str, Any]:
    """How a page draws the figure again.

    Parameters
    ----------
    title, ylabel : str
        ``(%)`` is added to the y label.
    axis : TimeAxis
    ticks : sequence of float
        Of the still figure and its table, months.
    opened_at : float
        Month whose values are shown first: that of a printed estimate.
    value : {"survival", "incidence"}
        Column of the curve steps that is drawn.
    horizon : float
        Right end of the time axis, months.
    reconstructed : bool
    level : float or None
        Confidence level; None where no limits are drawn.
    cohorts : int
        Sampled cohorts beside the reference; 0 for none.
    annotations : sequence of str
        What the still figure says of the comparison: hazard ratio, P.

    Returns
    -------
    dict
        Plain values, ready for JSON; ``interval``, ``sampled`` and ``notice`` are empty where they do not apply.
    """
    return {
        "title": title,
        "value": value,
        "xlabel": axis.label,
        "unit": axis.unit,
        "months": axis.months,
        "ticks": [float(tick) for tick in ticks],
        "start": float(opened_at),
        "annotations": list(annotations),
        "ylabel": f"{ylabel} (%)",
        "horizon": float(horizon),
        "interval": "" if level is None else f"{100 * level:g}% CI",
        "sampled": f"Range across {cohorts} cohort{'s' * (cohorts != 1)}" if cohorts else "",
        "notice": f"{RECONSTRUCTED.capitalize()}." if reconstructed else "",
    }


def survival_frames(
    curves: Mapping, *, ticks: Sequence[float], horizon: float, interval: str | None, level: float, ensemble: Sequence[Mapping],
    printed: Sequence[PrintedPoint], reconstructed: bool,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Tables of a survival figure by their titles; parameters as in `analysis.figures.plots.survival.survival_figure`."""
    parts = [steps_frame(label, curve, interval=interval, level=level) for label, curve in curves.items()]
    full = [part for part in parts if len(part)] or parts[:1]
    frames = {"curve steps": pd.concat(full, ignore_index=True), "numbers at risk": risk_frame(curves, ticks)}
    frames |= range_frame({label: range_steps([cohort.get(label) for cohort in ensemble], horizon) for label in curves})
    if reconstructed:  # the statement travels with the numbers
        frames = {title: frame.assign(origin=RECONSTRUCTED) for title, frame in frames.items()}
    return frames | printed_frame(printed, list(curves))


def range_frame(ranges: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]]) -> dict[str, pd.DataFrame]:
    """Ranges over sampled cohorts as a table, by its title; nothing where none was sampled.

    Parameters
    ----------
    ranges : mapping of group to (times, low, high)
        Steps, percent: each pair of ends holds until the next time.
    """
    parts = [
        pd.DataFrame({"group": label, "time": times, "low": low, "high": high})
        for label, (times, low, high) in ranges.items()
        if len(times)
    ]
    return {RANGE: pd.concat(parts, ignore_index=True)} if parts else {}


def printed_frame(points: Sequence[PrintedPoint], labels: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Estimates as printed, as a table, by its title; nothing where none is printed.

    ``low`` and ``high`` are the ends of the bar, one standard error either way or the printed interval; the attribute
    ``told`` of the frame has each estimate in words.
    """
    rows = [(point.group or labels[0], point.time, point.estimate, *(point.bar or (np.nan, np.nan))) for point in points]
    if not rows:
        return {}
    frame = pd.DataFrame(rows, columns=["group", "time", "estimate", "low", "high"])
    frame.attrs["told"] = tuple(point.told or _describe(point) for point in points)
    return {PRINTED: frame}


def _describe(point: PrintedPoint) -> str:
    """An estimate of which only the values are known, in words."""
    if point.error is not None:
        return f"{point.estimate:g}% ± {point.error:g}%"
    return f"{point.estimate:g}%" + ("" if point.bar is None else f" ({point.lower:g}–{point.upper:g})")
