"""The saved text of what each page of the published book shows; light, as every execution of a notebook needs it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from nbformat import NotebookNode

from analysis import atomic_files, paths
from analysis.book.results import made_from, page_text


def write(name: str, executed: NotebookNode) -> Path:
    """Save what an executed page shows, with digests of what it was made from.

    Returns
    -------
    Path
        The text.
    """
    target = file(name)
    atomic_files.write(target, made_from.line(made_from.of_page(name, paths.ROOT)) + "\n" + page_text.text(executed))
    return target


def file(name: str) -> Path:
    """Where the saved text of a page stands."""
    return paths.RESULTS / page_text.PAGES / f"{name}.txt"


def forget(names: Collection[str]) -> None:
    """Remove the saved texts of all pages but these, which the book no longer has."""
    kept = {file(name) for name in names}
    for path in (paths.RESULTS / page_text.PAGES).rglob("*.txt"):
        if path not in kept:
            path.unlink()
