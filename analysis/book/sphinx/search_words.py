"""Sphinx extension: the index of words, whatever was built before, and made in less time.

Each word of the book is reduced to its stem once, not once a page.  Of a page that it writes anew,
Sphinx keeps each word that the page no longer has, as found nowhere; such words are dropped.
To be removed once a word that leaves a page leaves Sphinx's index in an incremental build, too, and stems are kept over pages.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.search import js_index
from sphinx.search.en import SearchEnglish


class English(SearchEnglish):
    """Sphinx's English, with the stems found so far."""

    def init(self, options: dict) -> None:
        """As Sphinx does, and with no stem yet."""
        super().init(options)
        self._stems: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """Stem of a word."""
        if word not in self._stems:
            self._stems[word] = super().stem(word)
        return self._stems[word]


def drop_words_of_earlier_builds(app: Sphinx, problem: Exception | None) -> None:
    """Write the finished index again without words that no page has."""
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


def setup(app: Sphinx) -> dict:
    """Put the language in the place of Sphinx's own, and the index in order at the end."""
    app.add_search_language(English)
    app.connect("build-finished", drop_words_of_earlier_builds)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
