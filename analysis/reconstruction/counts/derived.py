"""Columns that follow from others: sums, and sums of values in different units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.cohorts.study_parts import Variable

Parts = Sequence[str] | Mapping[str, float]
HAIR = 1e-4
"""Part of a unit by which a weight such as 0.0833333 may be rounded."""


def derive_column(frame: pd.DataFrame, parts: Parts, variable: Variable) -> pd.Series:
    """Sum of columns, missing where one of them is; of weighted ones as the variable is measured: an integer in completed units.

    Parameters
    ----------
    frame : DataFrame
        With the columns.
    parts : sequence of str, or mapping of str to float
        Columns; or how much of the variable's unit one unit of each is, ``{age: 1, months_to_relapse: 0.0833333}``.
    variable : Variable
        Of the column that follows.
    """
    if not isinstance(parts, Mapping):
        return sum(frame[part].astype("Int64") for part in parts)
    total = sum(weight * frame[part].astype("Float64") for part, weight in parts.items())
    if variable.type == "integer":
        return np.floor(total + HAIR).astype("Int64")
    return (np.round(total / variable.grain) * variable.grain).round(9) if variable.grain < 1 else total


def add_other_keys(table: pd.DataFrame, declared: Mapping[str, Variable]) -> pd.DataFrame:
    """The table with its further keys, such as the pair of a matched patient, empty: no printed number says whose they are."""
    others = [name for name, variable in declared.items() if variable.type == "id" and name not in table]
    return table.assign(**dict.fromkeys(others, ""))
