"""Documents and tables of data that travel inside an executed notebook, put into files of the book.

A notebook on its own, or one page made by ``python -m analysis run``, carries everything with
it; in the book a page would weigh megabytes.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
import shutil
from pathlib import Path
from urllib.parse import unquote_to_bytes

from nbformat import NotebookNode

from analysis.book.html import lazy_tables
from analysis.figures.fonts import FONTS

FOLDER = "_static/made"
"""Where the files stand, from the root of the book."""

_CARRIED = re.compile(
    r'(?P<before><a\b[^>]*?\bhref=")data:(?P<kind>application/pdf|text/csv)[^,"]*?(?P<coded>;base64)?,(?P<data>[^"]*)"',
)
_SUFFIX = {"application/pdf": ".pdf", "text/csv": ".csv"}


def add_fonts(root: Path) -> None:
    """Put the fonts of figures where the style sheet of the book finds them, below the root of a source tree."""
    target = root / "_static" / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    for file in (*FONTS.glob("*.ttf"), FONTS / "LICENSE"):
        shutil.copyfile(file, target / file.name)
    carried = {file.name: base64.b64encode(file.read_bytes()).decode() for file in sorted(FONTS.glob("*.ttf"))}
    lazy_tables.write_script(target / "fonts.mjs", carried)  # for pictures that a page makes


def to_files(notebook: NotebookNode, page: str, root: Path) -> NotebookNode:
    """Write what the HTML outputs of a notebook carry into files, and lead there.

    The name of a file is a digest of its content: what is the same stands there once.

    Parameters
    ----------
    notebook : NotebookNode
        Executed; changed in place.
    page : str
        Name of its page, from the root of the book, without suffix.
    root : Path
        Root of the source tree that the book is built from.

    Returns
    -------
    NotebookNode
        The notebook.
    """

    def moved(match: re.Match[str]) -> str:
        data = base64.b64decode(match["data"]) if match["coded"] else unquote_to_bytes(match["data"])
        name = f"{FOLDER}/{hashlib.sha256(data).hexdigest()[:16]}{_SUFFIX[match['kind']]}"
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return f'{match["before"]}{posixpath.relpath(name, posixpath.dirname(page) or ".")}"'

    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            html = output.get("data", {}).get("text/html")
            if html is not None:
                output["data"]["text/html"] = _CARRIED.sub(moved, html)
    return notebook
