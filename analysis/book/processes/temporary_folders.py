"""Temporary folders that the next start removes if the process that made them was killed.

Who has such a folder holds a lock in it, which the system drops with the process: a folder whose
lock nobody holds was left behind.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "reexecuted-"
"""How the names of all such folders begin, so that no other is ever touched."""

YOUNG = 60.0
"""Seconds that the making of a folder may take."""

_LOCK = ".held"


def short_folder() -> Path:
    """Where to make folders for sockets: their names may hold about 100 characters, so not under a long TMPDIR."""
    return Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())


@contextmanager
def folder(place: Path | None = None) -> Iterator[Path]:
    """An empty folder for as long as it is needed; those that killed processes left beside it are removed first.

    Parameters
    ----------
    place : Path, optional
        Existing folder to make it in; by default that for temporary files.
    """
    place = place or short_folder()
    sweep(place)
    made = Path(tempfile.mkdtemp(prefix=f".{PREFIX}", dir=place))
    try:
        with (made / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # only now under a name that others look at: a lock that is not held yet would pass for one that is dropped
            made = made.rename(place / made.name.removeprefix("."))
            inside = made / "a"
            inside.mkdir()
            yield inside
    finally:
        shutil.rmtree(made, ignore_errors=True)


def sweep(place: Path | None = None) -> list[Path]:
    """Remove what killed processes left in a folder; of other people's, and of those at work, nothing.

    Returns
    -------
    list of Path
        What was removed.
    """
    place = place or short_folder()
    unfinished = [left for left in place.glob(f".{PREFIX}*") if _is_old(left)]
    abandoned = [left for left in place.glob(f"{PREFIX}*") if _is_abandoned(left)]
    found = sorted([*unfinished, *abandoned])
    for left in found:
        shutil.rmtree(left, ignore_errors=True)
    return found


def _is_abandoned(left: Path) -> bool:
    """Whether nobody holds a folder any more; one that cannot be looked into counts as held.

    A folder has this name only once its lock is held: one without a lock is what an interrupted removal left.
    """
    try:
        with (left / _LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return left.is_dir()
    except OSError:
        return False
    return True


def _is_old(left: Path) -> bool:
    """Whether a folder has been in the making for too long."""
    with suppress(OSError):
        return time.time() - left.stat().st_mtime > YOUNG
    return False
