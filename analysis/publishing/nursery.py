"""A warm process for the length of a build: its jobs are done in processes forked from it.

Importing what executes a notebook, and what the notebook itself imports, takes longer than most
pages.  The nursery imports both once.  For each job that comes in through its socket it forks a
runner, which does what ``python -m analysis.publishing <job>`` does; the kernel of a notebook's runner
is forked as well (see :mod:`analysis.publishing.forked`).  One process a runner, one a kernel, none
used twice.  The nursery ends, and all that it forked, once its standard input is closed.

Started by :mod:`analysis.publishing.tending` as ``python -m analysis.publishing.nursery <number of the listening socket>``.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from analysis.errors import InputError
from analysis.publishing import errand, graph, stopping

WARM = ("analysis.publishing.__main__", "ipykernel.kernelapp", "ipykernel.ipkernel",
        "analysis.publishing.page", "analysis.publishing.evidence", "analysis.publishing.overview", "analysis.publishing.synthesis")
"""Modules that the nursery imports, with all that they import."""

COMPILED = "analysis.estimators.exact_ties"
"""Module with compiled code that pages need."""


def serve(listener: socket.socket, lifeline: int, idle: Callable[[], object] | None = None) -> None:
    """Fork a runner for each connection until the lifeline is closed; then end them.

    What `idle` does, it does once, as soon as nobody waits.
    """
    runners: set[int] = set()
    while True:
        ready, _, _ = select.select([listener, lifeline], [], [], 0 if idle else 0.5 if runners else None)
        if not ready and idle:
            idle()
            idle = None
        runners -= {pid for pid in runners if os.waitpid(pid, os.WNOHANG)[0]}
        if lifeline in ready and not os.read(lifeline, 1):
            break
        if listener in ready:
            connection, _ = listener.accept()
            pid = os.fork()
            if not pid:
                listener.close()
                _runner(connection)
            connection.close()
            runners.add(pid)
    _end(runners)


def _end(runners: set[int]) -> None:
    """Ask runners to stop, and end those that do not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in runners:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline = time.monotonic() + stopping.GRACE
        while runners and time.monotonic() < deadline:
            runners = {pid for pid in runners if not os.waitpid(pid, os.WNOHANG)[0]}
            time.sleep(0.05)


def _runner(connection: socket.socket) -> None:
    """Do the job that comes through a connection; never returns."""
    status = 1
    try:
        from analysis.publishing import forked

        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        seed = forked.sow([connection])  # before there are threads
        arguments = _asked(connection)
        connection.sendall(errand.BEGUN)
        threading.Thread(target=_stop_with, args=(connection,), daemon=True).start()
        status = _job(arguments)
        seed.discard()
        sys.stdout.flush()
        sys.stderr.flush()
        connection.sendall(f"{status}\n".encode())
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)  # nothing that the nursery holds is ours to put away


def _asked(connection: socket.socket) -> list[str]:
    """Arguments of a job; this process takes on the environment, the folder and the output of who asks."""
    head, outputs, _, _ = socket.recv_fds(connection, 1024, 2)
    while b"\n" not in head:
        head += connection.recv(1024) or _gone()
    length, _, text = head.partition(b"\n")
    while len(text) < int(length):
        text += connection.recv(65536) or _gone()
    for number, descriptor in enumerate(outputs, 1):
        os.dup2(descriptor, number)
        os.close(descriptor)
    asked = json.loads(text)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.environ.pop(errand.ADDRESS, None)
    os.chdir(asked["folder"])
    return asked["arguments"]


def _gone():
    os._exit(1)  # who asked has ended before it had asked


def _stop_with(connection: socket.socket) -> None:
    """Stop this process, as Ctrl-C would, once who asked for the job wants it stopped or is gone."""
    with suppress(OSError):
        while connection.recv(64):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(stopping.GRACE)
    os._exit(1)


def _job(arguments: list[str]) -> int:
    """Exit status of a job."""
    from analysis.publishing import __main__ as jobs

    sys.argv = [jobs.__file__, *arguments]
    try:
        return stopping.heeding(jobs.main, silent=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)


def main() -> int:
    """Import, then serve."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    for name in WARM:
        with suppress(ImportError):  # a notebook that needs it will say so
            import_module(name)
    with suppress(ImportError):
        import_module(COMPILED).prepare()  # once, where every process would do it
    threads = len(os.listdir("/proc/self/task") if Path("/proc/self/task").is_dir() else threading.enumerate())
    if threads > 1:  # a fork would lose them
        print(f"kernels are started anew, not forked: imports have started {threads - 1} thread(s)", file=sys.stderr, flush=True)
        return 1
    _share()
    serve(listener, sys.stdin.fileno(), _know_sources)
    return 0


def _know_sources() -> None:
    """Read the sources, so that what they import is known to whoever is forked from here on."""
    with suppress(InputError):  # whose job it is to say so, says so
        graph.check_sources()
    _share()


def _share() -> None:
    """Leave what stands now as it is, so that all who are forked share it."""
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    ended = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(ended)  # thousands of modules need no putting away
