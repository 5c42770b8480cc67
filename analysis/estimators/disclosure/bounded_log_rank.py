"""Bounds of the log-rank P of two groups of which only ranges of counts are known.

With O events in the first group, w_k its share of those at risk at the k-th event of either group, and ties by the
hypergeometric variance, χ² = U² / V with U = O - Σ w_k and V = Σ c_k w_k (1 - w_k), c_k = (n - d) / (n - 1) for d
events at the same time.  U rises with an event of the first group, falls with one of the other and with every share;
V lies between its least and its greatest possible sum.  Bounds of the two together bound χ² and so P.
"""

from __future__ import annotations

import numpy as np

from analysis.estimators.disclosure.bounded_curve import BoundedCurve, Bounds
from analysis.estimators.disclosure.bounded_ratio import at_events, require_events
from analysis.estimators.numerics import distributions


def bounded_p(first: BoundedCurve, reference: BoundedCurve, threshold: int) -> Bounds:
    """Bounds of the P of the unweighted log-rank test (Mantel-Haenszel form).

    Parameters
    ----------
    first, reference : BoundedCurve
        On the same step.
    threshold : int
        Least number of events in each group.

    Raises
    ------
    Undefined
        If one of the groups has fewer events.
    """
    require_events(first, reference, threshold)
    least, most, spared = at_events(first, reference)
    low = first.total.low - float(most[: first.total.low + reference.total.high].sum())
    high = first.total.high - float(least[: first.total.high + reference.total.low].sum())
    ends = np.array([least * (1 - least), most * (1 - most)])
    widest = np.where((least <= 0.5) & (most >= 0.5), 0.25, ends.max(axis=0))
    least_variance = float((spared * ends.min(axis=0))[: first.total.low + reference.total.low].sum())
    nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    greatest = max(abs(low), abs(high)) ** 2 / least_variance if least_variance > 0 else np.inf
    return Bounds(_p(greatest), _p(nearest**2 / float(widest.sum())))


def _p(chi_square: float) -> float:
    return float(distributions.chi_square_tail(chi_square, 1)) if np.isfinite(chi_square) else 0.0
