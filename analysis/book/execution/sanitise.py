"""What an executed notebook must not carry: times, random names and places on a machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from analysis import paths


def tidy(notebook: NotebookNode, private: Mapping[str, str] | None = None) -> None:
    """Make an executed notebook depend on its inputs alone, in place.

    Run times, random cell names and machine paths are removed, so that executing
    twice gives the same file and a page tells nobody where it was made.

    Parameters
    ----------
    notebook : NotebookNode
    private : mapping, optional
        Further texts to replace, e.g. the place of a person's own cohort by its name.
    """
    private = private or {}
    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell["source"] = without_machine_paths(cell.source, private)
            cell["outputs"] = [_tidy(output, private) for output in cell.outputs]


def drop_errors(notebook: NotebookNode) -> None:
    """Remove what was written to standard error, in place: a warning may quote a value."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell["outputs"] = [output for output in cell.outputs if output.get("name") != "stderr"]


def _tidy(value: Any, private: Mapping[str, str]) -> Any:
    """Output without machine paths; containers are followed, encoded pictures left alone."""
    if isinstance(value, str):
        return without_machine_paths(value, private)
    if isinstance(value, list):
        return [_tidy(item, private) for item in value]
    if isinstance(value, dict):
        encoded = {key for key in value if key.startswith("image/") and "svg" not in key}
        return NotebookNode({key: value[key] if key in encoded else _tidy(value[key], private) for key in value})
    return value


def without_machine_paths(text: str, private: Mapping[str, str] | None = None) -> str:
    """Text in which files of the repository stand relative and no home folder is named."""
    for place, name in (private or {}).items():
        text = text.replace(place, name)
    for place in (str(paths.ROOT), str(Path(sys.prefix))):
        text = text.replace(place + os.sep, "").replace(place, ".")
    home = str(Path.home())
    return text.replace(home + os.sep, "~/") if len(home) > 1 else text


def warnings_written(notebook: NotebookNode) -> list[tuple[int, str]]:
    """Number of each code cell that wrote to standard error, and its first line."""
    found = []
    for number, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), 1):
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr" and output.text.strip():
                found.append((number, output.text.strip().splitlines()[0]))
    return found
