"""Where in a paper a character stands: its section, table or caption, and its sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

_SECTIONS = {
    "abstract": "Abstract",
    "summary": "Abstract",
    "introduction": "Introduction",
    "background": "Introduction",
    "methods": "Methods",
    "methodology": "Methods",
    "results": "Results",
    "discussion": "Discussion",
    "conclusion": "Conclusion",
    "conclusions": "Conclusion",
    "references": "References",
}
_TABLE = re.compile(r"^\s*t\s?a\s?b\s?l\s?e\s+(\d+)\s*[.:|]?\s+(?=\S)(?-i:(?![a-z(]))", re.IGNORECASE)
_FIGURE = re.compile(r"^\s*(?:f\s?i\s?g\s?u\s?r\s?e|fig\.?)\s+(\d+)\s*[.:|]?\s+(?=\S)(?-i:(?![a-z(]))", re.IGNORECASE)
_FOOTNOTE = re.compile(r"^\s*(?:Abbreviations?\b|Notes?\b|[a-h*†‡§]\s?[A-Z])")
_END = re.compile(r"[.?!](?:[\"”’)\]]|(?<!\d[.])\d{1,2}(?:[,–-]\s?\d{1,2})*)?\s+(?=[A-Z(“\"])")
_ABBREVIATED = re.compile(r"(?:\b(?:Figs?|Nos?|vs|et al|i\.e|e\.g|approx|ca|St|Dr|resp|Suppl?|[A-Z]))\.$")
_NAMED = re.compile(
    r"\b(?:group|arm|cohort|stratum|strata|part|drug|treatment|regimen|schedule|type|class|category|level|factor|vitamin|hepatitis)s?\s+"
    r"(?:[A-Z]\s*(?:,|and|or|to|versus|vs\.?|[–-])\s*)*[A-Z]\.$"
)
"""A capital that names something, such as a group, and is no initial."""
_PROSE_LINES, _PROSE_WIDTH = 3, 40
_DENSE = 0.5
"""Share of words with a digit from which on lines are rows of a table."""


class Places:
    """Sections, tables, captions and sentences of a text.

    Parameters
    ----------
    text : str
        A paper as plain text, lines as they were extracted.
    """

    def __init__(self, text: str):
        self.text = text
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._places: list[tuple[int, str]] = list(_find_places(text))
        self._starts = [start for start, _ in self._places]
        self._sentences = self._find_sentences()

    def line_of(self, position: int) -> int:
        """Number of the line, from 1."""
        return bisect_right(self._line_starts, position)

    def place_of(self, position: int) -> str:
        """Section, table or caption, as the ledger's ``source`` names it."""
        return self._places[bisect_right(self._starts, position) - 1][1]

    def sentence_of(self, position: int) -> str:
        """Sentence, or line of a table, that holds the character, on one line."""
        start = self._sentences[bisect_right(self._sentences, position) - 1]
        following = bisect_right(self._sentences, position)
        end = self._sentences[following] if following < len(self._sentences) else len(self.text)
        return _join(self.text[start:end])

    def _find_sentences(self) -> list[int]:
        """Where each sentence begins: after a full stop that ends one, at a paragraph, and at each line of a table."""
        starts = {0}
        for start, lines in _paragraphs(self.text):
            starts.add(start)
            if self.place_of(start).startswith("Table") and not _is_prose(lines):
                starts.update(start + sum(map(len, lines[:number])) for number in range(len(lines)))
        for match in _END.finditer(self.text):
            before = self.text[max(match.start() - 40, 0) : match.start() + 1]
            if not _ABBREVIATED.search(before) or _NAMED.search(before):
                starts.add(match.end())
        return sorted(starts)


def _join(text: str) -> str:
    return " ".join(re.sub(r"(?<=[a-z])[-\u2010\u2011]\s*\n\s*(?=[a-z])", "", text).split())


def _section(line: str) -> str:
    """Section that a line alone on itself heads; none for other lines."""
    letters = re.sub(r"[^a-z]", "", line.lower())
    if len(line.split()) > 16 or len(letters) > 30 or line.rstrip().endswith((".", ",", ";")):
        return ""
    if letters in _SECTIONS:
        return _SECTIONS[letters]
    return "Methods" if re.fullmatch(r"(?:patients?|materials?|subjects?|study)and(?:patients?|methods?)", letters) else ""


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines without an empty one between, with where they start; a heading or caption begins a new one."""
    start, lines, position = 0, list[str](), 0
    for line in text.splitlines(keepends=True):
        if lines and (not line.strip() or _section(line) or _section(lines[0]) or _begins_page(line, lines[0])):
            yield start, lines
            lines = []
        if line.strip():
            start = start if lines else position
            lines.append(line)
        position += len(line)
    if lines:
        yield start, lines


def _begins_page(line: str, first: str) -> bool:
    """Whether a line goes on with the text of another column or page: it is indented, as extraction leaves it, below a caption or note."""
    return line[:1] in " \f\t" and first[:1] not in " \t" and bool(_FIGURE.match(first) or _FOOTNOTE.match(first))


def _find_places(text: str) -> Iterator[tuple[int, str]]:
    """Where each place begins, in the order of the text."""
    yield 0, "Title"
    section, table, rows_seen = "Title", "", False
    for start, lines in _paragraphs(text):
        heading = _section(lines[0]) if len(lines) == 1 else ""
        if table.startswith("Fig.") and not heading and (_is_prose(lines) or not _is_below_figure(lines)):
            table = ""
            yield start, section
        if heading:
            section, table = heading, ""
            yield start, section
        elif caption := _TABLE.match(lines[0]):
            table, rows_seen = f"Table {int(caption[1])}", False
            yield start, table
        elif caption := _FIGURE.match(lines[0]):
            table = figure = f"Fig. {int(caption[1])} caption"
            rows_seen = True
            yield start, figure
        elif table:
            if not _is_prose(lines):
                rows_seen = rows_seen or any(len(re.findall(r"\d+", line)) > 1 for line in lines)
            elif rows_seen:
                table = ""
                yield start, section


def _is_below_figure(lines: list[str]) -> bool:
    """Whether lines are numbers at risk below a figure."""
    return any(len(re.findall(r"\d+", line)) > 2 for line in lines) and (_share_of_numbers(lines) > _DENSE or "at risk" in lines[0].lower())


def _share_of_numbers(lines: list[str]) -> float:
    """Share of words with a digit, over lines that are not the last of a paragraph."""
    words = [word for line in lines for word in line.split()]
    return sum(any(character.isdigit() for character in word) for word in words) / max(len(words), 1)


def _is_prose(lines: list[str]) -> bool:
    """Whether lines are running text rather than rows or footnotes of a table."""
    width = sum(map(len, lines)) / len(lines)
    return len(lines) >= _PROSE_LINES and width >= _PROSE_WIDTH and not _FOOTNOTE.match(lines[0]) and _share_of_numbers(lines) < _DENSE
