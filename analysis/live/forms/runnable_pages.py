"""Pages of the book that can be re-executed: their notebooks, and the parameters that these take."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from analysis.book.execution.execute import read_declared


def find_source(page: str) -> Path | None:
    """Notebook of a page of the book; None if there is none of that name.

    Only what the table of contents names is found, so no path leads outside.
    """
    return _sources().get(page)


@cache
def _sources() -> dict[str, Path]:
    from analysis.book.editions import toc

    return {page.name: page.source for page in toc.pages() if page.executed and not page.values}


def published_study(source: Path) -> str:
    """Study that the published page of a notebook follows; empty if it is bound to none."""
    return str(read_declared(source)[0].get("study", ""))


def list_pages(study: str) -> list[tuple[str, str]]:
    """Pages that can be run on own patients of a study, with their titles: those that are bound to no figure of a paper first."""
    found = []
    for page, source in _sources().items():
        defaults, known, opens = read_declared(source)
        if opens and "cohort" in known and source.parent.name in (study, "general"):
            title = next(line[2:] for line in source.read_text(encoding="utf-8").splitlines() if line.startswith("# "))
            found.append((source.parent.name == study, page, title))
    return [(page, title) for _, page, title in sorted(found, key=lambda entry: entry[0])]
