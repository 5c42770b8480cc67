"""What a cell of a printed table states: ``18 (62%)``, ``102.5 ± 60.7``, ``11 (0–17)``, ``0.49 (0.16–1.56)``, ``<0.001``, ``NR``."""

from __future__ import annotations

import re
from typing import NamedTuple

from analysis.ledger.rows import printed

_NUMBER = (
    r"(?:[Pp]\s*=?\s*)?[<>≤≥~]?\s?[-−]?\s?(?:\d+(?:[.,·∙⋅]\d+)*(?:[ \u00a0\u2009\u202f'’]\d{3})*|[.·∙⋅]\d+)\s?%*(?:[a-h](?!\w)|[*†‡§¶#]+)?"
)
_TO = r"\s*(?:[–—-]|−|\bto\b|[,;])\s*"
_WORDS = r"(?:(?:\d\d(?:[.,·]\d)?\s?%\s?)?(?:CI|C\.I\.|confidence interval)|range|IQR|interquartile range)?[:,]?\s*"
_OPEN = r"(?i:NR|NE|n\.r\.|n\.e\.|not (?:reached|estimable)|∞)"
_N, _IN, _OUT = f"({_NUMBER})", r"\s*[(\[]\s*", r"\s*[)\]]"
_PATTERNS = {
    form: re.compile(pattern)
    for form, pattern in {
        "number": _N,
        "number (number)": f"{_N}{_IN}{_N}{_OUT}",
        "number/number": rf"{_N}\s*/\s*{_N}",
        "number/number (number)": rf"{_N}\s*/\s*{_N}{_IN}{_N}{_OUT}",
        "number (number/number)": rf"{_N}{_IN}{_N}\s*/\s*{_N}{_OUT}",
        "number ± number": rf"{_N}(?:\s*±\s*|\s*\+/[-−]\s*|\s*\(±\s*){_N}\s*\)?",
        "number (number–number)": f"{_N}{_IN}{_WORDS}{_N}{_TO}{_N}{_OUT}",
        "number (number–open)": f"{_N}{_IN}{_WORDS}{_N}{_TO}{_OPEN}{_OUT}",
        "number (open–number)": f"{_N}{_IN}{_WORDS}{_OPEN}{_TO}{_N}{_OUT}",
        "open (number–number)": f"{_OPEN}{_IN}{_WORDS}{_N}{_TO}{_N}{_OUT}",
        "open (number–open)": f"{_OPEN}{_IN}{_WORDS}{_N}{_TO}{_OPEN}{_OUT}",
    }.items()
}
_NOTHING = re.compile(
    r"|(?:1(?:[.,·∙⋅]0+)?\s*[(\[]?\s*)?ref(?:erent|erence)?\.?(?:\s+(?:group|category|level))?\s*[)\]]?|nr|na|n/a|n\.a\.|nd|ne|ns|not (?:reached|reported|estimable|applicable|available)|[-–—−.…]+(?:\s*\(0/0\))?",
    re.IGNORECASE,
)


class Cell(NamedTuple):
    """Numbers of a cell and how they stand.

    `form` is a key of `_PATTERNS`, where *open* is an estimate or limit that was not reached, or ``nothing`` where the cell states no number; `numbers` are characters as printed.
    """

    form: str
    numbers: tuple[str, ...]


EXPECTED = "18, 18 (62%), 14/26, 53.85 (14/26), 102.5 ± 60.7, 11 (0–17), 0.49 (0.16–1.56), 59.1 (41.8–NR), <0.001 or NR"
"""Forms as an error names them."""


def read_cell(text: str) -> Cell:
    """Read a cell.

    Parameters
    ----------
    text : str

    Raises
    ------
    ValueError
        If it has none of the forms; the message shows it.
    """
    text = text.strip()
    if _NOTHING.fullmatch(text):
        return Cell("nothing", ())
    for form, pattern in _PATTERNS.items():
        match = pattern.fullmatch(text)
        if match and all(map(_is_number, match.groups())):
            return Cell(form, tuple(re.sub(r"^[Pp]\s*=?\s*|\s+(?=%)|(?<=[<>≤≥~−-])\s+", "", one.strip()) for one in match.groups()))
    raise ValueError(repr(text))


def stated_level(*texts: str) -> str:
    """Confidence level in percent that the first of some texts states, such as ``HR (90% CI)``; empty where none does."""
    return next((level for text in texts for level in printed.stated_levels(text)), "")


def _is_number(text: str) -> bool:
    try:
        printed.parse(text)
    except ValueError:
        return False
    return True
