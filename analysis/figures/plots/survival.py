"""Survival curves with the table of numbers at risk under them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import seaborn
from matplotlib.figure import Figure

from analysis.figures import svg
from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.look import Look
from analysis.figures.palette import Theme
from analysis.figures.parts import legend
from analysis.figures.parts.alt_text import alternative, describe_curves, legend_caption
from analysis.figures.parts.arguments import check_arguments
from analysis.figures.parts.curves import PrintedPoint, any_censored, draw_curve, draw_medians, draw_printed, draw_range, range_steps
from analysis.figures.parts.free_corner import free_corner
from analysis.figures.parts.interactive_data import exploration, survival_frames
from analysis.figures.parts.risk_table import ROWS, draw_risk_table, risk_frame, table_height
from analysis.figures.parts.time_axis import MONTHS, TimeAxis
from analysis.figures.style import RECONSTRUCTED, SMALL, TEXT, new_figure, wrap_text

LEFT, RIGHT, PLOT, BELOW = 0.86, 0.22, 2.5, 0.48  # inches: margins, height of the axes, room for their labels
LINE = 0.185


@dataclass(frozen=True)
class _Plot:
    """All that a drawing needs; see `survival_figure` for the meaning."""

    curves: Mapping
    horizon: float
    interval: str | None
    level: float
    title: str | None
    axis: TimeAxis
    ylabel: str
    annotations: tuple[str, ...]
    printed: tuple[PrintedPoint, ...]
    ensemble: tuple[Mapping, ...]
    reconstructed: bool

    @property
    def ticks(self) -> list[float]:
        return self.axis.ticks(self.horizon, [point.time for point in self.printed])


def survival_figure(
    curves: Mapping,
    *,
    horizon: float,
    interval: str | None = "log",
    level: float = 0.95,
    title: str | None = None,
    axis: TimeAxis = MONTHS,
    ylabel: str = "Survival",
    annotate: Sequence[str] = (),
    printed: Sequence[PrintedPoint | tuple] = (),
    ensemble: Sequence[Mapping] = (),
    reconstructed: bool = True,
    caption: str = "",
    name: str | None = None,
    unit: str = "patient",
) -> PairedFigure:
    """Draw Kaplan-Meier curves of one or more groups.

    Parameters
    ----------
    curves : mapping of str to Curve or None
        Label to estimate, in the order of drawing. None (or ``n = 0``) is a group without patients:
        it keeps its rows in the table.
    horizon : float
        Right end of the time axis, months.
    interval : {"log", "log-log", "plain"} or None
        Kind of the pointwise confidence band; None draws no band.
    level : float
        Confidence level, between 0 and 1.
    title, ylabel : str
        ``(%)`` is added to the y label.
    axis : TimeAxis
        Unit and origin of the time axis.
    annotate : sequence of str
        Lines written in a free corner, e.g. ``P = 0.265 (log-rank)``.
    printed : sequence of PrintedPoint or tuple
        Estimates as printed, percent; with more than one curve each names its group.
    ensemble : sequence of mapping
        Further cohorts, each a mapping from label to curve; their range is hatched.
    reconstructed : bool
        Whether the rows are reconstructed; if so the figure says so.
    caption : str
        Opening of the caption; the explanation of the marks follows it.
    name : str or None
        Slug of the figure; from title or y label if None.
    unit : str
        What a row is, for the caption.

    Returns
    -------
    PairedFigure
        Frames: ``curve steps``, ``numbers at risk`` and, where drawn, ``range over cohorts`` and ``printed estimates``.

    Raises
    ------
    ValueError
        If there is no curve, the horizon is not positive, the interval or level is unknown, or a printed
        point or a cohort names a group that is not drawn.
    """
    given = tuple(PrintedPoint(*point) for point in printed)
    check_arguments(curves, horizon, interval, level, given, ensemble)
    points = tuple(point for point in given if point.time <= horizon)
    plot = _Plot(
        dict(curves), float(horizon), interval, level, title, axis, ylabel,
        tuple(annotate), points, tuple(ensemble), reconstructed,
    )  # fmt: skip
    kept: dict[str, Any] = {"level": level, "printed": points, "reconstructed": reconstructed}
    told: dict[str, Any] = {"interval": interval, "cohorts": len(ensemble)} | kept
    alt = alternative(
        plot.curves, what=title or ylabel, ticks=plot.ticks, horizon=plot.horizon, annotations=annotate, axis=axis, unit=unit, **told
    )
    drawing = Drawing(lambda theme, look: _draw(plot, theme, look), title or ylabel, alt)
    words = [describe_curves(plot.curves, printed=points, horizon=plot.horizon, axis=axis, unit=unit), caption.strip()]
    words.append(legend_caption(list(plot.curves.values()), horizon=plot.horizon, **told))
    return PairedFigure(
        name=name or slug(title or ylabel),
        drawing=drawing,
        counts=("At risk: just before each time", "; events and censored: up to and including it"),
        caption=" ".join(filter(None, words)),
        frames=survival_frames(plot.curves, ticks=plot.ticks, horizon=plot.horizon, interval=interval, ensemble=ensemble, **kept),
        plot=exploration(
            title=title or ylabel,
            value="survival",
            ylabel=ylabel,
            axis=axis,
            ticks=plot.ticks,
            annotations=annotate,
            opened_at=max((point.time for point in points), default=plot.horizon),
            horizon=plot.horizon,
            reconstructed=reconstructed,
            level=None if interval is None else level,
            cohorts=len(ensemble),
        ),
    )


def _keys(plot: _Plot) -> list[legend.Key]:
    found = [legend.Key("curve", label, index) for index, label in enumerate(plot.curves)]
    if plot.printed:
        found.append(legend.printed_key(plot.printed))
    if any_censored(list(plot.curves.values()), plot.horizon):
        found.append(legend.Key("censored", "censored"))
    if plot.interval is not None:
        found.append(legend.Key("band", f"{100 * plot.level:g}% CI"))
    if plot.ensemble:
        found.append(legend.Key("sampled", f"range across {len(plot.ensemble)} cohorts"))
    return found


def _draw(plot: _Plot, theme: Theme, look: Look) -> Figure:
    """Set the parts under each other, in inches, so that every label has the room it needs."""
    inner = look.inches - 0.16
    heading = wrap_text(plot.title, inner * 0.84, TEXT) if plot.title else []  # set in bold, which runs wider
    placed, keys_height = legend.arrange(_keys(plot), inner)
    header = 0.08 + LINE * (len(heading) + plot.reconstructed) + keys_height + 0.1
    height = header + PLOT + BELOW + table_height(len(plot.curves), look.rows(ROWS)) + 0.03
    figure = new_figure(look.inches, height)
    y = height - 0.08
    inches: dict[str, Any] = {"transform": figure.dpi_scale_trans, "va": "center"}
    for line in heading:
        figure.text(0.08, y - LINE / 2, line, fontweight="bold", **inches)
        y -= LINE
    if plot.reconstructed:
        figure.text(0.08, y - LINE / 2, RECONSTRUCTED, fontsize=SMALL, fontstyle="italic", color=theme.muted, **inches)
        y -= LINE
    legend.draw_keys(figure, placed, theme, left=0.08, top=y, compared=bool(plot.printed))
    across = look.inches - LEFT - RIGHT
    bottom = height - header - PLOT
    axes = figure.add_axes((LEFT / look.inches, bottom / height, across / look.inches, PLOT / height))
    _draw_axes(axes, plot, theme, look, across)
    place = lambda months: LEFT + across * months / plot.horizon  # noqa: E731
    with svg.add_class(figure, svg.RECOMPUTED * bool(plot.printed)):
        draw_risk_table(
            figure, risk_frame(plot.curves, plot.ticks), theme, top=bottom - BELOW, left=0.08, place=place, rows=look.rows(ROWS)
        )
    return figure


def _draw_axes(axes, plot: _Plot, theme: Theme, look: Look, across: float) -> None:
    axes.set(xlim=(0, plot.horizon), ylim=(0, 102), xlabel=plot.axis.label, ylabel=look.share_label(plot.ylabel))
    axes.set_xticks(plot.ticks, [plot.axis.tick_label(tick) for tick in plot.ticks])
    axes.set_yticks(range(0, 101, 20), [look.share_tick(tick) for tick in range(0, 101, 20)])
    axes.yaxis.set_label_coords(-0.48 / across, 0.5)
    seaborn.despine(ax=axes)
    axes.spines["left"].set_bounds(0, 100)
    with svg.add_class(axes, svg.RECOMPUTED * bool(plot.printed)):
        for index, (label, curve) in enumerate(plot.curves.items()):
            draw_range(axes, range_steps([cohort.get(label) for cohort in plot.ensemble], plot.horizon), index, theme)
            draw_curve(axes, curve, index, theme, horizon=plot.horizon, interval=plot.interval, level=plot.level)
        draw_medians(axes, list(plot.curves.values()), theme, horizon=plot.horizon)
    with svg.add_class(axes, svg.AS_PRINTED):
        draw_printed(axes, plot.printed, list(plot.curves), theme, horizon=plot.horizon)
    notes = [line for text in plot.annotations for line in wrap_text(text, 0.9 * across)]
    if notes:
        x, y, across_, up = free_corner(plot.curves.values(), notes, plot.horizon, across, PLOT)
        halo = {"facecolor": theme.ground, "edgecolor": "none", "alpha": 0.7, "pad": 1.5}
        axes.text(x, y, "\n".join(notes), transform=axes.transAxes, ha=across_, va=up, linespacing=1.35, bbox=halo, zorder=5)
