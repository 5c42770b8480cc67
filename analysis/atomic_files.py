"""Writing a file in one step: readers see the old one or the new one, never a half."""

from __future__ import annotations

import os
from pathlib import Path


def write(path: Path, content: str | bytes) -> None:
    """Replace a file, and make its folder if there is none; a failure or an interruption leaves the old file.

    Parameters
    ----------
    path : Path
    content : str or bytes
        Text is written as UTF-8, with line ends as they are.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
