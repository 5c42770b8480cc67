"""How a drawing shows on a page, light and dark: with a caption and its data."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from urllib.parse import quote

import pandas as pd

from analysis.figures.drawing import Drawing
from analysis.figures.look import HOUSE, Look
from analysis.figures.palette import DARK, LIGHT


@dataclass(frozen=True)
class PairedFigure:
    """A figure for a page in two themes.

    Attributes
    ----------
    name : str
        Slug: anchor of the figure and stem of the names of its data files.
    drawing : Drawing
    caption : str
        Plain text; escaped when shown.
    frames : dict of str to pandas.DataFrame
        What was drawn, by title, offered as CSV.
    plot : mapping or None
        What a page needs to draw the figure again from its frames, for a reader to explore; see
        `analysis.figures.parts.interactive_data`. None leaves the picture alone.
    counts : (str, str)
        What the first row of the table under the curves counts, and what the others do; empty without a table.
    """

    name: str
    drawing: Drawing
    caption: str
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    plot: Mapping | None = None
    counts: tuple[str, str] = ("", "")

    @property
    def told(self) -> str:
        """The caption, with what the table under the curves counts, as far as it is shown."""
        shown = "".join(self.drawing.look.rows(self.counts)) if self.counts[0] else ""
        return f"{self.caption} {shown}." if shown else self.caption

    def with_look(self, look: Look) -> PairedFigure:
        """The same figure in another size or with other rows under its curves."""
        return replace(self, drawing=replace(self.drawing, look=look))

    @property
    def alt(self) -> str:
        """What the figure shows, in words and numbers."""
        return self.drawing.description

    @property
    def light(self) -> str:
        """SVG document in light colours."""
        return self.drawing.standalone(LIGHT)

    @property
    def dark(self) -> str:
        """SVG document in dark colours."""
        return self.drawing.standalone(DARK)

    @property
    def data(self) -> pd.DataFrame:
        """The first of the frames (of a survival figure: the steps of its curves)."""
        return next(iter(self.frames.values()))

    def _repr_html_(self) -> str:
        links = [
            download(frame, f"{self.name}-{slug(title)}", title, kind=title if self.plot else "") for title, frame in self.frames.items()
        ]
        data = f'<p class="exhibit-data">Data: {" · ".join(links)}</p>' if links else ""
        pages = " · ".join(_document(self.name, words, pdf) for words, pdf in self.drawing.columns().items())
        explored = self.plot and (dict(self.plot) | {"counted": bool(self.drawing.look.rows(self.counts))} | self._shares())
        plot = f' data-plot="{escape(json.dumps(explored, ensure_ascii=False))}"' if explored else ""
        return (
            f'<figure class="exhibit exhibit-figure" id="fig-{escape(self.name)}"{self._breadth()}{plot}>'
            f'<div class="figure-pair">{self.drawing.on_page(slug(self.name))}</div>'
            f'<figcaption><p>{escape(self.told)}</p>{self._printed()}<details class="exhibit-save"><summary>Save figure or data</summary>'
            f'<p class="exhibit-data">Figure: {pages}</p>{data}</details></figcaption></figure>'
        )

    def _shares(self) -> dict[str, object]:
        """What the interactive figure needs to tell shares as the drawing does; nothing where that is in percent."""
        look = self.drawing.look
        if not self.plot or look.shares == "percent":
            return {}
        return {"proportion": True, "ylabel": look.share_label(str(self.plot["ylabel"]).removesuffix(" (%)"))}

    def _printed(self) -> str:
        """The printed estimates of its curves in words, which the page shows where a reader asks for what is printed."""
        rows = self.frames.get("printed estimates")
        if rows is None:
            return ""
        told = "; ".join(
            f"{f'{row.group}, ' if row.group else ''}{row.time:g} months: {printed}"
            for row, printed in zip(rows.itertuples(), rows.attrs["told"], strict=True)
        )
        return f'<p class="exhibit-data printed-only">As printed: {escape(told)}.</p>'

    def _breadth(self) -> str:
        """How broad the page shows it, where it is not as broad as most."""
        share = self.drawing.look.width / HOUSE.width
        if share == 1:
            return ' style="--figure-breadth:100%"' if self.drawing.broad else ""
        return f' style="--figure-breadth:{40 * share:.1f}rem"'

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"


def _document(name: str, words: str, pdf: bytes) -> str:
    """A link that saves a PDF, which travels inside it."""
    stem, coded = escape(f"{name}-{slug(words).replace('-', '')}"), base64.b64encode(pdf).decode()
    return f'<a class="exhibit-download" download="{stem}.pdf" href="data:application/pdf;base64,{coded}">PDF, {escape(words)}</a>'


def slug(text: str) -> str:
    """Letters and digits of a text in lower case, joined by hyphens; ``figure`` if none."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "figure"


def download(frame: pd.DataFrame, stem: str, title: str, *, kind: str = "") -> str:
    """A link that saves a frame as CSV; the data travel inside the link, no file is written.

    Where a script of the book reads the data as well, `kind` is the name that it knows them by.
    """
    csv = frame.to_csv(index=False, lineterminator="\n", float_format="%.6g")
    named = f' data-frame="{escape(kind)}"' if kind else ""
    return (
        f'<a class="exhibit-download"{named} download="{escape(stem)}.csv" '
        f'href="data:text/csv;charset=utf-8,{quote(csv)}">{escape(title)} (CSV)</a>'
    )
