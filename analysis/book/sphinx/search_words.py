"""Sphinx extension: the index of words and numbers, and the text that excerpts are taken from.

A number with decimals is one word (``80.54``), cells of a table are words apart, and a page that says *overall survival*
is found by ``OS`` where the glossary explains it so.  Beside the index stands the plain text of all pages, without code,
as a script that the page of results loads: a page opened from a file may not fetch the pages that it found.

Each word of the book is reduced to its stem once, not once a page.  Of a page that it writes anew,
Sphinx keeps each word that the page no longer has, as found nowhere; such words are dropped.
To be removed once a word that leaves a page leaves Sphinx's index in an incremental build, too, and stems are kept over pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import sphinx.search
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.search import IndexBuilder, js_index
from sphinx.search.en import SearchEnglish

TEXTS = "searchtexts.mjs"
"""File with the text of all pages, beside the index; its ending keeps jupyter-book from loading it on each page."""

_WORD = re.compile(r"\d+(?:[.,]\d+)+|\w+")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_UNSEEN = re.compile(r"<(style|script)\b.*?</\1>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<]+?>")
_CUT = re.compile(r"<(/?(?:td|th|tr|p|li|div|dt|dd|h\d|caption|text|details|summary|label)|br)\b")
_EXPLAINED = re.compile(r"^([A-Z]{2,5})\n  ([A-Z][a-z]+(?:[- ][a-z]+)+)[:.;]", re.MULTILINE)


_SPLITTER = r"""
var splitQuery = (query) => Array.from(query.replace(/(\d)\u00b7(\d)/g, "$1.$2").matchAll(/\d+(?:[.,]\d+)+|[\p{L}\p{N}_]+/gu), (found) => found[0]);
"""


class English(SearchEnglish):
    """Sphinx's English, with numbers, abbreviations and the stems found so far."""

    #: Abbreviations by what they stand for, in small letters; of the glossary of the book that is built.
    abbreviations: dict[str, str] = {}

    @property
    def js_splitter_code(self) -> str:  # type: ignore[override]  # Sphinx has a plain attribute
        """As `split` does, for a reader's query; and the abbreviations, for excerpts."""
        spelled = json.dumps({short.lower(): phrase for phrase, short in self.abbreviations.items()}, ensure_ascii=False)
        return f"{_SPLITTER}window.abbreviationsOfTheBook = {spelled};\n"

    def init(self, options: dict) -> None:
        """As Sphinx does, with no stem yet."""
        super().init(options)
        self._stems: dict[str, str] = {}

    def split(self, input: str) -> list[str]:
        """Words and numbers of a text, and the abbreviations of what it says."""
        words = _WORD.findall(re.sub(r"(?<=\d)\u00b7(?=\d)", ".", input))
        words += [word.replace(",", "") for word in words if _GROUPED.fullmatch(word)]
        said = input.lower()
        return words + [abbreviation for phrase, abbreviation in self.abbreviations.items() if phrase in said]

    def word_filter(self, word: str) -> bool:
        """As Sphinx does; of plain numbers, those of three digits and more."""
        return super().word_filter(word) and not (word.isdigit() and len(word) < 3)

    def stem(self, word: str) -> str:
        """Stem of a word; words of two letters stay, as they do in the browser."""
        if len(word) < 3:
            return word.lower()
        if word not in self._stems:
            self._stems[word] = super().stem(word)
        return self._stems[word]


def abbreviations(glossary: str) -> dict[str, str]:
    """What a glossary explains by other words alone, by those: ``overall survival`` to ``OS``."""
    return {words.lower(): short for short, words in _EXPLAINED.findall(glossary)}


class Indexer(IndexBuilder):
    """Sphinx's index, of HTML whose cells are kept apart; it keeps the text of each page."""

    #: Of all pages, by name: one index is made in a process.
    texts: dict[str, str] = {}

    def feed(self, docname: str, filename: str, title: str, doctree: nodes.document) -> None:
        """Feed a page to the index."""
        raw = [(node, list(node.children)) for node in doctree.findall(nodes.raw) if "html" in node.get("format", "").split()]
        panels = [(node, list(node.children)) for node in doctree.findall(nodes.Element) if "provenance" in node.get("classes", ())]
        for node, _ in raw:
            node.children = [nodes.Text(_CUT.sub(r" <\1", node.astext()))]
        for node, _ in panels:  # versions and digests are no numbers of the study
            node.children = []
        try:
            super().feed(docname, filename, title, doctree)
            self.texts[docname] = " ".join(" ".join(_words(doctree)).split())
        finally:
            for node, children in raw + panels:
                node.children = children


def _words(node: nodes.Node) -> Iterator[str]:
    """Text of a page in its order, without code."""
    if isinstance(node, nodes.raw):
        if "html" in node.get("format", "").split():
            yield unescape(_TAG.sub("", _UNSEEN.sub(" ", node.astext())))
    elif isinstance(node, nodes.Text):
        yield node.astext()
    elif not isinstance(node, (nodes.comment, nodes.literal_block, nodes.meta)):
        inside = [word for child in node.children for word in _words(child)]
        yield "".join(inside) if isinstance(node, nodes.TextElement) else " ".join(inside)


def _begin(app: Sphinx) -> None:
    glossary = Path(app.srcdir, "book", "glossary.md")
    English.abbreviations = abbreviations(glossary.read_text(encoding="utf-8")) if glossary.is_file() else {}


def finish(app: Sphinx, problem: Exception | None) -> None:
    """Write the finished index again without words that no page has, and the texts of all pages beside it."""
    file = Path(app.outdir, "searchindex.js")
    if problem is not None or not file.is_file():
        return
    text = file.read_text(encoding="utf-8")
    index = js_index.loads(text)
    for kind in ("terms", "titleterms"):
        index[kind] = {word: pages for word, pages in index[kind].items() if pages != []}
    cleaned = js_index.dumps(index)
    if cleaned != text:
        file.write_text(cleaned, encoding="utf-8")
    _write_texts(Path(app.outdir, TEXTS), set(index["docnames"]))


def _write_texts(file: Path, pages: set[str]) -> None:
    """Texts of pages as a script; those that were not fed again stand in the file of the last build."""
    before = json.loads(file.read_text(encoding="utf-8").partition("] = ")[2].rstrip(";\n")) if file.is_file() else {}
    texts = {page: text for page, text in sorted((before | Indexer.texts).items()) if page in pages}
    content = json.dumps(texts, ensure_ascii=False)
    file.write_text(f"(window.bookTables = window.bookTables || {{}})[document.currentScript.src] = {content};\n", encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Put the language and the index in the place of Sphinx's own, and the files in order at the end."""
    app.add_search_language(English)
    sphinx.search.IndexBuilder = Indexer  # type: ignore[misc]
    app.connect("builder-inited", _begin)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
