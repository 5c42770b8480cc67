"""Version control, only ever read: revisions, the files of a commit, which files are tracked."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

from analysis.book.commits import REFUSAL
from analysis.errors import Fault, InputError, suggestion

#: Branches that a change is compared with, the shared one first.
TRUNKS = ("origin/main", "main", "origin/master", "master")


class GitFailed(Exception):
    """Git ended with an error; the message is what it said."""


class NotTrusted(InputError):
    """Git does not read the repository, as it belongs to another user."""


def run(root: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """Output of a git command in a repository.

    Raises
    ------
    GitFailed
        If the command fails.
    InputError
        If git is not installed.
    NotTrusted
        If the repository belongs to another user.
    """
    # variables of a surrounding git process (a hook) would lead to its repository; its words are looked at, so in English
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name == "GIT_CEILING_DIRECTORIES"
    } | {"LC_ALL": "C"}
    command = ["git", "--no-optional-locks", *arguments]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, input=given or b"", env=environment, check=False)
    except FileNotFoundError:
        raise InputError(Fault("version control", "git", "the program git, to read two states; install it", "none")) from None
    said = done.stderr.decode(errors="replace").strip()
    if done.returncode and re.search(REFUSAL, said):
        expected = f"a clone of your own; if you trust this one, `git config --global --add safe.directory {root}`"
        raise NotTrusted(Fault("version control", "repository", expected, "one that belongs to another user, which git does not read"))
    if done.returncode:
        raise GitFailed(said)
    return done.stdout


def require_repository(root: Path) -> None:
    """Make sure that a folder is the top of a git repository.

    Raises
    ------
    InputError
        If it is not, or git refuses to read it.
    """
    expected = "a git clone of the project (an unpacked archive has no earlier states to compare with)"
    # an archive unpacked inside somebody else's repository must not read that one
    if not (root / ".git").exists():
        raise InputError(Fault("version control", "repository", expected, "no .git here"))
    try:
        run(root, "rev-parse", "--git-dir")
    except GitFailed as error:
        raise InputError(Fault("version control", "repository", expected, " ".join(str(error).split()))) from None


def resolve(root: Path, revision: str) -> str:
    """Commit that a revision names, as a full hash.

    Raises
    ------
    InputError
        If the repository does not know the revision.
    """
    try:
        return run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
    except GitFailed:
        known = run(root, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes").decode().split()
        found = f"{revision!r}, which this clone does not know{suggestion(revision, known)}"
        advice = "; run `git fetch --unshallow` first, as this clone is shallow" if is_shallow(root) else ""
        raise InputError(Fault("command line", "revision", f"a commit, branch or tag{advice}", found)) from None


def is_shallow(root: Path) -> bool:
    """Whether the clone lacks its earlier commits."""
    return run(root, "rev-parse", "--is-shallow-repository").decode().strip() == "true"


def default_base(root: Path) -> str:
    """Revision to compare the working tree with, where nobody names one.

    On a branch, where it left the main branch.  On the main branch itself the last
    commit if files differ from it, else the commit before.

    Raises
    ------
    InputError
        If there is no commit yet.
    """
    head = resolve(root, "HEAD")
    trunk = next((name for name in TRUNKS if _exists(root, name)), None)
    if trunk is not None:
        try:
            base = run(root, "merge-base", "HEAD", trunk).decode().strip()
        except GitFailed:  # no common ancestor, or it lies beyond a shallow clone
            base = head
        if base != head:
            return base
    changed = bool(run(root, "status", "--porcelain", "--untracked-files=no"))
    return head if changed or not _exists(root, "HEAD~1") else resolve(root, "HEAD~1")


def _exists(root: Path, revision: str) -> bool:
    try:
        run(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    except GitFailed:
        return False
    return True


def describe_commit(root: Path, commit: str) -> str:
    """Abbreviated hash and first line of a commit, for people."""
    return run(root, "log", "-1", "--format=%h “%s”", commit).decode(errors="replace").strip()


def files(root: Path, commit: str, folders: Sequence[str]) -> dict[str, str]:
    """Texts of a commit's files below some folders (or of single files), by path.

    One archive of the commit is read in memory: as quick as one `git show`.
    """
    held = run(root, "ls-tree", "--name-only", "-z", commit, "--", *folders).decode().split("\0")
    present = [name for name in held if name]
    if not present:
        return {}
    with tarfile.open(fileobj=io.BytesIO(run(root, "archive", "--format=tar", commit, "--", *present))) as archive:
        opened = [(member.name, archive.extractfile(member)) for member in archive.getmembers() if member.isfile()]
        return {name: file.read().decode("utf-8", errors="replace") for name, file in opened if file}


def export(root: Path, commit: str, folder: Path) -> None:
    """Write a commit's files into a folder.

    Unlike `git worktree` this leaves no trace in the repository, even if it is killed.
    """
    with tarfile.open(fileobj=io.BytesIO(run(root, "archive", "--format=tar", commit))) as archive:
        # the documented way that also works before Python 3.11.4, which knows no filters
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)
        archive.extractall(folder)


def export_working_tree(root: Path, folder: Path) -> None:
    """Copy the files as they stand into a folder, those that git ignores left out."""
    names = run(root, "ls-files", "--cached", "--others", "--exclude-standard", "-z").decode().split("\0")
    for name in sorted({name for name in names if name and (root / name).is_file()}):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, folder / name)


def list_tracked(root: Path) -> list[str]:
    """Paths of all tracked files that exist, relative to the repository."""
    names = run(root, "ls-files", "-z").decode().split("\0")
    return sorted({name for name in names if name and (root / name).is_file()})
