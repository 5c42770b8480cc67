"""A book of two pages, made as the real one is, small enough to be built for a test."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pydata_sphinx_theme

from analysis import paths
from analysis.book.html import embedded_files, lazy_tables

SCRIPTS = ("tables.js", "numbers.js", "walk.js", "curves.js", "takeaway.js", "what-if.js", "readings.js", "definitions.js")
#: Colours and sizes of the theme, in both modes.
THEME = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static/styles/pydata-sphinx-theme.css"
FRAME = """<!DOCTYPE html>
<html lang="en" data-theme="light"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{name}</title>
<link rel="stylesheet" href="_static/pydata-sphinx-theme.css"><link rel="stylesheet" href="_static/book.css"><link rel="icon" href="_static/favicon.svg">{scripts}</head>
<body><main><h1>{name}</h1>{content}</main></body></html>
"""


def write(folder: Path, pages: dict[str, str], *, scripts: bool = True) -> Path:
    """Write pages with the HTML of their outputs, the tables they carry, and the book's own scripts.

    Parameters
    ----------
    folder : Path
    pages : dict of str to str
        HTML that a notebook would show, by the name of its page.
    scripts : bool
        Whether the pages load the scripts.
    """
    for source in (THEME, *(paths.BOOK / "_static").iterdir()):
        if source.suffix in (".js", ".css", ".svg"):
            (folder / "_static").mkdir(parents=True, exist_ok=True)
            (folder / "_static" / source.name).write_bytes(source.read_bytes())
    (folder / "_static" / "lazy").mkdir(exist_ok=True)
    for source in (paths.BOOK / "_static" / "lazy").iterdir():
        (folder / "_static" / "lazy" / source.name).write_bytes(source.read_bytes())
    embedded_files.add_fonts(folder)
    loaded = "".join(f'<script src="_static/{name}"></script>' for name in SCRIPTS) if scripts else ""
    for name, html in pages.items():
        cell = nbformat.v4.new_code_cell("shown", outputs=[nbformat.v4.new_output("execute_result", {"text/html": html})])
        notebook = embedded_files.to_files(nbformat.v4.new_notebook(cells=[cell]), name, folder)
        content = notebook.cells[0].outputs[0]["data"]["text/html"]
        (folder / f"{name}.html").write_text(FRAME.format(name=name, content=content, scripts=loaded), encoding="utf-8")
    lazy_tables.write(folder)
    return folder
