"""Flow diagrams after CONSORT: groups under one another, and beside the line between them who left or was treated further."""

from __future__ import annotations

import pandas as pd

from analysis.figures.drawing import Drawing
from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.parts.boxes import Box, draw_boxes
from analysis.figures.style import RECONSTRUCTED

__all__ = ["Box", "flow_figure"]


def flow_figure(root: Box, *, title: str, reconstructed: bool = True, caption: str = "", name: str | None = None) -> PairedFigure:
    """Draw a group, its divisions and side boxes.

    Parameters
    ----------
    root : Box
    title : str
    reconstructed : bool
    caption : str
    name : str or None

    Returns
    -------
    PairedFigure
        Frame ``groups``: level, within, group, beside (whether it is a side box), count, low, high, note.
    """
    frame = pd.DataFrame(_records(root), columns=["level", "within", "group", "beside", "count", "low", "high", "note"])
    frame = frame.astype({"count": "Int64", "low": "Int64", "high": "Int64"})
    alt = f"{title}: flow diagram. {_describe(root)}"
    drawing = Drawing(lambda theme, look: draw_boxes(root, theme, look, title, reconstructed), title, alt, broad=True)
    told = f"{caption.strip()} {RECONSTRUCTED.capitalize()}." if reconstructed else caption.strip()
    data = frame.assign(origin=RECONSTRUCTED) if reconstructed else frame
    return PairedFigure(name or slug(title), drawing, told, {"groups": data})


def _records(box: Box, level: int = 0, within: str = "", beside: bool = False) -> list[tuple]:
    path = f"{within} > {box.label}" if within else box.label
    found = [(level, within, box.label, beside, box.count, box.low, box.high, "; ".join(box.lines))]
    found += [record for side in box.aside for record in _records(side, level + 1, path, True)]
    return found + [record for part in box.parts for record in _records(part, level + 1, path)]


def _describe(box: Box) -> str:
    """The tree in words, level by level."""
    extra = _note(box)
    aside = "".join(f" Beside it: {side.heading}{_note(side)}." for side in box.aside)
    if not box.parts:
        return f"{box.heading}{extra}.{aside}"
    parts = ", ".join(part.heading for part in box.parts)
    below = " ".join(_describe(part) for part in box.parts if part.parts or part.lines or part.aside)
    return f"{box.heading}{extra}, divided into {parts}.{aside} {below}".strip()


def _note(box: Box) -> str:
    return f" ({'; '.join(box.lines)})" if box.lines else ""
