"""One notebook executed with somebody's own values, apart from the published book."""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import nbformat
import yaml

from analysis import atomic_files, paths
from analysis.book import provenance, redaction
from analysis.book.commands import differences, single_page
from analysis.book.dependencies import graph
from analysis.book.execution import execute
from analysis.book.execution.execute import NotebookFailed
from analysis.book.html import build_html, embedded_files, provenance_panel, standalone_config
from analysis.book.processes import temporary_folders
from analysis.book.sources import links
from analysis.book.sources.book_page import Page
from analysis.errors import Fault, InputError
from analysis.pages import session
from analysis.parameters import checks

__all__ = ["NotebookFailed", "Result", "run"]

OWN_FOLDERS = ("_build", "analysis", "book", "data", "notebooks", "tests")
"""Folders of the repository that a person's results must not be mixed into."""


class Result(NamedTuple):
    """What a run wrote: the executed notebook, its page, and the folders of figures and tables that were asked for."""

    notebook: Path
    page: Path
    folders: tuple[Path, ...] = ()


def run(
    notebook: str | Path,
    values: Mapping[str, Any],
    output: str | Path,
    say: Callable[[str], object] | None = None,
    *,
    figures: str | Path | None = None,
    tables: str | Path | None = None,
) -> Result:
    """Execute one notebook with other parameters and write it with its HTML.

    Parameters
    ----------
    notebook : path
        MyST source, from where the caller stands or from the repository.
    values : mapping
        Parameters that differ from the notebook's own, typed or spelled.
    output : path
        Folder; made if need be.
    say : callable, optional
        Takes a line on what is being done; without it nothing is said, and no progress shown.
    figures, tables : path, optional
        Folders for each figure and each table as files of other programs.

    Returns
    -------
    Result
        ``<output>/<name>.ipynb`` and ``<output>/<name>.html``, the name with a number where it stands there already.

    Raises
    ------
    InputError
        Before anything is written: bad notebook, parameter or folder, or a parameter on which nothing that is shown depends.
    NotebookFailed
        If a cell raises; nothing is written then.
    analysis.book.html.build_html.BookFailed
        If the page cannot be made.
    """
    source = Path(notebook)
    source = (source if source.exists() else paths.ROOT / source).resolve()
    if not source.is_relative_to(paths.ROOT):
        raise InputError(Fault("command line", "notebook", "one of this repository", str(notebook)))
    folder = _check_folder(Path(output))
    if say:
        say(f"executing {paths.shorten_path(source)}")
    wanted = {
        session.FIGURES: figures and _check_folder(Path(figures), "figures"),
        session.TABLES: tables and _check_folder(Path(tables), "tables"),
    }
    asked = {name: place for name, place in wanted.items() if place}
    executed = execute_page(source, values, say is not None, environment={name: str(place) for name, place in asked.items()})
    checked = checks.check(values)
    file = redaction.place(checked)
    if say and file and redaction.protected(checked):
        digest = provenance.digest(file)
        say(
            f"read {redaction.CALLED}, SHA-256 {digest[: provenance_panel.SHOWN_DIGITS]}: note it if you need it, as the page does not show it"
        )
    if say:
        say("making its page")
    with temporary_folders.folder() as place:
        made = make_html(executed, source.stem, place)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            name = single_page.free_name(folder, source.stem)
            page = single_page.publish(made, source.stem, folder, name, PurePosixPath(source.relative_to(paths.ROOT)))
            target = folder / f"{name}.ipynb"
            atomic_files.write(target, nbformat.writes(executed) + "\n")
        except (OSError, shutil.Error) as error:
            raise _unwritable(output, getattr(error, "strerror", None) or "not everything could be written") from None
    return Result(target, page, tuple(place for place in asked.values() if place.is_dir()))


def execute_page(
    source: Path,
    values: Mapping[str, Any],
    progress: bool | Callable[[int, int], object] = False,
    one_of_many: bool = False,
    environment: Mapping[str, str] | None = None,
) -> nbformat.NotebookNode:
    """Executed notebook that says what differs from the published page and how it was made.

    Parameters
    ----------
    source, values, progress, environment
        As of `execute.execute`.
    one_of_many : bool
        Whether others are executed with it, so that a parameter may be without effect here; the page then says so.

    Raises
    ------
    InputError
        Also where nothing that is shown depends on a parameter, which is known once all is executed.
    NotebookFailed
    """
    executed = execute.execute(source, values, progress, environment)
    if not one_of_many:
        _refuse_unused(executed.metadata["provenance"])
    executed = differences.with_differences(executed, source, checks.check(values))
    return provenance_panel.with_panel(executed, *graph.commits_of([Page(source.stem, source, True)]))


def _refuse_unused(recorded: Mapping[str, Any]) -> None:
    """Refuse parameters that no result asked for: the sections that depend on them do not apply to these patients."""
    expected = "one on which something that the page shows depends; without it the page is the same"
    faults = [
        Fault(
            "command line",
            f"parameter {name}",
            expected,
            f"{provenance.spell_value(recorded['parameters'][name])!r}, while every section that depends on it does not apply here",
        )
        for name in recorded["unused"]
    ]
    if faults:
        raise InputError(faults)


def _check_folder(output: Path, option: str = "output") -> Path:
    folder = paths.parse_path(output, option).resolve()
    inside = any(folder.is_relative_to(paths.ROOT / name) for name in OWN_FOLDERS)
    if inside or folder == paths.ROOT or folder.is_file():
        expected = "a folder outside the book and its sources"
        raise InputError(Fault("command line", option, expected, repr(str(output))))
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise _unwritable(output, "a place where nothing can be written")
    return folder


def _unwritable(output: str | Path, found: str) -> InputError:
    return InputError(
        Fault(
            "command line",
            "output",
            "a folder that can be written to; -o names another",
            f"{str(output)!r}: {found[:1].lower()}{found[1:]}",
        )
    )


def make_html(notebook: nbformat.NotebookNode, name: str, place: Path, apart: bool = True) -> Path:
    """HTML of a single notebook, in the book's own dress.

    Parameters
    ----------
    notebook : NotebookNode
    name : str
        Of the page.
    place : Path
        Empty folder to work in.
    apart : bool
        Whether Sphinx runs in a process of its own, as it must where anything else goes on in this one.

    Returns
    -------
    Path
        Folder with the HTML.
    """
    source = place / "source"
    source.mkdir()
    settings = standalone_config.settings()
    settings["sphinx"]["config"]["html_sidebars"] = {"**": []}  # a single page has nothing to choose from
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell["source"] = links.without_glossary(cell.source)
    (source / "_config.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (source / "_toc.yml").write_text(f"format: jb-book\nroot: {name}\n", encoding="utf-8")
    nbformat.write(notebook, source / f"{name}.ipynb")
    if (paths.BOOK / "_static").is_dir():
        shutil.copytree(paths.BOOK / "_static", source / "_static")
    embedded_files.add_fonts(source)
    # other pages are not here to be linked to, so a warning is no error
    return build_html.sphinx_html(source, place, strict=False, apart=apart)
