"""A real browser, and the finished book to read in it.

The browser is the system's own Chromium (Debian: ``apt-get install chromium``); without it, or without
a finished book in ``_build/html``, these tests skip and say why.
"""

from __future__ import annotations

import functools
import http.server
import shutil
import threading

import pytest

from analysis import paths
from analysis.book.editions import toc

BOOK = paths.BUILD / "html"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def pages() -> list[str]:
    """Addresses of the book's pages within it, and of the page of search results."""
    return [f"{page.name}.html" for page in toc.pages()] + ["search.html"]


@pytest.fixture(scope="session")
def browser():
    """One browser for all tests of a process."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("no Chromium on this machine")
    with sync_api.sync_playwright() as driver:
        # a container's superuser has no sandbox; the pages are our own
        started = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield _Patient(started)
        started.close()


class _Patient:
    """A browser that waits as long as a machine needs that does much else."""

    def __init__(self, browser):
        self._browser = browser

    def new_context(self, **asked):
        context = self._browser.new_context(**asked)
        context.set_default_timeout(180_000)
        return context

    def new_page(self):
        return self.new_context().new_page()


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
