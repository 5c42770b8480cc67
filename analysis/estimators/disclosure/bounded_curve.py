"""Bounds of a Kaplan-Meier curve of which only ranges of counts are known.

S(t) is the product over single events of 1 - 1/n, where n patients are at risk just before each and tied events
are taken one after the other.  For the k-th event, ranges of the numbers followed and of the events at the ends of
intervals say in which intervals it can lie, and so between which numbers n lies: not above the number followed at
the beginning of the first such interval, nor above one less than that of the event before; and above the number
followed at the end of the last.  Bounds of S, of Greenwood's sum and of everything that follows from them hold for
every cohort with these counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.cohorts.protection.counts import Count, Life
from analysis.errors import Undefined
from analysis.estimators.numerics import checks, distributions


class Bounds(NamedTuple):
    """Between which numbers a value lies; an infinite end is unknown."""

    low: float
    high: float


@dataclass(frozen=True, eq=False)
class BoundedCurve:
    """Bounds of a survival curve at multiples of a step.

    Attributes
    ----------
    time : ndarray, shape (m,)
        0, and multiples of the step, months; the last at which enough patients are followed.
    patients, total : Count
        Patients and events.
    followed, events : ndarray of int, shape (m, 2)
        Least and greatest numbers of patients followed for longer, and of events until then.
    survival, greenwood : ndarray, shape (m, 2)
        Bounds of S and of Greenwood's sum G.
    """

    time: np.ndarray
    patients: Count
    total: Count
    followed: np.ndarray
    events: np.ndarray
    survival: np.ndarray
    greenwood: np.ndarray

    def _around(self, t: float) -> tuple[int, int]:
        """Positions of the last time not after `t` and of the first not before it.

        Raises
        ------
        Undefined
            If too few patients are followed so long.
        """
        reach = checks.TIME_TOLERANCE * max(1.0, t)
        before, after = int(np.searchsorted(self.time, t + reach, side="right")) - 1, int(np.searchsorted(self.time, t - reach))
        if after >= len(self.time):
            raise Undefined(f"too few patients are followed for longer than {t:g} months")
        return before, after

    def survival_at(self, t: float) -> Bounds:
        """Bounds of S(t)."""
        before, after = self._around(t)
        return Bounds(float(self.survival[after, 0]), float(self.survival[before, 1]))

    def standard_error_at(self, t: float) -> Bounds:
        """Bounds of S(t) √G(t)."""
        before, after = self._around(t)
        low, high = self.survival_at(t)
        return Bounds(low * float(np.sqrt(self.greenwood[before, 0])), high * float(np.sqrt(self.greenwood[after, 1])))

    def limits_at(self, t: float, kind: str = "log", level: float = 0.95) -> tuple[Bounds, Bounds]:
        """Bounds of the lower and of the upper confidence limit of S(t); `kind` as in `intervals.limits`."""
        before, after = self._around(t)
        return _limits(self.survival_at(t), Bounds(float(self.greenwood[before, 0]), float(self.greenwood[after, 1])), kind, level)

    def followed_at(self, t: float) -> Count:
        """How many patients are followed for longer than `t`."""
        before, after = self._around(t)
        return Count(int(self.followed[after, 0]), int(self.followed[before, 1]))

    def events_at(self, t: float) -> Count:
        """How many events happen until `t`."""
        before, after = self._around(t)
        return Count(int(self.events[before, 0]), int(self.events[after, 1]))

    def median(self) -> Bounds:
        """Bounds of the median; the upper one is infinite where it may not be reached."""
        return self._crossing(self.survival)

    def median_limits(self, kind: str = "log", level: float = 0.95) -> Bounds:
        """Bounds that the confidence interval of the median lies in (Brookmeyer and Crowley)."""
        limits = [self.limits_at(t, kind, level) for t in self.time]
        lowest = self._crossing(np.array([lower for lower, _ in limits]))
        return Bounds(lowest.low, self._crossing(np.array([upper for _, upper in limits])).high)

    def _crossing(self, values: np.ndarray) -> Bounds:
        """When a falling quantity of which bounds are given reaches one half."""
        above, below = np.flatnonzero(values[:, 0] > 0.5), np.flatnonzero(values[:, 1] < 0.5)
        low = float(self.time[above[-1]]) if len(above) else 0.0
        return Bounds(low, float(self.time[below[0]]) if len(below) else np.inf)

    def restricted_mean(self, horizon: float) -> Bounds:
        """Bounds of the mean time up to a horizon."""
        self._around(horizon)
        ends = np.append(self.time[self.time < horizon], horizon)
        width = np.diff(ends)
        low = [self.survival_at(end).low for end in ends[1:]]
        high = [self.survival_at(start).high for start in ends[:-1]]
        return Bounds(float(width @ low), float(width @ high))


def bounded(life: Life) -> BoundedCurve:
    """Bounds of the curve of a group.

    Parameters
    ----------
    life : Life

    Raises
    ------
    Undefined
        If fewer patients than the threshold are followed at all.
    """
    spare = life.threshold - 1
    if not len(life.followed):
        raise Undefined(f"fewer than {life.threshold} patients are followed, and so not shown, to protect them")
    patients = Count(life.patients, life.patients + spare)
    followed = np.column_stack([life.followed, np.minimum(life.followed + spare, patients.high - life.events)])
    events = np.column_stack([life.events, np.minimum(life.events + spare, patients.high - life.followed)])
    most = np.array([_most_at_risk(k, patients.high, followed, events) for k in range(1, int(events[-1, 0]) + 1)])
    most = np.minimum.accumulate(most + np.arange(len(most))) - np.arange(len(most))  # one less after each event
    high, least_sum = _products(most)
    survival, greenwood = np.empty((len(followed), 2)), np.empty((len(followed), 2))
    for at, (fewest, largest) in enumerate(events):
        low, greatest_sum = _products(_least_at_risk(int(largest), at, followed, events))
        survival[at], greenwood[at] = (low[-1], high[fewest]), (least_sum[fewest], greatest_sum[-1])
    time = life.step * np.arange(len(followed))
    return BoundedCurve(time, patients, Count(life.total, life.total + spare), followed, events, survival, greenwood)


def _products(at_risk: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """S and G after 0, 1, 2, … single events among so many at risk."""
    at_risk = at_risk.astype(float)
    with np.errstate(divide="ignore"):
        return np.cumprod(np.append(1.0, 1 - 1 / at_risk)), np.cumsum(np.append(0.0, 1 / (at_risk * (at_risk - 1))))


def _most_at_risk(k: int, patients: int, followed: np.ndarray, events: np.ndarray) -> int:
    """Greatest number at risk at the k-th event, which lies in no earlier interval than the first that may hold it."""
    first = int(np.argmax(events[:, 1] >= k))
    return int(followed[first - 1, 1]) if first else patients


def _least_at_risk(count: int, at: int, followed: np.ndarray, events: np.ndarray) -> np.ndarray:
    """Least numbers at risk at each of the first `count` events, all of which happen until position `at`."""
    before = np.append(0, events[:at, 0])  # events before each interval, at least
    order = np.arange(1, count + 1)
    last = np.searchsorted(before, order - 1, side="right") - 1
    least = followed[last, 0] + 1
    return np.maximum.accumulate((least + order)[::-1])[::-1] - order  # one more before each event


def _limits(survival: Bounds, greenwood: Bounds, kind: str, level: float) -> tuple[Bounds, Bounds]:
    """Bounds of the two confidence limits of a survival probability between bounds."""
    (low, high), (least, most) = survival, (distributions.reach(level) * float(np.sqrt(end)) for end in greenwood)
    if kind == "plain":
        lowest = low * (1 - most) if most < 1 else 0.0
        return Bounds(lowest, max(high * (1 - least), 0.0)), Bounds(min(low * (1 + least), 1.0), min(high * (1 + most), 1.0))
    if kind == "log":
        with np.errstate(over="ignore"):
            return Bounds(low * np.exp(-most), high * np.exp(-least)), Bounds(min(low * np.exp(least), 1.0), min(high * np.exp(most), 1.0))
    # with u = -ln S and a = z √G the limits are exp(-u exp(±a / u)): u exp(a / u) is least at u = a, u exp(-a / u) rises with u
    u = -np.log([max(low, np.finfo(float).tiny), min(high, 1 - 1e-12)])
    with np.errstate(over="ignore"):
        inner = np.clip(least, u[1], u[0])
        lower = np.exp(-np.array([max(u * np.exp(most / u)), inner * np.exp(least / inner)]))
        upper = np.exp(-u * np.exp([-least / u[0], -most / u[1]]))
    return Bounds(*map(float, lower)), Bounds(*map(float, upper))
