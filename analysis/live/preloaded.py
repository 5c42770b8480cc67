"""What the fork server of a live book imports besides: all that makes the HTML of a page."""

from __future__ import annotations

from importlib import import_module

MODULES = (
    "jupyter_book.sphinx", "sphinx.builders.html", "sphinx_togglebutton", "sphinx_copybutton", "myst_nb.sphinx_ext", "sphinx_comments",
    "sphinx_external_toc", "sphinx_design", "sphinx_book_theme", "analysis.book.editions.scenario_statistics", "analysis.live.runs.job",
)  # fmt: skip

for name in MODULES:
    import_module(name)
