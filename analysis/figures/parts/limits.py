"""Estimates and limits that are computed already, as seaborn takes them: it draws what it aggregates from rows."""

from __future__ import annotations

from typing import Any

import pandas as pd

GIVEN: dict[str, Any] = {"estimator": lambda numbers: numbers.iloc[0], "errorbar": lambda numbers: (numbers.iloc[1], numbers.iloc[2])}
"""Arguments of `seaborn.pointplot` and `seaborn.lineplot` by which each place keeps the three numbers of `stack_limits`."""


def stack_limits(frame: pd.DataFrame, estimate: str, lower: str, upper: str) -> pd.DataFrame:
    """Rows of estimates, each followed by its limits, by none where one of the two is missing; no row without an estimate.

    Parameters
    ----------
    frame : DataFrame
        One row an estimate.
    estimate, lower, upper : str
        Its columns of numbers.

    Returns
    -------
    DataFrame
        The other columns, and ``value``: three rows, one or none for each of `frame`.
    """
    numbers = frame.loc[frame[estimate].notna(), [estimate, lower, upper]].astype(float)
    numbers.loc[numbers[[lower, upper]].isna().any(axis=1), [lower, upper]] = float("nan")
    stacked = numbers.stack().droplevel(1).rename("value")  # drops what is missing and keeps the order
    return frame.drop(columns=[estimate, lower, upper]).join(stacked, how="right").reset_index(drop=True)
