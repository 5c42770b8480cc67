"""Requests about sweeps: start, follow, cancel, see the comparing page as it fills, save the file."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

import yaml
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from analysis.book import redaction
from analysis.book.html import sweep_table
from analysis.errors import InputError
from analysis.live.forms import markup, several, submitted_values
from analysis.live.runs import job
from analysis.live.runs.live_sweep import LiveSweep
from analysis.live.runs.run import Run
from analysis.live.runs.session import Session
from analysis.live.server import guard, run_requests
from analysis.live.server.live_book import LiveBook
from analysis.live.server.responses import Answer
from analysis.parameters import validation

ROOT = "../../../"
_LOOK = 0.3


class Sweeps(Answer):
    """The sweeps of a session."""

    async def post(self) -> None:
        """Start one: every combination of the values in the fields."""
        asked = self.read_json()
        statistics = asked.get("statistics", [])
        if any(sweep.is_open for sweep in self.session.sweeps.values()):
            raise HTTPError(HTTPStatus.TOO_MANY_REQUESTS, "a sweep of this session is still running; cancel it or wait for it")
        if not isinstance(statistics, list) or not set(statistics) <= set(markup.STATISTICS):
            raise HTTPError(HTTPStatus.BAD_REQUEST, "expected names of statistics")
        try:
            form = self.form_of(asked.get("page"), asked.get("study"))
            own = self.own_of(form.source, asked.get("study"))
            content = several.content(form, run_requests.texts(asked), statistics, own)
            sweep = await asyncio.to_thread(self.session.add_sweep, form.source, form.study, content)
        except InputError as error:
            self.refuse(error)
            return
        for scenario, page in zip(sweep.declared.scenarios, sweep.declared.pages, strict=True):
            run = self.session.add_run(form.page, form.source, page.values, form.study, ROOT, page.statistics)
            sweep.runs[scenario] = run
        for run in list(sweep.runs.values()):
            # a turn of their own, so that a reader's single run need not wait for all of them
            self.book.queue.submit(f"{self.session.token} sweep", run, lambda: compare(self.book, self.session, sweep))
        compare(self.book, self.session, sweep)
        self.send_json({"number": sweep.number, "address": f"live/sweeps/{sweep.number}/"}, HTTPStatus.CREATED)


def compare(book: LiveBook, session: Session, sweep: LiveSweep) -> None:
    """Make the comparing page anew, unless it is being made: then once more afterwards."""
    if sweep.comparing is not None or sweep.number not in session.sweeps:
        return
    ended = sweep.ended
    sweep.ask()
    sweep.comparing = Run(0, "comparison", {}, sweep.folder, sweep.study, job=job.COMPARE)

    def made() -> None:
        sweep.comparing, sweep.compared = None, ended
        if sweep.ended > ended:
            compare(book, session, sweep)

    book.queue.submit(f"{session.token} comparison", sweep.comparing, made)


class OneSweep(Answer):
    """What concerns one sweep of a session."""

    def sweep_of(self, number: str) -> LiveSweep:
        """The sweep of that number."""
        sweep = self.session.sweeps.get(int(number))
        if sweep is None:
            raise HTTPError(HTTPStatus.NOT_FOUND, "no such sweep in this session")
        return sweep


class SweepPage(OneSweep):
    """The comparing page."""

    async def get(self, number: str) -> None:
        """Answer with what is there so far."""
        sweep = self.sweep_of(number)
        compared = sweep.page.read_text(encoding="utf-8") if sweep.page.is_file() else "<p>The first scenario is running.</p>"
        # the title of the page stands in the frame
        compared = compared.partition("</h1>")[2] or compared
        body = (
            f'<div class="live-sweep" data-live-sweep="live/sweeps/{sweep.number}/" data-live-open="{str(sweep.is_open).lower()}">'
            '<div class="live-progress" hidden><progress max="1" value="0" aria-label="Progress of the sweep"></progress>'
            '<p role="status" aria-live="polite"></p><button type="button" class="live-cancel">Cancel</button></div>'
            f'<p><a href="sweep.yml" download>Save as a sweep file</a> <a href="{ROOT}{sweep.declared.pages[0].source.parent.parent.name}/{sweep.source.parent.name}/{sweep.source.stem}.html">Published page</a></p>'
            f'<div class="live-compared">{compared}</div></div>'
        )
        self.page(markup.frame(f"Sweep {sweep.number}: {sweep.declared.title}", ROOT, body, scripts=True), guard.policy([sweep_table.SORT]))


class SweepEvents(OneSweep):
    """Progress of a sweep as a stream of events."""

    async def get(self, number: str) -> None:
        """Tell each run that ends, and each comparison that is made, until all is done."""
        sweep = self.sweep_of(number)
        self.set_header("Content-Type", "text/event-stream")
        before = ""
        try:
            while True:
                told = json.dumps(_state(sweep))
                if told != before:
                    self.write(f"data: {told}\n\n")
                    await self.flush()
                before = told
                if not sweep.is_open or sweep.number not in self.session.sweeps:
                    return
                await asyncio.sleep(_LOOK)
        except StreamClosedError:
            return


class SweepCancel(OneSweep):
    """End a sweep."""

    async def post(self, number: str) -> None:
        """End all its runs; what is finished stays, and is compared."""
        sweep = self.sweep_of(number)
        for run in list(sweep.runs.values()):
            self.book.queue.cancel(run)
        compare(self.book, self.session, sweep)
        self.send_json({})


class SweepFile(OneSweep):
    """The file of a sweep."""

    async def get(self, number: str) -> None:
        """Answer with what the command line takes; a reader's own file is not named in it."""
        sweep = self.sweep_of(number)
        content: dict[str, Any] = yaml.safe_load(sweep.declared.file.read_text(encoding="utf-8"))
        told = "# python -m analysis sweep FILE, where FILE is this one, its name in small letters, digits and hyphens\n"
        for part in ("parameters", "grid"):
            values = content.get(part, {})
            for name, value in values.items():
                several_values = value if isinstance(value, list) and part == "grid" else [value]
                hidden = [redaction.redact_parameters({name: one}, validation.ASKED)[name] for one in several_values]
                values[name] = hidden if isinstance(value, list) and part == "grid" else hidden[0]
                if hidden != several_values:
                    told += f"# {validation.ASKED}: the name of your file, with its mapping beside it, in the folder of this one\n"
        self.file(f"sweep-{sweep.number}.yml", told + yaml.safe_dump(content, sort_keys=False, allow_unicode=True))


