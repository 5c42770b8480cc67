"""The book's HTML: source tree put together, built aside, checked, then swapped in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import nbformat
import yaml

from analysis import paths
from analysis.book import built_book, outputs, provenance
from analysis.book.dependencies import graph
from analysis.book.editions import toc
from analysis.book.html import backlinks, embedded_files, html_check, lazy_tables, post_processing, provenance_panel
from analysis.book.processes import shutdown, temporary_folders
from analysis.book.sources import links, taken_notebook
from analysis.book.sphinx import incremental, sphinx_run


class BookFailed(Exception):
    """Sphinx reported warnings or errors, or the HTML did not pass its check."""


def build() -> Path:
    """Make the HTML of the book from its prose and executed notebooks.

    The last good book stays in place until the new one is complete and checked.

    Returns
    -------
    Path
        ``index.html``.

    Raises
    ------
    BookFailed
        If Sphinx warns, or :func:`analysis.book.html.html_check.check` finds a fault.
    """
    _rescue_last_book()
    place = built_book.current().folder
    place.mkdir(parents=True, exist_ok=True)
    with temporary_folders.folder(place) as folder:
        source = folder / "source"
        assemble(source)
        kept = incremental.html(source, graph.makers(), lambda tree, place: sphinx_html(tree, place, strict=True))
        made = Path(shutil.copytree(kept, folder / "html", ignore=sphinx_run.NOTES))
        names = [page.name for page in toc.pages()]
        write_entry(made, names[0])
        backlinks.link(made, names)
        lazy_tables.write(made, incremental.remember_text)
        _offer_notebooks(made)
        faults = html_check.check(made, names, incremental.remember_text)
        if faults:
            raise BookFailed("the HTML has faults:\n" + "\n".join(map(str, faults)))
        _swap(made)
    return outputs.html_folder() / "index.html"


def assemble(folder: Path) -> None:
    """Copy settings, prose, assets and executed notebooks into one Sphinx source tree.

    Only pages of ``_toc.yml`` are copied, so nothing else can be published.
    """
    folder.mkdir(parents=True)
    if edition := toc.current_edition():
        from analysis.book.html import edition_tree  # loads what reads studies

        edition_tree.lay_out(edition, folder)
        return
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(paths.ROOT / name, folder / name)
    for name in ("book", "data"):
        _copy_assets(paths.ROOT / name, folder / name)
    if (paths.BOOK / "_static").is_dir():
        # jupyter-book takes style sheets from the top of the tree alone
        shutil.copytree(paths.BOOK / "_static", folder / "_static", dirs_exist_ok=True)
    embedded_files.add_fonts(folder)
    pages = [page for page in toc.pages() if page.executed]
    executed = {page.name for page in pages}
    commits = dict(zip((page.name for page in pages), graph.commits_of(pages), strict=True))
    for page in toc.pages():
        target = folder / page.source.relative_to(paths.ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        if page.executed:
            notebook = nbformat.read(outputs.executed_file(page), as_version=4)
            for cell in notebook.cells:
                if cell.cell_type == "markdown":
                    cell["source"] = links.to_executed(cell.source, page.name, executed)
            notebook = provenance_panel.with_panel(embedded_files.to_files(notebook, page.name, folder), commits[page.name])
            nbformat.write(notebook, target.with_suffix(".ipynb"))
        else:
            text = page.source.read_text(encoding="utf-8")
            target.write_text(links.to_executed(text, page.name, executed), encoding="utf-8")


def sphinx_html(source: Path, output: Path, strict: bool, apart: bool = True) -> Path:
    """Run jupyter-book on a source tree.

    Parameters
    ----------
    source : Path
        Folder with ``_config.yml`` and ``_toc.yml``.
    output : Path
        Folder to build in.
    strict : bool
        Whether a warning is an error; every one is reported before the build stops.
    apart : bool
        Whether it runs in a process of its own; in this one it says on the terminal what it has to say.

    Returns
    -------
    Path
        Folder with the HTML.

    Raises
    ------
    BookFailed
    """
    if not apart:
        if sphinx_run.build(source, output, strict, jobs=1):
            raise BookFailed("jupyter-book did not finish")
        post_processing.repair(sphinx_run.html_below(output))
        return sphinx_run.html_below(output)
    command = [sys.executable, "-m", sphinx_run.__name__, str(source), str(output), *(["--strict"] if strict else [])]
    environment = os.environ | {
        "PYTHONPATH": str(paths.ROOT),
        "PYTHONNOUSERSITE": "1",
        "NO_COLOR": "1",
    }
    said = output / "said.txt"
    with said.open("w", encoding="utf-8") as log:
        status = shutdown.run(command, env=environment, cwd=output, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    made = sphinx_run.html_below(output)
    if status or not made.is_dir():
        raise BookFailed("jupyter-book did not finish:\n" + _report(said.read_text(encoding="utf-8"), source))
    post_processing.repair(made)
    return made


def _report(text: str, source: Path) -> str:
    """What jupyter-book said, without colours, banners and the place it was built in."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text).replace(str(source) + os.sep, "")
    banner = (
        "Running Jupyter-Book",
        "Source Folder",
        "Config Path",
        "Output Path",
        "=====",
        "Building your book",
        "There was an error in building",
    )
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(banner)]
    return "\n".join(lines)


def _offer_notebooks(folder: Path) -> None:
    """Put clean notebooks in place of the executed ones that the download button of a page leads to."""
    repository = yaml.safe_load((paths.ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"].get("repository", "")
    for page in toc.pages():
        file = folder / "_sources" / f"{page.name}.ipynb"
        if page.executed and file.is_file():
            made_from = f"{repository} {provenance.digest(page.source)}"
            text = incremental.remember_text(f"{page.name}.ipynb", made_from, partial(taken_notebook.text, page.source, repository))
            file.write_text(text, encoding="utf-8")


def write_entry(folder: Path, landing: str) -> None:
    """Make ``index.html`` lead to the landing page, unless that is its name."""
    index = folder / "index.html"
    if landing != "index":
        index.write_text(
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<title>Book</title>\n<meta http-equiv="refresh" content="0; url={landing}.html">\n'
            f'</head>\n<body>\n<p><a href="{landing}.html">To the book</a></p>\n</body>\n</html>\n',
            encoding="utf-8",
        )


def _copy_assets(source: Path, target: Path) -> None:
    """Copy a folder without pages: pictures, style sheets, tables that prose links to."""
    for path in source.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(source).parts)
        if path.is_file() and not hidden and path.suffix not in (".md", ".ipynb", ".rst"):
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)


def _previous() -> Path:
    return built_book.current().folder / "html.previous"


def _swap(made: Path) -> None:
    """Put a finished book in place of the last one."""
    shutil.rmtree(_previous(), ignore_errors=True)
    if outputs.html_folder().exists():
        outputs.html_folder().rename(_previous())
    made.rename(outputs.html_folder())
    shutil.rmtree(_previous(), ignore_errors=True)


def _rescue_last_book() -> None:
    """Put the last book back if a build was killed between the two renames of a swap."""
    if _previous().is_dir() and not outputs.html_folder().exists():
        _previous().rename(outputs.html_folder())
