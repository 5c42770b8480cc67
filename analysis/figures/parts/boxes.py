"""Boxes of counts under one another, joined by lines, with side boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.figures.look import Look
from analysis.figures.palette import Theme
from analysis.figures.parts.layout import MARGIN, Sheet, sheet
from analysis.figures.style import SMALL, wrap_text

LINE, PAD, BETWEEN, GUTTER, ASIDE = (
    0.165,
    0.06,
    0.22,
    0.1,
    0.16,
)  # inches: line of text, inside a box, between boxes, columns, to a side box
WIDEST = 2.6
"""Inches of a box that stands over several columns."""
STEM = 0.36
"""Where in its column a box with side boxes stands, as a share of the breadth."""


@dataclass(frozen=True)
class Box:
    """A group of patients, the groups it divides into, and side boxes.

    Attributes
    ----------
    label : str
        Who they are.
    count : int or None
        None where a number is not reported.
    lines : tuple of str
        Further lines in the box.
    parts : tuple of Box
        Must not hold more patients than the box.
    aside : tuple of Box
        Beside the line to the parts, one under the other, e.g. who was excluded.
    low, high : int or None
        Range of the count over other cohorts, where it differs.
    """

    label: str
    count: int | None
    lines: tuple[str, ...] = ()
    parts: tuple[Box, ...] = field(default=())
    aside: tuple[Box, ...] = field(default=())
    low: int | None = None
    high: int | None = None

    def __post_init__(self):
        held = [part for part in self.parts if part.count is not None]
        if self.count is not None and sum(part.count for part in held) > self.count:
            found = ", ".join(f"{part.label} {part.count}" for part in held)
            raise ValueError(f"parts: at most the {self.count} of {self.label!r} expected, {found} found")

    @property
    def leaves(self) -> int:
        """Boxes at the lowest level under this one, itself if there is none."""
        return sum(part.leaves for part in self.parts) or 1

    @property
    def heading(self) -> str:
        """Label and number: ``Second course: 14 (11–16)``."""
        if self.count is None:
            return self.label
        ranged = self.low is not None and self.high is not None and self.low != self.high
        return f"{self.label}: {self.count:,}" + (f" ({self.low}–{self.high})" if ranged else "")


def _texts(box: Box, width: float) -> list[tuple[str, bool]]:
    """Lines of a box with whether they are its heading."""
    heading = [(line, True) for line in wrap_text(box.heading, width - 2 * PAD, SMALL, "bold")]
    return heading + [(line, False) for text in box.lines for line in wrap_text(text, width - 2 * PAD, SMALL)]


def _height(box: Box, width: float) -> float:
    return len(_texts(box, width)) * LINE + 2 * PAD


@dataclass(frozen=True)
class _Room:
    """Inches that a box has across, and where its boxes stand in them.

    Attributes
    ----------
    left, across : float
        Of its column.
    aligned : bool
        Whether it is the only part of a box that stands aside, and so stands under it.
    """

    box: Box
    left: float
    across: float
    aligned: bool = False

    @property
    def stands_aside(self) -> bool:
        return bool(self.box.aside) or self.aligned

    @property
    def middle(self) -> float:
        return self.left + self.across * (STEM if self.stands_aside else 0.5)

    @property
    def wide(self) -> float:
        return min(2 * min(self.middle - self.left, self.left + self.across - self.middle) - GUTTER, WIDEST)

    @property
    def aside(self) -> tuple[float, float]:
        """Left edge and breadth of side boxes."""
        start = self.middle + ASIDE
        return start, self.left + self.across - GUTTER / 2 - start

    def parts(self) -> tuple[_Room, ...]:
        """Of the boxes under it, as broad as they have lowest boxes."""
        at, found = self.left, []
        for part in self.box.parts:
            across = self.across * part.leaves / self.box.leaves
            found.append(_Room(part, at, across, len(self.box.parts) == 1 and self.stands_aside))
            at += across
        return tuple(found)

    def beside(self) -> float:
        """Inches that the side boxes need under the box, room between them included."""
        return sum(_height(side, self.aside[1]) + BETWEEN / 2 for side in self.box.aside)


def _levels(root: _Room) -> Iterator[list[_Room]]:
    current = [root]
    while current:
        yield current
        current = [part for room in current for part in room.parts()]


def draw_boxes(root: Box, theme: Theme, look: Look, title: str, reconstructed: bool) -> Figure:
    """A group, what is beside it and what it divides into, under the head that every figure has."""
    across = (look.inches - 2 * MARGIN) / root.leaves
    levels = list(_levels(_Room(root, MARGIN, across * root.leaves)))
    heights = [max(_height(room.box, room.wide) for room in level) for level in levels]
    gaps = [max(room.beside() for room in level) + BETWEEN for level in levels]
    gaps[-1] = max(room.beside() for room in levels[-1])
    drawn = sheet(title, [], theme, sum(heights) + sum(gaps) + 0.1, look, reconstructed=reconstructed)
    _place(drawn, levels[0][0], theme, drawn.top, heights, gaps)
    return drawn.figure


def _place(drawn: Sheet, room: _Room, theme: Theme, top: float, heights: Sequence[float], gaps: Sequence[float]) -> None:
    """Draw a box, its side boxes and what is under it."""
    box, middle = room.box, room.middle
    bottom = top - _outline(drawn, box, theme, middle - room.wide / 2, room.wide, top)
    line: dict[str, Any] = {"color": theme.muted, "linewidth": 0.9, "transform": drawn.figure.dpi_scale_trans}
    start, across = room.aside
    y, end = top - heights[0] - BETWEEN / 4, bottom
    for side in box.aside:
        high = _outline(drawn, side, theme, start, across, y)
        end = y - high / 2
        drawn.figure.add_artist(Line2D([middle, start - 0.03], [end, end], **line))
        _arrow(drawn, theme, start - 0.04, end, ">")
        y -= high + BETWEEN / 2
    under = top - heights[0] - gaps[0]
    parts = room.parts() if box.parts else ()
    middles = [part.middle for part in parts]
    if parts:
        end = under + BETWEEN / 2
    if len(parts) > 1:
        drawn.figure.add_artist(Line2D([min(middle, *middles), max(middle, *middles)], [end, end], **line))
    if end < bottom:
        drawn.figure.add_artist(Line2D([middle, middle], [bottom, end], **line))
    for part in parts:
        drawn.figure.add_artist(Line2D([part.middle] * 2, [end, under + 0.02], **line))
        _arrow(drawn, theme, part.middle, under + 0.035, "v")
        _place(drawn, part, theme, under, heights[1:], gaps[1:])


def _outline(drawn: Sheet, box: Box, theme: Theme, left: float, wide: float, top: float) -> float:
    """Draw one box with its words; returns its height."""
    texts = _texts(box, wide)
    high = len(texts) * LINE + 2 * PAD
    edge: dict[str, Any] = {"facecolor": "none", "edgecolor": theme.muted, "linewidth": 0.8, "transform": drawn.figure.dpi_scale_trans}
    drawn.figure.add_artist(Rectangle((left, top - high), wide, high, **edge))
    for number, (line, heading) in enumerate(texts):
        weight = "bold" if heading else "normal"
        drawn.text(left + wide / 2, top - PAD - LINE * (number + 0.5), line, ha="center", fontsize=SMALL, fontweight=weight)
    return high


def _arrow(drawn: Sheet, theme: Theme, x: float, y: float, towards: str) -> None:
    look: dict[str, Any] = {
        "marker": towards,
        "markersize": 4,
        "linestyle": "",
        "color": theme.muted,
        "transform": drawn.figure.dpi_scale_trans,
    }
    drawn.figure.add_artist(Line2D([x], [y], **look))
