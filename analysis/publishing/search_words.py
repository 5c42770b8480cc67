"""Sphinx extension: each word of the book is reduced to its stem once, not once a page; the search index stays as it is."""

from __future__ import annotations

from sphinx.application import Sphinx
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


def setup(app: Sphinx) -> dict:
    """Put it in the place of Sphinx's own."""
    app.add_search_language(English)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
