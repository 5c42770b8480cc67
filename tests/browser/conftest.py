"""A real browser, and the finished book to read in it.

The browser is the system's own Chromium (Debian: ``apt-get install chromium``); without it, or without
a finished book in ``_build/html``, these tests skip and say why.
"""

from __future__ import annotations

import functools
import http.server
import threading

import pytest

from analysis import paths
from analysis.book.editions import toc

BOOK = paths.BUILD / "html"


def pages() -> list[str]:
    """Addresses of the book's pages within it, and of the page of search results."""
    return [f"{page.name}.html" for page in toc.pages()] + ["search.html"]


@pytest.fixture(scope="session")
def axe() -> str:
    """Source of axe-core."""
    from pathlib import Path

    found = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    return (Path(found.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def book():
    """Folder of the finished book."""
    if not (BOOK / "index.html").is_file():
        pytest.skip("no finished book: `make book` makes it")
    return BOOK


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def served(book):
    """Address of the book over HTTP on this machine alone."""
    handler = functools.partial(_Quiet, directory=str(book))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
