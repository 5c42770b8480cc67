"""Being asked to stop: a build ends all that it started, keeps what is finished, and says so in one line."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

GRACE = 10.0
"""Seconds that jobs have to put things in order before they are killed."""

KEPT = "finished work is kept, and the same command resumes"

MAKE = "ANALYSIS_MAKE"
"""Environment variable with the process number of the `make` that a program runs for."""

SIGNALS = (signal.SIGINT, signal.SIGTERM)
_ASKED: list[int] = []
_ENDING: set = set()


class Stopped(KeyboardInterrupt):
    """Somebody asked this process to stop.

    Attributes
    ----------
    number : int
        Number of the signal.
    kept : str
        What becomes of the work that was done.
    """

    def __init__(self, number: int, kept: str = ""):
        self.number, self.kept = number, kept
        super().__init__(number)

    @property
    def status(self) -> int:
        """Exit status, as shells tell the signal that ended a program."""
        return 128 + self.number

    def __str__(self) -> str:
        """One line for whoever asked."""
        name = "Ctrl-C" if self.number == signal.SIGINT else signal.Signals(self.number).name
        return f"stopped by {name}" + (f"; {self.kept}" if self.kept else "")


def heeding(main: Callable[[], int], silent: bool = False) -> int:
    """Run a program so that SIGTERM and Ctrl-C raise `Stopped` in it.

    Programs that it starts heed Ctrl-C again, too, which a shell takes from what it runs in the background.

    Parameters
    ----------
    main : callable
        Gives the exit status.
    silent : bool
        Whether somebody else tells that it was stopped.

    Returns
    -------
    int
    """
    for number in SIGNALS:
        signal.signal(number, _raise)
    if os.environ.get(MAKE, "").isdigit():
        # a make that is killed cannot tell what it started
        threading.Thread(target=_end_with, args=[int(os.environ[MAKE])], daemon=True).start()
    try:
        return main()
    except Stopped as stopped:
        found = stopped
    except SystemError as problem:  # compiled code wraps what was raised while it was called
        found = _behind(problem)
        if found is None:
            raise
    if not silent:
        print(found, file=sys.stderr, flush=True)
    return found.status


def _end_with(number: int) -> None:
    """Ask this process to stop once another one is gone."""
    with suppress(OSError):
        while True:
            os.kill(number, 0)
            time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def _behind(problem: BaseException | None) -> Stopped | None:
    """The request to stop among the causes of an error."""
    while problem is not None and not isinstance(problem, Stopped):
        problem = problem.__cause__ or problem.__context__
    return problem


def _raise(number: int, frame: Any) -> None:
    _ASKED.append(number)
    for either in SIGNALS:
        signal.signal(either, signal.SIG_IGN)  # once is enough: ignore repeated Ctrl-C so that cleanup finishes
    raise Stopped(number)


def heed_in_loop(end_kernel: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """While an event loop runs a notebook, end the kernel when asked to stop; nbclient then finds it dead."""
    import asyncio  # costly to whom runs no notebook

    loop = asyncio.get_running_loop()

    def stop(number: int) -> None:
        _ASKED.append(number)
        logging.disable(logging.ERROR)  # that the kernel is dead is no news then
        _ENDING.add(loop.create_task(end_kernel()))

    for number in SIGNALS:
        loop.add_signal_handler(number, stop, number)


def raise_if_asked() -> None:
    """After an event loop: do what was asked for meanwhile.

    Raises
    ------
    Stopped
    """
    if _ASKED:
        raise Stopped(_ASKED[0])


def run(command: list[str], meanwhile: Callable[[], Any] | None = None, **options: Any) -> int:
    """Run a program to its end; if this process is stopped, the program and its process group end first.

    The program is interrupted, upon which Snakemake starts nothing more and takes its jobs back from a
    cluster, and killed after `GRACE`.

    Parameters
    ----------
    command : list of str
    meanwhile : callable, optional
        Called twice a second.
    **options
        Of `subprocess.Popen`.

    Returns
    -------
    int
        Exit status.
    """
    running = subprocess.Popen(command, preexec_fn=_end_with_parent if sys.platform == "linux" else None, start_new_session=True, **options)
    try:
        while True:
            with suppress(subprocess.TimeoutExpired):
                return running.wait(0.5 if meanwhile else None)
            if meanwhile:
                meanwhile()
    except BaseException:
        with suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(running.pid, signal.SIGINT)
            running.wait(GRACE)
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        raise


def _end_with_parent() -> None:
    """Have the kernel ask this process to stop if its parent is killed before it could."""
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
