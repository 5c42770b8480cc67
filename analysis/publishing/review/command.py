"""The command that compares two states of the project."""

from __future__ import annotations

from pathlib import Path

from analysis import paths
from analysis.publishing.review import git, states
from analysis.publishing.review.diff import Changes, compare
from analysis.publishing.review.recompute import recomputed


def changes(base: str | None = None, head: str | None = None, *, recompute: bool = False, root: Path | None = None) -> Changes:
    """Compare two states of a repository.

    Parameters
    ----------
    base : str, optional
        Revision; by default where this branch left the main branch, on the main branch
        the last commit (the one before, if nothing differs from it).
    head : str, optional
        Revision; by default the files as they stand.
    recompute : bool
        Whether both are re-executed, not read from their committed snapshots.
    root : Path, optional
        Repository; the project's own by default.

    Raises
    ------
    InputError
        No repository, an unknown revision, no snapshots or unreadable ones.
    """
    root = root or paths.ROOT
    git.require_repository(root)
    commits = [git.resolve(root, base or git.default_base(root)), git.resolve(root, head) if head else None]
    found = [states.at_commit(root, commit) if commit else states.working_tree(root) for commit in commits]
    if recompute:
        found = [recomputed(root, state, commit) for state, commit in zip(found, commits, strict=True)]
    return compare(*found)
