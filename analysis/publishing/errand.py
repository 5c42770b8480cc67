"""A job of the graph, handed to the build's nursery; done here where there is none.

Called by Snakemake as ``python -m analysis.publishing.errand <job> <name>``.  It imports next to
nothing: what a notebook's execution needs stands ready in the nursery.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from contextlib import suppress

ADDRESS = "ANALYSIS_NURSERY"
"""Environment variable with the nursery's socket."""

BEGUN = b"begun\n"
"""First answer of the process that does the job; its exit status follows."""


def hand_over(arguments: list[str]) -> int | None:
    """Exit status of a job that the nursery did.

    Asked to stop, it asks the process that does the job to stop, and waits for it.

    Parameters
    ----------
    arguments : list of str
        Of ``python -m analysis.publishing``.

    Returns
    -------
    int or None
        None where there is no nursery, or it did not begin.
    """
    address = os.environ.get(ADDRESS)
    if not address:
        return None
    asked: list[int] = []
    with socket.socket(socket.AF_UNIX) as connection:

        def stop(number: int, _frame) -> None:
            asked.append(number)
            with suppress(OSError):  # not connected yet, or gone
                connection.shutdown(socket.SHUT_WR)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        answer = b""
        with suppress(OSError):
            connection.connect(address)
            text = json.dumps({"arguments": arguments, "environment": dict(os.environ), "folder": os.getcwd()}).encode()
            socket.send_fds(connection, [f"{len(text)}\n".encode()], [1, 2])
            connection.sendall(text)
            while part := connection.recv(64):
                answer += part
    if answer.startswith(BEGUN):
        status = answer.removeprefix(BEGUN)
        if status.strip():
            return int(status)
        print("the process that did this job is gone", file=sys.stderr, flush=True)
        return 1
    return 128 + asked[0] if asked else None


def knock() -> None:
    """Have the nursery get ready, where there is one: notebooks are about to be executed."""
    with socket.socket(socket.AF_UNIX) as connection, suppress(OSError):
        connection.connect(os.environ.get(ADDRESS, ""))


def main() -> int:
    """Run one job."""
    status = hand_over(sys.argv[1:])
    if status is not None:
        return status
    from analysis.publishing import __main__ as jobs
    from analysis.publishing import build, stopping

    return stopping.heeding(jobs.main, silent=build.INSIDE in os.environ)


if __name__ == "__main__":
    sys.exit(main())
