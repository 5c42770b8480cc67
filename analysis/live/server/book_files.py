"""Pages and files of the built book, each page of results with its form."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any

from tornado.web import HTTPError, StaticFileHandler

from analysis import paths
from analysis.live.forms import markup, runnable_pages
from analysis.live.server.responses import Answer

SOURCE = paths.BOOK / "_static"
CLIENT = paths.BOOK / "live"
"""Scripts and styles of forms."""


def with_live(text: str, root: str, below_title: str, study: str = "") -> str:
    """A page of the book with the bar of the session and something else below its title."""
    before, article, after = text.replace("</head>", f"{markup.head(root)}</head>", 1).partition("<article")
    return before + article + after.replace("</h1>", f"</h1>{markup.bar(root, study)}{below_title}", 1)


class Files(Answer, StaticFileHandler):
    """Files below a folder, as they are."""

    def set_extra_headers(self, path: str) -> None:
        """Let the browser keep what it has until it has changed."""
        self.set_header("Cache-Control", "no-cache")

    @classmethod
    def get_absolute_path(cls, root: str, path: str) -> str:
        """Where a file would lie, symbolic links followed, so that none leads outside."""
        return str((Path(root) / path).resolve()) if "\0" not in path else str(Path(root).parent)


class BookStatic(Files):
    """Scripts and styles of the book: a page that is made now may need one that the last build did not have yet."""

    def prepare(self) -> None:
        """Look among the sources for what the built book lacks."""
        super().prepare()
        name = self.path_kwargs["path"]
        built, source = Path(self.get_absolute_path(self.root, name)), Path(self.get_absolute_path(str(SOURCE), name))
        if not built.is_file() and source.is_file() and source.is_relative_to(SOURCE):
            self.root = str(SOURCE)


class BookPage(Answer):
    """A page of the book; those of results get their form."""

    async def get(self, path: str) -> None:
        """Answer with the page."""
        folder = self.book.html.resolve()
        file = (folder / (path or "index.html")).resolve()
        if not file.is_relative_to(folder) or not file.is_file():
            raise HTTPError(HTTPStatus.NOT_FOUND)
        page = file.relative_to(folder).with_suffix("").as_posix()
        root = "../" * page.count("/") or "./"
        text = file.read_text(encoding="utf-8")
        panel = study = ""
        if runnable_pages.find_source(page):
            asked = self.get_query_argument("study", "")
            form = self.form_of(page, self.study(asked) if asked else "")
            panel, study = markup.form_panel(form, root, self.chosen(form)), form.study
        self.page(with_live(text, root, panel, study), self.book.policy.of_built(text))


def routes(book: Path) -> list[tuple[str, type, dict[str, Any]]]:
    """Addresses that this module answers."""
    return [
        (r"/(?P<token>[^/]+)/live/client/(?P<path>.*)", Files, {"path": str(CLIENT)}),
        (r"/(?P<token>[^/]+)/(?P<path>(?!live/)[\w./-]+\.html|)", BookPage, {}),
        (r"/(?P<token>[^/]+)/_static/(?P<path>.*)", BookStatic, {"path": str(book.resolve() / "_static")}),
        (r"/(?P<token>[^/]+)/(?P<path>(?!live/).*)", Files, {"path": str(book.resolve())}),
    ]
