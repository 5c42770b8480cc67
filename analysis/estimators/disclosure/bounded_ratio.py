"""Bounds of a hazard ratio of two groups of which only ranges of counts are known.

The Cox estimate of one binary term solves O = Σ p_k, where O events fall in the first group and p_k is the chance
that the k-th event is one of them: w e^b / (w e^b + 1 - w), w being the first group's share of those at risk.
Breslow's and Efron's ways with ties both use shares that lie between those at the beginning and the end of the
interval of the event.  The sum rises with b and with every w, so the least and the greatest shares, and the least
and the greatest numbers of events, bound the estimate.  O less the sum is the slope of the log likelihood, so they
bound the limits of the profile likelihood as well: where it has fallen by z² / 2 from its greatest value.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from analysis.errors import Undefined
from analysis.estimators.disclosure.bounded_curve import BoundedCurve, Bounds
from analysis.estimators.numerics import distributions

_FAR = 25.0
"""Natural logarithm of a ratio that counts as without bound."""


class BoundedRatio(NamedTuple):
    """Bounds of a hazard ratio, and of where its confidence interval lies."""

    ratio: Bounds
    limits: Bounds


def bounded_ratio(first: BoundedCurve, reference: BoundedCurve, threshold: int, level: float = 0.95) -> BoundedRatio:
    """Bounds of the Cox hazard ratio (Breslow or Efron ties) of the first group to the reference.

    Parameters
    ----------
    first, reference : BoundedCurve
        On the same step.
    threshold : int
        Least number of events in each group.
    level : float

    Raises
    ------
    Undefined
        If one of the groups has fewer events.
    """
    if min(first.total.low, reference.total.low) < threshold:
        raise Undefined(f"fewer than {threshold} events in a group, and so not shown, to protect the patients")
    least, most, _ = at_events(first, reference)
    above, below = (
        (first.total.high, least[: first.total.high + reference.total.low]),
        (first.total.low, most[: first.total.low + reference.total.high]),
    )
    high, low = _root(*above), _root(*below)
    fall = distributions.reach(level) ** 2 / 2
    return BoundedRatio(
        Bounds(_ratio(low), _ratio(high)), Bounds(_ratio(_limit(*below, low, -_FAR, fall)), _ratio(_limit(*above, high, _FAR, fall)))
    )


def _ratio(log: float) -> float:
    return 0.0 if log <= -_FAR else np.inf if log >= _FAR else float(np.exp(log))


def _chance(share: np.ndarray, log: float) -> np.ndarray:
    odds = share * np.exp(np.clip(log, -2 * _FAR, 2 * _FAR))
    return odds / (odds + 1 - share)


def _root(observed: int, shares: np.ndarray) -> float:
    """Log ratio at which so many events are expected; beyond ±_FAR where none is finite."""
    excess = lambda log: float(_chance(shares, log).sum()) - observed  # noqa: E731
    if excess(_FAR) <= 0:
        return np.inf
    return -np.inf if excess(-_FAR) >= 0 else float(brentq(excess, -_FAR, _FAR))


def _limit(observed: int, shares: np.ndarray, root: float, far: float, fall: float) -> float:
    """Log ratio on one side of the root at which the log likelihood has fallen so far; infinite where none is near."""
    if not np.isfinite(root):
        return np.copysign(np.inf, far)
    log_likelihood = lambda log: observed * log - float(np.log1p(shares * np.expm1(log)).sum())  # noqa: E731
    left = lambda log: log_likelihood(root) - log_likelihood(log) - fall  # noqa: E731
    return float(brentq(left, *sorted((root, far)))) if left(far) > 0 else np.copysign(np.inf, far)


def at_events(first: BoundedCurve, reference: BoundedCurve) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is known of those at risk at each event of either group, in the order of events.

    Returns
    -------
    least, most : ndarray, shape (events,)
        Of the share of the first group among them.
    spared : ndarray, shape (events,)
        The least that (n - d) / (n - 1) can be, with n at risk and d events at the same time.
    """
    intervals = max(len(first.time), len(reference.time)) + 1
    (followed, happened), (beside, others) = _continued(first, intervals), _continued(reference, intervals)
    before = lambda counts, start: np.append(start, counts[:-1])  # noqa: E731
    low, high = followed[:, 0], before(followed[:, 1], first.patients.high)
    low_beside, high_beside = beside[:, 0], before(beside[:, 1], reference.patients.high)
    least, most = low / np.maximum(low + high_beside, 1), high / np.maximum(high + low_beside, 1)
    earliest, latest = happened[:, 1] + others[:, 1], before(happened[:, 0] + others[:, 0], 0)
    order = np.arange(1, int(earliest[-1]) + 1)
    start = np.searchsorted(earliest, order)
    stop = np.searchsorted(latest, order - 1, side="right")
    pairs = list(zip(start, stop, strict=True))
    # whoever is followed beyond an interval is at risk at each of its events, beside those who have them
    staying, tied = low + low_beside, np.maximum(earliest - latest, 1)
    spared = staying / np.maximum(staying + tied - 1, 1)
    return tuple(np.array([bound(values[a:b]) for a, b in pairs]) for values, bound in ((least, np.min), (most, np.max), (spared, np.min)))


def _continued(curve: BoundedCurve, intervals: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers followed and events of a curve, with what may still happen after its end; the last interval is all the rest."""
    missing = intervals - len(curve.time)
    spare = curve.total.high - curve.total.low
    followed = np.vstack([curve.followed, np.tile([0, spare], (missing, 1))])
    events = np.vstack([curve.events, np.tile([curve.events[-1, 0], curve.total.high], (missing, 1))])
    followed[-1], events[-1] = (0, 0), curve.total
    return followed, events
