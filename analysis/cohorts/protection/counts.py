"""Least numbers and ranges, in which everything is told of somebody's own patients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


@dataclass(frozen=True)
class Protection:
    """How much of somebody's own patients may be told.

    Attributes
    ----------
    threshold : int
        Counts are told in ranges of so many numbers; nothing is told of fewer patients.
    step : float
        Times are divided at multiples of this, months.
    origin : str
        Variable with a later time from which a page counts, if it does.
    """

    threshold: int = 5
    step: float = 3.0
    origin: str = ""


class Count(NamedTuple):
    """Range that a number of patients lies in, both ends included."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low} to {self.high}" if self.low else f"fewer than {self.high + 1}"


class Life(NamedTuple):
    """Follow-up of a group at multiples of a step, for as long as enough patients are followed.

    Attributes
    ----------
    step : float
        Months.
    threshold : int
        A count lies between its entry here and ``threshold - 1`` more.
    patients, total : int
        Least numbers of patients and of their events.
    followed, events : ndarray of int, shape (m,)
        At 0, 1, 2, … steps: least numbers of patients followed for longer, and of events until then.
    """

    step: float
    threshold: int
    patients: int
    total: int
    followed: np.ndarray
    events: np.ndarray


class Below(NamedTuple):
    """How many values lie below each of some ends, least numbers; of how many that are known."""

    ends: np.ndarray
    counts: np.ndarray
    known: Count
