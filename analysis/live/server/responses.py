"""What all requests share: who asks, what may be answered, faults told as such."""

from __future__ import annotations

import json
import traceback
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tornado.web import Finish, HTTPError, RequestHandler

from analysis import paths
from analysis.errors import InputError
from analysis.live.forms import fields, runnable_pages, submitted_values
from analysis.live.runs.session import Session
from analysis.live.server import guard
from analysis.live.server.live_book import LiveBook

LARGEST_TEXT = 512 * 1024
"""Bytes of a request that is no file."""


class Answer(RequestHandler):
    """One request of a session."""

    session: Session

    @property
    def book(self) -> LiveBook:
        """What is served."""
        return self.application.settings["book"]

    def set_default_headers(self) -> None:
        """Tell the browser what it may do with any answer."""
        guard.set_headers(self._headers, guard.policy())

    def prepare(self) -> None:
        """Refuse who may not ask, and find the session by its token."""
        why = guard.refusal(str(self.request.method), self.request.host, self.request.headers, self.book.port)
        if why:
            self._end(HTTPStatus.FORBIDDEN, f"Refused: {why}.")
        token = guard.find_token(str(self.path_kwargs.pop("token", "")), self.book.sessions)
        if token is None:
            self._end(HTTPStatus.NOT_FOUND, "Not found. Open the address that the server printed when it started; it contains a token.")
        self.session = self.book.sessions[str(token)]

    def data_received(self, chunk: bytes) -> None:
        """Nothing is streamed in."""

    def write_error(self, status_code: int, **rest: Any) -> None:
        """Say what went wrong in a line, and nothing of where."""
        found = rest.get("exc_info", (None, None, None))[1]
        told = found.log_message if isinstance(found, HTTPError) and not found.args else ""  # with arguments it is for a log
        message = told or HTTPStatus(status_code).phrase
        self._say(HTTPStatus(status_code), message)

    def log_exception(self, *raised: Any) -> None:
        """Print a fault of ours, without the address, which holds the token."""
        if not isinstance(raised[1], HTTPError):
            traceback.print_exception(*raised)

    def _say(self, status: HTTPStatus, message: str) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(message + "\n")

    def _end(self, status: HTTPStatus, message: str) -> None:
        self._say(status, message)
        raise Finish

    def page(self, html: str, policy: str = "") -> None:
        """Answer with a page."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        if policy:
            self.set_header("Content-Security-Policy", policy)
        self.finish(html)

    def file(self, name: str, text: str) -> None:
        """Answer with a text to save."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(text)

    def send_json(self, content: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        """Answer a script."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(content))

    def refuse(self, error: InputError) -> None:
        """Tell a script what is wrong, field by field."""
        self.send_json({"faults": submitted_values.group_by_field(error.faults)}, HTTPStatus.UNPROCESSABLE_ENTITY)

    def read_json(self) -> dict[str, Any]:
        """What a script sends."""
        if len(self.request.body) > LARGEST_TEXT:
            raise HTTPError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            content = json.loads(self.request.body)
        except (ValueError, RecursionError):  # a text of brackets alone is nested deeper than can be read
            content = None
        if not isinstance(content, dict):
            raise HTTPError(HTTPStatus.BAD_REQUEST, "expected an object in JSON")
        return content

    def form_of(self, page: Any, study: Any = "") -> fields.Form:
        """Form of a page of the book."""
        source = runnable_pages.find_source(page) if isinstance(page, str) else None
        if source is None:
            raise HTTPError(HTTPStatus.NOT_FOUND, "no such result page")
        return fields.make_form(page, source, study if isinstance(study, str) else "", self.own_of(source, study) is not None)

    def own_of(self, source: Path, study: Any) -> Path | None:
        """File of this reader's own patients for the study of a page, if it is sound."""
        followed = study if isinstance(study, str) and study else runnable_pages.published_study(source)
        own = self.session.own.get(followed)
        return own.file if own is not None and own.sound else None

    def chosen(self, form: fields.Form) -> dict[str, str]:
        """What stands in a form that nobody has filled in yet: the study asked for, and the reader's own patients where there are some."""
        own = {"cohort": fields.OWN} if self.own_of(form.source, form.study) is not None else {}
        names = {field.name for field in form.fields}
        return {name: value for name, value in ({"study": form.study} | own).items() if name in names}

    def study(self, asked: Any) -> str:
        """A study of this repository."""
        if asked not in paths.studies():
            raise HTTPError(HTTPStatus.NOT_FOUND, "no such study")
        return str(asked)
