"""What an executed page shows, as text: its tables, the data of its figures, its computed sentences and numbers.

Values stand as they are shown, so that the text is the same on every machine, and data of figures are rounded.
Every row stands in full, so that a comparison can tell which one changed.  Widths of columns do not enter.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag

PAGES = "pages"
"""Folder of the results, beside those of the studies, with what each page shows."""

SIGNIFICANT = 4
"""Digits of a figure's data: more than anybody reads off, far fewer than machines differ in."""

ROWS = re.compile(r": (\d+) rows?$")
"""How the line ends below which the data of a figure stand, their columns first."""

OPENING = "== "
_GLUED = "application/papermill.record/"
_BLOCKS = ("p", "div", "li", "tr", "h1", "h2", "h3", "h4", "dt", "dd", "summary", "details", "section", "ul", "ol", "br")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


class Result(NamedTuple):
    """One thing that a page shows.

    Attributes
    ----------
    name : str
        The heading above it, its kind, its number among those below that heading, and its caption.
    lines : tuple of str
    """

    name: str
    lines: tuple[str, ...]


def text(notebook: Any) -> str:
    """Text of all results of an executed notebook, in reading order."""
    return "\n".join("\n".join([f"{OPENING}{one.name}", *(f" {line}" for line in one.lines), ""]) for one in results(notebook))


def parse(written: str) -> dict[str, tuple[str, ...]]:
    """Results by name, from what `text` wrote; lines before the first result are left out."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in written.splitlines():
        if line.startswith(OPENING):
            lines = found.setdefault(line.removeprefix(OPENING), [])
        elif line:
            lines.append(line[1:])
    return {name: tuple(lines) for name, lines in found.items()}


def results(notebook: Any) -> Iterator[Result]:
    """Results of an executed notebook, in reading order."""
    for _, shown in by_output(notebook):
        yield from shown


def by_output(notebook: Any) -> Iterator[tuple[Any, list[Result]]]:
    """Outputs of an executed notebook that show results, each with its results: tables and figures as they stand, then the sentences."""
    heading, counted = "", Counter[tuple[str, str]]()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            headings = _HEADING.findall(cell.source)
            heading = headings[-1] if headings else heading
        for output in cell.get("outputs", ()) if cell.cell_type == "code" else ():
            found = []
            for kind, title, lines in _read_output(output):
                counted[heading, kind] += 1
                named = " · ".join(filter(None, (heading, f"{kind} {counted[heading, kind]}", title)))
                found.append(Result(named, tuple(line.strip() for one in lines for line in one.splitlines() if line.strip())))
            if found:
                yield output, found


def _read_output(output: Any) -> Iterator[tuple[str, str, list[str]]]:
    """Kind, title and lines of what one output shows."""
    if output.output_type == "stream":
        if output.name == "stdout":
            yield "text", "", output.text.splitlines()
        return
    data = output.get("data", {})
    for mime, content in data.items():
        if mime.startswith(_GLUED):
            name = output.metadata.get("scrapbook", {}).get("name", "")
            yield "number", name.removeprefix(_GLUED), _plain(content) if mime.endswith("html") else [str(content)]
            return
    if "text/html" in data:
        yield from _of_html(data["text/html"])
    elif "text/plain" in data:
        yield "text", "", data["text/plain"].splitlines()


def _of_html(markup: str) -> Iterator[tuple[str, str, list[str]]]:
    soup = BeautifulSoup(markup, "html.parser")
    for hidden in soup.find_all(["style", "script"]):
        hidden.decompose()
    for element in exhibits(soup):
        yield _figure(element) if element.name == "figure" else _table(element)
    for element in soup.find_all(["table", "figure"]):
        element.extract()
    left = _words(soup)
    if left:
        yield "sentence", "", left


def exhibits(soup: Tag) -> list[Tag]:
    """Tables and figures of an output, those within another one left out."""
    return [element for element in soup.find_all(["table", "figure"]) if element.find_parent(["table", "figure"]) is None]


def row_text(row: Tag) -> str:
    """A row of a table as one line."""
    return " | ".join(_line(cell) for cell in row.find_all(["th", "td"]))


def words(element: Tag) -> list[str]:
    """Lines that an element shows; the element is changed."""
    return _words(element)


def _table(table: Tag) -> tuple[str, str, list[str]]:
    caption = table.find("caption")
    rows = [row_text(row) for row in table.find_all("tr")]
    return "table", _line(caption) if caption else "", rows


def _figure(figure: Tag) -> tuple[str, str, list[str]]:
    drawing = figure.find("svg")
    lines = [str(drawing.get("aria-label", ""))] if drawing else []
    caption = figure.find("figcaption")
    lines += [_line(part) for part in caption.find_all("p") if "exhibit-data" not in (part.get("class") or ())] if caption else []
    for link in figure.find_all("a", href=re.compile("^data:text/csv")):
        rows = _round(unquote(str(link["href"]).partition(",")[2]))
        lines += [f"{_line(link)}: {len(rows) - 1} {'row' if len(rows) == 2 else 'rows'}", *rows]
    if figure.get("data-plot"):
        lines += [f"interactive {name}: {value}" for name, value in _leaves(json.loads(str(figure["data-plot"]), parse_float=Decimal))]
    return "figure", str(figure.get("id", "")).removeprefix("fig-"), [line for line in lines if line]


def _round(csv: str) -> list[str]:
    """Lines of a CSV whose numbers have `SIGNIFICANT` digits."""
    return [",".join(map(_digits, line.split(","))) for line in csv.splitlines()]


def _digits(cell: str) -> str:
    try:
        return format(Decimal(cell), f".{SIGNIFICANT}g") if cell.strip() else cell
    except InvalidOperation:
        return cell


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Values in nested data, each with the names that lead to it."""
    if isinstance(value, (dict, list)):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value, 1):
            yield from _leaves(one, f"{name} {key}".strip())
    else:
        yield name, _digits(str(value)) if isinstance(value, Decimal) else str(value)


def _words(soup: Tag) -> list[str]:
    for block in soup.find_all(_BLOCKS):
        block.insert_before("\n")
        block.insert_after("\n")
    return [line for line in (" ".join(line.split()) for line in soup.get_text("").split("\n")) if line]


def _plain(markup: Any) -> list[str]:
    return _words(BeautifulSoup(str(markup), "html.parser"))


def _line(element: Tag) -> str:
    return " ".join(element.get_text("").split())
