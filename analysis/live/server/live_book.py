"""What a live book consists of: the built pages, the sessions of its readers, the queue of their runs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from analysis.live.runs.fair_queue import FairQueue
from analysis.live.runs.session import Session
from analysis.live.server.guard import BookPolicy


class LiveBook(NamedTuple):
    """A book that is served.

    Attributes
    ----------
    html : Path
        Folder of the built book.
    sessions : dict of str to Session
        By token.
    queue : FairQueue
    port : int
    policy : BookPolicy
    removed : int
        Folders that an earlier start had left behind and this one removed.
    in_memory : bool
        Whether what is private lies in memory, not on a disk.
    age : list of str
        That the book is older than its sources, in a sentence, once it is known; empty if it is not.
    """

    html: Path
    sessions: dict[str, Session]
    queue: FairQueue
    port: int
    policy: BookPolicy
    removed: int
    in_memory: bool
    age: list[str]
