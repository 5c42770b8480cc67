"""Confidence limits as items of the search: those that one transformation gave together are one item.

An audit judges a result under one profile, so that no search may take the lower limit of one transformation and the upper of another.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from analysis.reconstruction.large.constraints import Constraint
from analysis.reconstruction.large.items.encoded import Encoding, find_size
from analysis.reconstruction.large.state import (
    FOLLOWED_LOWER,
    FOLLOWED_UPPER,
    LOWER,
    LOWER_AT,
    UPPER,
    UPPER_AT,
)

#: Which limit of a curve each kind of constraint is.
LIMITS: Mapping[str, int] = {
    "survival lower": LOWER_AT, "survival upper": UPPER_AT, "median lower": LOWER, "median upper": UPPER,
    "follow-up median lower": FOLLOWED_LOWER, "follow-up median upper": FOLLOWED_UPPER,
}  # fmt: skip

#: Whole numbers and real ones of a limit, as in `state.Asked`, but half-width and what one patient changes in place of the unit.
Limit = tuple[tuple[int, int, int, int], tuple[float, float, float, float]]


def add_limits(found: Encoding, asked: list[Constraint]) -> list[str]:
    """Add limits, each with those of its result and of its estimate.

    Parameters
    ----------
    found : Encoding
    asked : list of Constraint
        Of the kinds of `LIMITS`.

    Returns
    -------
    list of str
        Ids of those that the search cannot hear of.
    """
    families: list[tuple[set[Hashable], list[tuple[str, Limit]]]] = []
    left_out: list[str] = []
    for one in asked:
        limit = _limit(found, one)
        if limit is None:
            left_out.append(one.id)
            continue
        keys = set(_keys(one, limit))
        joined = [(one.id, limit)]
        for family in [family for family in families if family[0] & keys]:
            families.remove(family)
            keys |= family[0]
            joined = family[1] + joined
        families.append((keys, joined))
    for _, joined in families:
        found.add("limits", tuple(limit for _, limit in joined), " ".join(id for id, _ in joined))
    return left_out


def _limit(found: Encoding, one: Constraint) -> Limit | None:
    """A limit of an estimate lies between two ends; of a median, it comes down to a height at one of the steps that print it."""
    group, which = found.group(one.group, one.endpoint), LIMITS[one.kind]
    if group is None:
        return None
    patient = 100 / find_size(found.problem, one.group)
    if which in (LOWER_AT, UPPER_AT):
        at, low, high = found.at(one.moment), float(one.low), float(one.high)
        return (group, which, at, at), (low, high, (high - low) / 2, patient)
    steps = found.crossed(one)
    return ((group, which, *steps), (one.height, one.height, 0.0, patient)) if steps else None


def _keys(one: Constraint, limit: Limit) -> Iterator[Hashable]:
    """What a limit shares with those that came by its transformation: curves of follow-up may have come from another program."""
    (group, which, first, _), _ = limit
    followed = which in (FOLLOWED_LOWER, FOLLOWED_UPPER)
    yield "result", followed, one.result
    yield "estimate", followed, group, first if which in (LOWER_AT, UPPER_AT) else one.height
