"""Plain papermill reads MyST Markdown sources: ``papermill notebooks/<study>/<page>.md out.ipynb -p horizon 24``.

papermill chooses a reader by how an address begins, and reads whatever else as JSON.  It loads
this module through the entry point ``papermill.io``, which teaches its reader of local files the
sources of notebooks; addresses of other kinds, and ``.ipynb`` files, are read as before.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import nbformat
from papermill import iorw


class SourceReader(iorw.LocalHandler):
    """Reads local files: sources of notebooks as notebooks, others as they are."""

    def __init__(self, read: Callable[[str], str]):
        super().__init__()
        self._otherwise = read

    def read(self, path: str) -> str:
        """Text of a notebook, as JSON.

        Raises
        ------
        click.ClickException
            If a Markdown file is no notebook; papermill's command prints the message alone.
        """
        place = Path(path.removeprefix(PREFIX))
        if place.suffix != ".md":
            return self._otherwise(path)
        from analysis.book.sources import notebooks
        from analysis.errors import InputError  # costly to papermill, which loads this module at every start

        try:
            return nbformat.writes(notebooks.read(place))
        except InputError as error:
            raise click.ClickException(str(error)) from None


PREFIX = "myst:"
"""How an address begins that papermill gives to this reader without further ado; entry points need one."""


def _register() -> SourceReader:
    """The reader, put into the place of papermill's own reader of local files."""
    local = iorw.papermill_io.get_handler("local")
    reader = SourceReader(local.read)
    local.read = reader.read
    return reader


READER = _register()
