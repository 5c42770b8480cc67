"""Kernels forked from a process that has imported what notebooks need, in place of started anew.

A runner that was itself forked (see :mod:`analysis.publishing.nursery`) forks once more before it
does anything: the second process waits, as untouched as the first was, until the runner's notebook
needs a kernel.  Forking later would copy the runner's sockets and threads.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

NAME = "forked"
"""Of the provisioner, in the kernel's specification."""

_WAITING: list[Seed] = []
"""The process that waits to be this process's kernel, if there is one."""


class Seed:
    """A process that waits to become a kernel; it ends with the process that made it.

    Parameters
    ----------
    apart : iterable of socket
        Connections of this process that the other one is to have no part in.
    """

    def __init__(self, apart: Iterable[socket.socket] = ()):
        self._ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            for connection in (self._ours, *apart):
                connection.close()
            _become(theirs)
        theirs.close()

    def grow(self, arguments: list[str], environment: dict[str, str], folder: str) -> Child:
        """Make it a kernel, with this process's output: arguments of its program, environment, working folder."""
        asked = {"arguments": arguments, "environment": environment, "folder": folder}
        socket.send_fds(self._ours, [b"\n"], [1, 2])
        self._ours.sendall(json.dumps(asked).encode())
        self.discard()
        return Child(self.pid)

    def discard(self) -> None:
        """Say no more to it; one that was never asked for anything ends."""
        self._ours.close()


def sow(apart: Iterable[socket.socket] = ()) -> Seed:
    """Keep a process for this process's kernel; to be called before this process starts anything else."""
    _WAITING.append(Seed(apart))
    return _WAITING[-1]


def waits() -> bool:
    """Whether a process waits to be this process's kernel."""
    return bool(_WAITING)


def _become(connection: socket.socket) -> None:
    """Wait to be asked, then be a kernel as ``python -m`` would start it; never returns."""
    status = 1
    try:
        _, outputs, _, _ = socket.recv_fds(connection, 1, 2)
        for number, descriptor in enumerate(outputs, 1):
            os.dup2(descriptor, number)
            os.close(descriptor)
        text = b""
        while part := connection.recv(65536):
            text += part
        if not text:  # the notebook needs no kernel, or its runner is gone
            os._exit(0)
        asked = json.loads(text)
        os.setsid()  # a group of its own: who ends the kernel ends what it started
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["folder"])
        from analysis.publishing import recording_kernel

        sys.argv = [recording_kernel.__file__, *asked["arguments"]]
        recording_kernel.main()
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)  # what the parent registered for its own end is not the child's


class Child:
    """A forked process, with as much of `subprocess.Popen` as a kernel's provisioner asks for."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Exit status, or None while it runs."""
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Exit status, once it has ended.

        Raises
        ------
        TimeoutError
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"process {self.pid} is still running")
            time.sleep(0.01)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

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
        folder = str(options.get("cwd") or Path.cwd())
        # the arguments of ``python -m module``; the parent's number lets the kernel end with it
        environment = options["env"] | {"JPY_PARENT_PID": str(os.getpid())}
        self.process = _WAITING.pop().grow(cmd[3:], environment, folder)
        self.pid = self.pgid = self.process.pid
        self.cwd = folder
        return self.connection_info
