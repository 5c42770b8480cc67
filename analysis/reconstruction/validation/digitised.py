"""Curves of a known cohort as somebody would read them off its figure: points with errors, and numbers at risk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis import atomic_files
from analysis.estimators.curves.kaplan_meier import kaplan_meier


def digitise(rows: pd.DataFrame, folder: Path, tolerance: float, every: int, seed: int = 1) -> list[dict]:
    """Write one file of points and one of numbers at risk for each arm.

    Parameters
    ----------
    rows : DataFrame
        As in `known.Known`.
    folder : Path
        Of the study.
    tolerance : float
        Points of percent; errors of reading are uniform within it.
    every : int
        Units between two numbers at risk.
    seed : int
        Of the errors.

    Returns
    -------
    list of dict
        The entries of ``digitised`` in the study's assumptions.
    """
    chance = np.random.default_rng(seed)
    last = int(rows["os_months"].max())
    found = []
    for arm, part in rows.groupby("arm"):
        curve = kaplan_meier(part["os_months"], part["died"])
        times = np.arange(int(part["os_months"].max()) + 1)
        errors = chance.uniform(-1, 1, len(times)) * (tolerance - 0.005)  # two decimals are written
        read = np.clip(100 * np.asarray(curve.survival_at(times)) + errors, 0, 100)
        names = {"curve": f"figure_{arm.lower()}.csv", "at_risk": f"figure_{arm.lower()}_at_risk.csv"}
        grid = np.arange(0, last + 1, every)
        numbers = pd.DataFrame({"time": grid, "at_risk": np.asarray(curve.at_risk_at(grid))})
        atomic_files.write(
            folder / names["curve"],
            pd.DataFrame({"time": times, "survival": read}).to_csv(index=False, float_format="%.2f", lineterminator="\n"),
        )
        atomic_files.write(folder / names["at_risk"], numbers.to_csv(index=False, lineterminator="\n"))
        found.append(
            {
                "endpoint": "os",
                "where": f"arm={arm}",
                **names,
                "unit": "percent",
                "tolerance": tolerance,
                "source": "figure",
                "why": "errors of reading drawn within the tolerance",
            }
        )
    return found


def narrowed(alone: list[dict], beside: list[dict]) -> tuple[int, int, int]:
    """How many ranges of a known cohort are narrower and how many wider with its curves than from printed numbers alone, and of how many.

    Parameters
    ----------
    alone, beside : list of dict
        Ranges as `validation` saves them.
    """
    widths = {found["quantity"]: found["high"] - found["low"] for found in alone}
    changes = [found["high"] - found["low"] - widths[found["quantity"]] for found in beside if found["quantity"] in widths]
    return sum(change < -1e-3 for change in changes), sum(change > 1e-3 for change in changes), len(changes)
