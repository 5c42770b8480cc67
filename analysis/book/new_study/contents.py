"""The chapter of a study in ``_toc.yml``: pages added, nothing else of the file changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from analysis.book.new_study.page_sources import Source
from analysis.errors import Fault, InputError
from analysis.paths import shorten_path

_FILE = re.compile(r"^\s*-?\s*file:\s*(\S+)\s*$")
_PART = re.compile(r"^(\s*)- caption:")


def with_chapter(text: str, slug: str, label: str, pages: Sequence[Source]) -> str:
    """The table of contents with every page of a study, those that it lacks after the study's last one.

    A study without pages gets a chapter of its own, after the last chapter of a study.

    Parameters
    ----------
    text : str
        Of ``_toc.yml``, in the form of its first lines: parts with caption and chapters.
    slug, label : str
    pages : sequence of Source
    """
    lines = text.splitlines()
    listed = {found[1]: number for number, line in enumerate(lines) if (found := _FILE.match(line))}
    missing = [page for page in pages if f"notebooks/{slug}/{page.name}" not in listed]
    if not missing:
        return text
    outer = next((found[1] for line in lines if (found := _PART.match(line))), "  ")
    inner = next((line[: len(line) - len(line.lstrip())] for line in lines if line.lstrip().startswith("- file:")), f"{outer}    ")
    entries = []
    for page in missing:
        title = yaml.safe_dump(page.title, allow_unicode=True, width=10_000).removesuffix("\n").removesuffix("\n...")
        entries += [f"{inner}- file: notebooks/{slug}/{page.name}", f"{inner}  title: {title}"]
    own = [number for name, number in listed.items() if name.startswith(f"notebooks/{slug}/")]
    if own:
        place = _after(lines, max(own))
    else:
        studies = [number for name, number in listed.items() if name.startswith("notebooks/") and name.endswith("/audit")]
        parts = [number for number, line in enumerate(lines) if _PART.match(line)]
        place = next((number for number in parts if number > max(studies)), len(lines)) if studies else len(lines)
        caption = yaml.safe_dump(label, allow_unicode=True, width=10_000).removesuffix("\n").removesuffix("\n...")
        entries = [f"{outer}- caption: {caption}", f"{outer}  chapters:", *entries]
    return "\n".join([*lines[:place], *entries, *lines[place:]]) + "\n"


def _after(lines: Sequence[str], number: int) -> int:
    """The line behind an entry and its further keys."""
    depth = len(lines[number]) - len(lines[number].lstrip())
    following = number + 1
    while following < len(lines) and lines[following].strip() and len(lines[following]) - len(lines[following].lstrip()) > depth:
        following += 1
    return following


def check_contents(path: Path) -> str:
    """Text of ``_toc.yml``, which must have parts.

    Raises
    ------
    InputError
        If it is missing, or lists its pages in another form.
    """
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if not any(_PART.match(line) for line in text.splitlines()):
        raise InputError(Fault(shorten_path(path), "file", "a table of contents with `parts:` that have a caption each", "none"))
    return text
