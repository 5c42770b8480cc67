"""Columns of a table as the estimators take them, and results under the names that lifelines has for them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimators.engines.shown import shown
from analysis.estimators.numerics import checks


class EngineWarning(UserWarning):
    """A library does not confirm a result: it differs, does not converge or gives none; the result is this project's."""


@contextmanager
def engines() -> Iterator[None]:
    """Within this block results are those of libraries where they have the method; what they do not confirm is warned of."""
    with shown(strict=False) as scope:
        before = len(scope.remarks)
        yield
        for remark in scope.remarks[before:]:
            warnings.warn(f"{remark}; the result is this project’s", EngineWarning, stacklevel=4)


def columns(**named: npt.ArrayLike) -> dict[str, Any]:
    """Arrays of one length; pandas objects among them have to share their index.

    Raises
    ------
    ValueError
        If two of them differ in length or index.
    """
    first: tuple[str, pd.Index] | None = None
    for name, values in named.items():
        if isinstance(values, pd.Series):
            if first is not None and not values.index.equals(first[1]):
                raise ValueError(f"{name}: expected the index of {first[0]}, found another; rows would not belong together")
            first = first or (name, values.index)
    arrays = {name: np.asarray(values) for name, values in named.items()}
    checks.same_length(**arrays)
    return arrays


def events_of(durations: npt.ArrayLike, event_observed: npt.ArrayLike | None) -> npt.ArrayLike:
    """Events; everybody has one where none are given, as in lifelines."""
    return np.ones(len(np.asarray(durations))) if event_observed is None else event_observed


def level_of(alpha: float) -> float:
    """Confidence level, e.g. 0.95 for an alpha of 0.05."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha: expected a share between 0 and 1 such as 0.05, found {alpha}")
    return 1 - alpha


def limit_names(what: str, alpha: float) -> tuple[str, str]:
    """Names of the limits of a curve: ``KM_estimate_lower_0.95``."""
    level = f"{level_of(alpha):g}"
    return f"{what}_lower_{level}", f"{what}_upper_{level}"


def percent_names(what: str, alpha: float) -> tuple[str, str]:
    """Names of the limits of a coefficient: ``exp(coef) lower 95%``."""
    percent = f"{100 * level_of(alpha):g}%"
    return f"{what} lower {percent}", f"{what} upper {percent}"


def covariates_of(frame: pd.DataFrame, covariates: Sequence[str] | str | None, others: Sequence[str | None]) -> list[str]:
    """Covariates asked for, or all columns but some, as in lifelines.

    Raises
    ------
    ValueError
        If a column is not there, or no covariate is left.
    """
    for name in filter(None, others):
        if name not in frame:
            raise ValueError(f"df: expected a column {name!r}, found {list(frame)}")
    names = (
        [name for name in frame if name not in others]
        if covariates is None
        else [covariates]
        if isinstance(covariates, str)
        else list(covariates)
    )
    missing = [name for name in names if name not in frame]
    if missing or not names:
        raise ValueError(f"covariates: expected columns of the table, found {missing or 'none'}")
    return names
