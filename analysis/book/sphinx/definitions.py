"""Sphinx extension: what a term, an abbreviation or a citation means, at the place where it stands.

A link to the glossary or to the list of references carries the words it leads to, and the first mention of an
abbreviation on a page becomes such a link.  A script shows them to pointer, keyboard and screen reader
(``book/_static/definitions.js``); without it the link leads there.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

LONGEST = 320
"""Characters of a definition."""

_ABBREVIATION = re.compile(r"[A-Z][A-Za-z]{0,2}[A-Z](?:-[A-Z]+)?|CRi|CRp")
_LINK = re.compile(r'<a class="(?P<classes>[^"]*)" href="(?P<page>[^"#]*)#(?P<id>[^"]+)"(?P<rest>[^>]*)>')
_TITLE = re.compile(r'\s+title="[^"]*"')
_PARAGRAPH = re.compile(r"<p>.*?</p>", re.DOTALL)
_PIECES = re.compile(r"(<(?:a|code|cite|span|math)\b.*?</(?:a|code|cite|span|math)>|<[^>]+>)", re.DOTALL)


def setup(app: Sphinx) -> dict:
    """Look at each page that is written."""
    app.connect("html-page-context", _add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _add(app: Sphinx, page: str, template: str, context: dict, doctree: Any) -> None:
    if doctree is None or "body" not in context:
        return
    told, places = _gather(app)
    if page not in {name for name, _ in places.values()}:  # the glossary itself explains
        context["body"] = mention(
            context["body"], {term: app.builder.get_relative_uri(page, name) + f"#{id}" for term, (name, id) in places.items()}
        )
    context["body"] = explain(context["body"], told)


def _gather(app: Sphinx) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Definitions by the id that links lead to; abbreviations, with page and id."""
    if not hasattr(app, "_definitions_of_the_book"):
        env = app.env
        terms = {id: name for (kind, _), (name, id) in env.domains["std"].objects.items() if kind == "term"}
        told: dict[str, str] = {}
        places: dict[str, tuple[str, str]] = {}
        for name in sorted(set(terms.values())):
            for item in env.get_doctree(name).findall(nodes.definition_list_item):
                text = find_definition(item)
                for term in item.findall(nodes.term):
                    for id in term["ids"]:
                        told[id] = text
                        if _ABBREVIATION.fullmatch(term.astext()):
                            places[term.astext()] = (name, id)
        for one in getattr(env.domains.get("cite"), "citations", ()):
            told[one.citation_id] = shorten(one.formatted_entry.text.render_as("text"))
        app._definitions_of_the_book = told, places  # type: ignore[attr-defined]
    return app._definitions_of_the_book  # type: ignore[attr-defined]


def find_definition(item: nodes.Element) -> str:
    """The definition of a glossary's entry: its first paragraph, or as much of it as is short."""
    paragraph = next(iter(item.findall(nodes.paragraph)), None)
    return shorten(paragraph.astext()) if paragraph is not None else ""


def shorten(text: str) -> str:
    """A text on one line, cut at a word where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def explain(body: str, told: dict[str, str]) -> str:
    """Give the links of a page the words that they lead to.

    Parameters
    ----------
    body : str
        HTML.
    told : dict of str to str
        Definition by the id after ``#``.
    """

    def link(found: re.Match[str]) -> str:
        text = told.get(found["id"])
        if not text or not re.search(r"\b(?:internal|bibtex|definition)\b", found["classes"]):
            return found[0]
        rest = _TITLE.sub("", found["rest"])
        return f'<a class="{found["classes"]} explained" href="{found["page"]}#{found["id"]}" data-definition="{escape(text)}"{rest}>'

    return _LINK.sub(link, body)


def mention(body: str, places: dict[str, str]) -> str:
    """Make the first mention of each abbreviation in a page's paragraphs a link to its definition.

    Parameters
    ----------
    body : str
        HTML.
    places : dict of str to str
        Address of the definition by abbreviation.
    """
    left = dict(places)
    for name in re.findall(r'#term-([\w-]+)"', body):
        left.pop(name, None)  # the page has a link to it already
    if not left:
        return body
    wanted = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, sorted(left, key=len, reverse=True))) + r")(?![\w-])")

    def word(found: re.Match[str]) -> str:
        address = left.pop(found[1], None)
        return found[0] if address is None else f'<a class="reference internal definition" href="{escape(address)}">{found[1]}</a>'

    def paragraph(found: re.Match[str]) -> str:
        return "".join(piece if piece.startswith("<") else wanted.sub(word, piece) for piece in _PIECES.split(found[0]))

    return _PARAGRAPH.sub(paragraph, body)
