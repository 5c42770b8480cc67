"""Elements of an HTML file, as the check of the book needs them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"))
"""Elements that have no end tag."""


@dataclass
class Element:
    """One element: tag, attributes and the text in it.

    Attributes
    ----------
    tag : str
    attributes : dict
        Values are empty for attributes without one.
    text : str
        All text inside, that of inner elements too, for scripts, styles, ``pre``
        and cell outputs; else empty.
    own_text : str
        Text directly inside.
    """

    tag: str
    attributes: dict[str, str]
    text: str = ""
    own_text: str = ""
    classes: frozenset[str] = field(default=frozenset())

    @property
    def keeps_text(self) -> bool:
        """Whether the text of inner elements is collected."""
        return self.tag in ("script", "style", "pre") or "output" in self.classes


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self._keeping: list[tuple[int, Element]] = []  # those of the open ones that keep all text, with their depth

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        classes = frozenset(attributes.get("class", "").split())
        element = Element(tag, attributes, classes=classes)
        self.elements.append(element)
        if tag not in VOID:
            if element.keeps_text:
                self._keeping.append((len(self._open), element))
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._close(len(self._open) - 1)

    def handle_endtag(self, tag):
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth].tag == tag:
                self._close(depth)
                return

    def _close(self, depth: int) -> None:
        """Close the open element at a depth and all inside it."""
        del self._open[depth:]
        while self._keeping and self._keeping[-1][0] >= depth:
            self._keeping.pop()

    def handle_data(self, data):
        if self._open:
            self._open[-1].own_text += data
        for _, element in self._keeping:
            element.text += data


def read_elements(file: Path) -> list[Element]:
    """All elements of an HTML file in document order."""
    reader = _Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    reader.close()
    return reader.elements
