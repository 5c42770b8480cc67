"""The pages of the book, as ``_toc.yml`` lists them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

from analysis import paths
from analysis.book import built_book
from analysis.book.built_book import cache_per_book
from analysis.book.sources import notebooks
from analysis.book.sources.book_page import Page
from analysis.errors import Fault, InputError

if TYPE_CHECKING:
    from analysis.book.editions.editions import Edition


@cache_per_book
def pages(root: Path | None = None) -> tuple[Page, ...]:
    """All pages of ``_toc.yml`` in reading order, or of the edition that is built.

    Raises
    ------
    InputError
        If the table of contents is malformed, or a page has no source.
    """
    if root is None and (edition := current_edition()):
        book = built_book.current()
        receipts = book.folder / "receipts" / "notebook"
        chosen = [page for page in edition.pages if not book.only_finished or (receipts / f"{page.name}.json").is_file()]
        return (Page("index", edition.file, False), *chosen)
    root = root or paths.ROOT
    toc = root / "_toc.yml"
    try:
        names = list(parse_toc_yaml(toc))
    except (MalformedError, OSError) as error:
        expected = "a table of contents (https://jupyterbook.org, format jb-book)"
        raise InputError(Fault("_toc.yml", "file", expected, str(error))) from None
    missing = [name for name in names if not (root / f"{name}.md").is_file()]
    if missing:
        raise InputError(Fault("_toc.yml", f"page {name}", f"the file {name}.md", "none") for name in missing)
    sources = [(name, root / f"{name}.md") for name in names]
    return tuple(Page(name, source, notebooks.is_notebook(source)) for name, source in sources)


def current_edition() -> Edition | None:
    """The edition or sweep that is built; None for the published book."""
    file = built_book.current().file
    if file is None:
        return None
    from analysis.book.editions import editions, sweeps  # load what reads studies

    return sweeps.read(file) if sweeps.is_sweep(file) else editions.read(file)


def extensions() -> list[str]:
    """Modules of this package that Sphinx loads to make the book."""
    settings = yaml.safe_load((paths.ROOT / "_config.yml").read_text(encoding="utf-8"))
    return [name for name in settings["sphinx"]["config"]["extensions"] if name.startswith("analysis.")]
