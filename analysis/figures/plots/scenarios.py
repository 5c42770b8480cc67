"""Scenarios against the parameters that make them: estimates with their intervals, and curves laid over one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.errors import Undefined
from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.look import Look
from analysis.figures.palette import Theme, group_style
from analysis.figures.style import RECONSTRUCTED, SMALL, new_figure, wrapped

BROAD = Look(width=162.56)
_HIGH, _COLUMNS = 2.6, 3
NO_UPPER_LIMIT = "no-upper-limit"
"""Id of the arrows, in the SVG, at intervals without an upper limit."""

_SPREAD = 0.5
"""Breadth, in places of the axis, over which points of one place are spread."""


def estimates_figure(
    frame: pd.DataFrame, along: Sequence[str], *, title: str, ylabel: str, ratio: bool = False, reconstructed: bool = True
) -> PairedFigure:
    """Draw a statistic of each scenario with its interval.

    Parameters
    ----------
    frame : DataFrame
        Columns value, lower, upper (NaN where there is none) and those of `along`, as text.
    along : sequence of str
        Parameters: the axis, the colour, the panels; at least one, at most three.
    title, ylabel : str
    ratio : bool
        Whether the axis is logarithmic with a line at 1.
    reconstructed : bool
        Whether rows of some scenario are reconstructed; if so the figure says so.

    Raises
    ------
    Undefined
        If no scenario has a value.
    """
    known = frame[np.isfinite(frame["value"])]
    if known.empty:
        raise Undefined("no scenario has a value")
    alt = f"{title}: {len(known)} of {len(frame)} scenarios have a value, from {known['value'].min():.4g} to {known['value'].max():.4g}, against {' and '.join(along)}."
    alt += f" {RECONSTRUCTED.capitalize()}." if reconstructed else ""
    unlimited = ", with an arrow where there is no upper limit" if (known["lower"].notna() & ~np.isfinite(known["upper"])).any() else ""
    drawing = Drawing(lambda theme, look: _estimates(frame, along, theme, look, title, ylabel, ratio, reconstructed), BROAD, title, alt)
    return PairedFigure(
        slug(title), drawing, f"Points: estimates; lines: their intervals{unlimited}. One point a scenario.", {"estimates": known}
    )


def curves_figure(frame: pd.DataFrame, *, title: str, ylabel: str, reconstructed: bool = True) -> PairedFigure:
    """Lay the Kaplan-Meier curves of scenarios over one another, one panel a group of patients.

    Parameters
    ----------
    frame : DataFrame
        Columns scenario, group, time (months) and survival (percent), one row a step.
    title, ylabel : str
    reconstructed : bool
    """
    alt = f"{title}: curves of {frame['scenario'].nunique()} scenarios laid over one another, for {', '.join(frame['group'].unique())}."
    alt += f" {RECONSTRUCTED.capitalize()}." if reconstructed else ""
    drawing = Drawing(lambda theme, look: _curves(frame, theme, look, title, ylabel, reconstructed), BROAD, title, alt)
    return PairedFigure(
        slug(title), drawing, "Steps: Kaplan-Meier estimates; scenarios with the same curve share a line.", {"curve steps": frame}
    )


def _panels(levels: Sequence[str], theme: Theme, look: Look, title: str, reconstructed: bool) -> tuple[Figure, np.ndarray]:
    """A figure with a panel for each level, its title wrapped, and room for a legend on the right."""
    columns = min(len(levels), _COLUMNS)
    rows = -(-len(levels) // columns)
    lines = wrapped(title, look.inches - 0.3)
    head = 0.22 * len(lines) + 0.5
    height = _HIGH * rows + head
    figure = new_figure(look.inches, height)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    figure.subplots_adjust(left=0.14, right=0.74, bottom=0.5 / height, top=1 - head / height, hspace=0.35, wspace=0.12)
    figure.text(0.02, 1 - 0.08 / height, "\n".join(lines), fontweight="bold", va="top")
    if reconstructed:
        figure.text(
            0.02, 1 - (0.12 + 0.2 * len(lines)) / height, RECONSTRUCTED, fontsize=SMALL, fontstyle="italic", color=theme.muted, va="top"
        )
    for place, panel in enumerate(axes.flat):
        panel.set_visible(place < len(levels))
        if place < len(levels) and len(levels) > 1:
            panel.set_title(levels[place], fontsize=SMALL)
        seaborn.despine(ax=panel)
    return figure, axes.ravel()


def _estimates(
    frame: pd.DataFrame, along: Sequence[str], theme: Theme, look: Look, title: str, ylabel: str, ratio: bool, reconstructed: bool
) -> Figure:
    axis, colour, panel = (*along, None, None)[:3]
    places = list(dict.fromkeys(frame[axis]))
    colours = list(dict.fromkeys(frame[colour])) if colour else [""]
    levels = list(dict.fromkeys(frame[panel])) if panel else [""]
    figure, axes = _panels([f"{panel} = {level}" if panel else "" for level in levels], theme, look, title, reconstructed)
    top = 1.05 * np.nanmax(frame[["value", "upper"]].replace(np.inf, np.nan).to_numpy(float))
    for level, one in zip(levels, axes, strict=False):
        inside = frame[frame[panel] == level] if panel else frame
        for number, shade in enumerate(colours):
            rows = inside[inside[colour] == shade] if colour else inside
            x = np.array([places.index(value) for value in rows[axis]]) + (
                _SPREAD * (number / (len(colours) - 1) - 0.5) if len(colours) > 1 else 0
            )
            style = group_style(number, theme)["color"]
            lower, upper = rows["lower"].to_numpy(float), rows["upper"].to_numpy(float)
            unlimited = np.isfinite(lower) & ~np.isfinite(upper)
            one.vlines(x, lower, np.where(unlimited, top, upper), color=style, linewidth=1.4)
            one.plot(x[unlimited], np.full(unlimited.sum(), top), linestyle="", marker="^", color=style, gid=NO_UPPER_LIMIT)
            seaborn.scatterplot(
                x=x,
                y=rows["value"].to_numpy(float),
                ax=one,
                color=style,
                s=26,
                label=f"{colour} = {shade}" if colour else None,
                legend=False,
            )
        one.set_xticks(range(len(places)), places, rotation=0 if max(map(len, places)) <= 8 else 30)
        one.set(xlabel=axis, ylabel=ylabel, xlim=(-0.6, len(places) - 0.4))
        if ratio:
            one.set_yscale("log")
            for set_format in (one.yaxis.set_major_formatter, one.yaxis.set_minor_formatter):
                set_format(FuncFormatter(lambda value, _: f"{value:g}" if f"{value:.0e}"[0] in "125" else ""))
            one.axhline(1, color=theme.muted, linewidth=0.8, zorder=0)
    if colour:
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="center right", frameon=False, fontsize=SMALL)
    return figure


def _curves(frame: pd.DataFrame, theme: Theme, look: Look, title: str, ylabel: str, reconstructed: bool) -> Figure:
    groups, scenarios = list(dict.fromkeys(frame["group"])), list(dict.fromkeys(frame["scenario"]))
    styles = {name: group_style(number, theme) for number, name in enumerate(scenarios)}
    figure, axes = _panels(groups, theme, look, title, reconstructed)
    for group, one in zip(groups, axes, strict=False):
        seaborn.lineplot(
            frame[frame["group"] == group],
            x="time",
            y="survival",
            hue="scenario",
            hue_order=scenarios,
            palette={name: style["color"] for name, style in styles.items()},
            style="scenario",
            style_order=scenarios,
            dashes={name: _dashes(style["linestyle"]) for name, style in styles.items()},
            drawstyle="steps-post",
            estimator=None,
            sort=False,
            ax=one,
            legend=group == groups[0],
        )
        one.set(xlabel="Months", ylabel=ylabel, ylim=(0, 103), xlim=(0, None))
    handles, labels = axes[0].get_legend_handles_labels()
    if axes[0].get_legend():
        axes[0].get_legend().remove()
    figure.legend(handles, ["\n".join(wrapped(label, 1.5, SMALL)) for label in labels], loc="center right", frameon=False, fontsize=SMALL)
    return figure


def _dashes(linestyle) -> tuple | str:
    """A dash pattern as seaborn takes it: none for a solid line."""
    return tuple(linestyle[1]) if isinstance(linestyle, tuple) and linestyle[1] else ""
