"""All that the server answers."""

from __future__ import annotations

from typing import Any

from tornado.web import Application

from analysis.live.server import book_files, patient_requests, run_requests, sweep_requests
from analysis.live.server.live_book import LiveBook
from analysis.live.server.responses import Answer


class Nowhere(Answer):
    """Any other address."""

    def prepare(self) -> None:
        """Tell a stranger as little as anybody who lacks the token."""
        self.path_kwargs.setdefault("token", "")
        super().prepare()


def make(book: LiveBook) -> Application:
    """The application of a live book."""
    routes: list[Any] = [*run_requests.routes(), *patient_requests.routes(), *sweep_requests.routes(), *book_files.routes(book.html)]
    # addresses hold tokens, so none is logged
    return Application(routes, book=book, default_handler_class=Nowhere, log_function=lambda handler: None)
