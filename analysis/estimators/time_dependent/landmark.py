"""Landmark analysis: condition on being under observation at a fixed time.

No library has this step; what is fitted from the landmark on is.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.arrays import Bools, Floats, Ints
from analysis.errors import Undefined
from analysis.estimators.numerics import checks


class Landmark(NamedTuple):
    """Who is analysed (one flag a patient), and their times from the landmark and events."""

    kept: Bools
    time: Floats
    event: Floats


def landmark(time: npt.ArrayLike, event: npt.ArrayLike, at: float, at_landmark: str = "excluded", restart: bool = True) -> Landmark:
    """Keep the patients still under observation at a landmark.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As in `kaplan_meier.kaplan_meier`.
    at : float
        The landmark, in the unit of `time`.
    at_landmark : {"excluded", "included"}
        What becomes of a patient whose follow-up ends exactly at the landmark.
    restart : bool
        Whether the clock restarts at the landmark or runs from the origin on.

    Returns
    -------
    Landmark
        `kept` has shape (n,), the others one entry a kept patient.

    Raises
    ------
    ValueError
        For faulty data, a negative landmark, or no patient left.

    Notes
    -----
    Anderson, Cain and Gelber, J Clin Oncol 1983;1:710-719: groups are then formed by what is known at the landmark,
    see `status_at`, never by what happens later.
    """
    checks.one_of(at_landmark, ("excluded", "included"), "at_landmark")
    time, event = checks.survival_data(time, event)
    if not (np.isfinite(at) and at >= 0):
        raise ValueError(f"at: expected a time of at least 0, found {at}")
    grid, place = checks.distinct_times(np.append(time, float(at)))
    time, at = grid[place[:-1]], grid[place[-1]]
    kept = time >= at if at_landmark == "included" else time > at
    if not kept.any():
        raise Undefined(f"at: no patient is under observation after {at:g}")
    return Landmark(kept, time[kept] - (at if restart else 0.0), event[kept])


def status_at(switch_time: npt.ArrayLike, at: float, on_landmark: bool = True) -> Ints:
    """Return 1 for patients whose switch (remission, transplantation) came by the landmark, 0 for the others.

    Parameters
    ----------
    switch_time : array_like, shape (n,)
        Time of the switch; NaN where there was none.
    at : float
        The landmark.
    on_landmark : bool
        Whether a switch exactly at the landmark counts.
    """
    switch = np.asarray(switch_time, dtype=float)
    if (switch < 0).any():
        raise ValueError(f"switch_time: expected times of at least 0, found {np.nanmin(switch):g}")
    slack = checks.TIME_TOLERANCE if on_landmark else -checks.TIME_TOLERANCE
    return (switch <= at + slack).astype(int)
