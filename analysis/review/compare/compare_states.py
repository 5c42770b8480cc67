"""The command that compares two states of the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from analysis import paths
from analysis.errors import InputError
from analysis.review.compare import freshness, git, states
from analysis.review.compare.diff import Changes, compare
from analysis.review.compare.recompute import recompute_state


def changes(
    base: str | None = None,
    head: str | None = None,
    *,
    recompute: bool = False,
    root: Path | None = None,
    say: Callable[[str], object] = lambda line: None,
) -> Changes:
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
    say : callable, optional
        Takes a line on what is being done, where that takes long.

    Raises
    ------
    InputError
        No repository, an unknown revision, no snapshots, unreadable ones, or such as were made from other sources.
    """
    root = root or paths.ROOT
    git.require_repository(root)
    commits = [git.resolve(root, base or git.default_base(root)), git.resolve(root, head) if head else None]
    found = [states.at_commit(root, commit) if commit else states.working_tree(root) for commit in commits]
    if recompute:
        return compare(*(recompute_state(root, state, commit, say) for state, commit in zip(found, commits, strict=True)))
    earlier, later = (freshness.check(root, state, commit) for state, commit in zip(found, commits, strict=True))
    if later:
        raise InputError(later)
    changed = compare(*found)
    if earlier and not changed:
        raise InputError(earlier)
    changed.remarks.extend(f"snapshots of the earlier state are stale ({fault})" for fault in earlier)
    changed.remarks.extend(freshness.UNKNOWN.format(name=state.name) for state in found if not freshness.read_recorded(state))
    return changed
