"""Where a page comes from: digests and versions."""

from __future__ import annotations

import hashlib
import platform
import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book import redaction

LOCK = "requirements.txt"


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
        "source": paths.shorten_path(source),
        "source_digest": digest(source),
        "parameters": dict(values),
        "files": digests,
        "lock": digest(paths.ROOT / LOCK) if (paths.ROOT / LOCK).is_file() else "",
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": versions(),
        "command": command,
    }


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
