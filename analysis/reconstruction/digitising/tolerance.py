"""The smallest tolerance of a curve at which the search finds a cohort."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from analysis.reconstruction.large import beginning, cohort, encoding
from analysis.reconstruction.large.arrays import arrays
from analysis.reconstruction.large.cohort import part_of, patients_of
from analysis.reconstruction.large.items.encoded import Encoding
from analysis.reconstruction.large.kernels import annealing
from analysis.reconstruction.large.state import Patients
from analysis.reconstruction.problem.digitised import DigitisedCurve
from analysis.reconstruction.problem.problem import Problem
from analysis.reconstruction.temperatures import schedules

#: Grid of tolerances (points of percent), growth from one tried to the next, and the largest taken without being asked.
GRID, GROWTH, MOST = 0.05, 1.2, 2.0
#: Annealings of each start: most tolerances tried are too small, and more would not help them.
TRIED = 3


@dataclass(frozen=True)
class Fitted:
    """What the search came to.

    Attributes
    ----------
    tolerance : float
        At which a cohort was found; of the last try where none was.
    unmet : list of str
        What the nearest cohort of the last try does not have, in words; empty where one was found.
    """

    tolerance: float
    unmet: list[str]


def up(tolerance: float) -> float:
    """The next tolerance of the grid that is not smaller."""
    return round(GRID * math.ceil(tolerance / GRID - 1e-9), 2)


def fit(
    problem: Problem, curve: DigitisedCurve, least: float, most: float = MOST, say: Callable[[str], None] = lambda line: None
) -> Fitted:
    """Search for the group of one curve at growing tolerances, each from the nearest cohort so far and from a new one.

    Parameters
    ----------
    problem : Problem
    curve : DigitisedCurve
        One of the problem's.
    least, most : float
        Below the first nothing is tried; the last is the end.
    say : callable of str
    """
    tolerance, number, nearest = max(up(least), min(GRID, most)), 1, _start(problem, curve, 1)
    while True:
        found = encoding.encode(_with_tolerance(part_of(problem, curve), tolerance))
        number += 1
        tried = [(misses.sum(), misses, patients) for misses, patients in _tries(found, [nearest, _start(problem, curve, number)])]
        least_miss, misses, nearest = min(tried, key=lambda one: one[0])
        if least_miss == 0:
            return Fitted(tolerance, [])
        unmet = [words for words, _ in cohort.unmet(found, misses)]
        say(f"tolerance {tolerance:g}: {len(unmet)} of {len(misses)} numbers not met")
        if tolerance >= most:
            return Fitted(tolerance, unmet)
        tolerance = min(most, up(tolerance * GROWTH))


def _start(problem: Problem, curve: DigitisedCurve, seed: int) -> Patients:
    found = encoding.encode(problem)
    return patients_of(found, beginning.begin(found, cohort.labels(found, seed), seed), curve)[1]


def _tries(found: Encoding, starts: list[Patients]) -> Iterator[tuple]:
    """Misses and patients of each start after its annealings; the last one that needs any where all holds."""
    for patients in starts:
        for number, schedule in enumerate(schedules(patients.time.shape[1], True)[:TRIED]):
            misses, _ = annealing.anneal(arrays(found, schedule), patients, number, schedule.moves, schedule.hot, schedule.cold)
            if misses.sum() == 0:
                yield misses, patients
                return
        yield misses, patients


def _with_tolerance(problem: Problem, tolerance: float) -> Problem:
    """The same problem, all heights read with another error."""
    curves = tuple(
        DigitisedCurve(curve.declared.model_copy(update={"tolerance": tolerance}), curve.points, curve.printed_at_risk, curve.ticks)
        for curve in problem.digitised
    )
    return replace(problem, digitised=curves)
