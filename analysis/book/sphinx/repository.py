"""Sphinx extension: links from each page to its source and to new issues, where ``repository`` of ``_config.yml`` names a public one."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any
from urllib.parse import urlencode

from sphinx.application import Sphinx

BRANCH = "main"
"""Where sources are edited."""

_ROW = re.compile(r'(?=<span class="audit-used" data-row="([^"]+)")')
"""Place in a row of an audit page that tells of its number, and the ledger id."""


def setup(app: Sphinx) -> dict:
    """Look at each page that is written, by a setting that is off when empty."""
    app.add_config_value("repository", "", "html", types=(str,))
    app.connect("html-page-context", _add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _add(app: Sphinx, page: str, template: str, context: dict, doctree: Any) -> None:
    if app.config.repository and doctree is not None:
        context["body"] = add_links(context["body"], page, app.config.repository.rstrip("/"))


def add_links(body: str, page: str, url: str) -> str:
    """HTML of a page with its links into a repository.

    Parameters
    ----------
    body : str
        HTML of the page's content.
    page : str
        Name of the page: path of its Markdown source without suffix.
    url : str
        Address of the repository.
    """
    edit = f"{url}/edit/{BRANCH}/{page}.md"
    fault = _issue(url, template="fault.yml", title=f"Fault: {page}")
    study = page.split("/")[-2] if "/" in page else ""
    numbered = _ROW.sub(
        lambda row: (
            f'<a class="audit-wrong" href="{_issue(url, template="number.yml", row=f"{study} {unescape(row[1])}")}">This number is wrong</a> '
        ),
        body,
    )
    return f'{numbered}\n<p class="page-links"><a href="{escape(edit)}">Edit this page</a> · <a href="{fault}">Something is wrong on this page</a></p>\n'


def _issue(url: str, **fields: str) -> str:
    """Address of a new issue by one of the repository's forms, as an attribute."""
    return escape(f"{url}/issues/new?{urlencode(fields)}")
