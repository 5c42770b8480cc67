"""A Kaplan-Meier curve that tells of no single patient."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.errors import Undefined

from .kaplan_meier import Curve


def veiled(curve: Curve, threshold: int) -> Curve:
    """Curve that steps only after at least `threshold` events since its last step, among as many at risk.

    Between the steps kept it holds the estimate of the last one.  It ends where fewer than
    `threshold` are at risk, or where the events left over are too few for a step.  Counts are
    rounded to multiples of `threshold`; censorings are not told.

    Parameters
    ----------
    curve : Curve
    threshold : int
        At least 2.

    Raises
    ------
    ValueError
        If there are fewer patients than `threshold`, or fewer events though not none.
    """
    if curve.n < threshold:
        raise Undefined(f"fewer than {threshold} patients, and so not shown, to protect them")
    total = int(curve.events.sum())
    if 0 < total < threshold:
        raise Undefined(f"fewer than {threshold} events, and so not shown, to protect the patients")
    seen = np.flatnonzero(curve.at_risk >= threshold)
    step = np.zeros(len(curve.time), bool)
    since = 0
    for at in seen:
        since += int(curve.events[at])
        if since >= threshold:
            step[at], since = True, 0
    if since:  # too few for a step of their own: nothing is told from there on
        seen = seen[: np.flatnonzero(step)[-1] + 1] if step.any() else seen[:0]
    if not len(seen):
        raise Undefined(f"fewer than {threshold} events among at least {threshold} at risk, and so not shown")
    last = np.maximum.accumulate(np.where(step, np.arange(len(step)), -1))[seen]
    told = np.where(step, np.round(np.cumsum(curve.events) / threshold) * threshold, 0)[seen].astype(int)
    events = np.where(step[seen], np.diff(np.maximum.accumulate(np.concatenate([[0], told]))), 0)
    return replace(
        curve, n=_rounded(curve.n, threshold), time=curve.time[seen], at_risk=_rounded(curve.at_risk[seen], threshold), events=events,
        censored=np.zeros(len(seen), int), survival=np.where(last < 0, 1.0, curve.survival[last]), greenwood=np.where(last < 0, 0.0, curve.greenwood[last]),
    )


def _rounded(counts, threshold: int):
    found = (np.round(np.asarray(counts) / threshold) * threshold).astype(int)
    return found if found.ndim else int(found)
