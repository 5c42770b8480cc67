"""A nursery kept for the length of a build, started once the first job is about to come."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from analysis import paths
from analysis.publishing import errand, kernel, scratch, stopping

NURSERY = "analysis.publishing.nursery"
"""Module that is started."""

STOCK = "ANALYSIS_STOCK_KERNELS"
"""Environment variable that has every job and kernel started anew, as papermill does."""


def available() -> bool:
    """Whether processes can be forked here: Apple's libraries do not outlive a fork, and a person may not want it."""
    return hasattr(os, "fork") and sys.platform != "darwin" and not os.environ.get(STOCK)


class Nursery:
    """A nursery that starts once somebody comes to its socket, or when told.

    Attributes
    ----------
    environment : dict of str to str
        What jobs have to be told of it.
    """

    def __init__(self, listener: socket.socket, address: str, environment: Mapping[str, str]):
        self.environment = {errand.ADDRESS: address}
        self._listener, self._given = listener, environment
        self._running: subprocess.Popen | None = None

    def look(self) -> None:
        """Start if somebody waits; to be called every now and then."""
        if self._running is None and select.select([self._listener], [], [], 0)[0]:
            self.start()

    def start(self) -> None:
        """Start now, unless it runs; who is certain to have jobs for it does not wait for the first."""
        if self._running is not None:
            return
        number = self._listener.fileno()
        self._running = subprocess.Popen(
            [sys.executable, "-m", NURSERY, str(number)], stdin=subprocess.PIPE, cwd=paths.ROOT,
            env=kernel.settled(self._given) | kernel.TO_FORK, pass_fds=[number], start_new_session=True,
        )  # fmt: skip
        self._listener.close()  # the nursery's alone from now on: if it is gone, nobody waits for it

    def close(self) -> None:
        """End the nursery and all that it forked."""
        if self._running is None:
            return
        self._running.stdin.close()
        try:
            self._running.wait(2 * stopping.GRACE)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()


class NoNursery:
    """Stands where processes cannot be forked: every job is done in processes started anew."""

    environment: dict[str, str] = {}

    def look(self) -> None:
        """Nothing to do."""

    def start(self) -> None:
        """Nothing to do."""


@contextmanager
def tended(environment: Mapping[str, str]) -> Iterator[Nursery | NoNursery]:
    """A nursery while a build runs.

    Parameters
    ----------
    environment : mapping of str to str
        Of the build's jobs.
    """
    if not available():
        yield NoNursery()
        return
    with scratch.folder() as folder, socket.socket(socket.AF_UNIX) as listener:
        address = str(folder / "nursery")
        listener.bind(address)
        listener.listen(128)
        nursery = Nursery(listener, address, environment)
        try:
            yield nursery
        finally:
            nursery.close()
