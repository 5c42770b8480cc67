"""Runs in turn: each session's next one after the other sessions', so many at once, none for longer than a limit."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

from analysis.errors import Fault
from analysis.live.runs import job
from analysis.live.runs.run import CANCELLED, DONE, ENDED, FAILED, QUEUED, REFUSED, RUNNING, Run

MOST = 20
"""Runs of one session that may wait, those of its sweeps left out."""

_LOOK = 0.05
_GRACE = 3.0


class Starter(Protocol):
    """What starts processes: `analysis.book.jobs.fork_server.Processes`."""

    def start(self, arguments: list[str]) -> BaseProcess:
        """Start one."""


class FairQueue:
    """Queue of the runs of all sessions.

    Parameters
    ----------
    processes : Starter
    at_once : int
        Runs at the same time.
    limit : float
        Seconds after which a run is ended.
    """

    def __init__(self, processes: Starter, at_once: int, limit: float):
        self._processes, self._at_once, self.limit = processes, at_once, limit
        self._waiting: dict[str, deque[tuple[Run, Callable[[], object] | None]]] = {}
        self._running: dict[Run, BaseProcess | None] = {}
        self._stopped: dict[Run, str] = {}
        self._tasks: set[asyncio.Task] = set()
        self._one_by_one = ThreadPoolExecutor(1)  # starting a process borrows this one's environment
        self.earlier: dict[str, list[float]] = {}

    def submit(self, session: str, run: Run, then: Callable[[], object] | None = None) -> None:
        """Add a run of a session; `then` is called once it has ended."""
        self._waiting.setdefault(session, deque()).append((run, then))
        self._fill()

    def waiting(self, session: str) -> int:
        """Number of a session's runs that wait."""
        return len(self._waiting.get(session, ()))

    def cancel(self, run: Run) -> None:
        """End a run, whether it waits or runs."""
        for session in list(self._waiting):
            for entry in [entry for entry in self._waiting[session] if entry[0] is run]:
                self._waiting[session].remove(entry)
                run.change(state=CANCELLED)
        if run in self._running and run not in self._stopped:
            self._stop(run, CANCELLED)
        self._count()

    async def settled(self) -> None:
        """Wait until nothing runs any more."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _fill(self) -> None:
        while len(self._running) < self._at_once and (found := self._next()):
            run, then = found
            self._running[run] = None
            run.change(state=RUNNING, ahead=0, started=time.monotonic())
            task = asyncio.get_running_loop().create_task(self._carry_out(run, then))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._count()

    def _next(self) -> tuple[Run, Callable[[], object] | None] | None:
        """First run of the session whose turn it is, which then comes last."""
        for session in list(self._waiting):
            waiting = self._waiting.pop(session)
            if waiting:
                found = waiting.popleft()
                if waiting:
                    self._waiting[session] = waiting
                return found
        return None

    def _count(self) -> None:
        """Tell each run that waits how many come before it, sessions taking turns."""
        turns = [(place, number, run) for number, waiting in enumerate(self._waiting.values()) for place, (run, _) in enumerate(waiting)]
        turns.sort(key=lambda entry: entry[:2])
        for ahead, (_, _, run) in enumerate(turns):
            if run.ahead != ahead or run.state != QUEUED:
                run.change(ahead=ahead)

    async def _carry_out(self, run: Run, then: Callable[[], object] | None) -> None:
        try:
            loop = asyncio.get_running_loop()
            try:
                process = await loop.run_in_executor(self._one_by_one, self._processes.start, [run.job, str(run.folder)])
            except Exception as error:  # whatever keeps a process from starting, e.g. memory or a full disk
                run.change(state=self._stopped.get(run, FAILED), message=f"its process could not be started: {error}")
                return
            self._running[run] = process
            if run in self._stopped:
                process.terminate()
            deadline = time.monotonic() + self.limit
            while process.exitcode is None:
                await asyncio.sleep(_LOOK)
                self._read_progress(run)
                if time.monotonic() > deadline and run not in self._stopped:
                    self._stop(run, ENDED)
            process.join()
            self._read_progress(run)
            run.change(**self._outcome(run), seconds=time.monotonic() - run.started)
            if run.state == DONE:
                self.earlier[run.page] = [*run.times, run.seconds]
        finally:
            self._running.pop(run, None)
            self._stopped.pop(run, None)
            if run.discarded:  # its process may have written something since
                shutil.rmtree(run.folder, ignore_errors=True)
            self._fill()
            if then:
                then()

    def _stop(self, run: Run, state: str) -> None:
        self._stopped[run] = state
        process = self._running.get(run)
        if process is None:  # it is being started, for which nobody need wait
            run.change(state=state)
        else:
            process.terminate()
            asyncio.get_running_loop().call_later(_GRACE, _kill, process)

    @staticmethod
    def _read_progress(run: Run) -> None:
        file = run.folder / job.PROGRESS
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        if not lines or not lines[-1].endswith("]"):
            return
        step, done, of = json.loads(lines[-1])
        if step == job.CELLS and (done, of) != (run.done, run.of):
            elapsed = time.monotonic() - run.started
            run.change(step=step, done=done, of=of, times=run.times + [elapsed] * (done - len(run.times)))
        elif step != run.step:
            elapsed = time.monotonic() - run.started
            run.change(step=step, done=run.of, times=run.times + [elapsed] * (run.of - len(run.times)))

    def _outcome(self, run: Run) -> dict[str, Any]:
        file: Path = run.folder / job.OUTCOME
        if run in self._stopped:
            return {"state": self._stopped[run]}
        if not file.is_file():
            return {"state": FAILED, "message": "its process ended before it was done"}
        found = json.loads(file.read_text(encoding="utf-8"))
        if found["state"] == job.REFUSED:
            return {"state": REFUSED, "faults": [Fault(*fault) for fault in found["faults"]]}
        return {"state": DONE if found["state"] == job.DONE else FAILED, "message": found.get("message", "")}


def _kill(process: BaseProcess) -> None:
    if process.exitcode is None:
        process.kill()
