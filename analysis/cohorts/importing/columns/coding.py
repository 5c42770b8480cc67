"""Cells and how they are spelled: codes, labels, missing codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from analysis.cohorts.importing.mapping import Entry, Mapping, words
from analysis.cohorts.importing.problems import make_printable, quote
from analysis.cohorts.importing.raw import spell_cell

_MISSING_LIKE = frozenset(
    [
        "na",
        "n/a",
        "n.a.",
        "#n/a",
        "nan",
        "nat",
        "none",
        "null",
        "nil",
        "nd",
        "n.d.",
        "k.a.",
        "k/a",
        "-",
        "--",
        "—",
        ".",
        "..",
        "?",
        "*",
        "unknown",
        "unk",
        "unbekannt",
        "missing",
        "fehlt",
        "inconnu",
        "unkn",
        "nk",
        "n.k.",
        "n/k",
        "n/d",
        "n/e",
        "k. a.",
        "n. a.",
        "#null!",
        "#div/0!",
        "#ref!",
        "#value!",
        "#name?",
        "#num!",
        "lost to follow-up",
        "unclear",
        "unklar",
    ]
)
_NOTHING_KNOWN = re.compile(
    r"(no|not|non|without|keine?n?|nicht|ohne|nie|never|sans|pas|un)[ -]?(yet |of |de )?("
    r"known|knowledge|data|info\w*|available|applicable|assess\w*|evaluat\w*|evaluable|done|determined|determinable|tested|examined|measured|stated|specified|"
    r"report\w*|record\w*|documented|answer\w*|result|results|"
    r"bekannt|angaben?|daten|auswertbar|beurteilbar|untersucht|bestimmt|erhoben|gemessen|dokumentiert|durchgeführt|gemacht|befund|"
    r"connue?s?|données?|renseignée?s?|disponibles?|faite?s?|évaluables?)"
)
_NO_DATE = frozenset(["alive", "living", "lives", "lebt", "lebend", "vivant", "no", "nein", "non", "no date", "no event", "still alive"])
_WHOLE = re.compile(r"([+-]?\d+)[.,]0{1,2}", re.ASCII)
_PLAIN_WORD = re.compile(r"[^\W\d_][\w/ ]*")
_MOST_PROPOSED = 6


def missing_like(value: Any, dated: bool = False) -> bool:
    """Whether a cell looks like somebody's code for "missing", or, where a date is expected, for "did not happen"."""
    return isinstance(value, str) and (
        value.lower() in _MISSING_LIKE
        or value.lower().rstrip(".") in _MISSING_LIKE
        or says_unknown(value)
        or (dated and value.lower() in _NO_DATE)
    )


def says_unknown(text: str) -> bool:
    """Whether words deny that something is known, done or recorded, and so nothing of the patient: ``not known``, ``nicht erhoben``."""
    return bool(_NOTHING_KNOWN.fullmatch(" ".join(text.lower().split())))


def says_no_event(value: Any) -> bool:
    """Whether a cell says that an event did not happen: ``alive``, ``no``."""
    return isinstance(value, str) and value.lower() in _NO_DATE


def propose_missing(values: Iterable[Any]) -> str:
    """Line of a mapping that takes some cells as missing, e.g. ``missing: [NA, '-']``."""
    found = list(dict.fromkeys(make_printable(spell_cell(value)) for value in values))
    written = [
        word if _PLAIN_WORD.fullmatch(word) and word.lower() not in ("null", "true", "false") else quote_for_mapping(word) for word in found
    ]
    return f"missing: [{', '.join(written[:_MOST_PROPOSED])}]"


def quote_for_mapping(word: str) -> str:
    """A word in the quotation marks of a mapping, e.g. ``'d''accord'``."""
    return "'" + make_printable(word).replace("'", "''") + "'"


def cell_shown(value: Any, labels: dict[Any, str]) -> str:
    """A cell in quotation marks, with its label where it has one."""
    if value is None:
        return "an empty cell"
    label = label_of(value, labels)
    return quote(spell_cell(value)) + (f" (labelled {quote(label)})" if label else "")


def spellings(value: Any, labels: dict[Any, str]) -> tuple[str, ...]:
    """A cell as a mapping may write it: its code, a text such as ``1.0`` as whole number as well, and its label where it has one."""
    written, label = spell_cell(value), label_of(value, labels)
    whole = _WHOLE.fullmatch(written) if isinstance(value, str) else None
    return (written, *([whole[1]] if whole else []), *([label] if label else []))


def label_of(value: Any, labels: dict[Any, str]) -> str:
    """Label of a coded cell; empty if it has none."""
    return labels.get(value, "") if labels else ""


def map_distinct(cells: Iterable[Any], function: Callable[[Any], Any]) -> tuple[list[Any], dict[int, str]]:
    """A function of every cell, evaluated once for each distinct one.

    Returns
    -------
    values : list
        None for an empty or refused cell.
    refused : dict of int to str
        By position, what would have been right.
    """
    known: dict[tuple[type, Any], tuple[Any, str]] = {}
    values, refused = [], {}
    for position, cell in enumerate(cells):
        key = (type(cell), cell)  # 1, 1.0 and True are equal, but not the same
        if key not in known:
            try:
                known[key] = (None if cell is None else function(cell), "")
            except ValueError as error:
                known[key] = (None, str(error))
        value, expected = known[key]
        values.append(value)
        if expected:
            refused[position] = expected
    return values, refused


def without_missing(cells: np.ndarray, codes: Sequence[str], labels: dict[Any, str]) -> tuple[np.ndarray, int]:
    """Cells with missing codes emptied, and how many those were."""
    if not codes:
        return cells, 0
    wanted = {*codes, *(whole[1] for code in codes if (whole := _WHOLE.fullmatch(code)))}
    flags, _ = map_distinct(cells, lambda cell: not wanted.isdisjoint(spellings(cell, labels)))
    emptied = np.array([bool(flag) for flag in flags], dtype=bool)
    left = cells.copy()
    left[emptied] = None
    return left, int(emptied.sum())


def missing_codes(mapping: Mapping, entry: Entry) -> tuple[str, ...]:
    """Codes that mean "missing" in a column: those of the whole file and its own."""
    return (*words(mapping.missing), *words(entry.missing))


def missing_numbers(mapping: Mapping, entry: Entry) -> frozenset[float]:
    """Those of the codes that are numbers: in a column of numbers 99 means 99.000 and 99,0 as well."""
    found = []
    for code in missing_codes(mapping, entry):
        with suppress(ValueError):
            found.append(float(code.replace(",", ".").replace("\u2212", "-")))
    return frozenset(found)
