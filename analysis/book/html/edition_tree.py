"""The source tree of an edition: its settings, its contents, its first page and its executed notebooks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from html import escape
from pathlib import Path

import nbformat
import yaml

from analysis import paths
from analysis.book import outputs, redaction
from analysis.book.dependencies import graph
from analysis.book.editions import sweeps
from analysis.book.editions import toc as contents
from analysis.book.editions.editions import Edition
from analysis.book.html import embedded_files, provenance_panel, standalone_config
from analysis.book.provenance import spell_value
from analysis.book.sources import links
from analysis.book.sources.book_page import Page
from analysis.book.sphinx.titles import as_markdown

_LABEL = re.compile(r"^\(([\w.-]+)\)=[ \t]*$", re.MULTILINE)
_MARKDOWN_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)<?([^)\s>#]+)(?:#[^)\s>]*)?>?\)")
_HTML_LINK = re.compile(r'(<a\b[^>]*?)\shref="([^"#:]+\.html)(#[^"]*)?"')


def lay_out(edition: Edition, folder: Path) -> None:
    """Write everything that jupyter-book reads for an edition into an empty folder."""
    settings = standalone_config.settings()
    settings["title"] = settings["sphinx"]["config"]["html_title"] = edition.title
    (folder / "_config.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    pages = [page for page in contents.pages() if page.executed]
    names = [page.name for page in pages]
    toc = {"format": "jb-book", "root": "index", "chapters": [{"file": name, "title": title} for name, title in titles(pages).items()]}
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    (folder / "index.md").write_text(_first_page(edition), encoding="utf-8")
    if (paths.BOOK / "_static").is_dir():
        shutil.copytree(paths.BOOK / "_static", folder / "_static", dirs_exist_ok=True)
    embedded_files.add_fonts(folder)
    for page, commit in zip(pages, graph.commits_of(pages), strict=True):
        notebook = nbformat.read(outputs.executed_file(page), as_version=4)
        if not _is_named_as_published(page):  # a notebook may stand in an edition more than once
            give_own_labels(notebook, page.name.replace("/", "-"))
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell["source"] = links.to_executed(
                    without_strangers(links.without_glossary(cell.source), page.name, names), page.name, set(names)
                )
            for output in cell.get("outputs", []):
                for kind, text in output.get("data", {}).items():
                    if kind.endswith("text/html"):  # also what prose takes from a cell
                        output["data"][kind] = without_dead_addresses(text, page.name, names)
        notebook = provenance_panel.with_panel(embedded_files.to_files(notebook, page.name, folder), commit)
        target = folder / f"{page.name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)


def _first_page(edition: Edition) -> str:
    if not isinstance(edition, sweeps.Sweep):
        return first_page(edition)
    from analysis.book.html import sweep_page  # loads the figures

    return sweep_page.first_page(edition)


def titles(pages: Iterable[Page]) -> dict[str, str]:
    """Titles in the list of contents by page; of pages of several studies that are titled alike, each names its folder's study."""
    found = {page.name: _title(page) for page in pages}
    folders = {page.name: page.source.parent.name for page in pages}
    twice = {title for title in found.values() if list(found.values()).count(title) > 1}
    return {name: f"{title}: {_label(folders[name])}" if title in twice else title for name, title in found.items()}


def _label(study: str) -> str:
    """What a study calls itself in a few words."""
    file = paths.study_folder(study) / "study.yml"
    return yaml.safe_load(file.read_text(encoding="utf-8")).get("label", study) if file.is_file() else study


def _title(page: Page) -> str:
    """Title of a page: with the page's own name where that is not the notebook's."""
    heading = next(
        (line[2:].strip() for line in page.source.read_text(encoding="utf-8").splitlines() if line.startswith("# ")), page.source.stem
    )
    own = Path(page.name).name if Path(page.name).name != page.source.stem else Path(page.name).parent.name
    return heading if _is_named_as_published(page) else f"{heading} ({own})"


def _is_named_as_published(page: Page) -> bool:
    return page.name == page.source.relative_to(paths.ROOT).with_suffix("").as_posix()


def first_page(edition: Edition) -> str:
    """Markdown of the edition's first page: what differs from the published book, page by page."""
    rows = []
    for page in edition.pages:
        given = (
            ", ".join(f"{name} = {spell_value(value) or 'everybody'}" for name, value in redaction.redact_parameters(page.values).items())
            or "as published"
        )
        rows.append(f'<tr><th scope="row"><a href="{escape(page.name)}.html">{escape(page.name)}</a></th><td>{escape(given)}</td></tr>')
    return (
        f"# {as_markdown(edition.title)}\n\n{as_markdown(edition.about)}\n\n"
        "This book is an edition: the notebooks of the published book, executed with the parameters below.\n"
        "Each page ends with the command that executes it again.\n\n"
        '<table><thead><tr><th scope="col">Page</th><th scope="col">Parameters that were given</th></tr></thead>\n<tbody>\n'
        + "\n".join(rows)
        + "\n</tbody></table>\n"
    )


def give_own_labels(notebook: nbformat.NotebookNode, name: str) -> None:
    """Add a name to the labels of a notebook's prose, ``(label)=``, and to what refers to them there: Sphinx knows each label once.

    Parameters
    ----------
    notebook : NotebookNode
        Is changed.
    name : str
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    labels = sorted({label for cell in cells for label in _LABEL.findall(cell.source)})
    if labels:
        known = "|".join(map(re.escape, labels))
        spoken = re.compile(rf"(^\((?:{known})|\]\(#(?:{known})|\{{(?:num)?ref\}}`(?:[^`]*<)?(?:{known}))(?=\)=|\)|>?`)", re.MULTILINE)
        for cell in cells:
            cell["source"] = spoken.sub(rf"\1-{name}", cell.source)


def without_strangers(text: str, page: str, names: list[str]) -> str:
    """Markdown in which a link to a page outside the edition is its words alone."""

    def kept(match: re.Match) -> str:
        target = Path(page).parent / match[2]
        normal = Path(*_normal(target.parts)).with_suffix("").as_posix() if target.parts else ""
        return match[0] if normal in names else match[1]

    return _MARKDOWN_LINK.sub(kept, text)


def without_dead_addresses(html: str, page: str, names: list[str]) -> str:
    """HTML in which a link to a page outside the edition leads nowhere, rather than astray."""

    def kept(match: re.Match) -> str:
        normal = Path(*_normal((Path(page).parent / match[2]).parts)).with_suffix("").as_posix()
        return match[0] if normal in names else match[1]

    return _HTML_LINK.sub(kept, "".join(html))


def _normal(parts: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for part in parts:
        if part == ".." and found:
            found.pop()
        elif part not in ("..", "."):
            found.append(part)
    return found or ["."]
