"""Forest plots: printed beside recomputed estimates, sampled ranges drawn unlike confidence intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn

from analysis.figures import svg
from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.look import Look
from analysis.figures.palette import Theme
from analysis.figures.parts.intervals import KINDS, ForestRow, Interval, draw_interval
from analysis.figures.parts.layout import LINE, MARGIN, sheet
from analysis.figures.parts.legend import Key
from analysis.figures.style import RECONSTRUCTED, SMALL, TEXT, describe_range, wrap_text

TEXTS, RIGHT, ROW, GAP, BELOW = 2.1, 0.2, 0.175, 0.1, 0.5  # inches: column of texts, margin, line, between rows, axis
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def forest_figure(
    rows: Sequence[ForestRow],
    *,
    title: str,
    xlabel: str,
    null: float | None = 1.0,
    log: bool = True,
    level: float = 0.95,
    members: int = 0,
    reconstructed: bool = True,
    caption: str = "",
    name: str | None = None,
) -> PairedFigure:
    """Draw estimates with their intervals.

    Parameters
    ----------
    rows : sequence of ForestRow
    title, xlabel : str
    null : float or None
        Value at which a line stands, e.g. 1 for a ratio.
    log : bool
        Logarithmic axis; what lies at or below 0 is then not drawn but told.
    level : float
        Of the confidence intervals.
    members : int
        Cohorts that the sampled ranges run over.
    reconstructed : bool
    caption : str
        Opening of the caption; the explanation of the marks follows.
    name : str or None

    Returns
    -------
    PairedFigure
        Frame ``estimates``: label, kind, estimate, lower, upper.

    Raises
    ------
    ValueError
        If there is no row or a kind is unknown.
    """
    rows = tuple(rows)
    if not rows:
        raise ValueError("rows: at least one comparison expected, none found")
    used = {bar.kind for row in rows for bar in row.intervals}
    if used - set(KINDS):
        raise ValueError(f"kind: one of {', '.join(KINDS)} expected, {', '.join(sorted(used - set(KINDS)))} found")
    frame = pd.DataFrame(
        [(row.label, *bar) for row in rows for bar in row.intervals], columns=["label", "kind", "estimate", "lower", "upper"]
    )
    if reconstructed:
        frame = frame.assign(origin=RECONSTRUCTED)
    alt = f"{title}: forest plot, {xlabel.lower()}. " + " ".join(
        f"{row.label}: {', '.join(_text(bar, log) for bar in row.intervals) or 'no estimate'}." for row in rows
    )
    draw = lambda theme, look: _draw(rows, theme, look, title, xlabel, null, log, level, members, used, reconstructed)  # noqa: E731
    told = _describe(used, level, members, reconstructed)
    return PairedFigure(name or slug(title), Drawing(draw, title, alt), f"{caption.strip()} {told}".strip(), {"estimates": frame})


_OF_THE_PAPER = {"printed", "derived"}


def _describe(used: set, level: float, members: int, reconstructed: bool) -> str:
    sentences = []
    if "printed" in used:
        sentences.append(f"Hollow diamonds: as printed, with {100 * level:g}% CI where one is printed.")
    if "derived" in used:
        sentences.append(
            f"Dashed: the estimate is printed, its {100 * level:g}% limits are not; they are computed from the printed standard error."
        )
    if "recomputed" in used:
        sentences.append(f"Squares: recomputed, with {100 * level:g}% CI.")
    if "exact" in used:
        sentences.append(f"Squares: counts, with exact (Clopper–Pearson) {100 * level:g}% CI.")
    if "reported" in used:
        sentences.append("Thick lines without a mark: lowest and highest of several reports, as cited; no interval.")
    if "sampled" in used:
        sentences.append(f"Hatched bars without a mark: {describe_range(members)}")
    sentences += [f"{RECONSTRUCTED.capitalize()}."] if reconstructed else []
    return " ".join(sentences)


def _text(bar: Interval, log: bool) -> str:
    """A bar in figures: ratios on a logarithmic axis, shares and differences on a linear one."""
    return bar.text if log else bar.percents


def limits(rows: Sequence[ForestRow], null: float | None, log: bool) -> tuple[float, float]:
    """Ends of the axis: all that is finite, rounded outwards; not beyond 0.01 and 100 if logarithmic, from 0 if linear and nothing is below."""
    values = [value for row in rows for bar in row.intervals for value in bar[1:]]
    values = [value for value in [*values, null] if value is not None and np.isfinite(value) and (value > 0 or not log)]
    low, high = (min(values), max(values)) if values else (0.5, 2.0)
    if not log:
        pad = 0.05 * (high - low or 1)
        return (0.0 if low >= 0 else low - pad), high + pad
    low = max([tick for tick in _TICKS if tick <= low], default=_TICKS[0])
    high = min([tick for tick in _TICKS if tick >= high], default=_TICKS[-1])
    return (low, high) if low < high else (low / 2, high * 2)


def _draw(rows, theme: Theme, look: Look, title, xlabel, null, log, level, members, used, reconstructed):
    labels = [wrap_text(row.label, look.inches - 2 * MARGIN, TEXT, "bold") for row in rows]
    heights = [LINE * len(lines) + ROW * max(len(row.intervals), 1) + GAP for row, lines in zip(rows, labels, strict=True)]
    keys = [Key("printed", f"printed, {100 * level:g}% CI")] * ("printed" in used)
    keys += [Key("derived", f"printed, {100 * level:g}% CI computed from its SE")] * ("derived" in used)
    keys += [Key("square", f"recomputed, {100 * level:g}% CI")] * ("recomputed" in used)
    keys += [Key("square", f"counts, exact {100 * level:g}% CI")] * ("exact" in used)
    keys += [Key("reported", "range of reports, as cited")] * ("reported" in used)
    keys += [Key("sampled", f"range across {members} cohorts")] * ("sampled" in used)
    drawn = sheet(title, keys, theme, sum(heights) + BELOW, look, reconstructed=reconstructed)
    left, across = TEXTS, look.inches - TEXTS - RIGHT
    axes = drawn.axes(left, BELOW, across, sum(heights))
    low, high = limits(rows, null, log)
    axes.set(ylim=(0, sum(heights)), yticks=[], xscale="log" if log else "linear", xlim=(low, high), xlabel=xlabel)
    if log:
        inside = [tick for tick in _TICKS if low <= tick <= high]
        axes.set_xticks(inside if len(inside) <= 8 else [tick for tick in inside if np.log10(tick) % 1 == 0])
        axes.set_xticks([], minor=True)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    seaborn.despine(ax=axes, left=True)
    if null is not None:
        axes.axvline(null, color=theme.muted, linewidth=0.8, linestyle=(0, (4, 2)), zorder=0.5)
    y = BELOW + sum(heights)
    told_apart = "recomputed" in used and bool(_OF_THE_PAPER & set(used))
    for row, lines, height in zip(rows, labels, heights, strict=True):
        base = y
        for line in lines:
            halo = {"facecolor": theme.ground, "edgecolor": "none", "pad": 0.6}
            drawn.text(MARGIN, base - LINE / 2, line, fontweight="bold", bbox=halo)
            base -= LINE
        for text, bar in [(_text(bar, log), bar) for bar in row.intervals] or [("no estimate", Interval("printed", *[np.nan] * 3))]:
            of = (svg.AS_PRINTED if bar.kind in _OF_THE_PAPER else svg.RECOMPUTED) * told_apart
            with svg.add_class(axes, of), svg.add_class(drawn.figure, of):
                drawn.text(MARGIN + 0.1, base - ROW / 2, text, fontsize=SMALL, color=theme.muted)
                draw_interval(axes, bar, base - ROW / 2 - BELOW, theme, (low, high))
            base -= ROW
        y -= height
    return drawn.figure
