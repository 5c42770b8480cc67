"""The parts that every house figure has: heading, the line that says what the rows are, legend, axes set in inches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from analysis.figures.look import Look
from analysis.figures.palette import Theme
from analysis.figures.parts import legend
from analysis.figures.style import RECONSTRUCTED, SMALL, TEXT, new_figure, wrap_text

LINE, MARGIN = 0.185, 0.08


class Sheet(NamedTuple):
    """A figure whose head is drawn: what follows starts `top` inches from its bottom edge."""

    figure: Figure
    width: float
    height: float
    top: float

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Axes at a place given in inches from the bottom left."""
        return self.figure.add_axes((left / self.width, bottom / self.height, width / self.width, height / self.height))

    def cells(self, corners: Sequence[tuple[float, float]], width: float, height: float, **look) -> None:
        """Rectangles of one size and look, as one element; their lower left corners and sizes in inches."""
        if corners:
            outline = Path.make_compound_path(*(_rectangle(x, y, width, height) for x, y in corners))
            self.figure.add_artist(PathPatch(outline, transform=self.figure.dpi_scale_trans, **look))

    def text(self, x: float, y: float, words: str, **look) -> None:
        """Text at a place given in inches."""
        self.figure.text(x, y, words, transform=self.figure.dpi_scale_trans, **({"va": "center"} | look))


def _rectangle(x: float, y: float, width: float, height: float) -> Path:
    return Path([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)], closed=True)


def sheet(title: str | None, keys: Sequence[legend.Key], theme: Theme, below: float, look: Look, *, reconstructed: bool) -> Sheet:
    """Start a figure: title, origin of the rows, legend.

    Parameters
    ----------
    title : str or None
    keys : sequence of analysis.figures.parts.legend.Key
    theme : Theme
    below : float
        Inches that the drawing needs under the head.
    look : Look
    reconstructed : bool
        Whether the rows are reconstructed; if so the figure says so.
    """
    width = look.inches
    inner = width - 2 * MARGIN
    heading = wrap_text(title, inner * 0.84, TEXT) if title else []  # set in bold, which runs wider
    placed, keys_height = legend.arrange(keys, inner)
    head = MARGIN + LINE * (len(heading) + reconstructed) + (keys_height + 0.1 if keys else 0.04)
    height = head + below
    figure = new_figure(width, height)
    drawn = Sheet(figure, width, height, below)
    y = height - MARGIN
    for line in heading:
        drawn.text(MARGIN, y - LINE / 2, line, fontweight="bold")
        y -= LINE
    if reconstructed:
        drawn.text(MARGIN, y - LINE / 2, RECONSTRUCTED, fontsize=SMALL, fontstyle="italic", color=theme.muted)
        y -= LINE
    if keys:
        legend.draw_keys(figure, placed, theme, left=MARGIN, top=y)
    return drawn
