"""Requests about a reader's own file: bring it, see its check, change its mapping, forget it."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from pathlib import PurePath
from typing import Any

from tornado.web import HTTPError

from analysis import paths
from analysis.cohorts.protection.counts import Protection
from analysis.cohorts.protection.released import Released
from analysis.cohorts.study import read_study
from analysis.errors import Fault, InputError
from analysis.live.forms import overview, patients_page, runnable_pages
from analysis.live.patients import mapping_edit
from analysis.live.patients.columns_found import find_columns
from analysis.live.patients.own_file import OwnFile
from analysis.live.server import guard
from analysis.live.server.responses import Answer
from analysis.pages.any_cohort import disclosure_control


class Patients(Answer):
    """The file of a study."""

    async def get(self) -> None:
        """Show its check, or where to drop it."""
        asked = self.get_query_argument("study", "")
        if not asked:
            labels = {study: read_study(study).label for study in paths.studies()}
            self.page(patients_page.studies_page(labels, self.session.own), guard.policy())
            return
        study = self.study(asked)
        own = self.session.own.get(study)
        told = await asyncio.to_thread(_tell, own) if own is not None else None
        kept = overview.where_kept(overview.Kept(self.book.removed, self.book.in_memory), self.session)
        self.page(patients_page.page(read_study(study), told, kept), guard.policy())

    async def put(self) -> None:
        """Take a file, or a mapping for the file that is here."""
        study, name = self.study(self.get_query_argument("study", "")), self.get_query_argument("name", "")
        try:
            if PurePath(name).suffix.lower() in (".yml", ".yaml"):
                own = self.own_file(study)
                own.set_mapping(_decode(self.request.body))
            else:
                for run in self.session.take_patients(study, name, self.request.body):
                    self.book.queue.cancel(run)
                own = self.session.own[study]
            await asyncio.to_thread(own.check)
        except InputError as error:
            self.refuse(error)
            return
        self.send_json({"sound": own.sound}, HTTPStatus.CREATED)

    def own_file(self, study: str) -> OwnFile:
        """The file that is here.

        Raises
        ------
        InputError
            If there is none.
        """
        if study not in self.session.own:
            raise InputError(Fault("mapping", "file", "a file with patients first", "none"))
        return self.session.own[study]


class PatientMapping(Patients):
    """The mapping of a study's file."""

    async def get(self) -> None:
        """Answer with it, to be saved beside the file."""
        own = self.session.own.get(self.study(self.get_query_argument("study", "")))
        if own is None:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        self.file("own.mapping.yml", own.mapping)

    async def post(self) -> None:
        """Change it, from the form or as a text, and check the file with it."""
        asked = self.read_json()
        study = self.study(asked.get("study"))
        try:
            own = self.own_file(study)
            text = asked.get("text")
            if not isinstance(text, str):
                text = mapping_edit.edit(own.mapping, study, _object(asked, "entries"), _object(asked, "options"))
            own.set_mapping(text)
            await asyncio.to_thread(own.check)
        except InputError as error:
            self.refuse(error)
            return
        self.send_json({"sound": own.sound})


class Forget(Answer):
    """Delete a file and what was made of it."""

    async def post(self) -> None:
        """Delete it; what still runs on it is ended first."""
        for run in self.session.forget(self.study(self.read_json().get("study"))):
            self.book.queue.cancel(run)
        self.send_json({})


def _tell(own: OwnFile) -> patients_page.Told:
    checked = own.check()
    columns = find_columns(checked.raw) if checked.raw is not None else {}
    summaries = [] if checked.frame is None else disclosure_control.summaries(Released(checked.study, checked.frame, Protection()))
    return patients_page.Told(own, checked, columns, summaries, runnable_pages.list_pages(own.study))


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(Fault("mapping", "file", "a text in UTF-8", "other bytes")) from None


def _object(asked: dict[str, Any], key: str) -> dict[str, Any]:
    found = asked.get(key)
    if not isinstance(found, dict):
        raise InputError(Fault("form", key, "what the form sends", "something else"))
    return found


def routes() -> list[tuple[str, type]]:
    """Addresses that this module answers."""
    return [
        (r"/(?P<token>[^/]+)/live/patients", Patients),
        (r"/(?P<token>[^/]+)/live/patients/mapping", PatientMapping),
        (r"/(?P<token>[^/]+)/live/patients/mapping.yml", PatientMapping),
        (r"/(?P<token>[^/]+)/live/patients/forget", Forget),
    ]
