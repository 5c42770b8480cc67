"""Start-stop rows for a covariate that switches on once, such as remission."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.arrays import Floats, Ints
from analysis.estimators.numerics import checks


class Split(NamedTuple):
    """Intervals (start, stop], one entry each: whose, whether it ends in an event, whether the covariate is on."""

    patient: Ints
    start: Floats
    stop: Floats
    event: Ints
    switched: Ints


def start_stop(
    frame: pd.DataFrame,
    time: str,
    event: str,
    switch_time: str,
    switch_event: str | None = None,
    covariate: str = "switched",
    at_switch: str = "after",
) -> pd.DataFrame:
    """Split each patient's follow-up where a yes/no covariate switches from 0 to 1.

    Parameters
    ----------
    frame : DataFrame
        One row a patient.
    time, event : str
        Columns with follow-up time and 0/1 event.
    switch_time : str
        Column with the time of the switch; missing where there was none.
    switch_event : str, optional
        0/1 column: 1 if the switch happened. Without it, a switch happened where `switch_time` is known.
    covariate : str
        Name of the new 0/1 column.
    at_switch : {"after", "from"}
        What holds at an event time equal to the switch time: the old value (``after``: the interval (s, t] of the
        counting process, R's ``tmerge``), or the new one (``from``: the value at t is [switch <= t], as in a program
        that evaluates the covariate at each event time, e.g. SPSS ``T_ >= switch``).

    Returns
    -------
    DataFrame
        `frame`'s columns with ``start``, ``stop``, the event column set to 0 on all rows but a patient's last, and
        `covariate`; index of the patients repeated. Fit with
        ``cox.fit(rows, "stop", event, [covariate], entry="start")``. If somebody's time is 0, all follow-up starts
        at -1, which changes no risk set but keeps every interval of positive length.

    Raises
    ------
    ValueError
        For faulty times or events, a switch without a time, or a negative switch time.
    """
    t, e = checks.survival_data(frame[time], frame[event])
    s = pd.to_numeric(frame[switch_time]).to_numpy(float, na_value=np.nan)
    happened = ~np.isnan(s) if switch_event is None else checks.zeros_and_ones(frame[switch_event], switch_event) == 1
    if (happened & np.isnan(s)).any():
        row = int(np.argmax(happened & np.isnan(s)))
        raise ValueError(f"{switch_time}: expected a time where {switch_event} is 1, found none at position {row}")
    rows = split(t, e, np.where(happened, s, np.nan), at_switch, switch_time)
    return frame.iloc[rows.patient].assign(**{"start": rows.start, "stop": rows.stop, event: rows.event, covariate: rows.switched})


def split(
    time: npt.ArrayLike, event: npt.ArrayLike, switch_time: npt.ArrayLike, at_switch: str = "after", name: str = "switch_time"
) -> Split:
    """Return the intervals of `start_stop` as arrays.

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As in `kaplan_meier.kaplan_meier`.
    switch_time : ndarray, shape (n,)
        NaN where there was no switch.
    at_switch : {"after", "from"}
        As in `start_stop`.
    name : str
        What an error calls the times of the switch.

    Returns
    -------
    Split

    Raises
    ------
    ValueError
        For faulty times or events, or a negative switch time.
    """
    checks.one_of(at_switch, ("after", "from"), "at_switch")
    t, e = checks.survival_data(time, event)
    s = np.array(switch_time, dtype=float)
    happened = ~np.isnan(s)
    if (s[happened] < 0).any():
        raise ValueError(f"{name}: expected times of at least 0, found {s[happened].min():g}")
    s = np.where(happened, s, np.inf)
    grid, place = checks.distinct_times(np.concatenate((t, s[happened], [0.0])))
    t = grid[place[: len(t)]]
    s[happened] = grid[place[len(t) : -1]]
    origin = 0.0 if t.min() > 0 else -1.0
    cut = s if at_switch == "after" else _just_before(s, grid, origin)
    # a covariate that is on from 0 was never off, whichever the convention at later switches
    on_from_start = s <= 0
    divided = (cut < t) & ~on_from_start
    patient = np.repeat(np.arange(len(t)), 1 + divided)
    second = np.append(False, patient[1:] == patient[:-1])
    first_of_two = divided[patient] & ~second
    return Split(
        patient, np.where(second, cut[patient], origin), np.where(first_of_two, cut[patient], t[patient]),
        np.where(first_of_two, 0, e[patient]).astype(int), np.where(second, 1, on_from_start[patient]).astype(int),
    )  # fmt: skip


def _just_before(switch: Floats, grid: Floats, origin: float) -> Floats:
    """Return a time between each switch and the distinct time before it (only the order of times matters)."""
    earlier = np.concatenate(([origin - 1.0 if grid[0] <= origin else origin], grid))
    found = np.isfinite(switch)
    at = np.searchsorted(grid, switch[found])
    cut = np.full(switch.shape, np.inf)
    cut[found] = (earlier[at] + switch[found]) / 2
    return cut
