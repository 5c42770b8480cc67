"""A cohort that a search made, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Cohort:
    """A cohort and how it came about.

    Attributes
    ----------
    tables : dict of str to DataFrame
    seed : int
        Of the times that it started from; cohorts may share them.
    miss : float
        Weighted miss of P values and hazard ratios; 0 if all hold.
    moves : int
        Moves of all searches.
    """

    tables: dict[str, pd.DataFrame]
    seed: int
    miss: float
    moves: int