def _state(sweep: LiveSweep) -> dict[str, Any]:
    total = len(sweep.runs)
    done, running = sweep.ended, sum(run.state == "running" for run in sweep.runs.values())
    finished = [run.seconds for run in sweep.runs.values() if run.seconds]
    left = ""
    if finished and done < total:
        seconds = (total - done) * (sum(finished) / len(finished)) / max(1, running)
        left = f", about {seconds:.0f} s left" if seconds >= 1 else ""
    told = f"{done} of {total} scenarios done{left}." if done < total else "All scenarios have ended; the comparison is being made."
    return {
        "state": "running" if sweep.is_open else "done",
        "done": done,
        "of": total,
        "total": total,
        "compared": sweep.compared,
        "told": told,
        "message": f"{done} of {total} scenarios have ended." if not sweep.is_open else "",
        "faults": submitted_values.group_by_field(()),
    }


def routes() -> list[tuple[str, type]]:
    """Addresses that this module answers."""
    return [
        (r"/(?P<token>[^/]+)/live/sweeps", Sweeps),
        (r"/(?P<token>[^/]+)/live/sweeps/(?P<number>\d{1,8})/", SweepPage),
        (r"/(?P<token>[^/]+)/live/sweeps/(?P<number>\d{1,8})/events", SweepEvents),
        (r"/(?P<token>[^/]+)/live/sweeps/(?P<number>\d{1,8})/cancel", SweepCancel),
        (r"/(?P<token>[^/]+)/live/sweeps/(?P<number>\d{1,8})/sweep.yml", SweepFile),
    ]
