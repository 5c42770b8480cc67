"""Titles that people give: as text on a page, whatever signs they hold.

As a Sphinx extension: themes put a book's title into their pages now escaped and now as it is.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from markupsafe import Markup
from sphinx.application import Sphinx

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
"""What a backslash makes plain text of, by CommonMark: each ASCII punctuation sign."""


def is_line(text: Any) -> bool:
    """Whether something is one line of text, without control characters."""
    return isinstance(text, str) and text.isprintable()


def is_title(text: Any) -> bool:
    """Whether something is one line of text that shows."""
    return is_line(text) and bool(text.strip())


def as_markdown(text: str) -> str:
    """Markdown that shows a line of text as it is."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def setup(app: Sphinx) -> dict:
    """Mark the book's title on each page that is written."""
    app.connect("html-page-context", _mark, priority=900)  # after the theme, which adds two more
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _mark(app: Sphinx, page: str, template: str, context: dict, doctree: Any) -> None:
    """Escape titles that are plain text, and say so: what escapes them again changes nothing."""
    for name in ("docstitle", "shorttitle", "pagetitle", "root_title"):
        context[name] = Markup(escape(context.get(name) or ""))
