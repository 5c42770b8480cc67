"""Links between pages: written to the sources, they must lead to the executed notebooks."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import PurePosixPath

LINK = re.compile(r"(\]\(<?|^\[[^\]]+\]:\s*<?)([^)\s>#]+)\.md(?=[)\s>#]|$)", re.MULTILINE)
"""Address of a Markdown link or link definition that ends in ``.md``."""


def to_executed(text: str, page: str, executed: Collection[str]) -> str:
    """Markdown whose links to notebook sources lead to their executed forms.

    Sources link to sources, as they are read in the repository; in the tree that
    Sphinx reads, an executed page has another suffix.

    Parameters
    ----------
    text : str
        Markdown of a page.
    page : str
        Name of that page, relative to the repository and without suffix.
    executed : collection of str
        Names of the pages that are notebooks.
    """
    folder = PurePosixPath(page).parent

    def lead(match: re.Match) -> str:
        target = os.path.normpath(folder / match.group(2))
        return f"{match.group(1)}{match.group(2)}{'.ipynb' if target in executed else '.md'}"

    return LINK.sub(lead, text)


ROLE = re.compile(r"(?<!`)\{term\}`([^`<]+?)(?:\s*<[^`>]*>)?`")
"""A word that is linked to the glossary: ``{term}`word``` or ``{term}`word <entry>```."""


def without_glossary(text: str) -> str:
    """Markdown whose words stand alone where they were linked to the glossary, for books that have none."""
    return ROLE.sub(r"\1", text)
