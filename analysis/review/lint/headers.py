"""Headers and cells of notebook sources: nothing in them that changes from one contributor to the next."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jupytext
from jupytext.config import load_jupytext_configuration_file

from analysis import paths
from analysis.book.sources import notebooks
from analysis.errors import Fault, InputError
from analysis.review.lint import parameter_uses

HEADER = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": notebooks.KERNEL},
}
"""The header of every notebook source, the least that jupytext and papermill need; `OPTIONAL` names may stand beside it."""

OPTIONAL = ("reads", "long", "code")
CELL_KEYS = ("tags", "mystnb", "name")
"""What may stand in a cell: what the project itself sets, not what an editor remembers."""

_PICTURE = re.compile(r"data:[a-z]+/[a-z0-9.+-]+;base64,")
_SETTINGS = "pyproject.toml"


def faults_of(source: Path) -> Iterator[Fault]:
    """Faults of one notebook source: header, cells, parameters, outputs, round trip.

    Parameters
    ----------
    source : Path
        MyST Markdown notebook.
    """
    shown = paths.shorten_path(source)
    try:
        header = notebooks.front_matter(source)
        yield from _header_faults(header, shown)
        notebook = notebooks.read(source)
        declared = notebooks.declared_values(notebook, shown)
    except InputError as error:
        yield from error.faults
        return
    text = source.read_bytes().decode("utf-8", errors="replace")
    yield from _cell_faults(text, header.get("code", notebooks.CODE[0]), shown)
    yield from _parameter_faults(notebook, declared, shown)
    again = rewrite(text)
    if again != text:
        line = next((n for n, (a, b) in enumerate(zip(text.split("\n"), again.split("\n")), 1) if a != b), text.count("\n") + 1)
        expected = f"what jupytext writes when it has read the source; `.venv/bin/jupytext --to md:myst {shown}` does that"
        yield Fault(shown, f"line {line}", expected, repr(_line(text, line)) + f", which becomes {_line(again, line)!r}")


def rewrite(text: str) -> str:
    """Source as jupytext writes it once read, under the project's own settings."""
    settings = load_jupytext_configuration_file(str(paths.ROOT / _SETTINGS))
    return jupytext.writes(jupytext.reads(text, fmt="md:myst"), fmt="md:myst", config=settings)


def _header_faults(header: dict[str, Any], shown: str) -> Iterator[Fault]:
    for name in header:
        if name not in HEADER and name not in OPTIONAL:
            yield Fault(shown, f"header, {name}", "only " + ", ".join([*HEADER, *OPTIONAL]), f"{name}, which an editor may have added")
    for name, expected in HEADER.items():
        found = header.get(name)
        if found != expected:
            yield Fault(shown, f"header, {name}", str(expected), str(found) if found is not None else "nothing")


def _cell_faults(text: str, usual: str, shown: str) -> Iterator[Fault]:
    for number, cell in enumerate(jupytext.reads(text, fmt="md:myst").cells, 1):
        for key in cell.metadata:
            if key not in CELL_KEYS:
                yield Fault(shown, f"cell {number}, option {key}", "only " + ", ".join(CELL_KEYS), f"{key}, which an editor may have added")
        if usual in cell.metadata.get("tags", []) and "remove-output" not in cell.metadata["tags"]:
            yield Fault(shown, f"cell {number}, tags", f"no {usual}, which all code of this page has", usual)
        for key in _find_repeated_keys(cell.source) if cell.cell_type == "code" else ():
            yield Fault(shown, f"cell {number}", f"{key!r} once in a dictionary, which keeps the last", "twice")
    picture = _PICTURE.search(text)
    if picture:
        yield Fault(shown, f"line {text.count(chr(10), 0, picture.start()) + 1}", "no output in a source", f"{picture.group()}…")


def _find_repeated_keys(code: str) -> Iterator[str]:
    """Texts that stand twice as keys of one dictionary."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return  # the build will say so, with the cell
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
            yield from sorted({str(key) for key in keys if keys.count(key) > 1})


def _parameter_faults(notebook: Any, declared: Mapping[str, Any], shown: str) -> Iterator[Fault]:
    """Parameters that the page reads and its cell does not name, so that nobody can give them; and those that nothing reads."""
    code = "\n".join(
        cell.source for cell in notebook.cells if cell.cell_type == "code" and notebooks.PARAMETERS_TAG not in cell.metadata.get("tags", [])
    )
    try:
        needed, read = parameter_uses.of_code(code), parameter_uses.names_read(code)
    except SyntaxError:
        return  # the build will say so, with the cell
    place = "cell tagged parameters"
    for name in sorted((needed or set()) - declared.keys()):
        yield Fault(shown, place, f"{name}, which a result of this page depends on", "no such line")
    for name in declared.keys() - (read if needed is None else needed):
        yield Fault(shown, place, "parameters that a result of this page depends on", f"{name}, on which nothing depends")


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number - 1] if number <= len(lines) else "the end of the file"
