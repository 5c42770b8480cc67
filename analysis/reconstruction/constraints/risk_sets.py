"""Risk-set sequences behind a printed Kaplan-Meier estimate and its standard error.

With d events among n at risk, S loses the factor (n - d) / n and Greenwood's sum gains
d / (n (n - d)).  Both telescope: d tied events count like d single ones among n, n - 1, …,
n - d + 1 at risk.  A curve up to a horizon is therefore a strictly falling sequence of
whole numbers, one an event, and the printed S and SE admit very few of them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Sequence_ = tuple[int, ...]


#: Events of one curve between two horizons: each is a step of the recursion.
_DEEPEST = 400


class TooMany(ValueError):
    """More risk-set sequences than asked for."""


@dataclass(frozen=True)
class Horizon:
    """What is printed of a curve at one time.

    Attributes
    ----------
    time : float
        Months.
    states : callable of (float, float) to bool
        Whether an estimate and its standard error, both in percent, are what is printed.
    lowest, highest : float
        No accepted estimate lies outside (percent); `lowest` ends the enumeration.
    error : (float, float)
        No accepted standard error lies outside (percent).
    likely : float or None
        The standard error to expect (percent), where that is not the middle of `error`.
    """

    time: float
    states: Callable[[float, float], bool]
    lowest: float
    highest: float = 100.0
    error: tuple[float, float] = (0.0, math.inf)
    likely: float | None = None


def sequences(size: int, horizons: Sequence[Horizon], limit: int = 10_000, effort: float = math.inf) -> list[tuple[Sequence_, ...]]:
    """Every risk-set sequence that gives the printed values at all horizons.

    Parameters
    ----------
    size : int
        Patients at the start.
    horizons : sequence of Horizon
        In order of time.
    limit : int
        Most sequences to return.
    effort : float
        Most beginnings of a sequence to look at.

    Returns
    -------
    list of tuple of tuple of int
        For each solution and each horizon: numbers at risk just before each event after
        the previous horizon, tied events written one by one.

    Raises
    ------
    ValueError
        If the horizons are out of order.
    TooMany
        If there are more than `limit` solutions, or finding them takes more than `effort` or hundreds of events.
    """
    if any(a.time >= b.time for a, b in zip(horizons, horizons[1:])):
        raise ValueError("horizons must ascend in time")
    found: list[tuple[Sequence_, ...]] = [()]
    states = [(size, 1.0, 0.0)]
    looked = itertools.count(1)
    for horizon in horizons:
        longer, after = [], []
        for done, (largest, survival, greenwood) in zip(found, states):
            for sequence, state in _continuations(largest, survival, greenwood, horizon, looked, effort):
                longer.append((*done, sequence))
                after.append(state)
                if len(longer) > limit:
                    raise TooMany(f"more than {limit} risk-set sequences at {horizon.time:g} months")
        found, states = longer, after
    return found


def _continuations(
    largest: int, survival: float, greenwood: float, horizon: Horizon, looked: Iterator[int], effort: float
) -> Iterator[tuple[Sequence_, tuple[int, float, float]]]:
    """Depth-first: each further event has fewer at risk than the one before."""
    chosen: list[int] = []

    def descend(largest: int, survival: float, greenwood: float):
        if next(looked) > effort or len(chosen) >= _DEEPEST:
            raise TooMany(f"too many beginnings at {horizon.time:g} months")
        estimate = 100 * survival
        error = estimate * math.sqrt(greenwood)
        near = estimate <= horizon.highest and horizon.error[0] <= error <= horizon.error[1]
        if near and horizon.states(estimate, error):
            yield tuple(chosen), (largest, survival, greenwood)
        for at_risk in range(largest, 0, -1):
            lower = survival * (at_risk - 1) / at_risk
            if 100 * lower < horizon.lowest:
                break  # fewer at risk would only lower the curve further
            more = greenwood + 1 / (at_risk * (at_risk - 1)) if at_risk > 1 else greenwood
            # down to the greatest accepted estimate the sum grows least if nobody else is censored
            still = max(100 * lower / horizon.highest - 1, 0.0) / (at_risk - 1) if at_risk > 1 else 0.0
            if horizon.lowest * math.sqrt(more + still) > horizon.error[1]:
                break  # Greenwood's sum only grows, and fastest where few are at risk
            chosen.append(at_risk)
            yield from descend(at_risk - 1, lower, more)
            chosen.pop()

    yield from descend(largest, survival, greenwood)


def steps(sequence: Sequence_) -> list[tuple[int, int]]:
    """Pairs (at risk, tied events) that one month may show.

    A tie of d events needs d consecutive numbers of the sequence: nobody is censored
    between them.

    >>> steps((9, 8, 5))
    [(9, 1), (9, 2), (8, 1), (5, 1)]
    """
    members = set(sequence)
    pairs = []
    for at_risk in sequence:
        tied = 1
        pairs.append((at_risk, tied))
        while at_risk - tied in members:
            tied += 1
            pairs.append((at_risk, tied))
    return pairs


def count_events(sequence: Sequence_, at_risk: int) -> int:
    """Events that lie before a moment of the sequence's stretch with so many at risk then.

    They are those that had more at risk, for that number only falls.

    >>> [count_events((9, 8, 5), at_risk) for at_risk in (9, 8, 7, 5, 4)]
    [0, 1, 2, 2, 3]
    """
    return sum(needed > at_risk for needed in sequence)
