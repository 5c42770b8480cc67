"""Tipping point: between which ends a comparison of two curves lies, over all that may have become of some patients."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations, combinations_with_replacement, islice
from math import comb
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats, Ints
from analysis.errors import Undefined
from analysis.estimators.numerics import checks, distributions

#: Choices that are evaluated together, and the most that are evaluated at all.
_TOGETHER, MOST = 500, 2_000_000
#: Choices up to which they are kept for the next cohort.
_KEPT = 200_000


class Tipping(NamedTuple):
    """Ends over all choices.

    Attributes
    ----------
    least_p, greatest_p : float
        Log-rank P.
    least_difference, greatest_difference : float
        First curve less the second at the time asked for, in percentage points.
    choices : int
        How many were evaluated: all of them.
    """

    least_p: float
    greatest_p: float
    least_difference: float
    greatest_difference: float
    choices: int


def leaving_out(
    time: npt.ArrayLike, event: npt.ArrayLike, first: npt.ArrayLike, candidates: npt.ArrayLike, number: int, at: float
) -> Tipping:
    """Compare two curves with each choice of some patients of the second group left out.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As in `kaplan_meier.kaplan_meier`.
    first : array_like of bool, shape (n,)
        Who is in the first group.
    candidates : array_like of bool, shape (n,)
        Who may be left out; of the second group only.
    number : int
        How many are left out.
    at : float
        Time of the difference.

    Returns
    -------
    Tipping

    Raises
    ------
    Undefined
        If there are fewer candidates than are to be left out, or too many choices.
    ValueError
        For faulty data, or a candidate of the first group.
    """
    data = _Data(time, event, first, at)
    data.keep_deaths()
    candidates = np.asarray(candidates, bool)
    if (candidates & data.first).any():
        raise ValueError("candidates: expected patients of the second group, found some of the first")
    who = np.flatnonzero(candidates)
    _feasible(comb(len(who), number) if 0 < number <= len(who) else 0)
    return data.over(data.without(chosen, who) for chosen in _choices("left out", len(who), number))


def adding(time: npt.ArrayLike, event: npt.ArrayLike, first: npt.ArrayLike, number: int, at: float, times: int | None = None) -> Tipping:
    """Compare two curves with some patients added to the second group, whatever their outcome.

    Each may have died at any time at which somebody was seen to leave, or have lived to the end of follow-up; being
    censored on the way lies between these.

    Parameters
    ----------
    time, event, first, at
        As in `leaving_out`.
    number : int
        How many are added.
    times : int, optional
        At most so many times of death are tried, the first and the last observed one among them and the others evenly
        between: the ends are then an inner bound.

    Returns
    -------
    Tipping
    """
    data = _Data(time, event, first, at)
    last = len(data.grid)  # a time that nobody reaches: alive at the end
    tried = np.arange(last) if times is None else np.unique(np.linspace(0, last - 1, min(times, last)).round().astype(int))
    fates = np.append(tried, last)
    _feasible(comb(len(fates) + number - 1, number) if number > 0 else 0)
    return data.over(data.with_fates(fates[chosen]) for chosen in _choices("added", len(fates), number))


def _feasible(choices: int) -> None:
    if not 0 < choices <= MOST:
        raise Undefined(f"number: expected from 1 to {MOST} choices, found {choices}")


@lru_cache(maxsize=4)
def _cached_batches(kind: str, size: int, number: int) -> tuple[Ints, ...]:
    """`_batches`, kept, as one cohort after the other asks for the same."""
    return tuple(_batches(kind, size, number))


def _choices(kind: str, size: int, number: int) -> Iterable[Ints]:
    """All choices of `number` among `size`, with repetition of those added: positions, shape (choices, number), in batches."""
    count = comb(size, number) if kind == "left out" else comb(size + number - 1, number)
    return _cached_batches(kind, size, number) if count <= _KEPT else _batches(kind, size, number)


def _batches(kind: str, size: int, number: int) -> Iterator[Ints]:
    choices = (combinations if kind == "left out" else combinations_with_replacement)(range(size), number)
    while batch := list(islice(choices, _TOGETHER)):
        yield np.array(batch)


class _Data:
    """Counts at the distinct times of two groups, and what choices make of them."""

    def __init__(self, time: npt.ArrayLike, event: npt.ArrayLike, first: npt.ArrayLike, at: float) -> None:
        time, event = checks.survival_data(time, event)
        self.first = np.asarray(first, bool)
        checks.same_length(time=time, first=self.first)
        if not (self.first.any() and (~self.first).any()):
            raise Undefined("first: expected patients in both groups")
        self.grid, place = checks.distinct_times(time)
        self.until = self.grid <= at + checks.TIME_TOLERANCE
        self.at_risk = (place[:, None] >= np.arange(len(self.grid))[None, :]).astype(float)  # patient, time
        self.died = ((place[:, None] == np.arange(len(self.grid))[None, :]) & (event == 1)[:, None]).astype(float)
        self.n1, self.d1 = self.at_risk[self.first].sum(axis=0), self.died[self.first].sum(axis=0)
        self.n0, self.d0 = self.at_risk[~self.first].sum(axis=0), self.died[~self.first].sum(axis=0)

    def keep_deaths(self) -> None:
        """Leave out times at which nobody dies, where nobody can be added: neither the test nor a curve changes there."""
        kept = (self.d1 + self.d0) > 0
        self.grid, self.until = self.grid[kept], self.until[kept]
        self.at_risk, self.died = self.at_risk[:, kept], self.died[:, kept]
        self.n1, self.d1, self.n0, self.d0 = self.n1[kept], self.d1[kept], self.n0[kept], self.d0[kept]

    def without(self, chosen: Ints, candidates: Ints) -> tuple[Floats, Floats]:
        """Counts of the second group without each row of candidates, told by their positions: at risk and dead, shape (choices, times)."""
        out = np.zeros((len(chosen), len(candidates)))
        np.put_along_axis(out, chosen, 1.0, axis=1)
        return self.n0 - out @ self.at_risk[candidates], self.d0 - out @ self.died[candidates]

    def with_fates(self, chosen: Ints) -> tuple[Floats, Floats]:
        """Counts of the second group with patients added who die at the time numbered, or not at all."""
        times = np.arange(len(self.grid))
        at_risk, died = np.tile(self.n0, (len(chosen), 1)), np.tile(self.d0, (len(chosen), 1))
        for fate in chosen.T:
            at_risk += times[None, :] <= fate[:, None]
            died += times[None, :] == fate[:, None]
        return at_risk, died

    def over(self, counts: Iterable[tuple[Floats, Floats]]) -> Tipping:
        """The ends of P and difference over all batches of counts."""
        p, gaps, choices = [], [], 0
        for at_risk, died in counts:
            with np.errstate(divide="ignore", invalid="ignore"):
                found = self._chi_square(at_risk, died)
            p += [distributions.chi_square_tail(end, 1) for end in (np.nanmax(found), np.nanmin(found))]
            gap = 100 * (self._survival(self.n1, self.d1) - self._survival(at_risk, died))
            gaps += [gap.min(), gap.max()]
            choices += len(at_risk)
        return Tipping(float(min(p)), float(max(p)), float(min(gaps)), float(max(gaps)), choices)

    def _chi_square(self, at_risk: Floats, died: Floats) -> Floats:
        """Log-rank χ², from the times at which somebody dies."""
        seen = (self.d1 > 0) | (died > 0).any(axis=0)
        n1, n, d = self.n1[seen], (self.n1 + at_risk)[:, seen], (self.d1 + died)[:, seen]
        share = np.where(n > 0, n1 / n, 0.0)
        expected = d * share
        variance = np.where(n > 1, expected * (1 - share) * (n - d) / (n - 1), 0.0).sum(axis=1)
        return np.asarray((self.d1.sum() - expected.sum(axis=1)) ** 2 / variance)

    def _survival(self, at_risk: Floats, died: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            at_risk, died = at_risk[..., self.until], died[..., self.until]
            return np.where(at_risk > 0, 1 - died / at_risk, 1.0).prod(axis=-1)
