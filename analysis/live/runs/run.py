"""A page that somebody asked for: what it is asked with, how far it is, what became of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import Fault

QUEUED, RUNNING, DONE, REFUSED, FAILED, CANCELLED, ENDED = "queued", "running", "done", "refused", "failed", "cancelled", "ended"
"""What becomes of a run; `ENDED` is one that took longer than a run may."""

OPEN = (QUEUED, RUNNING)

EARLY = 0.2
"""Share of the cells before which nothing is told of a page that was never executed: its first cells import and open."""

HTML_SECONDS = 1.0
"""Seconds that the HTML of a page takes, as long as none has been made."""


@dataclass(eq=False)
class Run:
    """One run.

    Attributes
    ----------
    number : int
        In its session.
    page : str
        Of the book, e.g. ``notebooks/<study>/survival``.
    values : mapping
        Typed parameters that differ from the published page's.
    folder : Path
    study : str
        Whose declaration the page follows.
    own : bool
        Whether it reads the reader's own patients.
    statistics : tuple of str
        What a sweep compares it by; none outside a sweep.
    job : str
        What its process does; a notebook has a kernel beside it.
    state : str
    step : str
        What is going on, as the process says.
    done, of : int
        Code cells.
    ahead : int
        Runs that come before it while it waits.
    times : list of float
        Seconds from the start to the end of each cell.
    faults, message
        Why it was refused or failed.
    discarded : bool
        Whether nobody wants it any more: what it has made is deleted once its process has ended.
    """

    number: int
    page: str
    values: Mapping[str, Any]
    folder: Path
    study: str
    own: bool = False
    statistics: tuple[str, ...] = ()
    job: str = "notebook"
    state: str = QUEUED
    step: str = ""
    done: int = 0
    of: int = 0
    ahead: int = 0
    times: list[float] = field(default_factory=list)
    faults: Sequence[Fault] = ()
    message: str = ""
    discarded: bool = False
    started: float = 0.0
    seconds: float = 0.0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def stem(self) -> str:
        """Name of its page."""
        return self.page.rpartition("/")[2]

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN

    def change(self, **what: Any) -> None:
        """Set attributes, and wake whoever follows the run."""
        for name, value in what.items():
            setattr(self, name, value)
        self._changed.set()
        self._changed = asyncio.Event()

    async def changed(self, longest: float) -> None:
        """Wait for the next change, so many seconds at most."""
        try:
            await asyncio.wait_for(self._changed.wait(), longest)
        except TimeoutError:
            return

    def seconds_left(self, earlier: Sequence[float] = ()) -> float | None:
        """Seconds that it will still take, as far as can be told.

        Parameters
        ----------
        earlier : sequence of float
            Times of the cells when the same page was executed last, the end of its HTML last; none if it never was.
        """
        if self.state != RUNNING or not self.of:
            return None
        elapsed = time.monotonic() - self.started
        if len(earlier) == self.of + 1:
            reached = earlier[self.done - 1] if self.done else 0.0
            pace = (self.times[-1] / reached) if self.done and reached else 1.0
            return max(0.0, (earlier[-1] * pace) - elapsed)
        if self.done < EARLY * self.of:
            return None
        return max(0.0, self.times[-1] / self.done * self.of + HTML_SECONDS - elapsed)
