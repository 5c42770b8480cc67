"""Where a build leaves what it makes."""

from __future__ import annotations

from pathlib import Path

from analysis import paths
from analysis.book.dependencies import build_records
from analysis.book.sources.book_page import Page


def html_folder() -> Path:
    """Where the finished book stands."""
    return paths.BUILD / "html"


def executed_file(page: Page) -> Path:
    """Where the executed notebook of a page stands."""
    return paths.BUILD / "executed" / f"{page.name}.ipynb"


def receipt(kind: str, name: str) -> Path:
    """Receipt of one job of the graph."""
    return build_records.place(f"{kind}/{name}")
