"""Tipping point: between which ends a comparison of two curves lies, over all that may have become of some patients."""

from collections.abc import Iterable, Iterator
from itertools import combinations, combinations_with_replacement
from math import comb
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats, Ints
from analysis.errors import Undefined
from analysis.estimators.numerics import checks, distributions

#: Choices that are evaluated together, and the most that are evaluated at all.
_TOGETHER, MOST = 20_000, 2_000_000


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
    candidates = np.asarray(candidates, bool)
    if (candidates & data.first).any():
        raise ValueError("candidates: expected patients of the second group, found some of the first")
    who = np.flatnonzero(candidates)
    _feasible(comb(len(who), number) if 0 < number <= len(who) else 0)
    return data.over(data.without(np.array(chosen)) for chosen in _batches(combinations(who, number)))


def adding(time: npt.ArrayLike, event: npt.ArrayLike, first: npt.ArrayLike, number: int, at: float, times: int | None = None) -> Tipping:
    """Compare two curves with some patients added to the second group, whatever became of them.

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
    return data.over(data.with_fates(np.array(chosen)) for chosen in _batches(combinations_with_replacement(fates, number)))


def _feasible(choices: int) -> None:
    if not 0 < choices <= MOST:
        raise Undefined(f"number: expected from 1 to {MOST} choices, found {choices}")


def _batches(choices: Iterator[tuple[int, ...]]) -> Iterator[list[tuple[int, ...]]]:
    batch: list[tuple[int, ...]] = []
    for choice in choices:
        batch.append(choice)
        if len(batch) == _TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch


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

    def without(self, chosen: Ints) -> tuple[Floats, Floats]:
        """Counts of the second group without each row of patients: at risk and dead, shape (choices, times)."""
        return self.n0 - sum(self.at_risk[one] for one in chosen.T), self.d0 - sum(self.died[one] for one in chosen.T)

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
                found = self._p(at_risk, died)
            p += [np.nanmin(found), np.nanmax(found)]
            gap = 100 * (self._survival(self.n1, self.d1) - self._survival(at_risk, died))
            gaps += [gap.min(), gap.max()]
            choices += len(at_risk)
        return Tipping(float(min(p)), float(max(p)), float(min(gaps)), float(max(gaps)), choices)

    def _p(self, at_risk: Floats, died: Floats) -> Floats:
        """Log-rank P, at the times at which somebody dies."""
        seen = (self.d1 > 0) | (died > 0).any(axis=0)
        n1, n, d = self.n1[seen], (self.n1 + at_risk)[:, seen], (self.d1 + died)[:, seen]
        share = np.where(n > 0, n1 / n, 0.0)
        variance = np.where(n > 1, d * share * (1 - share) * (n - d) / (n - 1), 0.0).sum(axis=1)
        return distributions.chi_square_tail((self.d1.sum() - (d * share).sum(axis=1)) ** 2 / variance, 1)

    def _survival(self, at_risk: Floats, died: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            at_risk, died = at_risk[..., self.until], died[..., self.until]
            return np.where(at_risk > 0, 1 - died / at_risk, 1.0).prod(axis=-1)
