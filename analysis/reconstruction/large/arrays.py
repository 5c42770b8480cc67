"""An encoded problem as the arrays of the search (`state.Asked`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from analysis.reconstruction.kernels.kernels import METHODS
from analysis.reconstruction.kernels.memberships import LEVELS
from analysis.reconstruction.large.encoding import Encoding
from analysis.reconstruction.large.state import Asked
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
        *_measured(lists.get("limits", []), 2, schedule.blend), *_heights(lists.get("crossings", [])),
        *_split(lists.get("spans", []), 2), *_measured(lists.get("means", []), 2, schedule.blend),
        *_comparisons(lists.get("compared", []), schedule.blend), _methods(found.problem),
        _whole(sums, 2), _whole(terms, 2), _real(ends, 3), _whole(lists.get("rules", []), 2), _whole(lists.get("windows", []), 5),
        np.array([len(found.blocks[name]) for name in found.names], dtype=np.int64), np.array([first, found.problem.timeline.last * found.steps]),
        np.array([schedule.step]), no_pull(found), np.array([len(found.endpoints) == 2 and bool(found.problem.timeline.causes)]),
    )  # fmt: skip


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


def _comparisons(rows: Sequence, blend: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    units = [(unit(row[10], row[11], blend), unit(row[12], row[13], blend)) for row in rows]
    return _whole([row[:2] for row in rows], 2), _real([row[2:10] for row in rows], 8), _real(units, 2)


def _methods(problem: Problem) -> np.ndarray:
    """Methods that the paper names, of limits and of ratios; all where it names none that is known here."""
    found = np.zeros((2, 4), np.bool_)
    for place, (statistic, known) in enumerate((("survival_lower", _TRANSFORMATIONS), ("hazard_ratio", METHODS))):
        named = [name for name in problem.study.named_conventions(statistic) if name in known] or known
        found[place, [known.index(name) for name in named]] = True
    return found
