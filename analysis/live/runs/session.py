"""What one reader has in a live book: runs, sweeps and own patients, in a private folder that ends with the session."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from analysis.book.editions import sweeps
from analysis.errors import InputError
from analysis.live.patients.own_file import OwnFile
from analysis.live.runs import job
from analysis.live.runs.live_sweep import LiveSweep
from analysis.live.runs.run import Run

KEPT = 300
"""Runs of a session, those of its sweeps among them, that are kept; the oldest finished ones go first."""


class Session:
    """One reader, known by a token.

    Parameters
    ----------
    folder : Path
        Private; the session's alone.

    Attributes
    ----------
    token : str
        What the address holds that nobody can guess.
    runs : dict of int to Run
        In the order in which they were asked for.
    own : dict of str to OwnFile
        Own patients by study.
    sweeps : dict of int to LiveSweep
    """

    def __init__(self, folder: Path):
        self.token = secrets.token_urlsafe(24)
        self.folder = folder
        self.runs: dict[int, Run] = {}
        self.own: dict[str, OwnFile] = {}
        self.sweeps: dict[int, LiveSweep] = {}
        self._made = 0

    def add_run(self, page: str, source: Path, values: Mapping[str, Any], study: str, book: str, statistics: tuple[str, ...] = ()) -> Run:
        """A new run, with a folder that says what it is asked for."""
        self._made += 1
        folder = self.folder / "runs" / str(self._made)
        folder.mkdir(parents=True)
        job.ask(folder, source, values, book, statistics)
        own = study in self.own and values.get("cohort") == str(self.own[study].file)
        run = self.runs[self._made] = Run(self._made, page, dict(values), folder, study, own, statistics)
        finished = [one for one in self.runs.values() if not one.is_open]
        for old in finished[: max(0, len(self.runs) - KEPT)]:
            self.remove(old)
        return run

    def remove(self, run: Run) -> None:
        """Delete a run and what it made."""
        self.runs.pop(run.number, None)
        run.discarded = True
        shutil.rmtree(run.folder, ignore_errors=True)

    def add_sweep(self, source: Path, study: str, content: Mapping[str, Any]) -> LiveSweep:
        """A new sweep, checked as one of a file, none of its runs made yet.

        Raises
        ------
        InputError
        """
        number = max(self.sweeps, default=0) + 1
        folder = self.folder / "sweeps" / str(number)
        folder.mkdir(parents=True)
        file = folder / f"sweep-{number}.yml"
        file.write_text(yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True), encoding="utf-8")
        try:
            declared = sweeps.read(file)
        except InputError:
            shutil.rmtree(folder)
            raise
        made = self.sweeps[number] = LiveSweep(number, source, study, declared, folder)
        return made

    def take_patients(self, study: str, name: str, content: bytes) -> list[Run]:
        """Keep a file with the reader's own patients, in place of an earlier one of the same study; as of `forget`.

        Raises
        ------
        InputError
            If it is of no kind that can be read.
        """
        taken = OwnFile.take(self.folder / "patients", study, name, content)
        running = self.forget(study)
        self.own[study] = taken
        return running

    def forget(self, study: str) -> list[Run]:
        """Delete the own patients of a study, and every page made of them; the runs that are still going on."""
        found = self.own.pop(study, None)
        if found is not None:
            found.forget()
        of_them = [run for run in self.runs.values() if run.own and run.study == study]
        for run in of_them:
            self.remove(run)
        for sweep in [sweep for sweep in self.sweeps.values() if sweep.study == study and any(run.own for run in sweep.runs.values())]:
            del self.sweeps[sweep.number]
            shutil.rmtree(sweep.folder, ignore_errors=True)
        return [run for run in of_them if run.is_open]
