"""What version control says of the files that pages are made from."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from analysis import paths

REFUSAL = "dubious ownership|unsafe repository"
"""What git says of a repository that belongs to another user, and that it therefore does not read; a pattern."""


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


def last_commits(pages: Iterable[Iterable[str]], root: Path | None = None) -> list[Commit]:
    """Last commit of the files each page is made from, not of the whole repository.

    A commit elsewhere leaves the page as it is, so it must not change the page.

    Parameters
    ----------
    pages : iterable of iterable of str
        Paths of each page's files, relative to ``root``.
    root : Path, optional
        Repository; the project's own by default.
    """
    root, files = root or paths.ROOT, [sorted(names) for names in pages]
    if not (root / ".git").exists():
        return [Commit("", False)] * len(files)  # an unpacked archive, perhaps inside somebody else's repository
    try:
        # what has changed is asked once: git looks at the whole work tree each time
        changed = set(_list_changed(root))
        found = [_git(root, "log", "-1", "--format=%H", "--", *names) for names in files]
    except subprocess.CalledProcessError as error:
        return [Commit("", False, refused=bool(re.search(REFUSAL, error.stderr)))] * len(files)
    except OSError:
        return [Commit("", False)] * len(files)
    return [Commit(name, bool(name) and not changed.isdisjoint(names)) for name, names in zip(found, files, strict=True)]


def state(apart: Path) -> list[str]:
    """The last commit and the files that differ from it, those below a folder left out; nothing where git tells nothing."""
    try:
        known = (paths.ROOT / ".git").exists()
        found = [_git(paths.ROOT, "rev-parse", "HEAD"), *_list_changed(paths.ROOT)] if known else []
    except (OSError, subprocess.CalledProcessError):
        return []
    return [line for line in found if not (paths.ROOT / line).is_relative_to(apart)]


def _list_changed(root: Path) -> list[str]:
    """Files that differ from the last commit, those that no commit has among them."""
    told = _git(root, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames")
    return [entry[3:] for entry in told.split("\0") if entry]


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
    return done.stdout.rstrip()
