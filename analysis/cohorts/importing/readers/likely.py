"""What in a file looks like a header, a second header or a footnote: proposed to a person, never decided."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any

from analysis.cohorts.importing.columns.coding import missing_like
from analysis.cohorts.importing.parsing import numbers
from analysis.cohorts.importing.parsing.names import fold_name, is_summary
from analysis.cohorts.importing.problems import Problem, quote
from analysis.cohorts.importing.raw import Unreadable, cell, spell_cell

REMARK = "#"
_SEARCHED = 30
_FEWEST_SUMMED, _FEWEST_COLUMNS = 3, 2
_HAIR = 1e-9
Record = tuple[int, list[Any]]


def refuse_wrong_header(records: Sequence[Record], head: list[Record], known: Collection[str], noun: str) -> None:
    """Refuse a first row that is no header where another row is likelier to be one."""
    wanted = folded_names(known)
    searched = dict(records[:_SEARCHED])
    hits = {number: len(words_of(record) & wanted) for number, record in searched.items()}
    here = hits.get(head[0][0], 0) if head else 0
    best = max(hits, key=lambda number: (hits[number], -number), default=0)
    if best and not hits[best] and head and len(_fill(head[0][1])) == 1:  # a title, and nothing that is known by its name
        best = next((number for number, record in searched.items() if len(_fill(record)) > 2 and all(map(_is_name, _fill(record)))), 0)
    elif not best or hits[best] < here + 1 or (here and hits[best] < 2):
        best = 0
    if best and head and best != head[0][0]:
        raise Unreadable(
            f"the names of the columns in the first {noun} that is filled (or 'header' in the mapping)",
            f"{noun} {best} looks like the header; in the mapping 'file: {{header: {best}}}' takes it",
        )


def second_header(body: list[Record], noun: str) -> list[Problem]:
    """A first row that holds words where the next holds numbers or dates, in two columns at least."""
    if len(body) < 3:
        return []
    (number, first), (_, second), (_, third) = body[:3]
    words = [at for at, value in enumerate(first) if _is_name(cell(value))]
    apart = [
        at for at in words if all(len(row) > at and cell(row[at]) is not None and not _is_name(cell(row[at])) for row in (second, third))
    ]
    if len(words) != len(_fill(first)) or len(apart) < 2 or any(missing_like(cell(value)) for value in first):
        return []
    return [
        Problem(
            "a patient",
            f"words alone, as in a second header: 'file: {{first: {body[1][0]}}}' leaves it out ('file: {{first: {number}}}' reads it)",
            rows=(number,),
        )
    ]


def footnotes(head: list[Record], body: list[Record], noun: str) -> tuple[list[Record], list[Problem]]:
    """Rows at the end in which one text stands alone, of a table that is wide enough to tell: proposed to be left out."""
    if head and len(_fill(head[-1][1])) < 3:
        return body, []
    notes = 0
    while notes < len(body) and len(filled := _fill(body[-1 - notes][1])) <= 1 and all(map(_is_remark, filled)):
        notes += 1
    if not notes or notes == len(body):
        return body, []
    whole, alone = body[:-notes], body[-notes:]
    found = f"one text alone, as in a footnote: 'file: {{last: {whole[-1][0]}}}' leaves it out"
    return whole, [Problem("a patient", found, rows=tuple(number for number, _ in alone))]


def summary(body: list[Record], noun: str) -> list[Problem]:
    """A last row that sums up the others: called so, or with sums or means of two columns."""
    if len(body) < 2:
        return []
    number, last = body[-1]
    called = [
        text
        for at, value in enumerate(last)
        if isinstance(cell(value), str)
        and is_summary(text := word(value))
        and not any(at < len(record) and word(record[at]) == text for _, record in body[:-1])  # else it is a value of the column
    ]
    found = (
        f"a row called {quote(called[0])}"
        if called
        else "sums or means of the rows above"
        if _sums_up([record for _, record in body])
        else ""
    )
    if not found:
        return []
    return [
        Problem(
            "a patient", f"{found}: 'file: {{last: {body[-2][0]}}}' leaves it out ('file: {{last: {number}}}' reads it)", rows=(number,)
        )
    ]


def _sums_up(rows: list[list[Any]]) -> bool:
    """Whether two columns at least end in the sum, or at least two in the mean, of what stands above."""
    sums = means = 0
    for at in range(len(rows[-1])):
        values = [_plain(row[at]) if at < len(row) else None for row in rows]
        above, last = [value for value in values[:-1] if value is not None], values[-1]
        if last is None or len(above) < _FEWEST_SUMMED or len(set(above)) < 2:
            continue
        sums += math.isclose(last, sum(above), abs_tol=_HAIR)
        means += math.isclose(last, sum(above) / len(above), abs_tol=_HAIR)
    return max(sums, means) >= _FEWEST_COLUMNS


def _plain(value: Any) -> float | None:
    """A cell as a number, where it is one in one way only."""
    found = cell(value)
    if isinstance(found, str):
        read = set(numbers.readings(found).values())
        return read.pop() if len(read) == 1 else None
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def folded_names(names: Collection[str]) -> set[str]:
    """Names without regard to case and blanks."""
    return {fold_name(name) for name in names}


def words_of(record: Sequence[Any]) -> set[str]:
    """Texts of a row as names, the mark of a remark before the first of them left out."""
    return {fold_name(word(value).lstrip(REMARK)) for value in record} - {""}


def word(value: Any) -> str:
    """A cell of a header as the name it is, blanks in a row as one."""
    found = cell(value)
    return " ".join(spell_cell(found).split()) if found is not None else ""


def _fill(record: Sequence[Any]) -> list[Any]:
    return [found for value in record if (found := cell(value)) is not None]


def _is_name(value: Any) -> bool:
    """Whether a cell is a word rather than a number, a date or a truth value."""
    return isinstance(value, str) and not numbers.readings(value) and not any(sign.isdigit() for sign in value[:1] + value[-1:])


def _is_remark(value: Any) -> bool:
    """Whether a cell is several words, or one without digits, rather than a key."""
    return isinstance(value, str) and not numbers.readings(value) and (len(value.split()) > 1 or not any(map(str.isdigit, value)))
