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

from analysis.arrays import Floats, Ints
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
    require_events(first, reference, threshold)
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


def _chance(share: Floats, log: float) -> Floats:
    odds = share * np.exp(np.clip(log, -2 * _FAR, 2 * _FAR))
    return odds / (odds + 1 - share)


def _root(observed: int, shares: Floats) -> float:
    """Log ratio at which so many events are expected; beyond ±_FAR where none is finite."""

    def excess(log: float) -> float:
        return float(_chance(shares, log).sum()) - observed

    if excess(_FAR) <= 0:
        return np.inf
    return -np.inf if excess(-_FAR) >= 0 else float(brentq(excess, -_FAR, _FAR))


def _limit(observed: int, shares: Floats, root: float, far: float, fall: float) -> float:
    """Log ratio on one side of the root at which the log likelihood has fallen so far; infinite where none is near."""
    if not np.isfinite(root):
        return float(np.copysign(np.inf, far))

    def log_likelihood(log: float) -> float:
        return observed * log - float(np.log1p(shares * np.expm1(log)).sum())

    def left(log: float) -> float:
        return log_likelihood(root) - log_likelihood(log) - fall

    return float(brentq(left, *sorted((root, far)))) if left(far) > 0 else float(np.copysign(np.inf, far))


def require_events(first: BoundedCurve, reference: BoundedCurve, threshold: int) -> None:
    """Refuse to tell of two groups of which one may have fewer events than the threshold."""
    if min(first.total.low, reference.total.low) < threshold:
        raise Undefined(f"fewer than {threshold} events in a group, and so not shown, to protect the patients")


def at_events(first: BoundedCurve, reference: BoundedCurve) -> tuple[Floats, Floats, Floats]:
    """What is known of those at risk at each event of either group, in the order of events.

    Returns
    -------
    least, most : ndarray, shape (events,)
        Of the share of the first group among them.
    spared : ndarray, shape (events,)
        The least that (n - d) / (n - 1) can be, with n at risk and d events at the same time.
    """
    intervals = max(len(first.time), len(reference.time)) + 1
    (followed, happened), (beside, others) = _continue(first, intervals), _continue(reference, intervals)
    low, high = followed[:, 0], _shift(followed[:, 1], first.patients.high)
    low_beside, high_beside = beside[:, 0], _shift(beside[:, 1], reference.patients.high)
    least, most = low / np.maximum(low + high_beside, 1), high / np.maximum(high + low_beside, 1)
    earliest, latest = happened[:, 1] + others[:, 1], _shift(happened[:, 0] + others[:, 0], 0)
    order = np.arange(1, int(earliest[-1]) + 1)
    start = np.searchsorted(earliest, order)
    stop = np.searchsorted(latest, order - 1, side="right")
    pairs = list(zip(start, stop, strict=True))
    # whoever is followed beyond an interval is at risk at each of its events, beside those who have them
    staying, tied = low + low_beside, np.maximum(earliest - latest, 1)
    spared = staying / np.maximum(staying + tied - 1, 1)
    return (
        np.array([least[a:b].min() for a, b in pairs]),
        np.array([most[a:b].max() for a, b in pairs]),
        np.array([spared[a:b].min() for a, b in pairs]),
    )


def _shift(counts: Ints, start: int) -> Ints:
    """Return the counts at the beginning of each interval, of those at its end."""
    return np.append(start, counts[:-1])


def _continue(curve: BoundedCurve, intervals: int) -> tuple[Ints, Ints]:
    """Numbers followed and events of a curve, with what may still happen after its end; the last interval is all the rest."""
    missing = intervals - len(curve.time)
    spare = curve.total.high - curve.total.low
    followed = np.vstack([curve.followed, np.tile([0, spare], (missing, 1))])
    events = np.vstack([curve.events, np.tile([curve.events[-1, 0], curve.total.high], (missing, 1))])
    followed[-1], events[-1] = (0, 0), curve.total
    return followed, events
