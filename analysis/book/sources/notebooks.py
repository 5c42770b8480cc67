"""Notebook sources: which pages are notebooks, how they are read, what their parameters cell says."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import yaml

from analysis import paths
from analysis.errors import Fault, InputError
from analysis.parameters import checks, declarations

KERNEL = "python3"
"""The only kernel that the project starts: the interpreter that the set-up installed."""

PARAMETERS_TAG = "parameters"

CODE = ("hide-input", "remove-input")
"""What the header's ``code`` may say of the code of all cells: folded, which is the default, or left out."""

SHOWN = "show-input"
"""Tag of a cell whose code a page shows as it is."""


def front_matter(source: Path) -> dict[str, Any]:
    """YAML header of a Markdown page, empty if it has none.

    Raises
    ------
    InputError
        If the header is not YAML, or says something twice.
    """
    lines = source.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0].strip() != "---":
        return {}
    end = next((k for k, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0)
    try:
        header = yaml.load("\n".join(lines[1:end]), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        found = " ".join(str(error).split())
        raise InputError(Fault(paths.shorten_path(source), "header", "YAML", found)) from None
    names = [line.partition(":")[0] for line in lines[1:end] if line[:1].isalpha()]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:  # YAML keeps the last one silently
        raise InputError(Fault(paths.shorten_path(source), f"header, {twice}", "one value", "two"))
    return header if isinstance(header, dict) else {}


def is_notebook(source: Path) -> bool:
    """Whether a page is executed: its header names a kernel."""
    return source.suffix == ".md" and "kernelspec" in front_matter(source)


def takes_long(source: Path) -> bool:
    """Whether the header says ``long: true``: a build starts such a page before others, so that none runs alone at the end.

    Raises
    ------
    InputError
        If it says anything else than true or false.
    """
    said = front_matter(source).get("long", False)
    if not isinstance(said, bool):
        raise InputError(Fault(paths.shorten_path(source), "header, long", "true or false", repr(said)))
    return said


def read(source: Path) -> nbformat.NotebookNode:
    """Notebook of a MyST Markdown source.

    Raises
    ------
    InputError
        If the file does not exist, is not a MyST notebook, or asks for a kernel
        other than the project's.
    """
    shown = paths.shorten_path(source)
    if not source.is_file():
        found = "no such file"
        raise InputError(Fault(shown, "file", "a notebook source (MyST Markdown)", found))
    kernel = front_matter(source).get("kernelspec")
    if not isinstance(kernel, dict) or "name" not in kernel:
        expected = f"a kernelspec named {KERNEL}"
        raise InputError(Fault(shown, "header", expected, "no kernelspec"))
    if kernel["name"] != KERNEL:
        expected = f"kernel {KERNEL}, the only one that the set-up installs"
        raise InputError(Fault(shown, "header, kernelspec", expected, repr(kernel["name"])))
    try:
        notebook = jupytext.read(source, fmt="md:myst")
    except Exception as error:
        found = " ".join(str(error).split())
        raise InputError(Fault(shown, "file", "MyST Markdown", found)) from None
    # versions of the converter would make each contributor's executed copy differ
    notebook.metadata.pop("jupytext", None)
    _tag_code(notebook, _code(source))
    return notebook


def _code(source: Path) -> str:
    """What becomes of the code of cells that say nothing of it.

    Raises
    ------
    InputError
        If the header says something else than `CODE`.
    """
    said = front_matter(source).get("code", CODE[0])
    if said not in CODE:
        raise InputError(Fault(paths.shorten_path(source), "header, code", " or ".join(CODE), repr(said)))
    return said


def _tag_code(notebook: nbformat.NotebookNode, usual: str) -> None:
    """Give each code cell the tag that Jupyter Book folds or leaves out its code by, where it has none of its own."""
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "code" and not {SHOWN, *CODE} & set(tags):
            cell.metadata["tags"] = [*tags, usual]


def declared_values(notebook: nbformat.NotebookNode, source: str) -> dict[str, Any]:
    """Checked values of the cell tagged ``parameters``; empty without such a cell.

    Raises
    ------
    InputError
        If there are two such cells, or the cell does not agree with the declarations.
    """
    cells = [cell for cell in notebook.cells if PARAMETERS_TAG in cell.metadata.get("tags", [])]
    if len(cells) > 1:
        raise InputError(Fault(source, "cells tagged parameters", "at most one", str(len(cells))))
    return cell_values(cells[0].source, source) if cells else {}


def cell_values(code: str, source: str) -> dict[str, Any]:
    """Values that a ``parameters`` cell assigns, checked against the declarations.

    The cell holds plain assignments of literals and nothing else, so that it can
    be read without running it.  A parameter that does not vary from notebook to
    notebook must have its declared default.

    Raises
    ------
    InputError
        One fault for each statement or value that does not agree, and for each name assigned twice.
    """
    place = "cell tagged parameters"
    values: dict[str, Any] = {}
    faults = []
    try:
        statements = ast.parse(code).body
    except SyntaxError as error:
        found = f"{error.msg}, line {error.lineno}"
        raise InputError(Fault(source, place, "Python assignments", found)) from None
    for statement in statements:
        try:
            (target,) = statement.targets  # type: ignore[attr-defined]
            if target.id in values:
                faults.append(Fault(source, place, f"one assignment of {target.id}", "two"))
            values[target.id] = ast.literal_eval(statement.value)  # type: ignore[attr-defined]
        except (AttributeError, ValueError):
            found = ast.unparse(statement)
            faults.append(Fault(source, place, "name = literal value", found))
    if faults:
        raise InputError(faults)
    checked = checks.check(values, source)
    known = declarations.list_parameters()
    for name, value in checked.items():
        parameter = known[name]
        if not parameter.varies and value != parameter.default:
            expected = f"the declared default {parameter.default!r}"
            faults.append(Fault(source, f"parameter {name}", expected, repr(value)))
    if faults:
        raise InputError(faults)
    return checked
