"""Sphinx extension: what a page says of itself to search engines and reference managers.

Each page has a description, its first sentence, and the same for previews of links (Open Graph). The summary of a study names
the paper that it is about, by what ``study.yml`` declares: what is not known is left out. Its description is of that paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from analysis import paths

LONGEST = 200
"""Characters of a description."""

_SUMMARY = re.compile(r"(?:^|/)notebooks/(?P<study>[^/]+)/summary$")
#: Declared name → name that reference managers read.
_NAMES = {"journal": "journal_title", "year": "publication_date", "volume": "volume", "issue": "issue", "doi": "doi"}


def setup(app: Sphinx) -> dict:
    """Look at each page that is written."""
    app.connect("html-page-context", _add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _add(app: Sphinx, page: str, template: str, context: dict, doctree: Any) -> None:
    if doctree is None:
        return
    title = re.sub(r"<[^>]+>", "", context.get("title", ""))
    about, cited = describe(doctree) or title, iter(())
    summary = _SUMMARY.search(page)
    if summary and (paths.DATA / summary["study"] / "study.yml").is_file():
        from analysis.cohorts.study import read_study  # a book without studies needs nothing of them

        study = read_study(summary["study"])
        about, cited = f"What “{study.title}” reports, recomputed from its printed numbers.", citation(study.title, study.citation)
    found = [("name", "description", about)]
    found += [("property", name, text) for name, text in open_graph(title, about, app.config.html_title)]
    found += [("name", name, text) for name, text in cited]
    tags = "".join(f'\n    <meta {key}="{name}" content="{escape(text)}">' for key, name, text in found if text)
    context["metatags"] = context.get("metatags", "") + tags


def describe(doctree: nodes.document) -> str:
    """First sentence of a page's prose, cut at a word where it is long; empty for a page without prose."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        sentence = re.split(r"(?<=[.:?!]) ", text, maxsplit=1)[0]
        if sentence:
            return sentence if len(sentence) <= LONGEST else sentence[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
    return ""


def open_graph(title: str, description: str, book: str) -> Iterator[tuple[str, str]]:
    """What previews of a link show; without an address or picture, which the book does not know."""
    yield "og:type", "article"
    yield "og:title", title
    yield "og:description", description
    yield "og:site_name", book


def citation(title: str, declared: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A paper as reference managers read it.

    Parameters
    ----------
    title : str
    declared : mapping
        As in ``study.yml``: authors divided by commas, journal, year, volume, issue, pages or article, doi; each may be missing.
    """
    yield "citation_title", title
    for author in filter(None, (name.strip() for name in str(declared.get("authors", "")).split(","))):
        yield "citation_author", author
    for name, tag in _NAMES.items():
        if name in declared:
            yield f"citation_{tag}", str(declared[name])
    first, _, last = str(declared.get("pages") or declared.get("article", "")).replace("–", "-").partition("-")
    yield "citation_firstpage", first
    yield "citation_lastpage", last
