"""Execution of one notebook source with checked parameters, and its errors."""

from __future__ import annotations

import logging
import shlex
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError

from analysis import paths
from analysis.book import provenance, redaction
from analysis.book.execution import cell_progress, kernel, sanitise
from analysis.book.processes import shutdown, temporary_folders
from analysis.book.sources import notebooks
from analysis.errors import Fault, InputError, suggestion
from analysis.parameters import checks, declarations, validation


class NotebookFailed(Exception):
    """A cell raised an error, or the kernel died.

    Attributes
    ----------
    notebook, where, code, error, command : str
        Notebook, place of the cell in its source, the cell's code, the error and
        the command that executes the notebook again.
    """

    def __init__(self, notebook: str, where: str, code: str, error: str, command: str):
        self.notebook, self.where, self.code = notebook, where, code
        self.error, self.command = error, command
        shown = "\n".join("    " + line for line in code.splitlines())
        super().__init__(f"{notebook} failed in {where}:\n{shown}\n{error}\nTo execute it again:\n    {command}")


def rerun_command(source: Path, values: Mapping[str, Any]) -> str:
    """Command that executes a notebook with these parameters, apart from the book."""
    given = [
        f"-p {shlex.quote(f'{name}={provenance.spell_value(value)}')}"
        for name, value in redaction.redact_parameters(values, validation.ASKED, redaction.ASKED_STUDY).items()
    ]
    command = [".venv/bin/python -m analysis run", shlex.quote(paths.shorten_path(source)), *given]
    return " ".join([*command, "-o out"])


class Asked(NamedTuple):
    """A notebook and the values that it is to be executed with.

    Attributes
    ----------
    notebook : NotebookNode
    defaults, given : dict
        Values of its own cell, and those that differ, typed.
    """

    notebook: nbformat.NotebookNode
    defaults: dict[str, Any]
    given: dict[str, Any]


def check(source: Path, values: Mapping[str, Any] | None = None) -> Asked:
    """What is to be executed, everything checked that can be before a kernel starts.

    Parameters
    ----------
    source, values
        As of `execute`.

    Raises
    ------
    InputError
        Unreadable notebook, other kernel, bad parameter.
    """
    notebook = notebooks.read(source)
    shown = paths.shorten_path(source)
    defaults = notebooks.declared_values(notebook, shown)
    given = checks.check(values or {})
    known = takes(notebook, defaults)
    faults = [
        Fault(
            shown,
            f"parameter {name}",
            "one of " + (", ".join(known) or "none"),
            f"{name!r}, which this notebook does not take{suggestion(name, known)}",
        )
        for name in given
        if name not in known
    ]
    if faults:
        raise InputError(faults)
    if opens_a_study(notebook, defaults):
        validation.check(defaults | given, shown if not values else "command line")
    return Asked(notebook, defaults, given)


def execute(
    source: Path,
    values: Mapping[str, Any] | None = None,
    progress: bool | Callable[[int, int], object] = False,
    environment: Mapping[str, str] | None = None,
) -> nbformat.NotebookNode:
    """Executed notebook of a source, with its provenance in ``metadata.provenance``.

    Parameters
    ----------
    source : Path
        MyST Markdown notebook.
    values : mapping, optional
        Parameters that differ from the notebook's own, typed or spelled as on a
        command line.
    progress : bool or callable
        Whether a bar of the cells is shown on the terminal; or what takes the number of code cells that are done, and of all.
    environment : mapping, optional
        Variables that its kernel finds besides, e.g. those of `analysis.pages.session`.

    Raises
    ------
    InputError
        Before a kernel starts: unreadable notebook, other kernel, bad parameter.
    NotebookFailed
        If a cell raises or the kernel dies.
    """
    kernel.require_kernel()
    notebook, defaults, given = check(source, values)
    own = redaction.place(given)
    with temporary_folders.folder() as place:
        reads = place / "reads"
        reads.touch()
        notebook = _run(notebook, source, given, place, reads, progress, environment or {})
        files = sorted(set(reads.read_text(encoding="utf-8").split("\n")) - {""})
        used = set((place / "used").read_text(encoding="utf-8").split()) if (place / "used").is_file() else set()
    fold_parameters(notebook)
    sanitise.tidy(notebook, redaction.names(given))
    if own:
        sanitise.drop_errors(notebook)
    record = provenance.record(
        source, redaction.redact_parameters(defaults | given), files, rerun_command(source, given), own, redaction.protected(given)
    )
    record["unused"] = sorted(name for name in given if name not in used and opens_a_study(notebook, defaults))
    notebook.metadata["provenance"] = record
    return notebook


@cache
def read_declared(source: Path) -> tuple[dict[str, Any], list[str], bool]:
    """Values of a notebook's parameters as they stand in it, the names of those that it takes, and whether it opens a study."""
    notebook = notebooks.read(source)
    defaults = notebooks.declared_values(notebook, paths.shorten_path(source))
    return defaults, takes(notebook, defaults), opens_a_study(notebook, defaults)


def takes(notebook: nbformat.NotebookNode, defaults: Mapping[str, Any]) -> list[str]:
    """Names of the parameters that a notebook can be given: its own, and those that every page honours."""
    common = declarations.everywhere() if opens_a_study(notebook, defaults) else ()
    return [*defaults, *(name for name in common if name not in defaults)]


def opens_a_study(notebook: nbformat.NotebookNode, defaults: Mapping[str, Any]) -> bool:
    """Whether a notebook opens a page of the study that it is given; one of several studies takes no such parameter."""
    return "study" in defaults and any(cell.cell_type == "code" and validation.PAGE in cell.source for cell in notebook.cells)


def fold_parameters(notebook: nbformat.NotebookNode) -> None:
    """Show the cell of given parameters as all code is shown: folded."""
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if "injected-parameters" in tags and "hide-input" not in tags:
            cell.metadata["tags"] = [*tags, "hide-input"]


def _run(
    notebook,
    source: Path,
    given: dict,
    place: Path,
    reads: Path,
    progress: bool | Callable[[int, int], object],
    environment: Mapping[str, str],
):
    """Run all cells in a fresh kernel; the errors become ours."""
    command = rerun_command(source, given)
    shown = paths.shorten_path(source)
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    logging.getLogger("papermill").setLevel(logging.ERROR)  # it warns of parameters that every page honours without naming them
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return papermill.execute_notebook(
                notebook,
                None,
                parameters=given,
                kernel_name=notebooks.KERNEL,
                language="python",
                cwd=paths.ROOT,
                progress_bar=progress is True,
                **(cell_progress.telling(progress) if callable(progress) else {}),
                kernel_manager_class=kernel.manager_class(place, reads, environment),
                record_timing=False,
                shutdown_kernel="immediate",  # all that it had to say has been said
            )
    except PapermillExecutionError as error:
        where = _place(error.source, code_cells, source)
        raise NotebookFailed(shown, where, error.source, redaction.describe_error(error.ename, error.evalue, given), command) from None
    except (DeadKernelError, RuntimeError, TimeoutError) as error:
        shutdown.raise_if_asked()
        message = f"the kernel stopped: {error}"
        raise NotebookFailed(shown, "a cell it did not name", "", message, command) from None


def _place(code: str, code_cells: list, source: Path) -> str:
    """Number of a code cell and the line of the source where it starts."""
    count = len(code_cells)
    number = next((k for k, cell in enumerate(code_cells, 1) if cell.source == code), 0)
    if not number:
        return "the cell of given parameters"
    before = source.read_text(encoding="utf-8").partition(code)[0]
    return f"code cell {number} of {count} (line {before.count(chr(10)) + 1})"
