"""All pages of the finished HTML as one document, in which every link between pages leads to a place in it."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

#: Attributes that name the id of an element of the same page.
_REFERRING = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers")
#: What serves a screen only.
_SCREEN = "script, noscript, style:not(.figure-pair style), form, dialog, input, label, a.headerlink, .exhibit-data, .exhibit-save, .only-dark, .code-cell, .code-only, .code-link, .provenance, .audit-used[hidden], [hidden]"


Parts = Sequence[tuple[str, Sequence[str]]]


def join_articles(folder: Path, parts: Parts, title: str) -> tuple[str, dict[str, str]]:
    """Put the articles of pages behind a title and a list of contents.

    Parameters
    ----------
    folder : Path
        Root of the HTML.
    parts : sequence of (str, sequence of str)
        Caption and pages of each part, in reading order; a page is named without suffix, relative to `folder`.
    title : str

    Returns
    -------
    html : str
        Pictures and style sheets are addressed absolutely.
    titles : dict of str to str
        Of each page.
    """
    names = [name for _, pages in parts for name in pages]
    titles, articles = {}, []
    for caption, pages in parts:
        if caption:
            articles.append(f'<section class="book-part"><h1 id="{escape(anchor(caption))}">{escape(caption)}</h1></section>')
        for name in pages:
            article = _article(folder, name, names, nested=bool(caption))
            titles[name] = _words(article.find(["h1", "h2"]))
            articles.append(f'<article class="bd-article book-page" id="{anchor(name)}">{article.decode_contents()}</article>')
    return _document(folder, title, _contents(parts, titles, title) + "".join(articles)), titles


def contents(folder: Path, parts: Parts, title: str, titles: Mapping[str, str], numbers: Mapping[str, int]) -> str:
    """The first pages alone, with nothing to be seen but the numbers of the pages: to be laid over those that have none."""
    return _document(folder, title, _contents(parts, titles, title, numbers), _OVERLAY)


def _document(folder: Path, title: str, body: str, further: str = "") -> str:
    styles = sorted((folder / "_static").glob("*.css")) + sorted((folder / "_static" / "styles").glob("*.css"))
    sheets = "".join(f'<link rel="stylesheet" href="{path.resolve().as_uri()}">' for path in styles)
    return (
        f'<!DOCTYPE html><html lang="en" data-theme="light" data-mode="light"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"{sheets}<style>{_STYLE}{further}</style></head><body>{body}</body></html>"
    )


def _article(folder: Path, name: str, names: Collection[str], nested: bool) -> Tag:
    """The article of a page, ids and links changed to those of the whole; headings one level down below a part's."""
    soup = BeautifulSoup((folder / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    article = soup.select_one("article.bd-article") or soup.body or soup
    for pair in article.select(".figure-pair"):  # ids in a drawing are referred to from its styles, too
        own = str(pair).replace("drawing-", f"drawing-{anchor(name)}-")
        pair.replace_with(BeautifulSoup(own, "html.parser"))
    for element in article.select(_SCREEN):
        element.decompose()
    for button in article.select("th button"):
        button.unwrap()
    for element in article.select("button"):
        element.decompose()
    for element in article.select("details"):
        element["open"] = ""
    for element in article.find_all(True):
        if element.get("id") and not element.find_parent(class_="figure-pair"):
            element["id"] = anchor(name, str(element["id"]))
        for attribute in _REFERRING:
            if element.get(attribute):
                given = element[attribute]
                element[attribute] = " ".join(anchor(name, id) for id in (given if isinstance(given, list) else given.split()))
        if element.name in ("h1", "h2", "h3", "h4", "h5") and nested:
            element.name = f"h{int(element.name[1]) + 1}"
        if element.name == "img" and not urlsplit(str(element.get("src", ""))).scheme:
            del element["loading"]  # nobody scrolls to it
            element["src"] = (folder / posixpath.dirname(name) / unquote(str(element["src"]))).resolve().as_uri()
        if element.name == "a" and element.get("href"):
            _lead(element, name, names)
    return article


def _lead(link: Tag, name: str, names: Collection[str]) -> None:
    """Make a link lead to its place in the whole, or be its words alone where that is a file beside the book."""
    parts = urlsplit(str(link["href"]))
    if parts.scheme in ("http", "https", "mailto"):
        return
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else f"{name}.html"
    page = target.removesuffix(".html")
    if not parts.scheme and target.endswith(".html") and page in names:
        link["href"] = f"#{anchor(page, unquote(parts.fragment))}"
        for attribute in ("target", "title"):
            del link[attribute]
    else:
        link.name, link.attrs = "span", {}


def anchor(name: str, id: str = "") -> str:
    """Name of a place in the whole; the page alone is its beginning."""
    page = "".join(sign if sign.isalnum() else "-" for sign in name)
    return f"{page}--{id}" if id else page


def _words(heading: Tag | None) -> str:
    return " ".join(heading.get_text(" ").split()) if heading else ""


def _contents(parts: Parts, titles: Mapping[str, str], title: str, numbers: Mapping[str, int] | None = None) -> str:
    """Title and list of contents: with links, or with numbers."""
    lines = []
    for caption, pages in parts:
        items = ""
        for name in pages:
            link, number = (f' href="#{anchor(name)}"', "") if numbers is None else ("", str(numbers[name]))
            items += f'<li><a{link}><span>{escape(titles[name])}</span><span class="page-number">{number}</span></a></li>'
        lines.append(f"{f'<p>{escape(caption)}</p>' if caption else ''}<ul>{items}</ul>")
    return f'<section class="book-title"><p class="the-title">{escape(title)}</p>{_TITLE}</section><nav class="book-contents"><h1 id="contents">Contents</h1>{"".join(lines)}</nav>'


_TITLE = (
    "<p>Patients shown in this book were reconstructed from printed numbers: they are not the original patients.<br>"
    "They must not be pooled, meta-analysed or used as a control arm, and nothing here is medical advice.</p>"
)

#: Paper: numbered pages, a new one for each part and page of the book, tables that break between rows.
_STYLE = """
@page { size: A4; margin: 17mm 15mm 18mm; @bottom-center { content: counter(page); font: 8.5pt sans-serif; color: #48566b; } }
@page :first { @bottom-center { content: ""; } }
html { font-size: 9.4pt; background: #fff; }
body { background: #fff; display: block; }
.book-title { break-after: page; padding-top: 75mm; text-align: center; }
.the-title { font-size: 26pt; line-height: 1.25; font-weight: 600; }
.book-contents, .book-part, .book-page { break-before: page; }
.book-part + .book-page { break-before: avoid; }
.book-part { padding-top: 0; border-bottom: 1.5pt solid #222832; margin-bottom: 8mm; }
.book-contents ul { list-style: none; margin: 0 0 2mm; padding: 0; }
.book-contents p { font-weight: 600; margin: 3mm 0 1mm; }
.book-contents a { display: flex; justify-content: space-between; color: inherit; text-decoration: none; border-bottom: 0.4pt dotted #98a1ad; }
article.book-page { display: block; padding: 0; overflow: visible; max-width: none; }
h1, h2, h3, h4, h5 { break-after: avoid; margin-top: 5mm; }
.exhibit-scroll, .cell_output, .output, div.cell, figure { overflow: visible !important; max-height: none !important; }
.exhibit-table table { width: 100%; font-size: 8pt; }
.exhibit-table td.words, .exhibit-table code { overflow-wrap: anywhere; }
.exhibit-table table:not(:has(tr:nth-child(12))) { break-inside: avoid; }
.exhibit-table caption, .exhibit-table thead, .exhibit-table tbody tr:nth-child(-n+2) { break-after: avoid; }
.exhibit-audit td, .exhibit-audit th { font-size: 7pt; }
.exhibit-audit th[scope=row] { width: 52%; }
dt { break-after: avoid; }
img, svg { max-width: 100%; }
.figure-pair svg { max-height: 200mm; }
a { color: #0a4f8f; }
tr, figure, .register-entry > dl > dt, li { break-inside: avoid; }
.register-entry { break-inside: auto !important; }
"""

_OVERLAY = """
html, body, .book-contents * { background: none !important; color: transparent !important; border-color: transparent !important; }
.book-title * { display: none; }
.book-contents .page-number { color: #222832 !important; }
@page { @bottom-center { content: ""; } }
"""
