"""Figures of a page in the look asked for; figures and tables as files, written while the page is executed, where whoever executes it asks for that.

A folder named in the environment receives each figure as SVG, and as PDF and PNG at the width of one and of two columns
of a journal, and each table as CSV, Excel, Word and LaTeX.  Nothing is written that the page does not show.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from functools import wraps
from html import unescape
from pathlib import Path
from typing import Any

from analysis.figures.light_dark_pair import PairedFigure, slug
from analysis.figures.look import COLUMNS, Look
from analysis.figures.style import RECONSTRUCTED
from analysis.pages.session import FIGURES, TABLES
from analysis.tables.html.view import View

_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def keep(method: Callable) -> Callable:
    """A call of a page whose figure or table is written to the folder asked for as well."""

    @wraps(method)
    def called(*arguments: Any, **named: Any) -> Any:
        shown = method(*arguments, **named)
        page = getattr(getattr(method, "__self__", None), "page", None)
        parameters = getattr(page, "parameters", None)
        if isinstance(shown, PairedFigure) and parameters is not None:
            shown = shown.with_look(AskedLook(parameters))
        if isinstance(shown, PairedFigure) and (folder := os.environ.get(FIGURES)):
            write_figure(shown, Path(folder))
        elif isinstance(shown, View) and (folder := os.environ.get(TABLES)):
            write_table(shown, Path(folder), method.__name__, "" if getattr(page, "own", False) else f"{RECONSTRUCTED.capitalize()}.")
        return shown

    return called


class AskedLook(Look):
    """The look that a page's parameters ask for; a parameter counts as used only where a figure depends on it.

    Parameters
    ----------
    parameters : mapping
        Of the page.
    width : float or None
        Millimetres, in place of the parameter's.
    """

    _parameters: Mapping[str, Any]
    _width: float | None

    def __init__(self, parameters: Mapping[str, Any], width: float | None = None):
        object.__setattr__(self, "_parameters", parameters)
        object.__setattr__(self, "_width", width)

    @property
    def width(self) -> float:
        """Millimetres."""
        return self._parameters["figure_width"] if self._width is None else self._width

    @property
    def risk_rows(self) -> str:
        """One of `analysis.figures.look.RISK_ROWS`."""
        return self._parameters["risk_rows"]

    @property
    def shares(self) -> str:
        """One of `analysis.figures.look.SHARES`."""
        return self._parameters["shares"]

    def at_width(self, width: float) -> AskedLook:
        """The same at another width."""
        return AskedLook(self._parameters, width)


def write_figure(figure: PairedFigure, folder: Path) -> None:
    """Write a figure in all formats, named after it."""
    stem = _free(folder, slug(figure.name), "svg")
    _write(folder / f"{stem}.svg", figure.light.encode())
    for words, width in COLUMNS.items():
        name = f"{stem}-{words.replace(' ', '')}"
        _write(folder / f"{name}.pdf", figure.drawing.pdf(width))
        _write(folder / f"{name}.png", figure.drawing.png(width))


def write_table(view: View, folder: Path, call: str, note: str) -> None:
    """Write a table in all formats, named after its caption, else after the call that shows it."""
    from analysis.tables.files import formats  # the libraries of other programs' formats are not loaded for pages that show

    found = _CAPTION.search(view.html)
    title = unescape(_TAG.sub("", found[1])).strip() if found else call.replace("_", " ").capitalize()
    stem = _free(folder, slug(title)[:60].strip("-"), "csv")
    for suffix, write in formats.FORMATS.items():
        _write(folder / f"{stem}.{suffix}", write(formats.Table(title, view.frame, note)))


def _free(folder: Path, stem: str, suffix: str) -> str:
    """The stem, with a number where a file of that name stands there."""
    number = 1
    while (folder / f"{stem if number == 1 else f'{stem}-{number}'}.{suffix}").exists():
        number += 1
    return stem if number == 1 else f"{stem}-{number}"


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
