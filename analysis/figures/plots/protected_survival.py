"""Survival curves of patients who need protection: the bands that the curves lie in, and ranges of the numbers followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import seaborn
from matplotlib.figure import Figure

from analysis.errors import Undefined
from analysis.estimators.disclosure.bounded_curve import BoundedCurve
from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.look import Look
from analysis.figures.palette import Theme, group_style
from analysis.figures.parts.layout import sheet
from analysis.figures.parts.legend import Key
from analysis.figures.parts.risk_table import draw_risk_table, table_height
from analysis.figures.parts.time_axis import MONTHS, TimeAxis

LEFT, RIGHT, PLOT, BELOW = 0.86, 0.3, 2.5, 0.48  # inches: margins, height of the axes, room for their labels
ROWS = (("Followed", "followed"), ("Events", "events"))
NOTHING = "–"
COUNTS = ("Below: how many are followed for longer than each time", ", and events until then")


def bounded_figure(
    curves: Mapping[str, BoundedCurve],
    *,
    horizon: float,
    title: str,
    axis: TimeAxis = MONTHS,
    ylabel: str = "Survival",
    caption: str = "",
    name: str | None = None,
) -> PairedFigure:
    """Draw the bands between which Kaplan–Meier curves lie.

    Parameters
    ----------
    curves : mapping of str to BoundedCurve
    horizon : float
        Right end of the time axis, months.
    title, ylabel : str
    axis : TimeAxis
    caption : str
        Opening of the caption.
    name : str, optional
        Slug; from the title if left out.

    Returns
    -------
    PairedFigure
        Frame ``bounds``: at each time, least and greatest numbers followed for longer and of events, and of survival, percent.
    """
    ticks = axis.ticks(horizon)
    table = pd.concat([_numbers(label, curve, ticks) for label, curve in curves.items()], ignore_index=True)
    told = _explain(curves)
    alt = (
        f"{title}: bands that the Kaplan–Meier curves of {len(curves)} group{'s' * (len(curves) != 1)} lie in, to {horizon:g} months. "
        + " ".join(_words(label, curve, ticks) for label, curve in curves.items())
    )
    drawing = Drawing(lambda theme, look: _draw(curves, table, theme, look, horizon, axis, ticks, title, ylabel), title, alt)
    frame = pd.concat([_frame(label, curve, horizon) for label, curve in curves.items()], ignore_index=True)
    return PairedFigure(name or slug(title), drawing, f"{caption.strip()} {told}".strip(), {"bounds": frame}, counts=COUNTS)


def _explain(curves: Mapping[str, BoundedCurve]) -> str:
    patients = next(iter(curves.values())).patients
    size = patients.high - patients.low + 1
    return (
        f"Each curve lies within its band. To protect the patients, counts are given in ranges of {size} numbers: the upper edge leaves out up to "
        f"{size - 1} events and so is too high, the lower edge counts as many too often; the band ends where fewer than {size} may be followed."
    )


def _frame(label: str, curve: BoundedCurve, horizon: float) -> pd.DataFrame:
    kept = curve.time <= horizon
    bounds = {
        "followed": curve.followed,
        "events": curve.events,
        "survival": np.column_stack([np.floor(100 * curve.survival[:, 0] + 1e-9), np.ceil(100 * curve.survival[:, 1] - 1e-9)]),
    }
    columns = {f"{name}_{end}": values[kept, at].astype(int) for name, values in bounds.items() for at, end in enumerate(("low", "high"))}
    return pd.DataFrame({"group": label, "time": curve.time[kept], **columns})


def _numbers(label: str, curve: BoundedCurve, ticks: Sequence[float]) -> pd.DataFrame:
    rows = []
    for tick in ticks:
        try:
            rows.append((label, tick, _short(*curve.followed_at(tick)), _short(*curve.events_at(tick))))
        except Undefined:
            rows.append((label, tick, NOTHING, NOTHING))
    return pd.DataFrame(rows, columns=["group", "time", "followed", "events"]).assign(at_risk=_short(*curve.patients))


def _short(low: int, high: int) -> str:
    if low == high:
        return str(low)
    return f"{low}–{high}" if low else f"<{high + 1}"


def _words(label: str, curve: BoundedCurve, ticks: Sequence[float]) -> str:
    values = []
    for tick in ticks[1:]:
        try:
            low, high = curve.survival_at(tick)
        except Undefined:
            break
        values.append(f"{np.floor(100 * low + 1e-9):.0f} to {np.ceil(100 * high - 1e-9):.0f}% at {tick:g} months")
    return f"{label}, {curve.patients} patients, {curve.total} events: {', '.join(values) or 'followed too shortly for a value'}."


def _draw(
    curves: Mapping[str, BoundedCurve],
    table: pd.DataFrame,
    theme: Theme,
    look: Look,
    horizon: float,
    axis: TimeAxis,
    ticks: Sequence[float],
    title: str,
    ylabel: str,
) -> Figure:
    height = table_height(len(curves), look.rows(ROWS))
    drawn = sheet(
        title, [Key("curve", label, at) for at, label in enumerate(curves)], theme, PLOT + BELOW + height, look, reconstructed=False
    )
    across = look.inches - LEFT - RIGHT
    axes = drawn.axes(LEFT, BELOW + height, across, PLOT)
    axes.set(xlim=(0, horizon), ylim=(0, 102), xlabel=axis.label, ylabel=look.share_label(ylabel))
    axes.set_xticks(ticks, [axis.tick_label(tick) for tick in ticks])
    axes.set_yticks(range(0, 101, 20), [look.share_tick(tick) for tick in range(0, 101, 20)])
    axes.yaxis.set_label_coords(-0.48 / across, 0.5)
    seaborn.despine(ax=axes)
    for at, curve in enumerate(curves.values()):
        _draw_band(axes, curve, horizon, group_style(at, theme))
    place = lambda months: LEFT + across * months / horizon  # noqa: E731
    draw_risk_table(drawn.figure, table, theme, top=height, left=0.08, place=place, rows=look.rows(ROWS))
    return drawn.figure


def _draw_band(axes, curve: BoundedCurve, horizon: float, style: dict) -> None:
    """Between two times a curve lies above its least value at the later and below its greatest at the earlier."""
    kept = curve.time <= horizon
    time, survival = curve.time[kept], 100 * curve.survival[kept]
    x = np.repeat(time, 2)[1:-1]
    low, high = np.repeat(survival[1:, 0], 2), np.repeat(survival[:-1, 1], 2)
    axes.fill_between(x, low, high, color=style["color"], alpha=0.22, linewidth=0, zorder=1.5)
    for edge in (low, high):
        axes.plot(x, edge, linewidth=1.1, zorder=3, clip_on=False, **style)
