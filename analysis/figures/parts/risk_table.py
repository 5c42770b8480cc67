"""The table of numbers under a survival curve: at risk, events, censored.

Form after Morris et al., "Proposals on Kaplan-Meier plots in medical research and a survey of
stakeholder views: KMunicate", BMJ Open 2019;9:e030215: the three rows stand together for each group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.figures.palette import Theme, group_style
from analysis.figures.style import SMALL

ROW = 0.158  # inches
GAP = 0.07
ROWS = (("At risk", "at_risk"), ("Events", "events"), ("Censored", "censored"))


def risk_counts(curve: Any, times: Sequence[float]) -> pd.DataFrame:
    """Numbers of one group at given times.

    Parameters
    ----------
    curve : Curve or None
        A Kaplan-Meier estimate; None is a group without patients.
    times : sequence of float
        Months.

    Returns
    -------
    pandas.DataFrame
        Columns ``time``; ``at_risk``, the patients still observed just before the time; and
        ``events`` and ``censored``, cumulative, up to and including the time.
    """
    if curve is None or curve.n == 0:
        at_risk = events = censored = np.zeros(len(times), dtype=int)
    else:
        at_risk = np.asarray(curve.at_risk_at(np.asarray(times, dtype=float)))
        # a time read from print can differ from the tick in its last bits
        reached = np.asarray(curve.time)[None, :] <= np.asarray(times)[:, None] * (1 + 1e-9)
        events = (reached * np.asarray(curve.events)).sum(axis=1)
        censored = (reached * np.asarray(curve.censored)).sum(axis=1)
    columns = {"time": times, "at_risk": at_risk, "events": events, "censored": censored}
    return pd.DataFrame(columns).astype({"at_risk": int, "events": int, "censored": int})


def risk_frame(curves: Mapping[str, Any], times: Sequence[float]) -> pd.DataFrame:
    """`risk_counts` of all groups under each other, with the column ``group`` first."""
    parts = [risk_counts(curve, times).assign(group=label) for label, curve in curves.items()]
    return pd.concat(parts, ignore_index=True)[["group", "time", "at_risk", "events", "censored"]]


def table_height(groups: int, rows: Sequence[tuple[str, str]] = ROWS) -> float:
    """Inches that the table takes for a number of groups; none without rows."""
    return 0.0 if not rows else groups * (ROW * (1 + len(rows)) + GAP)


def draw_risk_table(
    figure: Figure, frame: pd.DataFrame, theme: Theme, *, top: float, left: float, place, rows: Sequence[tuple[str, str]] = ROWS
) -> None:
    """Write the table below the axes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    frame : pandas.DataFrame
        From `risk_frame`.
    theme : Theme
    top, left : float
        Upper edge and left edge of the table, inches from the bottom left of the figure.
    place : callable
        Months → inches from the left, so that each number stands under its tick.
    rows : sequence of (label, column)
        What stands in the lines of a group.
    """
    if not rows:
        return
    inches = figure.dpi_scale_trans
    common: dict[str, Any] = {"transform": inches, "va": "center", "fontsize": SMALL}
    y = top
    for index, (label, group) in enumerate(frame.groupby("group", sort=False)):
        y -= ROW / 2
        figure.add_artist(Line2D([left, left + 0.3], [y, y], transform=inches, linewidth=1.8, **group_style(index, theme)))
        n = group["at_risk"].iloc[0]  # everyone is at risk just before time 0
        figure.text(left + 0.37, y, f"{label} (n = {n})", fontweight="bold", color=theme.ink, **common)
        y -= ROW / 2
        for name, column in rows:
            y -= ROW / 2
            figure.text(left, y, name, color=theme.muted, **common)
            for time, count in zip(group["time"], group[column], strict=True):
                figure.text(place(time), y, str(count), ha="center", color=theme.ink, **common)
            y -= ROW / 2
        y -= GAP
