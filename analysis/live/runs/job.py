"""One page made on request, in a process of its own: executed as a build executes it, and its HTML.

What is asked for stands in the run's folder, where the process writes how far it is and what came of it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from markdown_it import MarkdownIt

from analysis import paths
from analysis.book.commands import run_notebook, single_page
from analysis.book.execution.execute import NotebookFailed
from analysis.book.html.build_html import BookFailed
from analysis.errors import InputError

ASKED, PROGRESS, OUTCOME, STATISTICS = "asked.json", "progress", "outcome.json", "statistics.json"
"""Files of a run's folder."""

COMPARE, COMPARISON = "compare", "comparison.html"
"""The job that compares the scenarios of a sweep, and what it makes."""

_RAW = re.compile(r"^```\{raw\} html\n(.*?)\n```$", re.MULTILINE | re.DOTALL)

DONE, REFUSED, FAILED = "done", "refused", "failed"
CELLS, PAGE = "cells", "page"
"""Steps of a run: its cells, then its HTML."""


def ask(folder: Path, source: Path, values: Mapping[str, Any], book: str, statistics: tuple[str, ...] = ()) -> None:
    """Write down what a run is asked for.

    Parameters
    ----------
    folder : Path
        Of the run, empty.
    source : Path
        Of the notebook.
    values : mapping
        Typed parameters that differ from the notebook's own.
    book : str
        Address of the book as seen from the page.
    statistics : tuple of str
        What a sweep compares its scenarios by.
    """
    asked = {
        "source": source.relative_to(paths.ROOT).as_posix(),
        "values": {name: str(value) if isinstance(value, Path) else value for name, value in values.items()},
        "book": book,
        "statistics": list(statistics),
    }
    (folder / ASKED).write_text(json.dumps(asked), encoding="utf-8")


def carry_out(folder: Path) -> dict[str, Any]:
    """Make the page that is asked for in a folder; what came of it, as it stands in `OUTCOME`."""
    asked = json.loads((folder / ASKED).read_text(encoding="utf-8"))
    source = paths.ROOT / asked["source"]

    def tell(step: str, done: int, of: int) -> None:
        with (folder / PROGRESS).open("a", encoding="utf-8") as file:
            file.write(json.dumps([step, done, of]) + "\n")

    try:
        executed = run_notebook.execute_page(source, asked["values"], lambda done, of: tell(CELLS, done, of), bool(asked["statistics"]))
        if asked["statistics"]:
            _evaluate(folder, source, asked["values"], tuple(asked["statistics"]))
        tell(PAGE, 0, 1)
        work = folder / "work"
        work.mkdir()
        made = run_notebook.make_html(executed, source.stem, work, apart=False)
        single_page.publish(made, source.stem, folder, source.stem, PurePosixPath(asked["source"]), asked["book"])
        (folder / f"{source.stem}.ipynb").write_text(nbformat.writes(executed) + "\n", encoding="utf-8")
    except InputError as error:
        return {"state": REFUSED, "faults": [list(fault) for fault in error.faults]}
    except (NotebookFailed, BookFailed) as error:
        return {"state": FAILED, "message": str(error)}
    return {"state": DONE}


def _evaluate(folder: Path, source: Path, values: Mapping[str, Any], names: tuple[str, ...]) -> None:
    from analysis.book.editions import scenario_statistics
    from analysis.book.sources import notebooks
    from analysis.parameters import checks

    defaults = notebooks.declared_values(notebooks.read(source), paths.shorten_path(source))
    found = scenario_statistics.evaluate(defaults | checks.check(values), names)
    (folder / STATISTICS).write_text(json.dumps(found), encoding="utf-8")


def compare(folder: Path) -> dict[str, Any]:
    """Make the comparing page of a sweep of what is there so far; as of `carry_out`."""
    from analysis.book.editions import sweeps
    from analysis.book.html import sweep_page

    asked = json.loads((folder / ASKED).read_text(encoding="utf-8"))
    text = sweep_page.first_page(sweeps.read(Path(asked["sweep"])), sweep_page.Filling(**asked["filling"]))
    unfinished = folder / f".{COMPARISON}"
    unfinished.write_text(as_html(text), encoding="utf-8")
    unfinished.rename(folder / COMPARISON)
    return {"state": DONE}


def as_html(text: str) -> str:
    """HTML of Markdown in which blocks of HTML are fenced as ``{raw} html``."""
    plain = MarkdownIt("commonmark")
    parts = _RAW.split(text)
    return "\n".join(part if number % 2 else plain.render(part) for number, part in enumerate(parts))


def main() -> int:
    """Carry out the run whose folder is the last argument, and write what came of it."""
    folder = Path(sys.argv[-1])
    outcome = (compare if sys.argv[1] == COMPARE else carry_out)(folder)
    unfinished = folder / f".{OUTCOME}"
    unfinished.write_text(json.dumps(outcome), encoding="utf-8")
    unfinished.rename(folder / OUTCOME)
    return 0 if outcome["state"] == DONE else 1
