"""Comparisons of two groups as items of the search: each is asked in all ways in which its numbers may have come about."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from analysis.cohorts.study import Study
from analysis.ledger.rows.row import Row
from analysis.reconstruction.constraints.comparison_ways import Way, find_ways, join_results
from analysis.reconstruction.kernels.kernels import LOG_RANK, METHODS, RATIO, WALD
from analysis.reconstruction.large.constraints import Constraint
from analysis.reconstruction.large.items.encoded import Encoding, find_size

#: Greatest half-width that counts as a unit, of a z or of a log ratio.
_WIDEST = 1.0


def add_comparisons(found: Encoding, asked: Iterable[Constraint]) -> list[str]:
    """Add comparisons, each result by itself or with what stands elsewhere about the same groups.

    Parameters
    ----------
    found : Encoding
    asked : iterable of Constraint
        Those with two sides.

    Returns
    -------
    list of str
        Ids of those that the search cannot hear of.
    """
    pairs: dict[tuple[int, int], dict[str, list[Row]]] = {}
    sizes: dict[tuple[int, int], int] = {}
    left_out: list[str] = []
    imposed = {row.id: row for row in found.problem.imposed}  # a Cox model's ratio of one condition is one of two groups there
    for one in asked:
        first, second = (found.group(side, one.endpoint) for side in one.sides)
        if first is None or second is None:
            left_out.append(one.id)
            continue
        pairs.setdefault((first, second), {}).setdefault(one.result, []).append(imposed[one.id])
        sizes[first, second] = sum(find_size(found.problem, side) for side in one.sides)
    for pair, results in pairs.items():
        events = max(4.0, sizes[pair]) / 2
        for rows in join_results(results.values()):
            possible = find_ways(found.problem.study, rows)
            if not possible:
                left_out += [row.id for row in rows]
                continue
            ways = sorted(_named(found.problem.study, rows, possible), key=lambda way: way.method)
            units = _half(ways, (LOG_RANK, WALD)), 2 / math.sqrt(events), _half(ways, range(RATIO, WALD)), 4 / events
            found.add("compared", (*pair, tuple(ways), *units), " ".join(row.id for row in rows))
    return left_out


def _named(study: Study, rows: Sequence[Row], ways: list[Way]) -> list[Way]:
    """Ways by methods that the paper names; all of them where none is."""
    return [way for way in ways if all(_agrees(study, row, way) for row in rows)] or ways


def _agrees(study: Study, row: Row, way: Way) -> bool:
    named = [name for name in study.named_conventions(row.statistic) if name in ("logrank", *METHODS)]
    of_a_test = row.statistic == "logrank_p" or (row.statistic == "hazard_ratio_p" and not _asks(way, WALD))
    return not named or ("logrank" if of_a_test else METHODS[way.method]) in named


def _asks(way: Way, place: int) -> bool:
    return any(map(math.isfinite, way.ends[2 * place : 2 * place + 2]))


def _half(ways: Sequence[Way], places: Iterable[int]) -> float:
    """Greatest half-width of what is asked of some places; 0 where nothing is."""
    halves = [(way.ends[2 * place + 1] - way.ends[2 * place]) / 2 for way in ways for place in places if _asks(way, place)]
    return min(_WIDEST, max(halves, default=0.0))
