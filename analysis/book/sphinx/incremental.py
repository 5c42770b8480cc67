"""Sphinx's own incremental build, where a change cannot reach other pages than those that changed.

Every page shows the table of contents, and pages refer to each other's headings, to the glossary and to the
references.  Sphinx reads only changed pages again and leaves the others as they are, titles in their
sidebar included.  The last tree is therefore kept and built upon only while all that pages share stands as
it was (the *skeleton*); otherwise Sphinx starts from nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from analysis import atomic_files
from analysis.book import built_book

_MARK = "skeleton.txt"
_SHARED = (".yml", ".css", ".js", ".bib", ".html")
"""Endings of files that every page can depend on."""

_PAGES = (".md", ".ipynb")
#: What other pages can refer to, headings, targets and footnotes, and citations, which a list of references can count; directives that define.
_OUTLINE = re.compile(r"^\s*(?:#+ .*|\([^)]+\)=|\[\^[^\]]+\]:.*|:(?:name|label):.*)$|\{cite[^`]*`[^`]*`", re.MULTILINE)
_DEFINING = ("{glossary}", "{bibliography}")


def last_tree() -> Path:
    """Where the last tree, its HTML and what Sphinx knows of it stand."""
    return built_book.current().folder / "sphinx"


def html(source: Path, code: str, build: Callable[[Path, Path], Path]) -> Path:
    """HTML of a tree, built upon the last one where that may be; the last HTML, if the tree is as it was.

    Parameters
    ----------
    source : Path
        The assembled tree; its files are moved.
    code : str
        Fingerprint of what makes HTML of a tree: another one leaves nothing as it was.
    build : callable
        Of a source tree and the folder to build in to the folder of HTML; what it raises is passed on, and the next
        build starts from nothing.

    Returns
    -------
    Path
        Folder of HTML; it stays for the next build, so whoever changes it takes a copy.
    """
    place, now = last_tree(), f"{code} {skeleton(source)}"
    mark, last = place / _MARK, place / "_build" / "html"
    if not mark.is_file() or mark.read_text(encoding="utf-8") != now:
        shutil.rmtree(place, ignore_errors=True)
    mark.unlink(missing_ok=True)  # set again at the end: a build that was broken off is not built upon
    changed = _bring_up_to_date(place / "source", source)
    if changed or not last.is_dir():
        if not any(name.suffix in _PAGES for name in changed):
            _touch_a_page(place / "source")
        shutil.rmtree(last / "_static", ignore_errors=True)  # copied anew; some of it is of the last tree alone
        made = build(place / "source", place)
    else:
        made = last  # Sphinx would write no page, and not copy what all pages need
    mark.write_text(now, encoding="utf-8")
    return made


#: Gives a text by its name, what it is made from, and what makes it: `remember_text` or `make_anew`.
Remember: TypeAlias = Callable[[str, str, Callable[[], str]], str]


def make_anew(name: str, made_from: str, make: Callable[[], str]) -> str:
    """A text, whatever is remembered of it."""
    return make()


def remember_text(name: str, made_from: str, make: Callable[[], str]) -> str:
    """A text that is made of a page, kept beside the last tree and as long as it.

    Parameters
    ----------
    name : str
        Of the text, as a path.
    made_from : str
        All that decides it beside the code that makes HTML, in one line.
    make : callable without arguments
        Makes the text where the one that is kept was made from something else.
    """
    file = last_tree() / "remembered" / name
    if file.is_file():
        told, _, text = file.read_text(encoding="utf-8").partition("\n")
        if told == made_from:
            return text
    text = make()
    atomic_files.write(file, f"{made_from}\n{text}")
    return text


def skeleton(source: Path) -> str:
    """Digest of all that more than one page of a tree can depend on."""
    total = hashlib.sha256()
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        name = file.relative_to(source).as_posix()
        if file.suffix in _PAGES:
            text = _prose(file)
            whole = any(word in text for word in _DEFINING)
            total.update(f"{name}\0{text if whole else _OUTLINE.findall(text)}\0".encode())
        elif file.suffix in _SHARED:
            total.update(f"{name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _prose(page: Path) -> str:
    """Markdown of a page; of a notebook, that of its cells."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def _touch_a_page(source: Path) -> None:
    """Have Sphinx write one page: it copies what pages need only where it writes any."""
    min(path for path in source.rglob("*") if path.suffix in _PAGES).touch()


def _bring_up_to_date(place: Path, source: Path) -> set[Path]:
    """Make a tree like another one; files that are alike keep their times, by which Sphinx tells what changed.

    Returns
    -------
    set of Path
        What changed, relative to the tree.
    """
    changed = set()
    wanted = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    for file in [path for path in place.rglob("*") if path.is_file()]:
        if file.relative_to(place) not in wanted:
            file.unlink()
            changed.add(file.relative_to(place))
    for name in sorted(wanted):
        new, old = source / name, place / name
        if not old.is_file() or old.read_bytes() != new.read_bytes():
            old.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(new, old)
            changed.add(name)
    return changed
