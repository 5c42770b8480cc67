"""Execution of one notebook source with checked parameters, and its errors."""

from __future__ import annotations

import shlex
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError

from analysis import paths
from analysis.errors import Fault, InputError, suggestion
from analysis.publishing import kernel, notebooks, parameters, provenance, tidying


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
        super().__init__(
            f"{notebook} failed in {where}:\n{shown}\n{error}\nTo execute it again:\n    {command}"
        )


def rerun_command(source: Path, values: Mapping[str, Any]) -> str:
    """Command that executes a notebook with these parameters, apart from the book."""
    given = [f"-p {shlex.quote(f'{name}={provenance.spelled(value)}')}"
             for name, value in values.items()]
    command = [".venv/bin/python -m analysis run", shlex.quote(paths.shown(source)), *given]
    return " ".join([*command, "-o out"])


def execute(source: Path, values: Mapping[str, Any] | None = None) -> nbformat.NotebookNode:
    """Executed notebook of a source, with its provenance in ``metadata.provenance``.

    Parameters
    ----------
    source : Path
        MyST Markdown notebook.
    values : mapping, optional
        Parameters that differ from the notebook's own, typed or spelled as on a
        command line.

    Raises
    ------
    InputError
        Before a kernel starts: unreadable notebook, other kernel, bad parameter.
    NotebookFailed
        If a cell raises or the kernel dies.
    """
    kernel.require_kernel()
    notebook = notebooks.read(source)
    shown = paths.shown(source)
    defaults = notebooks.declared_values(notebook, shown)
    given = parameters.check(values or {})
    faults = [
        Fault(shown, f"parameter {name}", "one of " + (", ".join(defaults) or "none"),
              f"{name!r}, which this notebook does not take{suggestion(name, defaults)}")
        for name in given if name not in defaults
    ]
    if faults:
        raise InputError(faults)
    # ipc socket names may hold about 100 characters, so not under a long TMPDIR
    with tempfile.TemporaryDirectory(prefix="k", dir=_short_folder()) as folder:
        scratch = Path(folder)
        reads = scratch / "reads"
        reads.touch()
        notebook = _run(notebook, source, given, scratch, reads)
        files = sorted(set(reads.read_text(encoding="utf-8").split("\n")) - {""})
    cohort = given.get("cohort")
    private = {cohort: paths.shown(cohort)} if cohort and Path(cohort).is_absolute() else {}
    tidying.tidy(notebook, private)
    command = rerun_command(source, {name: private.get(v, v) for name, v in given.items()})
    record = provenance.record(source, defaults | given, files, command)
    notebook.metadata["provenance"] = record
    return notebook


def _short_folder() -> str | None:
    return "/tmp" if Path("/tmp").is_dir() else None


def _run(notebook, source: Path, given: dict, scratch: Path, reads: Path):
    """Run all cells in a fresh kernel; the errors become ours."""
    command = rerun_command(source, given)
    shown = paths.shown(source)
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
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
                progress_bar=False,
                kernel_manager_class=kernel.manager_class(scratch, reads),
                record_timing=False,
            )
    except PapermillExecutionError as error:
        where = _place(error.source, code_cells, source)
        message = f"{error.ename}: {error.evalue}"
        raise NotebookFailed(shown, where, error.source, message, command) from None
    except (DeadKernelError, RuntimeError, TimeoutError) as error:
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
