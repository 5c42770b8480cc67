"""Flow diagrams: boxes of counts under one another, joined by lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.look import HOUSE, Look
from analysis.figures.palette import Theme
from analysis.figures.parts.layout import MARGIN, sheet
from analysis.figures.style import RECONSTRUCTED, SMALL, wrapped

LINE, PAD, BETWEEN, GUTTER = 0.165, 0.06, 0.2, 0.08  # inches: line of text, inside a box, between levels and boxes


@dataclass(frozen=True)
class Box:
    """A group of patients and the groups it divides into.

    Attributes
    ----------
    label : str
        Who they are.
    count : int
    lines : tuple of str
        Further lines in the box.
    parts : tuple of Box
        Must not hold more patients than the box.
    """

    label: str
    count: int
    lines: tuple[str, ...] = ()
    parts: tuple[Box, ...] = field(default=())

    def __post_init__(self):
        if sum(part.count for part in self.parts) > self.count:
            held = ", ".join(f"{part.label} {part.count}" for part in self.parts)
            raise ValueError(f"parts: at most the {self.count} of {self.label!r} expected, {held} found")

    @property
    def leaves(self) -> int:
        """Boxes at the lowest level under this one, itself if there is none."""
        return sum(part.leaves for part in self.parts) or 1


def flow_figure(
    root: Box, *, title: str, reconstructed: bool = True, caption: str = "", name: str | None = None, look: Look = HOUSE
) -> PairedFigure:
    """Draw a group and its divisions.

    Parameters
    ----------
    root : Box
    title : str
    reconstructed : bool
    caption : str
    name : str or None
    look : Look
        Size and wording.

    Returns
    -------
    PairedFigure
        Frame ``groups``: level, within, group, count.
    """
    frame = pd.DataFrame(_records(root), columns=["level", "within", "group", "count", "note"])
    alt = f"{title}: flow diagram. {_told(root)}"
    drawing = Drawing(lambda theme, look: _draw(root, theme, look, title, reconstructed), look, title, alt)
    told = f"{caption.strip()} {RECONSTRUCTED.capitalize()}." if reconstructed else caption.strip()
    data = frame.assign(origin=RECONSTRUCTED) if reconstructed else frame
    return PairedFigure(name or slug(title), drawing, told, {"groups": data})


def _records(box: Box, level: int = 0, within: str = "") -> list[tuple]:
    path = f"{within} > {box.label}" if within else box.label
    own = [(level, within, box.label, box.count, "; ".join(box.lines))]
    return own + [record for part in box.parts for record in _records(part, level + 1, path)]


def _told(box: Box) -> str:
    """The tree in words, level by level."""
    extra = f" ({'; '.join(box.lines)})" if box.lines else ""
    own = f"{box.label}: {box.count}{extra}"
    if not box.parts:
        return f"{own}."
    parts = ", ".join(f"{part.label} {part.count}" for part in box.parts)
    return f"{own}, divided into {parts}. " + " ".join(_told(part) for part in box.parts if part.parts or part.lines)


def _texts(box: Box, width: float) -> list[tuple[str, bool]]:
    """Lines of a box with whether they are its heading."""
    heading = [(line, True) for line in wrapped(f"{box.label}: {box.count}", width - 2 * PAD, SMALL * 1.06)]
    return heading + [(line, False) for text in box.lines for line in wrapped(text, width - 2 * PAD, SMALL)]


def _levels(root: Box) -> list[list[Box]]:
    levels, current = [], [root]
    while current:
        levels.append(current)
        current = [part for box in current for part in box.parts]
    return levels


def _draw(root: Box, theme: Theme, look: Look, title: str, reconstructed: bool) -> Figure:
    across = (look.inches - 2 * MARGIN) / root.leaves
    heights = [max(len(_texts(box, across * box.leaves - GUTTER)) for box in level) * LINE + 2 * PAD for level in _levels(root)]
    below = sum(heights) + BETWEEN * (len(heights) - 1) + 0.1
    drawn = sheet(title, [], theme, below, look, reconstructed=reconstructed)
    _place(drawn, root, theme, MARGIN, across, drawn.top, heights)
    return drawn.figure


def _place(drawn, box: Box, theme: Theme, left: float, across: float, top: float, heights: Sequence[float]) -> float:
    """Draw a box and what is under it; returns the middle of the box."""
    width = across * box.leaves
    texts = _texts(box, width - GUTTER)
    own = len(texts) * LINE + 2 * PAD
    middle = left + width / 2
    inches = {"transform": drawn.figure.dpi_scale_trans}
    # a box over several columns needs no more width than two of them
    wide = min(width - GUTTER, 2.4)
    drawn.figure.add_artist(
        Rectangle((middle - wide / 2, top - own), wide, own, facecolor="none", edgecolor=theme.muted, linewidth=0.8, **inches)
    )
    for number, (line, heading) in enumerate(texts):
        drawn.text(middle, top - PAD - LINE * (number + 0.5), line, ha="center", fontsize=SMALL, fontweight="bold" if heading else "normal")
    if not box.parts:
        return middle
    bottom, fork, under = top - own, top - heights[0] - BETWEEN / 2, top - heights[0] - BETWEEN
    middles, start = [], left
    for part in box.parts:
        middles.append(_place(drawn, part, theme, start, across, under, heights[1:]))
        start += across * part.leaves
    look = {"color": theme.muted, "linewidth": 0.9, **inches}
    drawn.figure.add_artist(Line2D([middle, middle], [bottom, fork], **look))
    drawn.figure.add_artist(Line2D([min(middle, *middles), max(middle, *middles)], [fork, fork], **look))
    for place in middles:
        drawn.figure.add_artist(Line2D([place, place], [fork, under + 0.02], **look))
        drawn.figure.add_artist(Line2D([place], [under + 0.035], marker="v", markersize=4, linestyle="", color=theme.muted, **inches))
    return middle
