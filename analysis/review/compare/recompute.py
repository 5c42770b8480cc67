"""Snapshots computed anew from a state's own code and data, apart from the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from analysis.book.processes import temporary_folders
from analysis.book.results.study_snapshots import AUDIT
from analysis.errors import Fault, InputError
from analysis.review.compare import git
from analysis.review.compare.states import RESULTS, State

WRITERS = {
    "analysis/publishing/review/__main__.py": ("-m", "analysis.publishing.review", "snapshots"),
    "analysis/book/results/study_snapshots.py": ("-m", "analysis", "snapshots", "-o"),
}
"""By a file that tells a state of that form, the command with which its own code writes its snapshots; earlier forms first."""


def recomputed(root: Path, state: State, commit: str | None) -> State:
    """A state with its snapshots replaced by what its code computes now.

    The code of that state runs, with the packages that are installed here: re-execute
    only what you would run.

    Parameters
    ----------
    root : Path
        Repository.
    state : State
        Its sources are kept.
    commit : str or None
        Hash; None for the files as they stand.

    Raises
    ------
    InputError
        If the state's own code refuses its data or fails.
    """
    with temporary_folders.folder() as folder:
        place = root
        if commit is not None:
            place = folder / "tree"
            place.mkdir()
            git.export(root, commit, place)
        written = folder / "results"
        _compute(place, written, state.name)
        texts = {
            f"{RESULTS}/{path.relative_to(written).as_posix()}": path.read_text(encoding="utf-8")
            for path in sorted(written.rglob("*")) if path.is_file()
        }
    # what pages show is not executed anew, so it is not compared
    kept = {path: text for path, text in state.files.items() if not path.startswith(f"{RESULTS}/")}
    return State(f"{state.name}, re-executed", kept | texts)


def _compute(place: Path, written: Path, name: str) -> None:
    """Write a state's snapshots; of one from before there were any but the audit, that."""
    command = next((command for file, command in WRITERS.items() if (place / file).is_file()), None)
    if command is not None:
        _python(place, name, *command, str(written))
        return
    for declared in sorted(place.glob("data/*/study.yml")):
        if (declared.parent / "printed.csv").is_file():
            study = declared.parent.name
            text = _python(place, name, "-m", "analysis", "audit", study, "--csv")
            (written / study).mkdir(parents=True)
            (written / study / AUDIT).write_text(text, encoding="utf-8", newline="")


def _python(place: Path, name: str, *arguments: str) -> str:
    """Output of a state's own module."""
    leaking = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP")
    environment = {key: value for key, value in os.environ.items() if key not in leaking} | {
        "PYTHONNOUSERSITE": "1", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run([sys.executable, *arguments], cwd=place, env=environment, capture_output=True, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "nothing said").replace(f"{place}{os.sep}", "").splitlines()
        raise InputError(Fault(name, "re-execution", "an audit that its own code can compute", "; ".join(line.strip() for line in said[-3:])))
    return done.stdout
