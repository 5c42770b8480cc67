"""Rows of real patients made coarse before anything is computed from them.

A curve, a median or a range of few patients can be as telling as their rows.  So what a page
sees of somebody's own cohort are not the rows but coarser ones: keys are numbered anew, and
every time, age and measured value is replaced by the middle of an interval that holds it
together with those of several others (microaggregation; see Hundepool et al., *Statistical
Disclosure Control*, Wiley 2012, section 3.6).  Statistics are then ordinary functions of coarse rows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohorts.study import Study

PER_MONTH = {"days": 30.4375, "weeks": 30.4375 / 7, "months": 1.0, "years": 1 / 12}
_HAIR = 1e-9
AGES = 12.0
"""Step of intervals of a measured time that no endpoint uses, e.g. an age: months."""


@dataclass(frozen=True)
class Protection:
    """How much of somebody's own patients may be told.

    Attributes
    ----------
    threshold : int
        Smallest number of patients that anything shown may rest on.
    step : float
        Intervals of time end at multiples of this, months.
    """

    threshold: int = 5
    step: float = 3.0


def protect(study: Study, frame: pd.DataFrame, how: Protection, table: str = "cohort") -> pd.DataFrame:
    """A table whose values each belong to several patients.

    Parameters
    ----------
    study : Study
    frame : DataFrame, shape (patients, variables)
        As declared; not changed.
    how : Protection
    table : str

    Returns
    -------
    DataFrame
        The same columns and number of rows, sorted by nothing that the file was sorted by.
    """
    declared = study.variables[table]
    coarse = frame.sample(frac=1, random_state=len(frame)).reset_index(drop=True)
    coarse.attrs = dict(frame.attrs)
    clocks = _clocks(study, table)
    for name, variable in declared.items():
        if variable.type == "id":
            coarse[name] = _numbered(coarse[name])
        elif name in clocks:
            coarse[name] = _middles(coarse[name], edges(coarse[name], how.step * PER_MONTH.get(variable.unit, 1.0), how.threshold))
        elif _measured(variable):
            cuts = _cuts(study, table, name)
            coarse[name] = _middles(coarse[name], edges(coarse[name], _nice(coarse[name], variable.unit), how.threshold, cuts))
    return coarse


def edges(column: pd.Series, step: float, threshold: int, cuts: Collection[float] = ()) -> np.ndarray:
    """Ends of intervals that each hold at least `threshold` values; neighbours with fewer are joined.

    The first and the last end tell of no extreme value: beyond them lie fewer than `threshold` values,
    which count with their neighbours inside (top and bottom coding; Hundepool et al., section 3.4).
    Where a cut leaves fewer beyond it, the interval there is one step wide, however far they lie.

    Parameters
    ----------
    column : Series of float
    step : float
        Ends are multiples of this.
    threshold : int
    cuts : collection of float
        Ends that stay even so, as declared groups are divided there.

    Returns
    -------
    ndarray
        Ascending.
    """
    values = np.sort(column.dropna().to_numpy(dtype=float))
    if not len(values):
        return np.array([0.0, step])
    inner = min(threshold, (len(values) + 1) // 2)  # of few values the middle one decides
    low, high = np.floor(values[inner - 1] / step) * step, (np.floor(values[-inner] / step) + 1) * step
    dividing = [cut for cut in cuts if values[0] < cut <= values[-1]]
    beyond = [min(dividing) - step] if dividing and min(dividing) <= low else []
    beyond += [max(dividing) + step] if dividing and max(dividing) >= high else []
    grid = np.unique(np.concatenate([np.arange(low, high + step / 2, step), dividing, beyond]))
    counts = np.histogram(np.clip(values, grid[0], grid[-1] - _HAIR * step), grid)[0]
    found, held, firm = [grid[0]], 0, 0  # `firm`: position of the last end that must stay
    for count, end in zip(counts, grid[1:], strict=True):
        held += count
        forced = end == grid[-1] or end in cuts
        if held >= threshold:
            found.append(end)
        elif forced and len(found) - 1 > firm:  # too few: they join the interval before them
            found[-1] = end
        elif forced:
            found.append(end)
        if held >= threshold or forced:
            held = 0
        if forced:
            firm = len(found) - 1
    return np.array(found)


def _middles(column: pd.Series, ends: np.ndarray) -> pd.Series:
    """Each value replaced by the middle of its interval; whole numbers stay whole."""
    values = column.to_numpy(dtype=float, na_value=np.nan)
    at = np.clip(np.searchsorted(ends, values, side="right") - 1, 0, len(ends) - 2)
    middle = np.where(np.isnan(values), np.nan, (ends[at] + ends[at + 1]) / 2)
    if pd.api.types.is_integer_dtype(column.dtype):
        return pd.Series(np.floor(middle), index=column.index).astype("Int64")
    return pd.Series(middle, index=column.index)


def _numbered(column: pd.Series) -> pd.Series:
    """Keys as numbers in the order of the (shuffled) rows; equal ones stay equal, missing ones missing."""
    codes, _ = pd.factorize(column)
    return pd.Series([str(code + 1) if code >= 0 else None for code in codes], index=column.index, dtype=object)


def _measured(variable) -> bool:
    """Whether a variable is measured rather than counted."""
    return variable.type == "number" or (variable.type == "integer" and bool(variable.unit))


def _clocks(study: Study, table: str) -> list[str]:
    """Times of endpoints, and measured times in their unit that are no whole numbers (an age is): times on the way."""
    declared = study.variables[table]
    times = list(dict.fromkeys(e.time for e in study.endpoints.values() if e.table == table))
    units = {declared[name].unit for name in times}
    return times + [name for name, v in declared.items() if name not in times and v.type == "number" and v.unit in PER_MONTH and v.unit in units]


def _nice(column: pd.Series, unit: str) -> float:
    """Step of a measured value: a year for an age, else a round tenth of its extent."""
    if unit in PER_MONTH:
        return max(AGES * PER_MONTH[unit], 1.0)
    known = column.dropna().to_numpy(float)
    extent = float(np.quantile(known, 0.9) - np.quantile(known, 0.1)) if len(known) else 0.0
    return float(10 ** np.floor(np.log10(extent))) if extent > 0 else 1.0


def _cuts(study: Study, table: str, name: str) -> set[float]:
    """Values at which declared populations divide a variable."""
    found = set()
    for population in study.populations.values():
        for clause in population.condition.clauses if population.table == table else ():
            if clause.variable == name and clause.comparison not in ("=", "!="):
                found.add(float(clause.values[0]))
    return found
