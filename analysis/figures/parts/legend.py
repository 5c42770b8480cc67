"""The legend above a plot: samples of lines and marks with their meaning, set in rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.figures import svg
from analysis.figures.palette import Theme, group_style
from analysis.figures.parts.curves import RANGE_HATCH, PrintedPoint
from analysis.figures.style import SMALL, TEXT, text_width, wrap_text

SAMPLE, SPACE, BETWEEN = 0.3, 0.07, 0.2  # inches: sample, gap to its text, gap to the next key
ROW = 0.185


_COMPUTED = ("censored", "band", "sampled")
"""Marks of what was computed, not printed."""


class Key(NamedTuple):
    """One entry: ``kind`` is ``curve``, ``band``, ``sampled``, ``printed``, ``square``, ``reported`` or ``censored``."""

    kind: str
    label: str
    group: int = 0

    @property
    def size(self) -> float:
        """Font size in points: the groups stand out, the marks are secondary."""
        return TEXT if self.kind == "curve" else SMALL


def printed_key(points: Sequence[PrintedPoint]) -> Key:
    """The entry of printed estimates, with what their bars are where all are standard errors."""
    return Key("printed", "printed ± SE" if all(point.error is not None for point in points) else "printed")


class Placed(NamedTuple):
    """An entry with the lines of its label and its place in inches from the top left of the legend."""

    key: Key
    lines: list[str]
    x: float
    y: float


def arrange(keys: Sequence[Key], width: float) -> tuple[list[Placed], float]:
    """Set entries in rows no wider than ``width`` inches, marks below groups.

    Returns
    -------
    tuple
        The placed entries and the height of the legend in inches.
    """
    placed: list[Placed] = []
    x = y = 0.0
    tallest = 1
    for number, key in enumerate(keys):
        lines = wrap_text(key.label, width - SAMPLE - SPACE, key.size) or [""]
        needed = SAMPLE + SPACE + max(text_width(line, key.size) for line in lines)
        first_mark = number > 0 and key.kind != "curve" and keys[number - 1].kind == "curve"
        if x > 0 and (first_mark or x + needed > width):
            x, y, tallest = 0.0, y + tallest * ROW, 1
        placed.append(Placed(key, lines, x, y))
        tallest = max(tallest, len(lines))
        x += needed + BETWEEN
    return placed, (y + tallest * ROW if keys else 0.0)


def draw_keys(figure: Figure, placed: Sequence[Placed], theme: Theme, *, left: float, top: float, compared: bool = False) -> None:
    """Draw entries arranged by `arrange`; ``left`` and ``top`` in inches from the bottom left of the figure.

    Where printed points are compared with what was computed, the entries of the latter are hidden with it.
    """
    for key, lines, x, y in placed:
        middle = top - y - ROW / 2
        colour = theme.ink if key.kind == "curve" else theme.muted
        with svg.add_class(figure, svg.RECOMPUTED * (compared and key.kind in _COMPUTED)):
            _sample(figure, key, theme, left + x, middle)
            for number, line in enumerate(lines):
                figure.text(
                    left + x + SAMPLE + SPACE, middle - number * ROW, line, transform=figure.dpi_scale_trans,
                    va="center", fontsize=key.size, color=colour,
                )  # fmt: skip


#: Fill and edge of the samples of areas; a confidence band is the first group's.
_AREAS = {
    "band": lambda theme: ({"facecolor": theme.groups[0], "alpha": 0.2}, {"color": theme.groups[0], "alpha": 0.5, "linewidth": 0.6}),
    "sampled": lambda theme: (
        {"facecolor": "none", "edgecolor": theme.muted, "hatch": RANGE_HATCH, "alpha": 0.6},
        {"color": theme.muted, "linewidth": 0.6, "linestyle": (0, (1, 1.5))},
    ),
}


def _sample(figure: Figure, key: Key, theme: Theme, x: float, y: float) -> None:
    inches = figure.dpi_scale_trans
    ends, centre = [x, x + SAMPLE], [x + SAMPLE / 2]
    if key.kind == "curve":
        figure.add_artist(Line2D(ends, [y, y], transform=inches, linewidth=1.8, **group_style(key.group, theme)))
    elif key.kind in _AREAS:
        fill, edge = _AREAS[key.kind](theme)
        figure.add_artist(Rectangle((x, y - 0.05), SAMPLE, 0.1, transform=inches, linewidth=0, **fill))
        for height in (y - 0.05, y + 0.05):
            figure.add_artist(Line2D(ends, [height] * 2, transform=inches, **edge))
    elif key.kind in ("printed", "derived"):
        upright, dashes = key.kind == "printed", (0, (2.5, 1.5))
        across = (centre * 2, [y - 0.075, y + 0.075]) if upright else (ends, [y, y])
        figure.add_artist(Line2D(*across, transform=inches, linewidth=1.0, linestyle="-" if upright else dashes, color=theme.ink))
        hollow: dict[str, Any] = {"markerfacecolor": theme.ground, "markeredgecolor": theme.ink, "markeredgewidth": 1.1}
        figure.add_artist(Line2D(centre, [y], transform=inches, marker="D", markersize=4.6, linestyle="", **hollow))
    elif key.kind == "square":
        figure.add_artist(Line2D(ends, [y, y], transform=inches, linewidth=1.6, color=theme.groups[0]))
        figure.add_artist(Line2D(centre, [y], transform=inches, marker="s", markersize=4.6, linestyle="", color=theme.groups[0]))
    elif key.kind == "reported":
        figure.add_artist(Line2D(ends, [y, y], transform=inches, linewidth=3.2, color=theme.muted))
    elif key.kind == "censored":
        figure.add_artist(Line2D(ends, [y, y], transform=inches, linewidth=1.4, color=theme.muted))
        figure.add_artist(Line2D(centre, [y], transform=inches, marker="|", markersize=7, markeredgewidth=1.1, color=theme.muted))
    else:
        raise ValueError(f"kind: one of the kinds of `Key` expected, {key.kind!r} found")
