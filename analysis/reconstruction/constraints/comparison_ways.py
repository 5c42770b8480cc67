"""Ways in which a printed comparison of two curves may have come about: one for each profile of the ledger that prints it.

A ratio, its limits and its P come out of one procedure of one program, so that no search may take the
ratio of one method and the P of another: the audit judges all numbers of a result under one profile.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scipy.stats import norm

from analysis.cohorts.study import Study
from analysis.ledger.rows.programs import PROFILES, Profile, rules
from analysis.ledger.rows.row import Row
from analysis.reconstruction.constraints.hazard_ratio_ranges import RATIOS, log_of_limit
from analysis.reconstruction.kernels.kernels import LOG_RANK, METHODS, PLACES, RATIO, WALD, Z
from analysis.reconstruction.problem.accepted import widest

#: Greatest z of a P that is printed as less than some number: more than any data give.
_GREATEST_Z = 40.0


class Way(NamedTuple):
    """What a search asks of a comparison by one method.

    Attributes
    ----------
    method : int
        Position among `kernels.METHODS`; 0 where no number depends on it.
    ends : tuple of float
        As in `kernels.comparison_miss`.
    """

    method: int
    ends: tuple[float, ...]


def join_results(results: Iterable[list[Row]]) -> list[list[Row]]:
    """Rows on the same two curves that come by one method.

    Results are joined, such as a P of the text and a ratio of a table; apart is what prints a statistic again, maybe by another method.

    Parameters
    ----------
    results : iterable of list of Row
        On the same two groups.
    """
    found: list[list[Row]] = []
    for rows in results:
        statistics = {row.statistic for row in rows}
        for others in found:
            if not statistics & {row.statistic for row in others}:
                others += rows
                break
        else:
            found.append(list(rows))
    return found


def find_ways(study: Study, rows: Sequence[Row]) -> list[Way]:
    """Ways to the numbers that are printed of one comparison.

    Parameters
    ----------
    study : Study
    rows : sequence of Row
        Of `hazard_ratio_ranges.COMPARISONS`, on the same two groups.

    Returns
    -------
    list of Way
        Each once; none that another one includes, or that its own numbers exclude unless they exclude all.
        Exact ties and Gehan's weights, which searches do not know, are left out.
    """
    found = list(dict.fromkeys(way for profile in PROFILES if (way := _way(study, profile, rows)) is not None))
    wide = [one for one in found if not any(other != one and _includes(other, one) for other in found)]
    return [way for way in wide if not _excludes_itself(way)] or wide


def _way(study: Study, profile: Profile, rows: Sequence[Row]) -> Way | None:
    """The way of a profile; None if it does not print all the rows, or by no method that searches know."""
    ends, method = [-math.inf, math.inf] * PLACES, 0
    for row in rows:
        convention = next((name for name in profile.prints.get(row.statistic, ()) if name in ("logrank", *METHODS)), None)
        if convention is None:
            return None
        usual = rules(study, row.registered.kind, profile.program)
        low, high = widest(row.value, [rule for rule in row.rules if rule in usual])
        if row.statistic in RATIOS:
            place, low, high = RATIO + RATIOS.index(row.statistic), log_of_limit(low), log_of_limit(high)
        else:
            place = LOG_RANK if convention == "logrank" else WALD
            low, high = float(norm.isf(min(high, 1) / 2)), float(norm.isf(low / 2)) if low > 0 else _GREATEST_Z
        if convention in METHODS:
            method = METHODS.index(convention)
        ends[2 * place] = max(low, ends[2 * place])
        ends[2 * place + 1] = min(high, ends[2 * place + 1])
    return Way(method, tuple(ends))


def _includes(way: Way, other: Way) -> bool:
    """Whether whatever is right in the other way is right in this one."""
    lower = all(mine <= its for mine, its in zip(way.ends[::2], other.ends[::2]))
    return way.method == other.method and lower and all(mine >= its for mine, its in zip(way.ends[1::2], other.ends[1::2]))


def _excludes_itself(way: Way) -> bool:
    """Whether no ratio with the printed limits has the printed P of Wald's test, whose error the limits tell."""
    low, high = way.ends[2 * WALD : 2 * WALD + 2]
    ratio, lower, upper = (way.ends[2 * place : 2 * place + 2] for place in (RATIO, RATIO + 1, RATIO + 2))
    least = max(ratio[0], (lower[0] + upper[0]) / 2)
    most = min(ratio[1], (lower[1] + upper[1]) / 2)
    narrow, wide = (upper[0] - lower[1]) / (2 * Z), (upper[1] - lower[0]) / (2 * Z)
    if narrow <= 0 or not math.isfinite(low):  # nothing is printed of one of them
        return False
    nearest = max(0.0, least, -most)
    return nearest / wide > high or max(abs(least), abs(most)) / narrow < low
