"""Where a build leaves what it makes."""

from __future__ import annotations

from pathlib import Path

from analysis.book import built_book
from analysis.book.dependencies import build_records
from analysis.book.sources.book_page import Page


def html_folder() -> Path:
    """Where the finished book stands."""
    return built_book.current().folder / "html"


def executed_file(page: Page) -> Path:
    """Where the executed notebook of a page stands."""
    return built_book.current().folder / "executed" / f"{page.name}.ipynb"


def receipt(kind: str, name: str) -> Path:
    """Receipt of one job of the graph."""
    return build_records.place(f"{kind}/{name}")
