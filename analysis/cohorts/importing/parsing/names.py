"""Names: of columns as a mapping or a declaration writes them, of keys, of rows that are no patients."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SIGNS, _ZEROS = re.compile(r"[\W_]+"), re.compile(r"(?<!\d)0+(?=\d)")

_WORDS = (
    r"(?:grand |sub-?|zwischen)?(?:totals?|sums?|summen?)|gesamt|insgesamt|means?|averages?|mittelwert|moyenne|promedio|median|médiane|mediana|minimum|maximum|"
    r"standard deviation|standardabweichung|counts?|anzahl|somme|suma|totale"
)
_SHORT = "min|max|sd|std|iqr|range|media"
"""Words that may be a name, unless a sign follows."""
_SUMMARY = re.compile(
    rf"(?:{_WORDS})(?: (?:patients|cases|rows|n)\b.*)?|(?:{_WORDS}|{_SHORT})\s*[(\[:=±+/].*|n\s*=\s*\d+|subtotals?\b.*", re.IGNORECASE
)
"""What a row of totals or means is called: ``Total``, ``Median (IQR)``, ``Mean ± SD``, ``n = 24``, ``Subtotal men``."""


class Several(Exception):
    """A name that several columns have, but for case and blanks; `args` are the columns."""


def fold_name(name: str) -> str:
    """A name without regard to case, blanks at its ends or in a row, and how accents are encoded."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().replace("\ufeff", "").split())


def same_keys(keys: Iterable[str | None]) -> list[list[int]]:
    """Positions of keys that are one but for case, signs and zeros before a number: ``P-01``, ``p 1``."""
    found: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        if key is not None:
            found.setdefault(_ZEROS.sub("", _SIGNS.sub("-", fold_name(key))), []).append(at)
    return [places for places in found.values() if len(places) > 1]


def is_summary(text: str) -> bool:
    """Whether a text is what a row of totals, means or counts is called."""
    return bool(_SUMMARY.fullmatch(text.rstrip(":.")))


def locate_column(name: str, columns: Iterable[str]) -> str:
    """The column of a file that a name means; empty if there is none.

    A column spelled the same comes first, then the only one that differs in case, blanks or
    the encoding of accents.

    Raises
    ------
    Several
    """
    columns = list(columns)
    exact = unicodedata.normalize("NFC", name)
    if exact in columns:
        return exact
    near = [column for column in columns if fold_name(column) == fold_name(name)]
    if len(near) > 1:
        raise Several(*near)
    return near[0] if near else ""
