"""Kernels that were forked before their notebook needs them, in place of started anew.

A build forks two processes for a notebook: the job, and one that waits to be told to be its kernel.
Forking a kernel from the job would copy the job's sockets and threads.
"""

from __future__ import annotations

import os
import select
import signal
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from jupyter_client.provisioning import LocalProvisioner

NAME = "forked"
"""Of the provisioner, in the kernel's specification, and of the processes that wait."""


class Waiting(NamedTuple):
    """A process that waits to become a kernel, and the connection by which it is told."""

    pid: int
    connection: Connection


_WAITING: list[Waiting] = []
"""The process that waits to be this process's kernel, if there is one."""


def keep(waiting: Waiting | None) -> None:
    """Keep a process for this process's kernel; it ends with this process."""
    _WAITING[:] = [waiting] if waiting else []


def waits() -> bool:
    """Whether a process waits to be this process's kernel."""
    return bool(_WAITING)


class ForkedKernel:
    """A process that is not this one's child, with as much of `subprocess.Popen` as a provisioner asks for."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid
        try:
            self._watched: int | None = os.pidfd_open(pid)  # the number could come to be another process's
        except ProcessLookupError:
            self._watched = None

    def poll(self) -> int | None:
        """None while it runs, then 1: its exit status is told to the fork server alone."""
        return None if self._watched is not None and not select.select([self._watched], [], [], 0)[0] else 1

    def wait(self, timeout: float | None = None) -> int:
        """1, once it has ended.

        Raises
        ------
        TimeoutError
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"process {self.pid} is still running")
            time.sleep(0.01)
        return 1

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None and self._watched is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._watched, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class ForkedProvisioner(LocalProvisioner):
    """Takes the process that waits as kernel; started anew where there is none."""

    async def launch_kernel(self, cmd: list[str], **options: Any):
        """As the stock provisioner does, with the process that waits."""
        if not _WAITING:
            return await super().launch_kernel(cmd, **options)
        waiting, folder = _WAITING.pop(), str(options.get("cwd") or Path.cwd())
        self.connection = waiting.connection  # open as long as this process needs its kernel
        # jupyter_client declares these as None, whatever it assigns later
        self.process = ForkedKernel(waiting.pid)  # type: ignore[assignment]
        self.pid = self.pgid = waiting.pid  # type: ignore[assignment]
        self.cwd = folder  # type: ignore[assignment]
        with suppress(OSError):  # one that has ended meanwhile is found dead
            # the arguments of ``python -m module``; the kernel ends with this connection, not with its parent
            waiting.connection.send((cmd[3:], options["env"] | {"JPY_PARENT_PID": "0"}, folder))
        return self.connection_info
