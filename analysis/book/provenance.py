"""Where a page comes from: digests, versions, commit."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import subprocess
import tomllib
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from analysis import paths
from analysis.book import redaction

LOCK = "requirements.txt"

REFUSAL = "dubious ownership|unsafe repository"
"""What git says of a repository that belongs to another user, and that it therefore does not read; a pattern."""


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def versions() -> dict[str, str]:
    """Installed versions of the packages that the project declares, sorted by name."""
    with (paths.ROOT / "pyproject.toml").open("rb") as file:
        declared = tomllib.load(file)["project"]["dependencies"]
    names = sorted(re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0] for text in declared)
    return {name: _version(name) for name in names}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def record(
    source: Path, values: Mapping[str, Any], files: Iterable[str], command: str, own: Path | None = None, protected: bool = False
) -> dict:
    """What is known when a notebook has just been executed.

    Parameters
    ----------
    source : Path
        The notebook's source.
    values : mapping
        All parameters that it ran with.
    files : iterable of str
        Repository files that it read, relative.
    command : str
        Command that executes it again.
    own : Path, optional
        A reader's own cohort file, of which the digest alone is told.
    protected : bool
        Whether its patients need protection: then not even that, as whoever knows all rows but one could
        find the last by trying values until the digest agrees.

    Returns
    -------
    dict
        Plain values, the same for the same inputs on the same machine.
    """
    hidden = redaction.companions(own) if own else set()
    digests = {name: digest(paths.ROOT / name) for name in files if name not in hidden}
    if own:
        digests[redaction.CALLED] = "" if protected else digest(own)
    return {
        "source": paths.shown(source),
        "source_digest": digest(source),
        "parameters": dict(values),
        "files": digests,
        "lock": digest(paths.ROOT / LOCK) if (paths.ROOT / LOCK).is_file() else "",
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": versions(),
        "command": command,
    }


class Commit(NamedTuple):
    """State of version control for the files that a page is made from.

    Attributes
    ----------
    name : str
        Last commit that changed one of the files; empty if there is none.
    changed : bool
        Whether a file differs from that commit.
    refused : bool
        Whether git does not read the repository, as it belongs to another user.
    """

    name: str
    changed: bool
    refused: bool = False

    def __str__(self) -> str:
        if self.refused:
            return "not read: git refuses a folder that belongs to another user (safe.directory)"
        if not self.name:
            return "not under version control"
        return self.name + (", and changes not yet committed" if self.changed else "")


def last_commit(files: Iterable[str], root: Path | None = None) -> Commit:
    """Last commit of the files a page is made from, not of the whole repository.

    A commit elsewhere leaves the page as it is, so it must not change the page.

    Parameters
    ----------
    files : iterable of str
        Paths relative to ``root``.
    root : Path, optional
        Repository; the project's own by default.
    """
    root = root or paths.ROOT
    names = sorted(files)
    if not (root / ".git").exists():
        return Commit("", False)  # an unpacked archive, perhaps inside somebody else's repository
    try:
        name = _git(root, "log", "-1", "--format=%H", "--", *names)
        changed = bool(_git(root, "status", "--porcelain", "--", *names)) if name else False
    except subprocess.CalledProcessError as error:
        return Commit("", False, refused=bool(re.search(REFUSAL, error.stderr)))
    except OSError:
        return Commit("", False)
    return Commit(name, changed)


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "--no-optional-locks", *arguments]
    done = subprocess.run(
        command,
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"LC_ALL": "C"},
    )
    return done.stdout.strip()


def spell_value(value: Any) -> str:
    """Parameter value as it is written on a command line."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ",".join(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
