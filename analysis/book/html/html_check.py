"""Check of the built HTML: its pages, links, pictures, cells, and that it loads nothing from afar."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from analysis import paths
from analysis.book import provenance
from analysis.book.sphinx import incremental

GENERATED = ("index", "genindex", "search", "404")
"""Pages that Sphinx or the build adds to those of the table of contents."""

REMOTE = re.compile(r"^(?:https?:)?//", re.IGNORECASE)

STYLE_URL = re.compile(r"""(?:@import\s+|url\(\s*)["']?\s*((?:https?:)?//[^"')\s;]+)""", re.IGNORECASE)

CODE_URL = re.compile(r"""["'`]((?:https?:)?//[^"'`\s]+\.(?:m?js|css|woff2?|wasm)\b[^"'`\s]*)["'`]""")

LOADED = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
    "track": ("src",),
}
"""Attributes whose address a browser fetches on its own."""

FETCHED_LINKS = {"stylesheet", "preload", "modulepreload", "icon", "prefetch", "preconnect", "dns-prefetch", "manifest"}


class HtmlFault(NamedTuple):
    """One fault of the built book: the page it is on and what is wrong."""

    page: str
    problem: str

    def __str__(self) -> str:
        return f"{self.page}: {self.problem}"


PAGE_LIMIT, BOOK_LIMIT = 500_000, 40_000_000
"""Most bytes of HTML a page and of the whole book: it is to be read on a hospital's computer."""


def check(
    folder: Path, expected_pages: Iterable[str] | None = None, remember: incremental.Remember = incremental.make_anew
) -> list[HtmlFault]:
    """Faults of a built book, in the order of its pages.

    Parameters
    ----------
    folder : Path
        Root of the HTML.
    expected_pages : iterable of str, optional
        Pages of the table of contents, without suffix; just these must exist.
    remember : callable
        Gives what was read of a page that stands as it did in the last build.
    """
    # themes leave templates of their own among the static files
    files = [f for f in sorted(folder.rglob("*.html")) if f.parent.name != "_static"]
    faults = [*_page_faults(folder, files, expected_pages), *_weight_faults(folder, files)]
    pages = {file: _read(file, file.relative_to(folder).as_posix(), remember) for file in files}
    anchors = {file: set(page.anchors) for file, page in pages.items()}
    targets = _Targets(folder)
    for file, page in pages.items():
        problems = [*page.problems, *_link_problems(file, targets, page, anchors)]
        faults += [HtmlFault(file.relative_to(folder).as_posix(), problem) for problem in dict.fromkeys(problems)]
    for sheet in sorted(folder.rglob("*.css")):
        text = sheet.read_text(encoding="utf-8", errors="replace")
        name = sheet.relative_to(folder).as_posix()
        faults += [HtmlFault(name, f"remote asset {url}") for url in STYLE_URL.findall(text)]
    return faults


class Read(NamedTuple):
    """What the check reads from one page: faults of its own, names that links can lead to, its links, and what it loads."""

    problems: list[str]
    anchors: list[str]
    links: list[str]
    loaded: list[str]


def _read(file: Path, name: str, remember: incremental.Remember) -> Read:
    return Read(*json.loads(remember(f"{name}.json", provenance.digest(file), lambda: json.dumps(_take_from(_elements(file))))))


def _elements(file: Path) -> list[html.HtmlElement]:
    """All elements of an HTML file in document order."""
    return list(html.parse(file, html.HTMLParser(encoding="utf-8", huge_tree=True)).iter(etree.Element))


def _take_from(elements: list[html.HtmlElement]) -> Read:
    problems = [*_cell_problems(elements), *_remote_problems(elements), *_picture_problems(elements), *_machine_problems(elements)]
    links = dict.fromkeys(element.get("href", "").strip() for element in elements if element.tag in ("a", "area"))
    loaded = dict.fromkeys(address for element in elements if element.tag not in ("a", "area") for address in _addresses_loaded(element))
    return Read(list(dict.fromkeys(problems)), sorted(_anchors(elements)), list(links), list(loaded))


def _page_faults(folder: Path, files: list[Path], expected: Iterable[str] | None):
    present = {file.relative_to(folder).with_suffix("").as_posix() for file in files}
    if expected is None:
        return [] if present else [HtmlFault("index", "the book has no page")]
    wanted = set(expected)
    faults = [HtmlFault(name, "page of _toc.yml is missing") for name in sorted(wanted - present)]
    extra = sorted(present - wanted - set(GENERATED))
    if "index" not in present:
        faults.append(HtmlFault("index", "entry page is missing"))
    return faults + [HtmlFault(name, "page is not in _toc.yml") for name in extra]


def _weight_faults(folder: Path, files: list[Path]):
    for file in files:
        weight = file.stat().st_size
        if weight > PAGE_LIMIT:
            yield HtmlFault(file.relative_to(folder).as_posix(), f"{weight:,} bytes of HTML, more than {PAGE_LIMIT:,}")
    weight = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    if weight > BOOK_LIMIT:
        yield HtmlFault("the book", f"{weight:,} bytes, more than {BOOK_LIMIT:,}")


def _cell_problems(elements: list[html.HtmlElement]):
    for element in elements:
        classes = element.classes
        if {"output", "traceback"} <= classes or {"output", "error"} <= classes:
            yield f"error output in a cell: {element.text_content()[-120:].strip()!r}"
        elif {"output", "stderr"} <= classes:
            yield f"standard error in a cell: {element.text_content()[:120].strip()!r}"
        elif element.tag == "pre" and "Traceback (most recent call last)" in element.text_content():
            yield f"error output in a cell: {element.text_content()[-120:].strip()!r}"


def _remote_problems(elements: list[html.HtmlElement]):
    for element in elements:
        for url in _addresses_loaded(element):
            if REMOTE.match(url):
                yield f"remote asset {url} ({element.tag})"
        for style in (element.text_content() if element.tag == "style" else "", element.get("style", "")):
            for url in STYLE_URL.findall(style):
                yield f"remote asset {url} (style)"
        if element.tag == "script":
            for url in CODE_URL.findall(element.text_content()):
                yield f"remote asset {url} (inline script)"


def _addresses_loaded(element: html.HtmlElement) -> list[str]:
    """Addresses that a browser fetches to show an element."""
    values = [element.get(name, "") for name in LOADED.get(element.tag, ())]
    if element.tag == "link" and FETCHED_LINKS & set(element.get("rel", "").split()):
        values.append(element.get("href", ""))
    if element.tag in ("img", "source") and len(values) > 1 and values[1]:
        values[1:] = [part.split()[0] for part in values[1].split(",") if part.strip()]
    return [value.strip() for value in values if value.strip()]


def _picture_problems(elements: list[html.HtmlElement]):
    for element in elements:
        if element.tag == "svg" and element.get("role") == "img" and not element.get("aria-label", "").strip():
            yield f"drawing without alternative text: {element.get('id', '')}"
        if element.tag != "img":
            continue
        words = element.get("alt", "").strip()
        name = Path(urlsplit(element.get("src", "")).path).name
        decorative = element.get("role") == "presentation" or "logo" in " ".join(element.classes)
        if not decorative and (not words or (name and words.endswith(name))):
            yield f"picture without alternative text: {name}"


class _Targets:
    """Files that links lead to; most links of a book stand on all its pages, and are followed once a folder."""

    def __init__(self, folder: Path):
        self._root = folder.resolve()
        self._found: dict[tuple[Path, str], tuple[Path, str]] = {}

    def __call__(self, folder: Path, address: str) -> tuple[Path, str]:
        """File of an address on a page of a folder, and what is wrong with it, if anything is."""
        if (folder, address) not in self._found:
            path = (folder / unquote(address)).resolve()
            path = path / "index.html" if path.is_dir() else path
            fault = "link leaves the book" if not path.is_relative_to(self._root) else "" if path.is_file() else "broken link"
            self._found[folder, address] = path, fault
        return self._found[folder, address]


def _link_problems(file: Path, targets: _Targets, page: Read, anchors: dict[Path, set[str]]):
    for followed, addresses in ((True, page.links), (False, page.loaded)):
        for address in addresses:
            parts = urlsplit(address)
            if parts.scheme or REMOTE.match(address) or not address:
                continue
            path, fault = targets(file.parent, parts.path) if parts.path else (file, "")
            if fault:
                yield f"{fault}: {address}"
            elif followed and _is_lost(unquote(parts.fragment), anchors.get(path)):
                yield f"broken anchor: {address}"


def _is_lost(fragment: str, names: set[str] | None) -> bool:
    """Whether a page with these anchors lacks the one of a link; files without are not judged."""
    return names is not None and fragment not in names | {"", "top"}


def _machine_problems(elements: list[html.HtmlElement]):
    places = [str(paths.ROOT), str(Path.home())]
    places = [place + "/" for place in places if len(place) > 1]
    for element in elements:
        texts = (element.text or "", *(child.tail or "" for child in element), *element.values())
        for place in places:
            if any(place in text for text in texts):
                yield f"path on the machine that built the book: {place}"


def _anchors(elements: list[html.HtmlElement]) -> set[str]:
    names = {e.get("id", "") for e in elements}
    return names | {e.get("name", "") for e in elements if e.tag == "a"}
