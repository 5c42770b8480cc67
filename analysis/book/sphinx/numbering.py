"""Sphinx extension: pages may be read in several processes though ``sphinx_multitoc_numbering`` is there.

jupyter-book brings that one along, and it says nothing of parallel reading, so that Sphinx would read one page after
the other.  All it does is to replace the function that numbers sections once every page has been read, in the one
process that holds them all: reading in several cannot reach it.
"""

from __future__ import annotations

from sphinx.application import Sphinx

EXTENSION = "sphinx_multitoc_numbering"


def setup(app: Sphinx) -> dict:
    """Declare it safe, unless it says something itself."""
    app.connect("builder-inited", _declare)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _declare(app: Sphinx) -> None:
    found = app.extensions.get(EXTENSION)
    if found is not None and found.parallel_read_safe is None:
        found.parallel_read_safe = True
