"""All values that a pair of numbers could have had, and the ones that what is printed allows."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.look import Look
from analysis.figures.palette import Theme
from analysis.figures.style import SMALL, new_figure


def attainable(frame: pd.DataFrame, *, name: str, title: str, caption: str) -> PairedFigure:
    """Scatter of everything attainable, with what fits the printed numbers marked by colour, shape and words.

    Parameters
    ----------
    frame : pandas.DataFrame
        Two columns of numbers, whose names label the axes, and ``fits`` (bool).
    name, title, caption : str

    Returns
    -------
    PairedFigure

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    if frame.empty:
        raise ValueError("no attainable value: at least one expected, none found")
    x, y = (column for column in frame.columns if column != "fits")
    fitting = frame[frame["fits"]]
    alt = f"{title}. {len(frame)} attainable pairs of {x} and {y}, of which {len(fitting)} fit what is printed" + (
        f", the first at {fitting[x].iloc[0]:g} and {fitting[y].iloc[0]:g}." if len(fitting) else "."
    )
    drawing = Drawing(lambda theme, look: _draw(frame, x, y, theme, look), title, alt)
    return PairedFigure(name, drawing, f"{title}. {caption}", {"attainable": frame})


def _draw(frame: pd.DataFrame, x: str, y: str, theme: Theme, look: Look) -> Figure:
    figure = new_figure(look.inches, 3.3)
    axes = figure.add_axes((0.15, 0.16, 0.82, 0.72))
    size = 7 if len(frame) > 100 else 24
    axes.scatter(frame[x], frame[y], s=size, color=theme.sampled, linewidths=0, label=f"attainable ({len(frame)})")
    fitting = frame[frame["fits"]]
    axes.scatter(
        fitting[x],
        fitting[y],
        s=70,
        facecolors="none",
        edgecolors=theme.groups[0],
        linewidths=1.6,
        marker="D",
        label=f"as printed ({len(fitting)})",
    )
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(
        frameon=False, fontsize=SMALL, ncols=2, loc="lower right", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.2, labelcolor=theme.ink
    )
    return figure
