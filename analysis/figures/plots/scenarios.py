"""Scenarios against the parameters that make them: estimates with their intervals, and curves laid over one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.errors import Undefined
from analysis.figures import svg
from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.look import Look
from analysis.figures.palette import Theme, group_style
from analysis.figures.parts.limits import GIVEN, stack_limits
from analysis.figures.style import RECONSTRUCTED, SMALL, new_figure, wrap_text

BROAD = Look(width=162.56)
_HIGH, _COLUMNS = 2.6, 3
NO_UPPER_LIMIT = "no-upper-limit"
"""Id of the arrows, in the SVG, at intervals without an upper limit."""

_SPREAD = 0.5
"""Breadth, in places of the axis, over which points of one place are spread."""

_MARKS = ("o", "s", "D", "v", "P", "X", "<", ">")
"""Marks beside colours, so that points stay apart in grey; the arrow's is none of them."""


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
    drawing = Drawing(lambda theme, look: _estimates(frame, along, theme, look, title, ylabel, ratio, reconstructed), title, alt, BROAD)
    return PairedFigure(
        slug(title), drawing, f"Points: estimates; lines: their intervals{unlimited}. One point a scenario.", {"estimates": known}
    )


def curves_figure(frame: pd.DataFrame, *, title: str, ylabel: str, reconstructed: bool = True) -> PairedFigure:
    """Lay the Kaplan–Meier curves of scenarios over one another, one panel a group of patients.

    Parameters
    ----------
    frame : DataFrame
        Columns scenario, group, time (months) and survival (percent), one row a step.
    title, ylabel : str
    reconstructed : bool
    """
    alt = f"{title}: curves of {frame['scenario'].nunique()} scenarios laid over one another, for {', '.join(frame['group'].unique())}."
    alt += f" {RECONSTRUCTED.capitalize()}." if reconstructed else ""
    drawing = Drawing(lambda theme, look: _curves(frame, theme, look, title, ylabel, reconstructed), title, alt, BROAD)
    return PairedFigure(
        slug(title), drawing, "Steps: Kaplan–Meier estimates; scenarios with the same curve share a line.", {"curve steps": frame}
    )


def _panels(levels: Sequence[str], theme: Theme, look: Look, title: str, reconstructed: bool) -> tuple[Figure, np.ndarray]:
    """A figure with a panel for each level, its title wrapped, and room for a legend on the right."""
    columns = min(len(levels), _COLUMNS)
    rows = -(-len(levels) // columns)
    lines = wrap_text(title, look.inches - 0.3)
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
    shades = list(dict.fromkeys(frame[colour])) if colour else []
    levels = list(dict.fromkeys(frame[panel])) if panel else [""]
    figure, axes = _panels([f"{panel} = {level}" if panel else "" for level in levels], theme, look, title, reconstructed)
    top = 1.05 * np.nanmax(frame[["value", "upper"]].replace(np.inf, np.nan).to_numpy(float))
    unlimited = np.isfinite(frame["lower"].astype(float)) & ~np.isfinite(frame["upper"].astype(float))
    drawn = frame.assign(upper=frame["upper"].where(~unlimited, top))
    again = frame.groupby(list(along[:3])).cumcount()  # scenarios that differ in none of these lie over one another
    kept: dict[str, Any] = {"x": axis, "y": "value", "order": places, "linestyle": "none", "linewidth": 1.4}
    if colour:
        palette = {shade: group_style(number, theme)["color"] for number, shade in enumerate(shades)}
        kept |= {"hue": colour, "hue_order": shades, "palette": palette, "dodge": _SPREAD if len(shades) > 1 else False}
    else:
        kept["color"] = group_style(0, theme)["color"]
    marks = [_MARKS[number % len(_MARKS)] for number in range(len(shades))] or _MARKS[0]
    for level, one in zip(levels, axes, strict=False):
        inside = frame[panel] == level if panel else pd.Series(True, frame.index)
        for turn in range(again[inside].max() + 1):
            rows = stack_limits(drawn[inside & (again == turn)], "value", "lower", "upper")
            seaborn.pointplot(rows, ax=one, markers=marks, markersize=5.5, legend="auto" if turn == 0 else False, **GIVEN, **kept)
            open_ended = drawn[inside & (again == turn) & unlimited].assign(value=top)
            if len(open_ended):
                with svg.add_class(one, NO_UPPER_LIMIT):
                    seaborn.pointplot(open_ended, ax=one, markers="^", markersize=6.5, errorbar=None, legend=False, **kept)
        one.set_xticks(range(len(places)), places, rotation=0 if max(map(len, places)) <= 8 else 30)
        one.set(xlabel=axis, ylabel=ylabel, xlim=(-0.6, len(places) - 0.4))
        if ratio:
            _set_scale_of_ratios(one, theme)
    _set_legend(figure, axes, colour)
    return figure


def _set_scale_of_ratios(axes: Axes, theme: Theme) -> None:
    """A logarithmic scale with ticks at 1, 2 and 5, and a line at 1."""
    axes.set_yscale("log")
    for set_format in (axes.yaxis.set_major_formatter, axes.yaxis.set_minor_formatter):
        set_format(FuncFormatter(lambda value, _: f"{value:g}" if f"{value:.0e}"[0] in "125" else ""))
    axes.axhline(1, color=theme.muted, linewidth=0.8, zorder=0)


def _set_legend(figure: Figure, axes: np.ndarray, heading: str | None = None) -> None:
    """One legend on the right in place of those that seaborn set into the panels."""
    handles, labels = axes[0].get_legend_handles_labels()
    for one in axes:
        if one.get_legend():
            one.get_legend().remove()
    if handles:
        told = ["\n".join(wrap_text(label, 1.5, SMALL)) for label in labels]
        figure.legend(handles, told, title=heading, loc="center right", frameon=False, fontsize=SMALL, title_fontsize=SMALL)


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
    _set_legend(figure, axes)
    return figure


def _dashes(linestyle) -> tuple | str:
    """A dash pattern as seaborn takes it: none for a solid line."""
    return tuple(linestyle[1]) if isinstance(linestyle, tuple) and linestyle[1] else ""
