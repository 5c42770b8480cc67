"""Processes of a build, forked from one that has imported what they need: the standard library's fork server.

Importing what executes a notebook, and what the notebook itself imports, takes longer than most pages.
The fork server imports both once (`analysis.book.jobs.preloaded`).  It belongs to one build and ends
with it, so it never holds the code of an earlier state.  Each job is a process, the kernel of a notebook
another (`analysis.book.execution.kernel_provisioner`), none used twice.  Where nothing can be forked, or
`STOCK` is set, each is started anew; a test holds the outputs against each other.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import connection, forkserver
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.execution import kernel, kernel_provisioner, recording_kernel
from analysis.book.jobs import preloaded
from analysis.book.processes import shutdown

STOCK = "ANALYSIS_STOCK_KERNELS"
"""Environment variable that has every job and kernel started anew, as papermill does."""


def available(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether processes are forked here: not where a person does not want it, nor where another one's child cannot be watched."""
    if environment.get(STOCK):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))  # of Linux alone; Apple's libraries do not outlive a fork
    except (AttributeError, OSError):
        return False
    return True


class Processes:
    """Starts the processes of one build.

    Parameters
    ----------
    environment : mapping of str to str
        Of the jobs.
    log : Path, optional
        File that they append to what they say; by default they say it where this process does.
    main : callable, optional
        Does one job, whose arguments stand in ``sys.argv``; by default one of a build.
    preload : sequence of str
        Modules that the fork server imports besides.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        log: Path | None = None,
        main: Callable[[], int] | None = None,
        preload: Sequence[str] = (),
    ):
        self._environment, self._log, self._main, self._preload = dict(environment), log, main, tuple(preload)
        self._context: ForkServerContext | SpawnContext = (
            multiprocessing.get_context("forkserver") if available(environment) else multiprocessing.get_context("spawn")
        )

    @property
    def forked(self) -> bool:
        """Whether processes are forked."""
        return self._context.get_start_method() == "forkserver"

    def prepare(self) -> None:
        """Have the fork server begin its imports; whoever starts a process before they are done waits for them."""
        if self.forked:
            self._context.set_forkserver_preload([*self._preload, preloaded.__name__])
            with self._starting():
                forkserver.ensure_running()

    def start(self, arguments: Sequence[str]) -> BaseProcess:
        """Do one job in a process of its own; one that begins with ``notebook`` has a kernel beside it.

        That of the HTML is forked from this process, which knows already what the pages are made from.
        """
        if self.forked and arguments[0] == "html":
            process = multiprocessing.get_context("fork").Process(
                target=_do_job_apart, args=[self._main, list(arguments), self._environment, self._log, None], name="html"
            )
            process.start()
            return process
        self.prepare()
        if self.forked:
            try:
                return self._started(arguments)
            except (EOFError, OSError):
                print("processes are started anew, not forked: the fork server has ended", file=sys.stderr, flush=True)
                self._context = multiprocessing.get_context("spawn")
        return self._started(arguments)

    def _started(self, arguments: Sequence[str]) -> BaseProcess:
        waiting = None
        with self._starting():
            if self.forked and arguments[0] == "notebook":
                ours, theirs = self._context.Pipe()
                future_kernel = self._context.Process(target=_become_kernel, args=[theirs, self._log], name=kernel_provisioner.NAME)
                future_kernel.start()
                theirs.close()
                waiting = kernel_provisioner.Waiting(future_kernel.pid, ours)  # type: ignore[arg-type]  # it has been started
            process = self._context.Process(
                target=_do_job, args=[self._main, list(arguments), self._environment, self._log, waiting], name=" ".join(arguments)
            )
            process.start()
            if waiting:
                waiting.connection.close()  # the job's alone: when it ends, its kernel does
        return process

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """The environment in which an interpreter starts, as `multiprocessing` takes this process's own."""
        own = dict(os.environ)
        wanted = (
            kernel.clean_environment(self._environment) | kernel.TO_FORK | {preloaded.SERVER: "1"} if self.forked else self._environment
        )
        try:
            _replace(wanted)
            yield
        finally:
            _replace(own)

    @staticmethod
    def end() -> None:
        """End all processes: ask jobs to stop, which end their kernels, and kill what has not ended in time."""
        jobs = [process for process in multiprocessing.active_children() if process.name != kernel_provisioner.NAME]
        for process in jobs:
            process.terminate()
        deadline = time.monotonic() + shutdown.GRACE
        for process in jobs:
            process.join(max(0.0, deadline - time.monotonic()))
        for process in multiprocessing.active_children():
            process.kill()
            process.join()


def _do_job(
    main: Callable[[], int] | None,
    arguments: list[str],
    environment: dict[str, str],
    log: Path | None,
    waiting: kernel_provisioner.Waiting | None,
) -> None:
    """Do one job; what it exits with is its status."""
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    _say_into(log)
    _settle(environment, paths.ROOT)
    kernel_provisioner.keep(waiting)
    sys.argv = ["job", *arguments]
    if main is None:
        from analysis.book.jobs import one_job

        main = one_job.main
    sys.exit(shutdown.heeding(main, silent=True))


def _do_job_apart(*given: Any) -> None:
    """`_do_job` in a group of its own: Ctrl-C is the build's to heed, which tells its jobs."""
    os.setsid()
    _do_job(*given)


def _stop_with_parent() -> None:
    """Stop this process, as Ctrl-C would, once the build is gone, even if it was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        with suppress(OSError):
            connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(shutdown.GRACE)
        os._exit(1)


def _become_kernel(told: connection.Connection, log: Path | None) -> None:
    """Wait to be told, then be a kernel as ``python -m`` would start it, until whoever told is gone."""
    os.setsid()  # a group of its own: who ends the kernel ends what it started
    _say_into(log)
    try:
        arguments, environment, folder = told.recv()
    except EOFError:  # the notebook needs no kernel, or its job is gone
        return
    threading.Thread(target=_end_with, args=[told], daemon=True).start()
    _settle(environment, folder)
    sys.path[:] = [folder, *preloaded.PATH[1:]]
    sys.argv = [recording_kernel.__file__, *arguments]
    recording_kernel.main()


def _end_with(told: connection.Connection) -> None:
    """End this process, and what it started, with the process at the other end of a connection."""
    with suppress(EOFError, OSError):
        told.recv()
    os.killpg(0, signal.SIGKILL)


def _settle(environment: Mapping[str, str], folder: str | Path) -> None:
    """Take on an environment and a folder, and start processes as any interpreter does."""
    multiprocessing.set_start_method(None, force=True)
    _replace(environment)
    os.chdir(folder)


def _replace(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


def _say_into(log: Path | None) -> None:
    """Append what this process says to a file, if there is one."""
    if log is not None:
        with log.open("ab") as file:
            for number in (1, 2):
                os.dup2(file.fileno(), number)
