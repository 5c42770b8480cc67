"""Input checks shared by the estimators: each refusal names the argument and says what was found."""

from collections.abc import Sequence, Sized
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.arrays import Floats, Ints
from analysis.errors import Undefined

# R's survival package treats two times as one when they differ by less than this (``aeqSurv``, timefix=TRUE).
TIME_TOLERANCE = float(np.sqrt(np.finfo(float).eps))

#: Patients from which on hashing is faster than sorting.
MANY = 20_000


def numbers(values: npt.ArrayLike, name: str, *, minimum: float | None = None) -> Floats:
    """Return `values` as a one-dimensional float array without missing or infinite entries.

    Raises
    ------
    ValueError
        If `values` is not one-dimensional, not numeric, holds NaN or infinity, or falls below `minimum`.
    """
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as problem:
        raise ValueError(f"{name}: expected numbers without missing values ({problem})") from None
    if array.ndim != 1:
        raise ValueError(f"{name}: expected a one-dimensional sequence, found {array.ndim} dimensions")
    if not np.isfinite(array).all():
        row = int(np.flatnonzero(~np.isfinite(array))[0])
        raise ValueError(f"{name}: expected finite numbers, found {array[row]} at position {row}")
    if minimum is not None and array.size and array.min() < minimum:
        row = int(np.argmin(array))
        raise ValueError(f"{name}: expected numbers of at least {minimum}, found {array[row]:g} at position {row}")
    return array


def zeros_and_ones(values: npt.ArrayLike, name: str) -> Floats:
    """Return `values` as a float array of 0 and 1; raise ValueError for anything else."""
    array = numbers(values, name)
    wrong = np.flatnonzero((array != 0) & (array != 1))
    if wrong.size:
        raise ValueError(f"{name}: expected only 0 and 1, found {array[wrong[0]]:g} at position {wrong[0]}")
    return array


def same_length(**arrays: Sized) -> None:
    """Raise ValueError unless all `arrays` are of one length, at least 1."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError("expected equal lengths, found " + ", ".join(f"{k}: {v}" for k, v in lengths.items()))
    if not next(iter(lengths.values())):
        raise Undefined(f"{next(iter(lengths))}: expected at least one patient, found none")


def survival_data(time: npt.ArrayLike, event: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return checked (time, event) arrays: times finite and not negative, events 0 or 1, equal lengths."""
    time = numbers(time, "time", minimum=0)
    event = zeros_and_ones(event, "event")
    same_length(time=time, event=event)
    return time, event


def labels(values: npt.ArrayLike, name: str, groups: Sequence[Any] | None = None) -> tuple[tuple[Any, ...], Ints]:
    """Return (labels, codes): the distinct labels and, per patient, the position of the own label.

    Parameters
    ----------
    values : sequence
        One label a patient, none missing.
    name : str
        What to call the argument in an error message.
    groups : sequence, optional
        The labels wanted, in the order wanted; patients with other labels get the code -1.
        Without it, all labels in sorted order.
    """
    plain = np.asarray(values)
    if plain.dtype.kind not in "biu" and pd.isna(plain).any():
        raise ValueError(f"{name}: expected no missing label, found one at position {int(pd.isna(plain).argmax())}")
    if groups is None:
        if plain.dtype.kind in "biu" and len(plain) < MANY:
            found, codes = np.unique(plain, return_inverse=True)
            return tuple(found.tolist()), codes
        codes, found = pd.factorize(plain, sort=True)
        return tuple(found), codes
    groups = tuple(groups)
    if len(set(groups)) != len(groups):
        raise ValueError(f"groups: expected distinct labels, found {list(groups)}")
    codes = np.full(len(plain), -1)
    for position, label in enumerate(groups):
        own = plain == label
        if not own.any():
            raise ValueError(f"groups: {label!r} is not among the labels of {name} ({sorted(set(plain.tolist()), key=str)})")
        codes[own] = position
    return groups, codes


def distinct_times(time: Floats) -> tuple[Floats, Ints]:
    """Return (grid, place): the distinct times in ascending order and each patient's position in them.

    Times that differ by no more than `TIME_TOLERANCE`, absolutely or relative to the mean of the distinct times,
    are one time, as in R's ``survival::aeqSurv``: 0.1 + 0.2 months and 0.3 months are a tie.
    """
    grid, place = _ascending(time)
    gap = np.diff(grid)
    tied = gap <= TIME_TOLERANCE
    scale = np.abs(grid).mean()
    if scale > 0:
        tied |= gap / scale <= TIME_TOLERANCE
    if not tied.any():
        return grid, place
    first = np.concatenate(([True], ~tied))
    return grid[first], (np.cumsum(first) - 1)[place]


def _ascending(time: Floats) -> tuple[Floats, Ints]:
    """Return the distinct values in ascending order and each one's position in them."""
    if len(time) < MANY:
        return np.unique(time, return_inverse=True)
    # registries hold few distinct times: finding them by hashing spares the sorting of all patients
    code, found = pd.factorize(time)
    order = np.argsort(found)
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order))
    return found[order], rank[code]


def covariates(frame: Any, names: Sequence[str], *others: str) -> None:
    """Raise ValueError unless there are covariates, and a frame has their columns and the `others`."""
    if not names:
        raise ValueError("covariates: expected at least one column, found none")
    for name in (*others, *names):
        if name not in frame:
            raise ValueError(f"frame: expected a column {name!r}, found {list(frame)}")


def independent(design: Floats, names: Sequence[str]) -> None:
    """Raise `Undefined` unless each covariate varies and none is a linear combination of those before it.

    Parameters
    ----------
    design : ndarray, shape (n, covariates)
    names : sequence of str
    """
    for k, name in enumerate(names):
        if np.ptp(design[:, k]) == 0:
            raise Undefined(f"{name}: expected a covariate that varies, found {design[0, k]:g} in every row")
        if k and np.linalg.matrix_rank(design[:, : k + 1] - design[:, : k + 1].mean(axis=0)) < k + 1:
            raise Undefined(f"{name}: expected independent covariates, found a linear combination of {names[:k]}")


def confidence(level: float) -> float:
    """Return `level` if it lies strictly between 0 and 1; raise ValueError otherwise (95 is not 0.95)."""
    if not 0 < level < 1:
        raise ValueError(f"level: expected a share between 0 and 1 such as 0.95, found {level}")
    return float(level)


def one_of(value: str, choices: Sequence[str], name: str) -> str:
    """Return `value` if it is among `choices`; raise ValueError naming them otherwise."""
    if value not in choices:
        raise ValueError(f"{name}: expected one of {', '.join(choices)}, found {value!r}")
    return value
