"""One drawing in every form that it is shown or taken away in."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import escape

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from analysis.figures import svg
from analysis.figures.look import BROAD, BROAD_FROM, COLUMNS, HOUSE, Look
from analysis.figures.palette import LIGHT, Theme
from analysis.figures.style import settings

DPI = 300


@dataclass(frozen=True)
class Drawing:
    """What is drawn, and how.

    Attributes
    ----------
    draw : callable
        Given a `Theme` and a `Look`, returns a `matplotlib.figure.Figure` (made without pyplot) of that width.
    title, description : str
        Accessible name and description.
    look : Look
        Size and wording, which `analysis.figures.light_dark_pair.PairedFigure.with_look` changes.
    broad : bool
        Whether a page draws it once more, as broad as its text, for those who read it on more than a phone: for figures
        whose words need the room, as each drawing weighs on its page.
    """

    draw: Callable[[Theme, Look], Figure]
    title: str
    description: str
    look: Look = HOUSE
    broad: bool = False

    def _saved(self, kind: str, width: float, **options) -> bytes:
        """The figure `width` millimetres wide, as a file; the same bytes at each call."""
        look = self.look.at_width(width)
        canvas = {"svg": FigureCanvasSVG, "pdf": FigureCanvasPdf, "png": FigureCanvasAgg}[kind]
        with matplotlib.rc_context(settings(LIGHT)):
            figure = self.draw(LIGHT, look)
            canvas(figure)
            stream = io.BytesIO()
            figure.savefig(stream, format=kind, **options)
        return stream.getvalue()

    @cached_property
    def _drawn(self) -> tuple[tuple[float, float], str]:
        return self._drawn_at(self.look.width)

    def _drawn_at(self, width: float) -> tuple[tuple[float, float], str]:
        plain = self._saved("svg", width, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
        return svg.body(plain.decode(), "d")

    def on_page(self, name: str) -> str:
        """For a page: style sheets and elements whose colours follow the theme and whose text can be selected.

        A broad one for which nobody chose a width is drawn twice; the page shows the drawing that its column has room for.

        Parameters
        ----------
        name : str
            Unique on the page.
        """
        if not self.broad or self.look.width != HOUSE.width:
            return self._element(name, "drawing", self._drawn)
        rule = f"@container (min-width:{BROAD_FROM}){{.figure-pair svg.narrow{{display:none}}.figure-pair svg.broad{{display:block}}}}"
        either = f".figure-pair{{container-type:inline-size}}.figure-pair svg.broad{{display:none}}{rule}"
        return self._element(name, "drawing narrow", self._drawn, either) + self._element(
            f"{name}-broad", "drawing broad", self._drawn_at(BROAD)
        )

    def _element(self, name: str, classes: str, drawn: tuple[tuple[float, float], str], further: str = "") -> str:
        size, inside = drawn
        # ids on one page must differ from figure to figure; the name of a figure is unique on it
        inside = inside.replace('id="d-', f'id="drawing-{name}-').replace("#d-", f"#drawing-{name}-")
        inside, sheet = svg.in_colours_of_the_page(inside, f"drawing-{name}")
        width, height = (round(points * 4 / 3) for points in size)
        told = f'role="img" aria-label="{escape(self.description)}" width="{width}" height="{height}"'
        sheet = f"<style>{sheet}.figure-pair svg{{max-width:100%;height:auto}}{further}</style>"  # HTML allows none below a <div>
        return svg.root(size, sheet + inside, f'class="{classes}" id="drawing-{name}" {told}')

    def standalone(self, theme: Theme = LIGHT) -> str:
        """An SVG document in the colours of a theme, as large as drawn."""
        size, inside = self._drawn
        words = f"<title>{escape(self.title)}</title><desc>{escape(self.description)}</desc>"
        width, height = (f"{points:g}pt" for points in size)
        return svg.root(size, words + svg.in_colours_of(inside, theme), f'width="{width}" height="{height}"') + "\n"

    def pdf(self, width: float) -> bytes:
        """A PDF, `width` millimetres wide, with its fonts."""
        return self._saved("pdf", width, metadata={"CreationDate": None, "Creator": None, "Producer": None, "Title": self.title})

    def columns(self) -> dict[str, bytes]:
        """PDFs as wide as one column of a journal and as two, by their width in words."""
        return {words: self.pdf(width) for words, width in COLUMNS.items()}

    def png(self, width: float) -> bytes:
        """A PNG, `width` millimetres wide, of 300 dots an inch."""
        return self._saved("png", width, dpi=DPI, metadata={"Title": self.title, "Software": None})
