"""Snapshots computed anew from a state's own code and data, apart from the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import yaml

from analysis.book.processes import temporary_folders
from analysis.book.results import page_text
from analysis.book.results.study_snapshots import AUDIT
from analysis.errors import Fault, InputError
from analysis.review.compare import git
from analysis.review.compare.states import RESULTS, State

WRITERS = {
    "analysis/publishing/review/__main__.py": ("-m", "analysis.publishing.review", "snapshots"),
    "analysis/book/results/study_snapshots.py": ("-m", "analysis", "snapshots", "-o"),
}
"""By a file that tells a state of that form, the command with which its own code writes its snapshots; earlier forms first."""

EXECUTERS = {
    "analysis/publishing/__main__.py": ("-m", "analysis.publishing", "notebook"),
    "analysis/publishing/one_job.py": ("-m", "analysis.publishing.one_job", "notebook"),
    "analysis/book/jobs/one_job.py": ("-m", "analysis.book.jobs.one_job", "notebook"),
}
"""The same of the command that executes a page."""

EXECUTED = "_build/executed"
"""Where a build keeps the executed notebook of each page."""

_CELL = re.compile(r"^```\{code-cell\}", re.MULTILINE)


def recompute_state(root: Path, state: State, commit: str | None, say: Callable[[str], object] = lambda line: None) -> State:
    """A state with its snapshots replaced by what its code computes now: audits, tables, curves and all pages.

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
    say : callable, optional
        Takes a line on what is being done.

    Returns
    -------
    State
        Without pages where the state's own build cannot execute them by themselves.

    Raises
    ------
    InputError
        If the state's own code refuses its data or fails.
    """
    with temporary_folders.folder() as folder:
        place = folder / "tree"
        place.mkdir()
        if commit is None:
            git.export_working_tree(root, place)
        else:
            git.export(root, commit, place)
        shutil.rmtree(place / RESULTS, ignore_errors=True)
        say(f"auditing {state.name}")
        _audit(place, state.name)
        written = {
            path.relative_to(place).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted((place / RESULTS).rglob("*"))
            if path.is_file()
        }
        written = {name: text for name, text in written.items() if not name.startswith(f"{RESULTS}/{page_text.PAGES}/")}
        pages = _find_executed_pages(place)
        if pages:
            say(f"executing the pages of {state.name}")
            _execute(place, state.name, pages)
            written |= dict(_pages(place))
    kept = {path: text for path, text in state.files.items() if not path.startswith(f"{RESULTS}/")}
    return State(f"{state.name}, re-executed", kept | written)


def _audit(place: Path, name: str) -> None:
    """Write a state's snapshots of studies; of one from before there were any but the audit, that."""
    command = _command(place, WRITERS)
    if command is not None:
        _python(place, name, "an audit that its own code can compute", *command, str(place / RESULTS))
        return
    for declared in sorted(place.glob("data/*/study.yml")):
        if (declared.parent / "printed.csv").is_file():
            study = declared.parent.name
            text = _python(place, name, "an audit that its own code can compute", "-m", "analysis", "audit", study, "--csv")
            (place / RESULTS / study).mkdir(parents=True)
            (place / RESULTS / study / AUDIT).write_text(text, encoding="utf-8", newline="")


def _command(place: Path, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """Command of a state of its form; None where its code has none."""
    return next((command for file, command in known.items() if (place / file).is_file()), None)


def _find_executed_pages(place: Path) -> list[str]:
    """Pages of a state's book that hold code; none where its code has no job that executes one."""
    if _command(place, EXECUTERS) is None or not (place / "_toc.yml").is_file():
        return []
    named = _find_named(yaml.safe_load((place / "_toc.yml").read_text(encoding="utf-8")))
    return [name for name in named if (place / f"{name}.md").is_file() and _CELL.search((place / f"{name}.md").read_text(encoding="utf-8"))]


def _find_named(contents: Any) -> Iterator[str]:
    """Files that a table of contents names."""
    found = contents.items() if isinstance(contents, dict) else [("", one) for one in contents] if isinstance(contents, list) else []
    for key, value in found:
        if key in ("root", "file"):
            yield str(value)
        elif isinstance(value, (dict, list)):
            yield from _find_named(value)


def _execute(place: Path, name: str, pages: list[str]) -> None:
    """Execute pages of a state by its own code, on all cores."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        running = [
            pool.submit(_python, place, name, "pages that its own code can execute", *(_command(place, EXECUTERS) or ()), page)
            for page in pages
        ]
        try:
            for one in running:
                one.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _pages(place: Path) -> Iterator[tuple[str, str]]:
    """Texts of what executed pages show, by their path among the snapshots."""
    for file in sorted((place / EXECUTED).rglob("*.ipynb")):
        page = file.relative_to(place / EXECUTED).with_suffix(".txt").as_posix()
        yield f"{RESULTS}/{page_text.PAGES}/{page}", page_text.text(nbformat.read(file, as_version=4))


def _python(place: Path, name: str, expected: str, *arguments: str) -> str:
    """Output of a state's own module, which finds no other's."""
    leaking = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "ANALYSIS_EDITION", "ANALYSIS_MAKE")
    environment = {key: value for key, value in os.environ.items() if key not in leaking} | {
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=place,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise _failure(place, name, expected, done.stderr.strip() or done.stdout)
    return done.stdout


def _failure(place: Path, name: str, expected: str, said: str) -> InputError:
    lines = (said.strip() or "nothing said").replace(f"{place}{os.sep}", "").splitlines()
    return InputError(Fault(name, "re-execution", expected, "; ".join(line.strip() for line in lines[-3:])))
