"""A page's notebook for readers to take away: without outputs, and with a first cell that finds the project from any folder."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from analysis import paths
from analysis.book.sources import notebooks

PROJECT = "ANALYSIS_PROJECT"
"""Environment variable with the project's folder, for notebooks that lie elsewhere."""

_FIND = f'''# Finds the project that this notebook is a page of.
import importlib.util
import os
import sys
from pathlib import Path

if importlib.util.find_spec("analysis") is None:
    given = os.environ.get("{PROJECT}")
    places = [Path(given)] if given else [Path.cwd(), *Path.cwd().parents]
    found = next((place for place in places if (place / "analysis" / "pages").is_dir() and (place / "data").is_dir()), None)
    if found is None:
        raise SystemExit(
            "The project is not here: __GET__ "
            "Then open this notebook below its folder, or set {PROJECT} to that folder."
        )
    sys.path.insert(0, str(found))
'''


def make_portable(source: Path, repository: str = "") -> nbformat.NotebookNode:
    """The notebook of a source as a reader can run it elsewhere.

    Parameters
    ----------
    source : Path
        MyST Markdown.
    repository : str
        Public address of the project; empty where there is none.

    Returns
    -------
    NotebookNode
        Its cells without outputs; the metadata of the project's tools are left out, the tag of the parameters kept.
    """
    read = notebooks.read(source)
    get = (
        f"get it (git clone {repository}), and run `make setup` in it."
        if repository
        else "get the archive of the book's project, and run `make setup` in it."
    )
    words = (
        f"*This notebook is the page `{paths.shorten_path(source)}` of a book. It needs the book's project with its requirements: {get} "
        f"Choose the project's Python (`.venv/bin/python`) as its kernel. It runs below the project's folder, or anywhere if the environment variable `{PROJECT}` names that folder.*"
    )
    cells = [new_markdown_cell(words, id="needs"), new_code_cell(_FIND.replace("__GET__", get.replace('"', "'")), id="project")]
    for place, cell in enumerate(read.cells):
        if cell.cell_type == "markdown":
            cells.append(new_markdown_cell(cell.source, id=f"cell-{place}"))
        elif cell.cell_type == "code":
            tags = [tag for tag in cell.metadata.get("tags", ()) if tag == notebooks.PARAMETERS_TAG]
            cells.append(new_code_cell(cell.source, id=f"cell-{place}", metadata={"tags": tags} if tags else {}))
    kernel = {"display_name": "Python 3", "language": "python", "name": notebooks.KERNEL}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def text(source: Path, repository: str = "") -> str:
    """Content of its file."""
    return json.dumps(make_portable(source, repository), ensure_ascii=False, indent=1) + "\n"
