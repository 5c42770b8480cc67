"""Survival curves of a covariate that switches on: those who have switched, those who have not yet.

No library has these curves; lifelines takes late entries, but not what holds at the time of a switch.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analysis.arrays import Bools, Floats
from analysis.estimators.curves.kaplan_meier import Curve, product_limit
from analysis.estimators.numerics import checks


@dataclass(frozen=True, eq=False)
class SimonMakuch:
    """Two curves of one cohort.

    Attributes
    ----------
    before, after : Curve or None
        Not yet switched (switching ends their observation), and switched (observed from the switch on). None where
        nobody is ever at risk. `Curve.n` counts the patients who are at risk at some time, not those at time 0.
    """

    before: Curve | None
    after: Curve | None


def simon_makuch(time: npt.ArrayLike, event: npt.ArrayLike, switch_time: npt.ArrayLike, start: float = 0.0) -> SimonMakuch:
    """Estimate survival by a state that patients enter on the way, such as transplantation.

    A patient counts as not switched until the switch and as switched from then on, so nobody is credited with the
    time that had to be survived to get there. At a time equal to the switch the old state still holds: intervals are
    (s, t] as in R's ``tmerge``.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As in `kaplan_meier.kaplan_meier`.
    switch_time : array_like, shape (n,)
        Time of the switch from the same origin; NaN where there was none.
    start : float
        Both curves begin at 1 here; what happened until then is left out. Simon and Makuch begin late enough for
        some patients to have switched: with one patient at risk, a single death takes the curve to 0.

    Returns
    -------
    SimonMakuch

    Raises
    ------
    ValueError
        For faulty data, negative switch times or start.

    Notes
    -----
    Simon and Makuch, Stat Med 1984;3:35-44. Same values as R's ``survfit`` of start-stop rows. The curves describe
    no group of patients followed from a common start: they show hazards of the two states, not a patient's prospects.
    """
    time, event = checks.survival_data(time, event)
    switch = switches(switch_time, len(time))
    if not (np.isfinite(start) and start >= 0):
        raise ValueError(f"start: expected a time of at least 0, found {start}")
    # one patient who dies at 0 is at risk at 0: all else starts just before
    origin = start if start > 0 or time.min() > 0 else -1.0
    never = np.isinf(switch)
    grid, place = checks.distinct_times(np.concatenate((time, switch[~never], [max(origin, 0.0)])))
    time = grid[place[: len(time)]]
    switch = switch.copy()
    switch[~never] = grid[place[len(time) : -1]]
    before = _curve(np.full(len(time), origin), np.minimum(time, switch), event * (time <= switch), switch > 0)
    entry = np.where(switch > 0, np.maximum(switch, origin), origin)
    after = _curve(entry, time, event, np.isfinite(switch))
    return SimonMakuch(before, after)


def switches(switch_time: npt.ArrayLike, n: int) -> Floats:
    """Return switch times as floats, infinite where there was none; raise ValueError if faulty."""
    switch = np.asarray(switch_time, dtype=float)
    if switch.shape != (n,):
        raise ValueError(f"switch_time: expected {n} times, found shape {switch.shape}")
    if (switch < 0).any():
        raise ValueError(f"switch_time: expected times of at least 0, found {np.nanmin(switch):g}")
    return np.where(np.isnan(switch), np.inf, switch)


def _curve(entry: Floats, leave: Floats, event: Floats, member: Bools) -> Curve | None:
    """Return the product-limit curve of the intervals (entry, leave] of some patients."""
    kept = member & (leave > entry)
    if not kept.any():
        return None
    entry, leave, event = entry[kept], leave[kept], event[kept].astype(bool)
    # entries are grid points too, so that the numbers at risk are right between events
    grid = np.unique(np.concatenate((leave, entry[entry > 0])))
    at_risk = ((entry[None, :] < grid[:, None]) & (leave[None, :] >= grid[:, None])).sum(axis=1)
    events = ((leave[None, :] == grid[:, None]) & event[None, :]).sum(axis=1)
    left = (leave[None, :] == grid[:, None]).sum(axis=1)
    return replace(product_limit(grid, at_risk, events, left - events), n=int(kept.sum()))
