"""Intervals that times and measured values are replaced by, and conditions that act at their ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import MISSING, Clause
from analysis.cohorts.protection.counts import Protection
from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import PER_MONTH, Variable

YEAR = 12.0
"""Step of intervals of an age, months."""

_HAIR = 1e-8
"""Share of a step by which a time may exceed the end of its interval: rounding of a computed time."""
_LONGEST = 10_000
"""Steps on each side of zero; what lies further out is in the last interval. No end is taken from the values, as a limit that acts at the last end would tell where that is."""
_FINEST, _COARSEST = -9, 9
"""Powers of ten between which the step of a measurement lies."""


@dataclass(frozen=True)
class Scale:
    """Intervals of one variable, numbered from 0.

    Attributes
    ----------
    name : str
    ends : ndarray
        Ascending. Interval k lies between end k - 1 and end k; the first and the last reach without end.
    step : float
        Ends are multiples of this, and the declared limits beside them.
    closed : {"right", "left"}
        Which end belongs to an interval: of a time the right one, as events at t count in S(t).
    whole : bool
        Whether values are whole numbers.
    since : str
        Name of the same time counted from a later origin, if a page counts so.
    months : tuple of (str, float)
        Where the intervals are those of a difference: its two variables, each with its units a month.
    """

    name: str
    ends: np.ndarray
    step: float
    closed: str
    whole: bool
    since: str = ""
    months: tuple[tuple[str, float], ...] = ()

    def values(self, frame: pd.DataFrame) -> np.ndarray:
        """Values of the variable; NaN where unknown, and where a later origin was not reached."""
        if not self.months:
            return frame[self.name].to_numpy(float, na_value=np.nan)
        later, start = (frame[name].to_numpy(float, na_value=np.nan) / unit for name, unit in self.months)
        return np.where(later >= start, later - start, np.nan)

    def places(self, frame: pd.DataFrame) -> pd.Series:
        """Interval of each row."""
        values = self.values(frame)
        if self.closed == "right":
            found = np.clip(np.ceil(values / self.step - _HAIR), 0, _LONGEST)
        else:
            found = np.where(np.isnan(values), np.nan, np.searchsorted(self.ends, values, side="right"))
        return pd.Series(found, index=frame.index).astype("Int64")

    def nearest(self, clause: Clause) -> Clause | None:
        """The clause, its limit moved to the nearest end of an interval; None if intervals cannot tell who meets it."""
        if clause.comparison not in _OWN:
            return clause if set(clause.values) == {MISSING} or self._single(clause) is not None else None
        comparison, limit, exact = self._own(clause)
        end = float(self.ends[self._at(limit)])
        return clause if exact and abs(end - limit) <= 1e-9 * max(1.0, abs(end)) else Clause(self.name, comparison, (f"{end:g}",))

    def mask(self, place: pd.Series, clause: Clause) -> np.ndarray:
        """Rows whose interval meets a clause that `nearest` leaves as it is: ndarray of bool, shape (rows,)."""
        known = place.notna().to_numpy()
        if clause.comparison not in _OWN:
            single = self._single(clause)
            chosen = ~known if single is None else (place == single).fillna(False).to_numpy(bool)
            return chosen if clause.comparison == "=" else ~chosen & (known if single is not None else True)
        comparison, limit, _ = self._own(clause)
        below = (place <= self._at(limit)).fillna(False).to_numpy(bool)
        return below if comparison in ("<", "<=") else known & ~below

    def _at(self, limit: float) -> int:
        return int(np.abs(self.ends - limit).argmin())

    def _own(self, clause: Clause) -> tuple[str, float, bool]:
        """Comparison and limit as the intervals are closed, and whether that is the same question."""
        limit, comparison = float(clause.values[0]), _OWN[clause.comparison][self.closed == "left"]
        if comparison == clause.comparison:
            return comparison, limit, True
        step = 1 if self.closed == "left" else -1  # of whole numbers, up to 9 is below 10
        return (comparison, np.floor(limit) + step, float(limit).is_integer()) if self.whole else (comparison, limit, False)

    def _single(self, clause: Clause) -> int | None:
        """The interval that holds one whole number alone, where there is one and the clause asks for it."""
        try:
            (value,) = map(float, clause.values)
        except ValueError:
            return None
        place = int(np.searchsorted(self.ends, value, side="right"))
        alone = self.whole and self.closed == "left" and 0 < place < len(self.ends)
        return place if alone and self.ends[place - 1] == value and self.ends[place] == value + 1 else None


_OWN = {"<": ("<=", "<"), "<=": ("<=", "<"), ">": (">", ">="), ">=": (">", ">=")}
"""Comparisons as intervals tell them that are closed on the right, and on the left."""


def scales(study: Study, frame: pd.DataFrame, step: float, origin: str = "", table: str = "cohort", threshold: int = 5) -> dict[str, Scale]:
    """Intervals of all times and measured values of a table.

    Parameters
    ----------
    study : Study
    frame : DataFrame
    step : float
        Of times, months.
    origin : str
        Variable with a later time from which times of endpoints are counted as well.
    table : str
    threshold : int
        Width of the ranges that counts are told in, on which the step of a measurement rests.
    """
    declared, found = study.variables[table], {}
    times = {endpoint.time: endpoint.unit for endpoint in study.endpoints.values() if endpoint.table == table}
    for name, variable in declared.items():
        if name not in frame or variable.type not in ("number", "integer"):
            continue
        whole, unit = variable.type == "integer", PER_MONTH.get(times.get(name, variable.unit))
        clock = name in times or (unit is not None and not whole and variable.unit in times.values())
        if not clock:
            size, ends = _measure(frame[name], variable, study.limits(table, name), threshold)
            found[name] = Scale(name, ends, size, "left", whole)
            continue
        since = f"{name} since {origin}" if origin in frame and name in times else ""
        found[name] = Scale(name, _multiples(step * (unit or 1.0)), step * (unit or 1.0), "right", whole, since)
        if since:
            difference = ((name, unit or 1.0), (origin, PER_MONTH.get(declared[origin].unit, 1.0)))
            found[since] = Scale(since, _multiples(step), step, "right", False, months=difference)
    return found


def protect(study: Study, frame: pd.DataFrame, how: Protection, table: str = "cohort") -> tuple[pd.DataFrame, dict[str, Scale]]:
    """A table without keys, in random order, whose times and measured values are numbers of intervals.

    Parameters
    ----------
    study : Study
    frame : DataFrame, shape (patients, variables)
        As declared; not changed.
    how : Protection
    table : str

    Returns
    -------
    coarse : DataFrame, shape (patients, variables without keys)
        The order of rows is drawn anew at each call and kept nowhere.
    scales : dict of str to Scale
        Of each variable that became numbers of intervals.
    """
    coarse = frame.sample(frac=1, random_state=np.random.default_rng()).reset_index(drop=True)
    coarse.attrs = dict(frame.attrs)
    found = scales(study, coarse, how.step, how.origin, table, how.threshold)
    coarse = coarse.assign(**{name: scale.places(coarse) for name, scale in found.items()})
    keys = [name for name, variable in study.variables[table].items() if variable.type == "id" and name in coarse]
    return coarse.drop(columns=keys), found


def _multiples(step: float) -> np.ndarray:
    return step * np.arange(_LONGEST + 1)


def _measure(column: pd.Series, variable: Variable, limits: set[float], threshold: int) -> tuple[float, np.ndarray]:
    """Step and ends: years of an age, single numbers of a count, else a round tenth of the extent or more; declared limits besides."""
    if variable.unit in PER_MONTH:
        step = max(YEAR * PER_MONTH[variable.unit], 1.0)
    elif variable.type == "integer" and not variable.unit:
        step = 1.0
    else:
        step = _round_step(column.dropna().to_numpy(float), threshold)
    numbers = np.arange(-_LONGEST, _LONGEST + 1)
    ends = numbers / round(1 / step) if step < 1 else step * numbers  # 3 / 10 is 0.3, and 3 * 0.1 is not
    return step, np.unique([*ends, *limits])


def _round_step(values: np.ndarray, threshold: int) -> float:
    """The greatest power of ten that lies between the first and the last tenth of the values, as far as counts in ranges tell.

    Only the numbers of values below multiples of the step and of greater powers are used, each without what its
    range leaves open, so that the step tells nothing that the counts do not.
    """
    known = len(values) // threshold * threshold
    if not known:
        return 1.0
    ordered = np.sort(values)
    low, high = (ordered[min(int(np.ceil(share * known / threshold)) * threshold, known) - 1] for share in (0.1, 0.9))
    for power in range(_COARSEST, _FINEST - 1, -1):
        if np.floor(high / 10.0**power) > np.floor(low / 10.0**power):
            return 10.0**power
    return 1.0
