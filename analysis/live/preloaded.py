"""What the fork server of a live book imports besides, and does once: all that makes the HTML of a page.

A page is made and thrown away, so that what Sphinx, its extensions and its highlighter load as they go is there in every
process that is forked; that is nearly half the time which the HTML of a small page takes.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from importlib import import_module
from pathlib import Path

from analysis.book.execution import kernel

MODULES = (
    "jupyter_book.sphinx", "sphinx.builders.html", "sphinx_togglebutton", "sphinx_copybutton", "myst_nb.sphinx_ext", "sphinx_comments",
    "sphinx_external_toc", "sphinx_design", "sphinx_book_theme", "analysis.book.editions.scenario_statistics", "analysis.live.runs.job",
)  # fmt: skip


def make_a_page() -> None:
    """Make the HTML of a page of one cell, and keep nothing of it."""
    import nbformat

    from analysis.book.commands import run_notebook

    cells = [nbformat.v4.new_markdown_cell("# A page\n\n{ref}`nowhere`"), nbformat.v4.new_code_cell("1", metadata={"tags": ["hide-input"]})]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
    with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        run_notebook.make_html(nbformat.v4.new_notebook(cells=cells, metadata=kernel), "page", Path(place), apart=False)


for name in MODULES:
    import_module(name)
if os.environ.get(kernel.FORK_SERVER):
    with contextlib.suppress(Exception):  # without it each process does that itself, and tells what is wrong
        make_a_page()
