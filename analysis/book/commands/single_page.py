"""A page that stands alone: its links lead to the built book or are plain text, and nothing on it searches."""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PurePosixPath

from bs4 import BeautifulSoup, Tag

from analysis import paths

KEPT = ("_static", "_images", "_downloads")
"""What Sphinx writes beside a page and the page needs."""

SEARCHING = (
    ".search-button",
    ".search-button-field",
    ".search-button__wrapper",
    "#pst-search-dialog",
    ".bd-search",
    'script[src*="search"]',
    'script[src*="language_data"]',
    'link[rel="search"]',
)
_LEADING = ("http:", "https:", "mailto:", "data:", "file:", "//")


def free_name(folder: Path, stem: str) -> str:
    """A name under which nothing stands in a folder yet: the stem, or the stem with a number."""
    number = 1
    while any((folder / f"{_number(stem, number)}{suffix}").exists() for suffix in (".html", ".ipynb")):
        number += 1
    return _number(stem, number)


def _number(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


def publish(made: Path, stem: str, folder: Path, name: str, source: PurePosixPath, book: str | None = None) -> Path:
    """Copy a page and what it needs from what Sphinx made.

    Parameters
    ----------
    made : Path
        Folder with ``<stem>.html``.
    stem : str
    folder : Path
        Where it goes, as ``<name>.html``.
    name : str
    source : PurePosixPath
        Of the page, relative to the repository: where its links lead from.
    book : str, optional
        Address of the built book as seen from the page, with a slash at its end, where a server offers both; what the
        page needs beside itself is then not copied, as the book has it.

    Returns
    -------
    Path
        The page.
    """
    soup = BeautifulSoup((made / f"{stem}.html").read_text(encoding="utf-8"), "html.parser")
    for part in soup.select(", ".join(SEARCHING)):
        part.decompose()
    hidden = soup.new_tag("style")
    hidden.string = ".primary-toggle{display:none!important}"  # the button of a list of pages that is not there
    (soup.head or soup).append(hidden)
    for link in soup.find_all("a", href=True):
        _lead(link, made, folder, name, source, book)
    for part in soup.find_all(["link", "script", "img"]) if book is not None else ():
        for attribute in {"src", "href"} & set(part.attrs):
            if str(part[attribute]).startswith(f"{KEPT[0]}/"):
                part[attribute] = f"{book}{part[attribute]}"
    for kept in KEPT if book is None else ():
        if (made / kept).is_dir():
            shutil.copytree(made / kept, folder / kept, dirs_exist_ok=True)
    target = folder / f"{name}.html"
    target.write_text(str(soup), encoding="utf-8")
    return target


def _lead(link: Tag, made: Path, folder: Path, name: str, source: PurePosixPath, book: str | None) -> None:
    """Make a link lead somewhere, or take it away and leave its words."""
    address = str(link["href"])
    place, _, anchor = address.removeprefix("#").partition("#") if ".md" in address else address.partition("#")
    if not place or address.startswith(_LEADING):
        return
    if place.startswith("_sources/"):
        link["href"] = f"{name}.ipynb"
        return
    if (made / place).exists() and place.split("/")[0] in KEPT:
        return
    page = os.path.normpath(source.parent / PurePosixPath(place).with_suffix(".html"))
    built = paths.BUILD / "html" / page
    if built.is_file() and book is not None:
        link["href"] = f"{book}{page}" + (f"#{anchor}" if anchor else "")
    elif built.is_file() and folder.is_relative_to(paths.ROOT):
        link["href"] = Path(os.path.relpath(built, folder)).as_posix() + (f"#{anchor}" if anchor else "")
    else:  # what it looks like and what it says on pointing stay
        link.name = "span"
        del link["href"]
