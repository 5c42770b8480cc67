"""``make pdf``: the finished HTML as ``_build/pdf/book.pdf``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pypdf
import yaml
from sphinx_external_toc.parsing import parse_toc_yaml

from analysis import paths
from analysis.book import outputs
from analysis.book.editions import toc as contents
from analysis.book.pdf import joining, printing
from analysis.errors import Fault, InputError


def make() -> Path:
    """Print the book, look where each page begins, and lay those numbers over the list of contents.

    Returns
    -------
    Path
        The PDF; the last one stays in place if something fails.

    Raises
    ------
    InputError
        If the HTML has not been built, no browser is installed, or a place that is linked to is missing.
    """
    folder = outputs.html_folder()
    absent = [page.name for page in contents.pages() if not (folder / f"{page.name}.html").is_file()]
    if absent:
        raise InputError(Fault("_build/html", "pages", "the finished book (`make book`)", f"no {', '.join(absent)}"))
    title = yaml.safe_load((paths.ROOT / "_config.yml").read_text(encoding="utf-8"))["title"]
    parts = book_parts()
    target = paths.BUILD / "pdf" / "book.pdf"
    target.parent.mkdir(parents=True, exist_ok=True)
    draft, finished = target.with_name("draft.pdf"), target.with_name("finished.pdf")
    try:
        print_book(folder, parts, title, draft, finished)
        os.replace(finished, target)
    finally:
        for leftover in (draft, finished):
            leftover.unlink(missing_ok=True)
    return target


def print_book(folder: Path, parts: joining.Parts, title: str, draft: Path, target: Path) -> None:
    """Print pages below a folder into `target`; `draft` is a file to work in.

    Raises
    ------
    InputError
        If no browser is installed, or a place that is linked to is missing.
    """
    html, titles = joining.join_articles(folder, parts, title)
    printing.to_pdf(html, draft)
    writer = pypdf.PdfWriter(clone_from=draft)
    numbers = beginnings(draft, (name for _, pages in parts for name in pages))
    printing.to_pdf(joining.contents(folder, parts, title, titles, numbers), draft)
    for page, over in zip(writer.pages, pypdf.PdfReader(draft).pages):
        page.merge_page(over)
    complete(writer, title)
    writer.write(target)


def book_parts() -> list[tuple[str, list[str]]]:
    """Captions and pages of ``_toc.yml``; the landing page stands before them, in a part without a caption."""
    toc = parse_toc_yaml(paths.ROOT / "_toc.yml")
    return [("", [toc.root.docname]), *((part.caption or "", [str(item) for item in part.items]) for part in toc.root.subtrees)]


def beginnings(pdf: Path, names: Iterable[str]) -> dict[str, int]:
    """Page of the PDF, counted from 1, on which each page of the book begins.

    Raises
    ------
    InputError
        If a page has no place in the PDF.
    """
    reader = pypdf.PdfReader(pdf)
    places = reader.named_destinations
    found, faults = {}, []
    for name in names:
        place = places.get(joining.anchor(name)) or places.get("/" + joining.anchor(name))
        number = reader.get_destination_page_number(place) if place else None
        if number is None:
            faults.append(Fault("PDF", f"page {name}", "a place in the document", "none"))
        else:
            found[name] = number + 1
    if faults:
        raise InputError(faults)
    return found


def complete(writer: pypdf.PdfWriter, title: str) -> None:
    """Add title, author and language, and squeeze what repeats."""
    writer.add_metadata(
        {
            "/Title": title,
            "/Author": "The project’s contributors",
            "/Subject": "Reconstructed cohorts, not the original patients; not medical advice",
        }
    )
    writer.root_object[pypdf.generic.NameObject("/Lang")] = pypdf.generic.TextStringObject("en")
    writer.compress_identical_objects()
