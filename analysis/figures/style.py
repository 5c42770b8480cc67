"""The house style: one font, one set of settings, vector output whose text is text.

The font is a subset of DejaVu Sans that ships with this package, whatever a machine has installed, so that
every machine computes the same layout; letters beyond it come from matplotlib's own DejaVu Sans.
Colours stand in `analysis.figures.palette`.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import seaborn
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from analysis.figures.fonts import FONTS
from analysis.figures.palette import Theme

for _file in sorted(FONTS.glob("*.ttf")):
    fontManager.addfont(_file)

FONT = ["DejaVu Sans Book", "DejaVu Sans"]
"""Families, the second for letters that the first lacks."""

#: Sizes in points.
TEXT, SMALL = 9.0, 8.3

#: What every drawing made from reconstructed rows says.
RECONSTRUCTED = "reconstructed, not the original patients"


def settings(theme: Theme) -> dict:
    """Matplotlib settings of the house style for one theme, on seaborn's ``ticks`` style."""
    return seaborn.axes_style("ticks") | {
        "font.family": FONT,
        "font.size": TEXT,
        "axes.titlesize": TEXT,
        "axes.labelsize": TEXT,
        "xtick.labelsize": TEXT,
        "ytick.labelsize": TEXT,
        "figure.facecolor": theme.ground,
        "savefig.facecolor": theme.ground,
        "axes.facecolor": "none",
        "axes.edgecolor": theme.ink,
        "axes.labelcolor": theme.ink,
        "axes.linewidth": 0.8,
        "axes.grid": False,
        "text.color": theme.ink,
        "xtick.color": theme.ink,
        "ytick.color": theme.ink,
        "xtick.major.size": 3.5,
        "ytick.major.size": 3.5,
        "xtick.major.width": 0.8,
        "ytick.major.width": 0.8,
        "hatch.linewidth": 0.7,
        "lines.dash_capstyle": "butt",
        "svg.fonttype": "none",  # text stays text
        "pdf.fonttype": 42,  # outlines that journals and drawing programs take
        "svg.hashsalt": "house style",  # else element ids differ from run to run
        "path.simplify": False,
        "text.usetex": False,
        "axes.unicode_minus": True,
    }


@cache
def text_width(text: str, size: float = TEXT, weight: str = "normal") -> float:
    """Width of a line of text in inches, for layouts that need no renderer."""
    if not text.strip():
        return 0.0
    outline = TextPath((0, 0), text, size=size, prop=FontProperties(family=FONT, weight=weight))
    return _breadth(outline) / 72


def _breadth(outline: Path) -> float:
    """Breadth of an outline of lines and quadratic curves: that of its extents, all curves at once."""
    x, codes = np.asarray(outline.vertices, float)[:, 0], np.asarray(outline.codes)
    curved = np.flatnonzero(codes == Path.CURVE3)
    control, end = curved[::2], curved[1::2]  # a curve is a control point and its end
    begun, pulled, ended = x[control - 1], x[control], x[end]
    with np.errstate(divide="ignore", invalid="ignore"):
        turn = (begun - pulled) / (begun - 2 * pulled + ended)
    inside = (turn > 0) & (turn < 1)
    turn, begun, pulled, ended = turn[inside], begun[inside], pulled[inside], ended[inside]
    bends = (1 - turn) ** 2 * begun + 2 * turn * (1 - turn) * pulled + turn**2 * ended
    passed = np.concatenate((x[(codes == Path.MOVETO) | (codes == Path.LINETO)], x[end], bends))
    return float(passed.max() - passed.min())


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of the given size in inches, free of pyplot's global state."""
    return Figure(figsize=(width, height))


def wrap_text(text: str, width: float, size: float = TEXT, weight: str = "normal") -> list[str]:
    """Break a text into lines no wider than ``width`` inches (a longer word stands alone)."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def describe_range(cohorts: int) -> str:
    """What a range over cohorts is, as the end of a sentence."""
    return f"range across {cohorts} compatible cohort{'s' * (cohorts != 1)}, an inner bound and not a confidence interval."
