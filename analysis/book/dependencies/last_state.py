"""Whether all stands as the last build left it: then no page has to be asked what it is made from.

What has to be made anew follows from the imports of all pages, their commits and their receipts, which takes seconds to find out.
Contents alone count, as in fingerprints: a fresh checkout or ``touch`` changes nothing.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from analysis import atomic_files, paths
from analysis.book import built_book, commits
from analysis.book.dependencies import build_records

_TOOLS = frozenset((".git", ".venv", "__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".snakemake"))
"""Folders that no page is made from."""


class State(NamedTuple):
    """Digests of all that a book can be made from, and of what has been made."""

    sources: str
    made: str


def now() -> State:
    """State of the published book."""
    made = [paths.RESULTS, built_book.current().folder / "html", *(built_book.current().folder / name for name in build_records.FOLDERS)]
    apart = {str(paths.BUILD), str(paths.RESULTS)}
    return State(_digest([paths.ROOT], apart, platform.python_version(), *commits.state(paths.RESULTS)), _digest(made, set()))


def is_kept(state: State) -> bool:
    """Whether the last build left this state; never of another book than the published one, which others' files can belong to."""
    return not built_book.current().file and _file().is_file() and _file().read_text(encoding="utf-8") == " ".join(state)


def keep(before: State) -> None:
    """Keep the state that a build leaves, unless a source has changed since it began."""
    after = now()
    if not built_book.current().file and after.sources == before.sources:
        atomic_files.write(_file(), " ".join(after))


def _file() -> Path:
    return built_book.current().folder / "last_state.txt"


def _digest(folders: list[Path], apart: set[str], *more: str) -> str:
    total = hashlib.sha256("\0".join(more).encode())
    for file in sorted(file for folder in folders if folder.is_dir() for file in _below(str(folder), apart)):
        with open(file, "rb") as stream:
            content = stream.read()
        total.update(f"\n{file} {len(content)}\n".encode() + content)
    return total.hexdigest()


def _below(folder: str, apart: set[str]) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _TOOLS and entry.path not in apart:
                    yield from _below(entry.path, apart)
            elif entry.is_file():
                yield entry.path
