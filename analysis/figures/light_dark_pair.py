"""How a drawing shows on a page: a light and a dark image, a caption, its data."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

import pandas as pd

#: Where no theme has declared itself (Jupyter, a page without scripts) one image must hide.
_FALLBACK = (
    "<style>html:not([data-theme]) .figure-pair .only-dark{display:none}"
    'body[data-jp-theme-light="false"] .figure-pair .only-light{display:none}'
    'html:not([data-theme]) body[data-jp-theme-light="false"] .figure-pair .only-dark{display:block!important}'
    ".figure-pair img{max-width:100%;height:auto}</style>"
)


@dataclass(frozen=True)
class PairedFigure:
    """A figure for a page in two themes.

    Attributes
    ----------
    name : str
        Slug: anchor of the figure and stem of the names of its data files.
    light, dark : str
        SVG documents.
    caption : str
        Plain text; escaped when shown.
    alt : str
        What the figure shows, in words and numbers.
    frames : dict of str to pandas.DataFrame
        What was drawn, by title, offered as CSV.
    plot : mapping or None
        What a page needs to draw the figure again from its frames, for a reader to explore; see
        `analysis.figures.parts.interactive_data`. None leaves the picture alone.
    """

    name: str
    light: str
    dark: str
    caption: str
    alt: str
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    plot: Mapping | None = None

    @property
    def data(self) -> pd.DataFrame:
        """The first of the frames (of a survival figure: the steps of its curves)."""
        return next(iter(self.frames.values()))

    def _repr_html_(self) -> str:
        images = _image(self.light, "only-light", self.alt) + _image(self.dark, "only-dark", self.alt)
        links = [
            download(frame, f"{self.name}-{slug(title)}", title, kind=title if self.plot else "") for title, frame in self.frames.items()
        ]
        data = f'<p class="exhibit-data">Data: {" · ".join(links)}</p>' if links else ""
        plot = f' data-plot="{escape(json.dumps(self.plot, ensure_ascii=False))}"' if self.plot else ""
        # the pair stands in its own division: the theme hides a caption that follows a hidden image
        return (
            f'<figure class="exhibit exhibit-figure" id="fig-{escape(self.name)}"{plot}>{_FALLBACK}'
            f'<div class="figure-pair">{images}</div>'
            f"<figcaption><p>{escape(self.caption)}</p>{data}</figcaption></figure>"
        )

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"


def _image(svg: str, theme: str, alt: str) -> str:
    (size,) = re.findall(r'width="([\d.]+)pt" height="([\d.]+)pt"', svg)[:1]
    width, height = (round(float(points) * 4 / 3) for points in size)
    address = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    return f'<img class="{theme}" src="{address}" width="{width}" height="{height}" alt="{escape(alt)}">'


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
