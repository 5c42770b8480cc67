"""A place for a note inside a plot where it hides no curve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from analysis.figures.parts.curves import is_empty
from analysis.figures.style import text_width

#: x, y in axes fractions, horizontal and vertical alignment; the first free one is taken.
CORNERS = ((0.03, 0.04, "left", "bottom"), (0.985, 0.98, "right", "top"), (0.985, 0.04, "right", "bottom"), (0.5, 0.04, "center", "bottom"))
LINE = 0.19  # inches


def free_corner(curves: Iterable, lines: Sequence[str], horizon: float, width: float, height: float) -> tuple:
    """Choose the corner in which the note covers least of the curves.

    Parameters
    ----------
    curves : iterable of Curve or None
    lines : sequence of str
    horizon : float
        Months on the axis.
    width, height : float
        Axes in inches.

    Returns
    -------
    tuple
        One of `CORNERS`.
    """
    box = (max(text_width(line) for line in lines) / width + 0.02, len(lines) * LINE / height + 0.03)
    drawn = [curve for curve in curves if not is_empty(curve)]
    return min(CORNERS, key=lambda corner: (_count_covered(drawn, corner, box, horizon), CORNERS.index(corner)))


def _count_covered(curves: Sequence, corner: tuple, box: tuple[float, float], horizon: float) -> int:
    x, y, across, up = corner
    left = x - {"left": 0, "center": box[0] / 2, "right": box[0]}[across]
    bottom = y if up == "bottom" else y - box[1]
    at = np.linspace(0, 1, 201)
    inside = (at >= left) & (at <= left + box[0])
    hits = 0
    for curve in curves:
        times = at * horizon
        after = np.asarray(curve.survival_at(times)) / 1.02
        before = np.concatenate([[1 / 1.02], after[:-1]])  # a step between two samples is a vertical line
        seen = inside & (np.concatenate([[0.0], times[:-1]]) <= np.asarray(curve.time)[-1])
        hits += int((seen & (before >= bottom - 0.03) & (after <= bottom + box[1] + 0.03)).sum())
    return hits
