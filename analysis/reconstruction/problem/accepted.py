"""Which recomputed values a printed number accepts, as intervals and as tests."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.ledger.rows.allowed import find_allowed
from analysis.ledger.rows.printed import Printed
from analysis.ledger.rows.rounding import HALF_UP, UNBOUNDED, Rule, exact, states
from analysis.ledger.rows.row import Row


def accepts(printed: Printed, value: float, rules: Sequence[Rule]) -> bool:
    """Whether some rounding rule turns a value into what is printed.

    Parameters
    ----------
    printed : Printed
    value : float
        In the printed unit.
    rules : sequence of Rule
        Those of the ledger row, by which the audit judges it, too.
    """
    decimal = exact(value)
    return any(states(printed, decimal, rule) for rule in rules)


def widest(printed: Printed, rules: Sequence[Rule]) -> tuple[float, float]:
    """Closed interval of the values that some rounding rule accepts, two-stage rules included.

    Its ends lie inside: a search that ends on one of them still gives the printed digits.

    Parameters
    ----------
    printed : Printed
    rules : sequence of Rule
        As for `accepts`.
    """
    return find_allowed(printed, rules).inside()


def plain(row: Row) -> tuple[float, float]:
    """Least and greatest value that rounds half-up to what is printed."""
    return _without_bounds(find_allowed(row.value, (HALF_UP,)).inside())


def hull(row: Row) -> tuple[float, float]:
    """Least and greatest value that some rounding rule of a row turns into what is printed."""
    return _without_bounds(find_allowed(row.value, row.rules).inside())


def _without_bounds(ends: tuple[float, float]) -> tuple[float, float]:
    return ends[0], math.inf if ends[1] >= UNBOUNDED else ends[1]
