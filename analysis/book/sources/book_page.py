"""One page of a book: its name, its source, and what an edition asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple


class Page(NamedTuple):
    """One page of the book.

    Attributes
    ----------
    name : str
        Path without suffix, relative to the repository: as in ``_toc.yml``.
    source : Path
        Markdown file.
    executed : bool
        Whether the page is a notebook.
    values : mapping
        Parameters that an edition gives it; empty in the published book.
    statistics : tuple of str
        What a sweep takes from its patients, beside the page.
    """

    name: str
    source: Path
    executed: bool
    values: Mapping[str, Any] = MappingProxyType({})
    statistics: tuple[str, ...] = ()
