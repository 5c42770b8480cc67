"""A sweep from a form: a run for each scenario, and a page that compares them as they end."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.book.editions.sweeps import Sweep
from analysis.live.runs import job
from analysis.live.runs.run import CANCELLED, DONE, QUEUED, RUNNING, Run

WORDS = {QUEUED: "waits", RUNNING: "runs", CANCELLED: "cancelled"}


@dataclass(eq=False)
class LiveSweep:
    """A sweep of a session.

    Attributes
    ----------
    number : int
    source : Path
        Of the notebook.
    study : str
    declared : Sweep
        As its file declares it.
    folder : Path
        With the file, and the comparing page.
    runs : dict of str to Run
        By scenario.
    comparing : Run or None
        What makes the comparing page now.
    compared : int
        Runs that had ended when the page was made last.
    """

    number: int
    source: Path
    study: str
    declared: Sweep
    folder: Path
    runs: dict[str, Run] = field(default_factory=dict)
    comparing: Run | None = None
    compared: int = -1

    @property
    def ended(self) -> int:
        """Number of runs that have ended."""
        return sum(not run.is_open for run in self.runs.values())

    @property
    def is_open(self) -> bool:
        """Whether a run waits or runs, or the page that compares them is still to be made."""
        return self.ended < len(self.runs) or self.comparing is not None or self.compared < self.ended

    @property
    def page(self) -> Path:
        """File with the comparison; its folder has it once the first was made."""
        return self.folder / job.COMPARISON

    def ask(self) -> None:
        """Write down what is there, to be compared."""
        (self.folder / job.OUTCOME).unlink(missing_ok=True)
        pages = dict(zip(self.runs, self.declared.pages, strict=True))
        filling: dict[str, Any] = {
            "found": {name: _read_scenario(run) for name, run in self.runs.items()},
            "states": {name: WORDS.get(run.state, "failed") for name, run in self.runs.items()},
            "addresses": {
                pages[name].name: f"../../runs/{run.number}/{run.stem}.html" for name, run in self.runs.items() if run.state == DONE
            },
        }
        (self.folder / job.ASKED).write_text(json.dumps({"sweep": str(self.declared.file), "filling": filling}), encoding="utf-8")


def _read_scenario(run: Run) -> dict[str, Any] | None:
    file = run.folder / job.STATISTICS
    return json.loads(file.read_text(encoding="utf-8")) if run.state == DONE and file.is_file() else None
