"""An encoded problem as the arrays of the search (`state.Asked`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from analysis.reconstruction.kernels.kernels import PLACES
from analysis.reconstruction.kernels.memberships import LEVELS
from analysis.reconstruction.large.items.encoded import Encoding
from analysis.reconstruction.large.items.limits import Limit
from analysis.reconstruction.large.state import ALONE, Asked
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.temperatures import Scaled

_TRANSFORMATIONS = ("log", "log-log", "plain")


def arrays(found: Encoding, schedule: Scaled) -> Asked:
    """The search's arrays, in the units of one annealing."""
    lists = found.lists
    timed = [k for k, (first, last) in enumerate(found.conditions) if any(kind != LEVELS for kind, *_ in found.clauses[first:last])]
    sums, ends = [], []
    terms: list[tuple] = []
    for parts, low, high, unit in lists.get("sums", []):
        sums.append((len(terms), len(terms) + len(parts)))
        terms += parts
        ends.append((low, high, unit))
    first = found.problem.timeline.first_step
    return Asked(
        _whole(found.clauses, 4), _whole(found.conditions, 2), np.array(timed, dtype=np.int64), _whole(found.groups, 2),
        *_measured(lists.get("points", []), 3, schedule.blend), *_measured(lists.get("incidences", []), 3, schedule.blend),
        *_limits(lists.get("limits", []), schedule.blend), _scales(found.problem), *_heights(lists.get("crossings", [])),
        *_split(lists.get("spans", []), 2), *_measured(lists.get("means", []), 2, schedule.blend),
        *_comparisons(lists.get("compared", []), schedule.blend),
        _whole(sums, 2), _whole(terms, 2), _real(ends, 3), _whole(lists.get("rules", []), 2), _whole(lists.get("windows", []), 5),
        np.array([len(found.blocks[name]) for name in found.names], dtype=np.int64), np.array([first, found.problem.timeline.last * found.steps]),
        np.array([schedule.step]), no_pull(found), np.array([_tells_causes(found)]),
        _whole(lists.get("clocks", []), 4), _whole(lists.get("spells", []), 5),
    )  # fmt: skip


def _tells_causes(found: Encoding) -> bool:
    """Whether causes of the first of two events are told apart, of all patients or of those of a clock."""
    return len(found.endpoints) == 2 and (bool(found.problem.timeline.causes) or any(spell.by == ALONE for spell in found.spells))


def no_pull(found: Encoding) -> np.ndarray:
    """Times to which nothing pulls, as `Asked.pull`."""
    return np.zeros((len(found.endpoints), 2, found.problem.timeline.last * found.steps + 1))


def _whole(rows: Iterable, width: int) -> np.ndarray:
    return np.array(list(rows), dtype=np.int64).reshape(-1, width)


def _real(rows: Iterable, width: int) -> np.ndarray:
    return np.array(list(rows), dtype=float).reshape(-1, width)


def _heights(rows: Sequence) -> tuple[np.ndarray, np.ndarray]:
    """Crossings, whose last number is the height."""
    return _whole([row[:4] for row in rows], 4), np.array([row[4] for row in rows], dtype=float)


def _split(rows: Sequence, whole: int) -> tuple[np.ndarray, np.ndarray]:
    width = len(rows[0]) if rows else whole
    return _whole([row[:whole] for row in rows], whole), _real([row[whole:] for row in rows], max(2, width - whole))


def unit(half: float, patient: float, blend: float) -> float:
    """Distance that counts as one: between a printed half-width and what one patient changes."""
    return (half or patient) ** (1 - blend) * patient**blend


def _measured(rows: Sequence, whole: int, blend: float) -> tuple[np.ndarray, np.ndarray]:
    """Items whose last two numbers are a half-width and what one patient changes."""
    width = len(rows[0]) - 1 - whole if rows else 3
    return _whole([row[:whole] for row in rows], whole), _real([(*row[whole:-2], unit(row[-2], row[-1], blend)) for row in rows], width)


def _ranges(parts: Iterable[Sequence]) -> np.ndarray:
    """First of the parts of each item, and the one past the last, where those of all items follow one another; shape (items, 2)."""
    ends = np.cumsum([0, *map(len, parts)])
    return np.column_stack((ends[:-1], ends[1:]))


def _limits(families: Sequence[Sequence[Limit]], blend: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    limits = [limit for family in families for limit in family]
    ends = [(low, high, unit(half, patient, blend)) for _, (low, high, half, patient) in limits]
    return _ranges(families), _whole([whole for whole, _ in limits], 4), _real(ends, 3)


def _scales(problem: Problem) -> np.ndarray:
    """Transformations that the paper names; all where it names none that is known here."""
    named = [name for name in problem.study.named_conventions("survival_lower") if name in _TRANSFORMATIONS] or _TRANSFORMATIONS
    return np.array([name in named for name in _TRANSFORMATIONS])


def _comparisons(rows: Sequence[tuple], blend: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    ways = [way for row in rows for way in row[2]]
    ends = _real([way.ends for way in ways], 2 * PLACES)
    for place in range(0, 2 * PLACES, 2):
        ends[np.isinf(ends[:, place : place + 2]).all(axis=1), place : place + 2] = np.nan
    units = [(unit(row[3], row[4], blend), unit(row[5], row[6], blend)) for row in rows]
    compared = np.column_stack((_whole([row[:2] for row in rows], 2), _ranges([row[2] for row in rows])))
    return compared, _real(units, 2), np.array([way.method for way in ways], dtype=np.int64), ends
