"""Every number of a text, with what it may be: digits, words, bounds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from analysis.ledger.rows import printed
from analysis.ledger.rows.printed import Printed
from analysis.ledger.transcription.no_results import Recogniser
from analysis.ledger.transcription.places import Places

_DIVIDING = "\u00a0\u2009\u202f'’"
"""What divides thousands without a doubt; an ordinary space may as well divide two cells of a table."""
_RUNNING = 4
"""Words in a line of running text, at least."""
_POINTS = ".·∙⋅"
_QUALIFIERS = sorted((words for words in printed.RELATIONS if words[0].isalpha()), key=len, reverse=True)
_QUALIFIED = "|".join(words.replace(" ", r"\s+") for words in _QUALIFIERS)
_NUMBER = re.compile(
    rf"""
    (?:(?P<relation>[<>≤≥~∼≈]=?|\b(?:{_QUALIFIED})\b)\s*)?
    (?:(?P<sign>(?<![\w%)\]])[-−–])\s?(?=[\d{_POINTS}]))?
    (?P<digits>
        \d{{1,3}}(?:[{_DIVIDING}]\d{{3}})+(?!\d)(?:[{_POINTS}]\d+)?
        | \d{{1,3}}(?:,\d{{3}})+(?![\d,])(?:\.\d+)?
        | \d+(?:[{_POINTS},]\d+)*
        | (?<![\w)%\]{_POINTS}])[{_POINTS}]\d+
    )
    (?P<percent>\s?%+)?
    (?P<mark>[a-h](?![\w/-])|[*†‡§¶]+)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOUNS = r"(?:child|children|patients?|cases?|deaths?|survivors?|relapses?|events?|women|men|participants?|infants?)"
_LEFT_OUT = {"a", "an", "both", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "no"}
_SPELLED = sorted((word for word in printed.WORDS if word not in _LEFT_OUT), key=len, reverse=True)
_SPELLED_OUT = "|".join(re.escape(word).replace(r"\-", r"[-\u2010\u2011]\s?").replace(r"\ ", r"\s+(?:and\s+)?") for word in _SPELLED)


@cache
def _words() -> re.Pattern[str]:
    """What finds numbers in words; so many words take a third of a second to compile, which most commands do without."""
    return re.compile(
        rf"\b(?:(?P<relation>{_QUALIFIED})\s+)?(?P<words>{_SPELLED_OUT}|no(?=\s+(?:[a-z]+\s+)?{_NOUNS}\b))\b",
        re.IGNORECASE,
    )


@dataclass(frozen=True)
class Number:
    """A number of a text.

    Attributes
    ----------
    characters : str
        As a ledger writes them: without the blanks inside.
    value : Printed
    start, end : int
        Characters of the text, `end` exclusive.
    line : int
        From 1.
    place : str
        Section, table or caption, as the ledger's ``source`` names it.
    sentence : str
    no_result : str
        Why it is taken for no result, e.g. ``year``; empty if it may be one.
    spelled : bool
        Whether it is written in words.
    """

    characters: str
    value: Printed
    start: int
    end: int
    line: int
    place: str
    sentence: str
    no_result: str
    spelled: bool


def find_numbers(text: str, levels: Collection[str] = ()) -> tuple[Number, ...]:
    """Numbers of a paper, in the order of its text.

    Parameters
    ----------
    text : str
        Plain text, as copied or extracted.
    levels : collection of str
        Levels of the study's categories, as they label rows of tables.
    """
    places, recogniser = Places(text), Recogniser(text, levels)
    text = _with_thousands_joined(text)
    found = []
    for match, characters, spelled in sorted(_matches(text), key=lambda one: one[0].start("digits" if not one[2] else "words")):
        try:
            value = printed.parse(characters)
        except ValueError:  # 27.0.1.0, 22,26,27: versions and reference marks, which the recogniser names
            value = printed.parse(re.match(r"\d+", re.sub(r"^\D+", "", characters))[0])  # type: ignore[index]
        start, end = match.start("words" if spelled else "digits"), match.end()
        why = recogniser.why_no_result(start, match.end("words" if spelled else "digits"), end)
        found.append(
            Number(characters, value, start, end, places.line_of(start), places.place_of(start), places.sentence_of(start), why, spelled)
        )
    return tuple(found)


def _with_thousands_joined(text: str) -> str:
    """The text with thin spaces between thousands, where that is what an ordinary space says: in running text, not between two cells."""

    def join(match: re.Match[str]) -> str:
        start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
        words = re.findall(r"[^\W\d_]{3,}", text[start : end if end >= 0 else None])
        return match[0].replace(" ", "\u2009") if len(words) >= _RUNNING or match[0].split()[1].startswith("0") else match[0]

    return re.sub(r"(?<![\w.,·/–-])\d{1,3}(?: \d{3})+(?![\w.,·%/–-]*\d)", join, text)


def _matches(text: str) -> Iterator[tuple[re.Match[str], str, bool]]:
    """Each number with its characters, and whether it is in words."""
    for match in _NUMBER.finditer(text):
        yield match, _characters(match["relation"], (match["sign"] or "") + match["digits"], match["percent"], match["mark"]), False
    for match in _words().finditer(text):
        yield match, _characters(match["relation"], re.sub(r"[-\u2010\u2011]\s+", "-", " ".join(match["words"].split()))), True


def _characters(relation: str | None, number: str, percent: str | None = None, mark: str | None = None) -> str:
    gap = " " if relation and relation[0].isalpha() else ""
    return f"{' '.join((relation or '').split())}{gap}{number}{(percent or '').strip()}{mark or ''}"
