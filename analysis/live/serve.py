"""The server started and ended: loopback alone, an address with a token for each reader, a private folder that ends with it."""

from __future__ import annotations

import asyncio
import os
import stat
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from analysis.book import outputs
from analysis.book.jobs import fork_server, run_jobs
from analysis.book.processes import shutdown, temporary_folders
from analysis.errors import Fault, InputError
from analysis.live.patients import own_file
from analysis.live.runs import job
from analysis.live.runs.fair_queue import FairQueue
from analysis.live.runs.session import Session
from analysis.live.server import application, book_age
from analysis.live.server.guard import BookPolicy
from analysis.live.server.live_book import LiveBook

LOOPBACK = "127.0.0.1"
LIMIT = 600.0
"""Seconds that a run may take."""


class Options(NamedTuple):
    """How a book is served.

    Attributes
    ----------
    port : int
        0 takes a free one.
    readers : int
        Sessions, each with an address of its own.
    limit : float
        Seconds that a run may take.
    opened : bool
        Whether a browser is opened with the first address.
    patience : float
        Seconds that a browser may take to send the head of a request, and its body.
    """

    port: int = 0
    readers: int = 1
    limit: float = LIMIT
    opened: bool = False
    patience: float = 60.0


def serve(options: Options, say: Callable[[str], object] = print, html: Path | None = None) -> int:
    """Serve the built book until asked to stop.

    Parameters
    ----------
    options : Options
    say : callable
        Takes a line for whoever started it.
    html : Path, optional
        Folder of the book; by default that which the build makes.

    Raises
    ------
    InputError
        If no book is built, or the port is taken.
    """
    own = html is None  # of another folder nobody knows what it was made from
    html = html or outputs.html_folder()
    if not (html / "index.html").is_file():
        raise InputError(Fault("command line", "book", "a built book: `make book` builds it", "none"))
    try:
        sockets = bind_sockets(options.port, LOOPBACK)
    except (OSError, OverflowError):
        raise InputError(Fault("command line", "--port", "one that is free", str(options.port))) from None
    return asyncio.run(_serve(html, sockets, options, say, own))


async def _serve(html: Path, sockets: list, options: Options, say: Callable[[str], object], own: bool) -> int:
    stop = asyncio.Event()
    for number in shutdown.SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with private_folder() as (folder, removed):
        processes = fork_server.Processes(run_jobs.environment(), folder / "log", job.main, ["analysis.live.preloaded"])
        processes.prepare()
        sessions = [Session(folder / f"reader-{number}") for number in range(1, options.readers + 1)]
        for session in sessions:
            session.folder.mkdir(mode=0o700)
        queue = FairQueue(processes, max(1, run_jobs.at_once() - 1), options.limit)
        port = sockets[0].getsockname()[1]
        book = LiveBook(
            html,
            {session.token: session for session in sessions},
            queue,
            port,
            BookPolicy(html),
            removed,
            folder.is_relative_to("/dev/shm"),
            [],
        )
        size = own_file.LARGEST + 1024
        server = HTTPServer(
            application.make(book),
            max_body_size=size,
            max_buffer_size=size,
            idle_connection_timeout=options.patience,
            body_timeout=options.patience,
        )
        server.add_sockets(sockets)
        addresses = [f"http://{LOOPBACK}:{port}/{session.token}/" for session in sessions]
        for address in addresses:
            say(address)
        say(
            "The address is the key: anyone who has it and uses this machine sees this session. Ctrl-C ends the server and deletes its files."
        )
        if options.opened:
            webbrowser.open(addresses[0])
        if own:
            _tell_age(book, say)
        await stop.wait()
        server.stop()
        processes.end()
        await server.close_all_connections()
    say("ended; what was kept is deleted")
    return 0


def _tell_age(book: LiveBook, say: Callable[[str], object]) -> None:
    """Say that the book is older than its sources, once that is known; nobody waits for it, and it keeps nobody from ending."""
    loop = asyncio.get_running_loop()

    def find() -> None:
        found = book_age.describe_stale()
        with suppress(RuntimeError):  # the server has ended meanwhile
            loop.call_soon_threadsafe(tell, found)

    def tell(found: str) -> None:
        if found:
            book.age.append(found)
            say(found)

    threading.Thread(target=find, daemon=True).start()


@contextmanager
def private_folder() -> Iterator[tuple[Path, int]]:
    """A folder that this account alone can read, in memory where the system offers that; what killed servers left is removed first.

    Yields
    ------
    folder : Path
    removed : int
        Number of folders that were removed.
    """
    home = _home()
    removed = len(temporary_folders.sweep(home))
    with temporary_folders.folder(home) as folder:
        yield folder.resolve(), removed


def _home() -> Path:
    """Where private folders of this account are made."""
    memory = Path("/dev/shm")
    for place in (memory, Path(tempfile.gettempdir())):
        home = place / f"live-book-{os.getuid()}"
        try:
            home.mkdir(mode=0o700, exist_ok=True)
            found = home.lstat()
        except OSError:
            continue
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077:
            return home
    return Path(tempfile.mkdtemp(prefix="live-book-"))
