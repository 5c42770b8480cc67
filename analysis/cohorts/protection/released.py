"""Somebody's own patients, of whom a page may learn counts in ranges and nothing else.

`Released` is the one boundary between rows of real patients and everything that is shown.  It makes the
rows coarse when it is given them, keeps no key and no order, and answers one kind of question: how many
patients meet a condition.  The answer is the range of `threshold` numbers that the count lies in (0 to 4,
5 to 9, …), so zero looks like any other small count, no difference of two answers is one patient's, and
cohorts whose counts lie in the same ranges cannot be told apart.  Bounds of estimates follow from such
ranges alone (`analysis.estimators.disclosure.bounded_curve`).

Rounding to a base is an established rule of statistical disclosure control (Hundepool et al., *Statistical
Disclosure Control*, Wiley 2012, section 5.4); ranges in place of rounded numbers never state a wrong value.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import numpy as np
import pandas as pd

from analysis.cohorts.conditions import Clause, Condition
from analysis.cohorts.protection.counts import Below, Count, Life, Protection
from analysis.cohorts.protection.scales import protect
from analysis.cohorts.reading import ABSENT, LEFT_OUT
from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import PER_MONTH, Endpoint
from analysis.errors import Fault, InputError, NotShown

Number = TypeVar("Number", int, np.ndarray)
EVERYBODY = Condition()


class Released:
    """What may be known of one table of somebody's own patients.

    Parameters
    ----------
    study : Study
    frame : DataFrame, shape (patients, variables)
    how : Protection
    where : Condition, optional
        Patients looked at. On times and measured values it acts at the nearest end of an interval; `where`
        then says where.
    """

    def __init__(self, study: Study, frame: pd.DataFrame, how: Protection, where: Condition = EVERYBODY, table: str = "cohort"):
        self.study, self.how, self.table = study, how, table
        self.absent: tuple[str, ...] = tuple(frame.attrs.get(ABSENT, ()))
        left = frame.attrs.get(LEFT_OUT)
        self.left_out: tuple[Count, tuple[str, ...]] | None = (self._range(left[0]), tuple(left[1])) if left else None
        self._rows, self._scales = protect(study, frame, how, table)
        self.where = self._acting(where)
        self._rows = self._rows[self._mask(self._rows, self.where)].reset_index(drop=True)

    def count(self, condition: Condition = EVERYBODY) -> Count:
        """How many patients meet a condition.

        Raises
        ------
        KeyError
            If the cohort does not have a column that the condition speaks of; ask `lacking` first. Keys are no columns here.
        """
        return self._range(int(self._mask(self._rows, condition).sum()))

    def missing(self, name: str) -> Count:
        """In how many patients a variable is unknown."""
        return self._range(int(self._rows[name].isna().sum()))

    def lacking(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of some variables that the cohort does not have."""
        return tuple(name for name in names if name in self.absent)

    def divides(self, condition: Condition) -> bool:
        """Whether a condition can be told from intervals: all its limits are ends of some."""
        return all(clause == self._nearest(clause) for clause in condition.clauses)

    def life(self, endpoint: Endpoint, condition: Condition = EVERYBODY, *, reverse: bool = False) -> Life:
        """Follow-up of the patients who meet a condition; with `reverse` a censoring counts as the event.

        Raises
        ------
        NotShown
            If follow-up is censored where no interval ends.
        """
        time, last = self._scales[endpoint.time].since or endpoint.time, self._last(endpoint, reverse)
        rows = self._rows[self._mask(self._rows, condition)]
        rows = rows[rows[time].notna() & rows[endpoint.event].notna()]
        return self._life(rows[time].to_numpy(int), rows[endpoint.event].to_numpy(bool) != reverse, last)

    def from_landmark(self, endpoint: Endpoint, happened: str, came: str, at: float) -> tuple[Life, Life]:
        """Follow-up, counted from a landmark, of the patients to whom something had happened by then and of the others who are followed longer.

        Parameters
        ----------
        endpoint : Endpoint
        happened, came : str
            Truth value, and the time at which it came. Patients of whom one is unknown are left out.
        at : float
            The landmark, months.

        Raises
        ------
        NotShown
            If no interval ends at the landmark, or follow-up is censored where none ends.
        """
        scale, last = self._scales[endpoint.time], self._last(endpoint, reverse=False)
        start, units = scale.step / self.how.step, PER_MONTH.get(self.study.variables[self.table][came].unit, 1.0)
        late, early = Clause(endpoint.time, ">", (f"{at * start!r}",)), Clause(came, "<=", (f"{at * units!r}",))
        if scale.since or not self.divides(Condition((late, early))):
            raise NotShown("no interval of time ends at the landmark")
        rows = self._rows[self._mask(self._rows, Condition((late,)))]
        rows = rows[rows[endpoint.event].notna() & rows[happened].notna()]
        yes = rows[happened].to_numpy(bool)
        had, unknown = yes & self._mask(rows, Condition((early,))), yes & rows[came].isna().to_numpy()
        steps = round(at / self.how.step)
        place, event = rows[endpoint.time].to_numpy(int) - steps, rows[endpoint.event].to_numpy(bool)
        without = ~had & ~unknown
        return self._life(place[had], event[had], last - steps), self._life(place[without], event[without], last - steps)

    def _life(self, place: np.ndarray, event: np.ndarray, last: float) -> Life:
        """Counts by numbers of intervals, events after the last of which are censored."""
        most = int(place.max(initial=0)) + 1
        event = event & (place <= last)
        leaving, happened = np.bincount(place, minlength=most), np.bincount(place[event], minlength=most)
        followed, events = len(place) - leaving.cumsum(), happened.cumsum()
        shown = (followed >= self.how.threshold) & (np.arange(most) <= last)
        return Life(
            self.how.step,
            self.how.threshold,
            self._least(len(place)),
            self._least(int(event.sum())),
            self._least(followed[shown]),
            self._least(events[shown]),
        )

    def _last(self, endpoint: Endpoint, reverse: bool) -> float:
        """Number of steps after which follow-up is censored."""
        scale = self._scales[endpoint.time]
        steps = endpoint.until / scale.step
        if np.isfinite(steps) and (scale.since or reverse or abs(steps - round(steps)) > 1e-9):
            raise NotShown("follow-up is censored at a time at which no interval ends")
        return steps

    def below(self, name: str, condition: Condition = EVERYBODY) -> Below:
        """How many known values of a time or measurement lie below each end of an interval."""
        rows = self._rows[self._mask(self._rows, condition)]
        place = rows[name].dropna().to_numpy(int)
        ends = self._scales[name].ends
        return Below(ends, self._least(np.bincount(place, minlength=len(ends) + 1)[: len(ends)].cumsum()), self._range(len(place)))

    def _range(self, number: int) -> Count:
        low = self._least(number)
        return Count(low, low + self.how.threshold - 1)

    def _least(self, number: Number) -> Number:
        return number // self.how.threshold * self.how.threshold

    def _nearest(self, clause: Clause) -> Clause | None:
        return self._scales[clause.variable].nearest(clause) if clause.variable in self._scales else clause

    def _acting(self, where: Condition) -> Condition:
        """A condition with its limits where they act."""
        unknown = [name for name in where.variables if name in self.absent or name not in self._rows]
        if unknown:
            raise InputError(
                Fault("parameters", "selection of patients", "columns that may be asked for", f"no column {', '.join(unknown)}")
            )
        return Condition(tuple(self._asked(clause) for clause in where.clauses))

    def _asked(self, clause: Clause) -> Clause:
        found = self._nearest(clause)
        if found is None:
            expected = "a comparison with a limit (<, <=, >, >=), as this variable of your own patients is known in intervals only"
            raise InputError(Fault("parameters", "parameter where", expected, str(clause)))
        return found

    def _mask(self, rows: pd.DataFrame, condition: Condition) -> np.ndarray:
        met = np.ones(len(rows), bool)
        for clause in condition.clauses:
            scale = self._scales.get(clause.variable)
            met &= clause.mask(rows) if scale is None else scale.mask(rows[clause.variable], clause)
        return met


def alike(study: Study, frame: pd.DataFrame, how: Protection, conditions: Iterable[Condition]) -> list[tuple[int, int]]:
    """Pairs of selections from one cohort that differ, and by fewer patients than the threshold.

    Pages of both would tell of the few by their difference.

    Parameters
    ----------
    study : Study
    frame : DataFrame, shape (patients, variables)
    how : Protection
    conditions : iterable of Condition
        Each acts as `Released` lets it act.

    Returns
    -------
    list of (int, int)
        Positions in `conditions`.
    """
    whole = Released(study, frame, how)
    masks = np.array([whole._mask(whole._rows, whole._acting(condition)) for condition in conditions], int)
    sizes = masks.sum(axis=1)
    differing = sizes[:, None] + sizes - 2 * masks @ masks.T
    return [(one, other) for one, other in np.argwhere((differing > 0) & (differing < how.threshold)).tolist() if one < other]
