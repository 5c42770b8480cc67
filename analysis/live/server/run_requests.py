"""Requests about runs: check a field, start, follow, cancel, see, lay side by side, save."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

import yaml
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from analysis.book import redaction
from analysis.errors import InputError
from analysis.live.forms import fields, markup, overview, submitted_values
from analysis.live.runs import fair_queue
from analysis.live.runs.run import DONE, Run
from analysis.live.server import guard
from analysis.live.server.book_files import with_live
from analysis.live.server.responses import Answer
from analysis.parameters import validation

ROOT = "../../../"
"""Address of the book as seen from the page of a run."""

_ALIVE = 15.0


class Check(Answer):
    """Values of a form, held against all that is known before an execution."""

    async def post(self) -> None:
        """Tell the faults, field by field."""
        asked = self.read_json()
        try:
            form = self.form_of(asked.get("page"), asked.get("study"))
            await asyncio.to_thread(submitted_values.check_values, form, texts(asked), self.own_of(form.source, asked.get("study")))
        except InputError as error:
            self.refuse(error)
            return
        self.send_json({"faults": {}})


class Fields(Answer):
    """The form of a page, for another study or for values that somebody has given."""

    async def post(self) -> None:
        """Answer with the panel."""
        asked = self.read_json()
        try:
            form = self.form_of(asked.get("page"), asked.get("study"))
        except InputError as error:
            self.refuse(error)
            return
        self.page(markup.form_panel(form, str(asked.get("root", "./")), self.chosen(form) | texts(asked), opened=True))


class Runs(Answer):
    """The runs of a session."""

    async def get(self) -> None:
        """Show them."""
        self.page(overview.session_page(self.book_told(), self.session, self.book.queue.limit), guard.policy())

    def book_told(self) -> overview.Kept:
        """What the page says of where things are kept."""
        return overview.Kept(self.book.removed, self.book.in_memory, self.book.age)

    async def post(self) -> None:
        """Start one."""
        asked = self.read_json()
        if self.book.queue.waiting(self.session.token) >= fair_queue.MOST:
            raise HTTPError(HTTPStatus.TOO_MANY_REQUESTS, f"{fair_queue.MOST} runs of this session wait already")
        try:
            form = self.form_of(asked.get("page"), asked.get("study"))
            values = await asyncio.to_thread(
                submitted_values.check_values, form, texts(asked), self.own_of(form.source, asked.get("study"))
            )
        except InputError as error:
            self.refuse(error)
            return
        run = self.session.add_run(form.page, form.source, values, form.study, ROOT)
        self.book.queue.submit(self.session.token, run)
        self.send_json({"number": run.number, "address": f"live/runs/{run.number}/"}, HTTPStatus.CREATED)


class OneRun(Answer):
    """What concerns one run of a session."""

    def run_of(self, number: str) -> Run:
        """The run of that number."""
        run = self.session.runs.get(int(number))
        if run is None:
            raise HTTPError(HTTPStatus.NOT_FOUND, "no such run in this session")
        return run


class Events(OneRun):
    """Progress of a run as a stream of events."""

    async def get(self, number: str) -> None:
        """Tell each change until the run has ended."""
        run = self.run_of(number)
        self.set_header("Content-Type", "text/event-stream")
        try:
            while True:
                self.write(f"data: {json.dumps(self._state(run))}\n\n")
                await self.flush()
                if not run.is_open:
                    return
                await run.changed(_ALIVE if run.step != "cells" else 1.0)
        except StreamClosedError:
            return

    def _state(self, run: Run) -> dict[str, Any]:
        left = run.seconds_left(self.book.queue.earlier.get(run.page, ()))
        told: dict[str, Any] = {"state": run.state, "step": run.step, "done": run.done, "of": run.of, "ahead": run.ahead}
        told["left"] = None if left is None else round(left, 1)
        if run.state == DONE:
            told["page"] = f"live/runs/{run.number}/{run.stem}.html"
        told["faults"] = submitted_values.group_by_field(run.faults)
        told["message"] = overview.describe_ending(run, self.book.queue.limit)
        return told


class Cancel(OneRun):
    """End a run."""

    async def post(self, number: str) -> None:
        """End it, whether it waits or runs."""
        self.book.queue.cancel(self.run_of(number))
        self.send_json({})


class RunFile(OneRun):
    """The page of a run, its notebook and its edition file."""

    async def get(self, number: str, name: str) -> None:
        """Answer with one of them."""
        run = self.run_of(number)
        if name in ("", f"{run.stem}.html"):
            self._page(run)
        elif name == "edition.yml":
            self.file(f"{run.stem}-run-{run.number}.yml", edition(run))
        elif name == f"{run.stem}.ipynb" and run.state == DONE:
            self.file(name, (run.folder / name).read_text(encoding="utf-8"))
        else:
            raise HTTPError(HTTPStatus.NOT_FOUND)

    def _page(self, run: Run) -> None:
        if run.state != DONE:
            body = f"<p>{overview.describe_state(run, self.book.queue.limit)}</p>"
            self.page(markup.frame(f"Run {run.number}", ROOT, body), guard.policy())
            return
        text = (run.folder / f"{run.stem}.html").read_text(encoding="utf-8")
        form = self.form_of(run.page, run.study if "study" in run.values else "")
        panel = markup.form_panel(form, ROOT, given_texts(run))
        self.page(with_live(text, ROOT, overview.run_banner(run, ROOT) + panel, run.study), self.book.policy.of_run(run.page))


class Beside(Answer):
    """Two pages side by side."""

    async def get(self) -> None:
        """Answer with a page that holds both: runs by their number, or the published page."""
        right = self.session.runs.get(_number(self.get_query_argument("right", "")))
        left = self.session.runs.get(_number(self.get_query_argument("left", "")))
        if right is None or right.state != DONE or (left is not None and left.state != DONE):
            raise HTTPError(HTTPStatus.NOT_FOUND, "no such run in this session, or not finished")
        self.page(overview.beside_page(left, right), guard.policy())


def given_texts(run: Run) -> dict[str, str]:
    """Values of a run as its form shows them."""
    from analysis.book.provenance import spell_value

    texts = {name: "" if value is None else spell_value(value) for name, value in run.values.items()}
    return texts | ({"cohort": fields.OWN} if run.own else {})


def edition(run: Run) -> str:
    """Edition file that makes the page of a run again; a reader's own file is not named in it."""
    values = redaction.redact_parameters(run.values, validation.ASKED, redaction.ASKED_STUDY)
    content = {
        "title": f"Run {run.number} of {run.page}",
        "notebooks": [{"file": f"{run.page}.md", "parameters": values}] if values else [f"{run.page}.md"],
    }
    told = "# python -m analysis edition FILE, where FILE is this one, its name in small letters, digits and hyphens\n"
    if run.own:
        told += f"# {validation.ASKED}: the name of your file, with its mapping beside it, in the folder of this one\n"
    return told + yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


def texts(asked: dict[str, Any]) -> dict[str, str]:
    """Texts of the fields that a script sends."""
    values = asked.get("values", {})
    if not isinstance(values, dict) or not all(isinstance(value, str) and len(value) < 10_000 for value in values.values()):
        raise HTTPError(HTTPStatus.BAD_REQUEST, "expected values as texts")
    return values


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 9 else 0


def routes() -> list[tuple[str, type]]:
    """Addresses that this module answers."""
    return [
        (r"/(?P<token>[^/]+)/live/", Runs),
        (r"/(?P<token>[^/]+)/live/runs", Runs),
        (r"/(?P<token>[^/]+)/live/check", Check),
        (r"/(?P<token>[^/]+)/live/form", Fields),
        (r"/(?P<token>[^/]+)/live/beside", Beside),
        (r"/(?P<token>[^/]+)/live/runs/(?P<number>\d{1,8})/events", Events),
        (r"/(?P<token>[^/]+)/live/runs/(?P<number>\d{1,8})/cancel", Cancel),
        (r"/(?P<token>[^/]+)/live/runs/(?P<number>\d{1,8})/(?P<name>[\w.-]*)", RunFile),
    ]
