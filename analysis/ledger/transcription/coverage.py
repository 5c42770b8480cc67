"""Which numbers of a text stand in no row of the ledger, and which rows stand nowhere in the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from analysis.ledger.rows.printed import Printed
from analysis.ledger.rows.row import Row
from analysis.ledger.transcription.numbers import Number

_WORDS_FOR_DIGITS, _NO_RESULT, _PLACE, _CONTEXT, _CHARACTERS = 1000.0, 30.0, 10.0, 2.0, 1.0
"""What a pair of row and number costs: words against digits, a result taken for none, another place, context taken for no result,
other signs."""
_STEP, _FARTHEST, _NEIGHBOURS, _ROUNDS = 0.1, 8.0, 4, 4
"""Cost of each number between where a row is expected and where its number stands, the most of it; rows on either side that say where."""


@dataclass(frozen=True)
class Coverage:
    """Numbers of a text beside the rows of a ledger.

    Attributes
    ----------
    numbers : tuple of Number
        Of the text, in its order.
    row_of : dict of int to Row
        Row of each number that has one, by its position in `numbers`.
    shared : tuple of Row
        Rows whose number stands in their place of the text, less often than in the ledger: one printed number in several rows.
    absent : tuple of Row
        Rows whose number does not stand there.
    """

    numbers: tuple[Number, ...]
    row_of: dict[int, Row]
    shared: tuple[Row, ...]
    absent: tuple[Row, ...]

    def without_row(self, declared: frozenset[int] = frozenset()) -> tuple[Number, ...]:
        """Numbers without a row that are neither recognised nor declared to be no results, in the order of the text."""
        return tuple(
            number
            for position, number in enumerate(self.numbers)
            if position not in self.row_of and position not in declared and not number.no_result
        )

    @property
    def recall(self) -> float:
        """Share of the ledger's rows whose number was found in the text; 1 where there are no rows."""
        found = len(self.row_of) + len(self.shared)
        return found / (found + len(self.absent)) if found + len(self.absent) else 1.0

    @property
    def mistaken(self) -> tuple[tuple[Number, Row], ...]:
        """Results that were taken for no results, with their rows; context is none."""
        return tuple(
            (self.numbers[position], row)
            for position, row in self.row_of.items()
            if self.numbers[position].no_result and row.role != "context"
        )


def compare(numbers: Sequence[Number], rows: Sequence[Row], known: Mapping[int, str] | None = None) -> Coverage:
    """Set the numbers of a text beside the rows of a ledger.

    A row and a number belong together if they state the same digits; among several such pairs, place, characters and order decide.

    Parameters
    ----------
    numbers : sequence of Number
    rows : sequence of Row
    known : mapping of int to str, optional
        Ids of rows by the position of their number, where a draft says so; the others are found.
    """
    position_of = {row.id: position for position, row in enumerate(rows)}
    fixed = {position_of[id]: number for number, id in (known or {}).items() if id in position_of}
    pairs = _anchors(numbers, rows) | fixed
    for _ in range(_ROUNDS):
        pairs = _pair(numbers, rows, fixed, _expect(rows, pairs))
    row_of = {number: rows[row] for row, number in pairs.items()}
    without = [row for position, row in enumerate(rows) if position not in pairs]
    stated = {(digits(number.value), number.spelled, _section(number.place)) for number in numbers}
    shared = tuple(row for row in without if (digits(row.value), _is_spelled(row), _section(row.source)) in stated)
    absent = tuple(row for row in without if row not in shared)
    return Coverage(tuple(numbers), dict(sorted(row_of.items())), shared, absent)


def _section(place: str) -> str:
    """A place as it is compared: a figure is its caption."""
    return place.removesuffix(" caption")


def digits(value: Printed) -> tuple[str, int]:
    """What a row and a number must agree in: the digits without a sign, as a journal may set a minus or a dash."""
    return str(abs(value.value)), value.decimals


def _is_spelled(row: Row) -> bool:
    return not any(character.isdigit() for character in row.printed)


def _anchors(numbers: Sequence[Number], rows: Sequence[Row]) -> dict[int, int]:
    """Rows whose digits stand once in their place of the ledger and once in that of the text: where these are is certain."""
    asked: dict[tuple[tuple[str, int], str], list[int]] = defaultdict(list)
    found: dict[tuple[tuple[str, int], str], list[int]] = defaultdict(list)
    for position, row in enumerate(rows):
        asked[digits(row.value), _section(row.source)].append(position)
    for position, number in enumerate(numbers):
        found[digits(number.value), _section(number.place)].append(position)
    return {ones[0]: found[key][0] for key, ones in asked.items() if len(ones) == len(found.get(key, ())) == 1}


def _pair(numbers: Sequence[Number], rows: Sequence[Row], fixed: Mapping[int, int], expected: Mapping[int, float]) -> dict[int, int]:
    """Number of each row, by positions: the cheapest pairs of those that state the same digits."""
    by_value: dict[tuple[str, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    taken = set(fixed.values())
    for position, number in enumerate(numbers):
        if position not in taken:
            by_value[digits(number.value)][0].append(position)
    for position, row in enumerate(rows):
        if position not in fixed:
            by_value[digits(row.value)][1].append(position)
    pairs = dict(fixed)
    for found, asked in by_value.values():
        if found and asked:
            costs = np.array([[_cost(numbers[one], rows[row]) + _distance(expected.get(row), one) for one in found] for row in asked])
            chosen = zip(*linear_sum_assignment(costs), strict=True)
            pairs |= {asked[row]: found[number] for row, number in chosen if costs[row, number] < _WORDS_FOR_DIGITS}
    return pairs


def _expect(rows: Sequence[Row], pairs: Mapping[int, int]) -> dict[int, float]:
    """Where in the text each row is to be expected, as a ledger follows the text: so many numbers behind or before those of its neighbours."""
    found: dict[int, float] = {}
    for source in {row.source for row in rows}:
        there = [position for position, row in enumerate(rows) if row.source == source]
        for at, position in enumerate(there):
            near = range(max(at - _NEIGHBOURS, 0), min(at + _NEIGHBOURS + 1, len(there)))
            said = [(pairs[there[one]] + at - one, (at - one) ** -2) for one in near if one != at and there[one] in pairs]
            if said:
                found[position] = _weighted_median(said)
    return found


def _weighted_median(said: Sequence[tuple[float, float]]) -> float:
    """Median of values with weights."""
    values, weights = (np.array(one) for one in zip(*sorted(said), strict=True))
    return float(values[np.searchsorted(np.cumsum(weights), weights.sum() / 2)])


def _distance(expected: float | None, number: int) -> float:
    """Cost of a number that stands far from where its row is expected."""
    return 0.0 if expected is None else min(_STEP * abs(number - expected), _FARTHEST)


def _cost(number: Number, row: Row) -> float:
    return (
        _WORDS_FOR_DIGITS * (_is_spelled(row) != number.spelled)
        + _PLACE * (_section(row.source) != _section(number.place))
        + (_CONTEXT if row.role == "context" else _NO_RESULT) * bool(number.no_result)
        + _CHARACTERS * (row.printed.lstrip("<>≤≥") != number.characters.lstrip("<>≤≥"))
    )
