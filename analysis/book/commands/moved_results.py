"""What reads otherwise than on the published page, marked where it stands and told before and after."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from bs4 import BeautifulSoup, Tag

from analysis.book.results import page_text

CLASS, ROW = "moved", "moved-row"
"""Classes of a result, and of a row of a table, that read otherwise."""

LONGEST = 90
"""Characters of a result that is told in the list; a longer one is looked up where it stands."""

_HTML = "text/html"
_GLUED_HTML = "application/papermill.record/text/html"


class Moved(NamedTuple):
    """A result that reads otherwise.

    Attributes
    ----------
    name : str
    anchor : str
        Id of the element that shows it; empty where none does.
    told : str
        What it read and reads, or how many of its rows differ; empty where that is long.
    """

    name: str
    anchor: str
    told: str


def mark(shown: Iterable[tuple[Any, list[page_text.Result]]], before: Mapping[str, tuple[str, ...]]) -> list[Moved]:
    """Mark the results of an executed notebook that differ, in their outputs, and say which they are.

    Parameters
    ----------
    shown : iterable of (output, list of Result)
        As `page_text.by_output` gives them; the outputs are changed.
    before : mapping of str to tuple of str
        Lines of the published results by name.
    """
    found: list[Moved] = []
    for output, results in shown:
        if any(before.get(result.name) != result.lines for result in results):
            found += _mark(output, results, before, len(found))
    return found


def _mark(output: Any, results: list[page_text.Result], before: Mapping[str, tuple[str, ...]], number: int) -> list[Moved]:
    data = output.get("data", {})
    kind = next((mime for mime in (_GLUED_HTML, _HTML) if mime in data), "")
    soup = BeautifulSoup(data.get(kind, ""), "html.parser")
    shown = page_text.exhibits(soup)
    found: list[Moved] = []
    for place, result in enumerate(results):
        old = before.get(result.name)
        if old == result.lines:
            continue
        anchor = f"moved-{number + len(found) + 1}" if kind else ""
        if kind == _GLUED_HTML:
            _wrap(soup, anchor)
        elif place < len(shown):
            anchor = _mark_exhibit(shown[place], anchor, old)
        elif kind:
            _mark_sentences(soup, anchor, old)
        found.append(Moved(result.name, anchor, _describe(old, result.lines)))
    if kind:
        data[kind] = str(soup)
    return found


def _wrap(soup: BeautifulSoup, anchor: str) -> None:
    """Enclose a number that prose takes from a cell."""
    around = soup.new_tag("span", attrs={"class": CLASS, "id": anchor})
    for part in list(soup.contents):
        around.append(part.extract())
    soup.append(around)


def _mark_exhibit(element: Tag, anchor: str, old: tuple[str, ...] | None) -> str:
    """Mark a table or a figure, and the rows that differ; its id, which is kept where it has one."""
    _add_class(element, CLASS)
    element["id"] = element.get("id") or anchor
    if element.name == "table" and old is not None:
        known = Counter(old)
        for row in element.find_all("tr"):
            line = page_text.row_text(row).strip()
            if known[line]:
                known[line] -= 1
            elif line:
                _add_class(row, ROW)
    return str(element["id"])


def _add_class(element: Tag, name: str) -> None:
    element["class"] = " ".join([*(element.get_attribute_list("class") if element.has_attr("class") else []), name])


def _mark_sentences(soup: BeautifulSoup, anchor: str, old: tuple[str, ...] | None) -> None:
    """Mark the elements of an output whose words differ."""
    first = soup.new_tag("span", attrs={"id": anchor})
    known = set(old or ())
    for element in soup.find_all(True, recursive=False):
        if element.name not in ("table", "figure", "style", "script"):
            lines = page_text.words(copy.copy(element))
            if any(line not in known for line in lines):
                _add_class(element, CLASS)
    soup.insert(0, first)


def _describe(old: tuple[str, ...] | None, new: tuple[str, ...]) -> str:
    """Before and after where both are short, else how many lines differ."""
    if old is None:
        return ""
    if len(old) == len(new) == 1:
        return f"{old[0]} → {new[0]}" if len(old[0]) + len(new[0]) <= LONGEST else ""
    differing = sum((Counter(new) - Counter(old)).values())
    return f"{differing} of {len(new)} lines" if differing else f"{len(old)} lines before, {len(new)} now"
