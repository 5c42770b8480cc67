"""Whether the snapshots of a state are those of its sources: what they say they were made from, held against the files."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path

from analysis.book.results import made_from, page_text
from analysis.errors import Fault, InputError
from analysis.review.compare import git
from analysis.review.compare.states import RESULTS, State

UNKNOWN = "{name} does not say what its snapshots were made from, so whether they are up to date is not known"


def check(root: Path, state: State, commit: str | None) -> list[Fault]:
    """Faults of snapshots that were made from something else than the state's sources.

    Parameters
    ----------
    root : Path
        Repository.
    state : State
    commit : str or None
        Hash; None for the files as they stand.
    """
    if not read_recorded(state):
        return []
    if commit is None:
        return _faults(root, state)
    with tempfile.TemporaryDirectory(prefix="state-") as folder:
        git.export(root, commit, Path(folder))
        return _faults(Path(folder), state)


def read_recorded(state: State) -> dict[str, dict[str, str]]:
    """What snapshots say that they were made from, by the path of the text that says it."""
    found = {
        path: made_from.read_digests(text)
        for path, text in sorted(state.files.items())
        if path.startswith(f"{RESULTS}/") and path.endswith(".txt")
    }
    return {path: digests for path, digests in found.items() if digests is not None}


def _faults(folder: Path, state: State) -> list[Fault]:
    altered: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, before in read_recorded(state).items():
        kinds = [kind for kind, digest in _now(folder, path).items() if before.get(kind) != digest]
        for kind in kinds:
            altered[_command(path), kind].append(path)
    return [
        Fault(
            f"{places[0]} ({state.name})",
            "made from",
            f"the {kind} of this state; {command} writes it anew",
            f"another {kind}" + (f", as in {len(places) - 1} more snapshots" if len(places) > 1 else ""),
        )
        for (command, kind), places in altered.items()
    ]


def _now(folder: Path, path: str) -> dict[str, str]:
    """Digests of what a snapshot would be made from; none of a page that is there no longer, or cannot be read."""
    parts = path.removeprefix(f"{RESULTS}/").removesuffix(".txt").split("/")
    try:
        return made_from.of_page("/".join(parts[1:]), folder) if parts[0] == page_text.PAGES else made_from.of_study(parts[0], folder)
    except (InputError, OSError):
        return {}


def _command(path: str) -> str:
    parts = path.removeprefix(f"{RESULTS}/").split("/")
    return "`make book`" if parts[0] == page_text.PAGES else f"`python -m analysis snapshots {parts[0]}`"
