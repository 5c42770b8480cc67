"""Each row of an audit page says on which pages its number stands, and leads there.

Read from the finished HTML, so that numbers put together by code count as those in prose do:
a number on a page is a verdict that links to its audit row.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path

AUDIT = "audit.html"
"""Name of a study's audit page."""

_LINK = re.compile(r'<a (?P<attributes>[^>]*\bclass="(?:verdict|exhibit-number)[^>]*)>')
_ADDRESS = re.compile(r'\bhref="(?P<page>[^"#]*)#(?P<row>[^"]+)"')
_OWN_ID = re.compile(r'\s*\bid="n-[^"]*"')
_PLACE = re.compile(r'(<span class="audit-used" data-row="(?P<row>[^"]+)")[^>]*>.*?</span>', re.DOTALL)
_HEADING = re.compile(r"<h1[^>]*>(.*?)(?:<a |</h1>)", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def link(folder: Path, pages: Sequence[str]) -> None:
    """Give the first verdict of each row on each page an anchor, and lead there from the row's place on the audit page.

    Running it again on its own result changes nothing.

    Parameters
    ----------
    folder : Path
        Root of the HTML.
    pages : sequence of str
        Names of the book's pages in reading order, without suffix.
    """
    used: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for name in pages:
        if posixpath.basename(name) + ".html" != AUDIT:
            for audit, row, title in _anchor_rows(folder, name):
                used.setdefault(audit, {}).setdefault(row, []).append((title, f"{name}.html#n-{row}"))
    for audit, rows in used.items():
        if (folder / audit).is_file():
            _lead_back(folder / audit, posixpath.dirname(audit), rows)


def _anchor_rows(folder: Path, name: str) -> list[tuple[str, str, str]]:
    """Audit page, row and short title of the page for every row that a page shows, after giving each an anchor.

    A title is cut at its colon: what follows is the study, which the audit page names itself.
    """
    file = folder / f"{name}.html"
    text = file.read_text(encoding="utf-8")
    heading = _HEADING.search(text)
    title = " ".join(unescape(_TAG.sub("", heading[1])).split()).split(": ")[0] if heading else name
    found: dict[tuple[str, str], None] = {}

    def anchored(match: re.Match[str]) -> str:
        attributes = _OWN_ID.sub("", match["attributes"])
        address = _ADDRESS.search(attributes)
        if address is None:
            return match[0]
        page = posixpath.normpath(posixpath.join(posixpath.dirname(name), unescape(address["page"])))
        if posixpath.basename(page) != AUDIT:
            return match[0]
        row = unescape(address["row"])
        if (page, row) in found:
            return f"<a {attributes}>"
        # two studies may have a row of the same name on one page: only the first is an anchor
        taken = row in {other for _, other in found}
        found[page, row] = None
        return f"<a {attributes}>" if taken else f'<a {attributes} id="n-{escape(row)}">'

    changed = _LINK.sub(anchored, text)
    if changed != text:
        file.write_text(changed, encoding="utf-8")
    return [(page, row, title) for page, row in found]


def _lead_back(audit: Path, home: str, rows: dict[str, list[tuple[str, str]]]) -> None:
    text = audit.read_text(encoding="utf-8")

    def filled(match: re.Match[str]) -> str:
        links = ", ".join(
            f'<a href="{escape(posixpath.relpath(address, home or "."))}">{escape(title)}</a>'
            for title, address in rows.get(unescape(match["row"]), ())
        )
        return f"{match[1]}> · on {links}</span>" if links else f"{match[1]} hidden></span>"

    changed = _PLACE.sub(filled, text)
    if changed != text:
        audit.write_text(changed, encoding="utf-8")
