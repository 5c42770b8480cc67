"""How few outcomes carry a P value: the least number of patients whose outcome would have to differ for it to cross a level."""

from collections.abc import Sequence
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.arrays import Bools, Floats, Ints
from analysis.errors import Undefined
from analysis.estimators.comparisons import log_rank
from analysis.estimators.group_tests import contingency
from analysis.estimators.numerics import checks, distributions

#: Sets of flips that are tried at most; where there are more, the best smaller set is extended one by one.
MOST_SETS = 10_000
#: What rounding leaves of a variance of 0; that of one death among n patients is at least (n - 1) / n².
_VANISHED = 1e-11


class Fragility(NamedTuple):
    """The P value, flips that take it across the level (NaN if none do), P after them, and whether fewer were ruled out.

    Attributes
    ----------
    p, flips, p_after : float
    least : bool
    path : tuple of float
        P nearest to the level, or beyond it, after 1, 2, … flips, up to those that take it across.
    """

    p: float
    flips: float
    p_after: float
    least: bool
    path: tuple[float, ...] = ()


def of_table(table: Sequence[Sequence[int]], significance: float = 0.05, test: str = "fisher") -> Fragility:
    """Return how many outcomes of one group of a 2 × 2 table carry its P value.

    Parameters
    ----------
    table : array_like of int, shape (2, 2)
        One row a group: with and without the outcome.
    significance : float
    test : str
        As in `contingency.p_value`.

    Returns
    -------
    Fragility
        Flips are counted in either group and direction, whichever needs fewer, all in one group. Where P lies below the
        level this is at most the fragility index of Walsh et al. (J Clin Epidemiol 2014;67:622-628), who add events to
        the group with fewer of them; where P lies above, a reverse index.
    """
    (a, b), (c, d) = np.asarray(table, dtype=int)
    p = contingency.p_value([[a, b], [c, d]], test=test)
    below = p < significance
    path: list[float] = []
    for flips in range(1, max(a, b, c, d) + 1):
        changed = [((a + k, b - k), (c, d)) for k in (flips, -flips)] + [((a, b), (c + k, d - k)) for k in (flips, -flips)]
        after = [contingency.p_value(cells, test=test) for cells in changed if np.min(cells) >= 0]
        crossing = [one for one in after if (one < significance) != below]
        if crossing:
            return Fragility(p, flips, crossing[0], True, (*path, crossing[0]))
        path += [max(after) if below else min(after)] if after else []
    return Fragility(p, float("nan"), float("nan"), True, tuple(path))


def of_curves(time: npt.ArrayLike, event: npt.ArrayLike, group: npt.ArrayLike, significance: float = 0.05) -> Fragility:
    """Return how many events of two curves carry their log-rank P.

    A flip turns an event into a censoring at the same time, or the other way round, in either group.

    Parameters
    ----------
    time, event, group
        As in `log_rank.compare`.
    significance : float

    Returns
    -------
    Fragility
        As long as there are at most `MOST_SETS`, all sets of flips are tried, so fewer are ruled out; a greater number is
        found by adding, one by one, the flip that brings P nearest to the level, and fewer might do.

    Raises
    ------
    Undefined
        For other than two groups, or where the test is undefined.
    """
    names, codes = checks.labels(group, "group")
    if len(names) != 2:
        raise Undefined(f"group: expected two groups, found {list(names)}")
    time, event = checks.survival_data(time, event)
    p = log_rank.compare(time, event, codes).p
    if np.isnan(p):
        raise Undefined("event: the log-rank test is undefined for these times")
    _, place = checks.distinct_times(time)
    sums = _Sums(place, event, codes == 0)
    below, n = p < significance, len(time)
    best = np.empty(0, dtype=int)
    path: list[float] = []
    for flips in range(1, n + 1):
        every = comb(n, flips) <= MOST_SETS
        if every:
            sets = np.array(list(combinations(range(n), flips)))
        else:
            others = np.setdiff1d(np.arange(n), best)
            sets = np.column_stack([np.tile(best, (len(others), 1)), others])
        after = sums.p_after(sets)
        crossed = np.flatnonzero((after < significance) != below)
        if crossed.size:
            return Fragility(p, flips, float(after[crossed[0]]), every, (*path, float(after[crossed[0]])))
        nearest = np.nanargmax(after) if below else np.nanargmin(after)
        best = sets[nearest]
        path.append(float(after[nearest]))
    return Fragility(p, float("nan"), float("nan"), False, tuple(path))


class _Sums:
    """Log-rank sums of many changed sets of events at once: who is at risk does not change, as times stay."""

    def __init__(self, place: Ints, event: Floats, first: Bools) -> None:
        size = place.max() + 1
        leaving = np.bincount(place, minlength=size)
        self.place, self.first, self.sign = place, first, np.where(event == 1, -1, 1)
        self.n = leaving[::-1].cumsum()[::-1].astype(float)
        self.share = np.bincount(place, first, size)[::-1].cumsum()[::-1] / self.n
        self.events = np.bincount(place, event, size)
        self.first_events = float(event[first].sum())
        # of the variance at each time, curvature · (events · n - events²)
        self.curvature = np.where(self.n > 1, self.share * (1 - self.share) / np.maximum(self.n - 1, 1), 0.0)
        self.expected = float(self.events @ self.share)
        self.variance = float(self.curvature @ (self.events * (self.n - self.events)))

    def p_after(self, sets: np.ndarray) -> np.ndarray:
        """P after the flips of each row of `sets`; NaN where the test is undefined."""
        observed = self.first_events + (self.sign * self.first)[sets].sum(axis=1)
        expected = self.expected + (self.sign * self.share[self.place])[sets].sum(axis=1)
        variance = self._variance(sets)
        with np.errstate(divide="ignore", invalid="ignore"):
            return distributions.chi_square_tail((observed - expected) ** 2 / variance, 1)

    def _variance(self, sets: np.ndarray) -> np.ndarray:
        """Variance after the flips of each row of `sets`: one time's changes by its sum of flips, and by its square."""
        alone = self.sign * (self.curvature * (self.n - 2 * self.events))[self.place]
        found = self.variance + alone[sets].sum(axis=1)
        place, sign, weight = self.place[sets], self.sign[sets], self.curvature[self.place][sets]
        for one in range(sets.shape[1]):
            found -= weight[:, one]
            for other in range(one):  # two flips at one time
                found -= np.where(place[:, one] == place[:, other], 2 * weight[:, one] * sign[:, one] * sign[:, other], 0.0)
        return np.where(found > _VANISHED, found, np.nan)
