"""Firth-penalised Cox and logistic regression, for groups without events."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
from firthmodels import FirthCoxPH, FirthLogisticRegression
from threadpoolctl import ThreadpoolController

from analysis.arrays import Floats, Frame
from analysis.errors import Undefined
from analysis.estimators.numerics import checks

# numpy: compiling takes longer than fitting a few dozen patients; tighter than the defaults, so that digits hold
_EXACT: dict[str, Any] = {"backend": "numpy", "gtol": 1e-5, "xtol": 1e-7, "max_iter": 200, "max_halfstep": 50}
# matrices of a few dozen rows: threads of the linear algebra spend their time waiting for each other
_THREADS = ThreadpoolController()


def _summary(model: Any, names: Sequence[str], scale: Floats, level: float, ratio: str) -> pd.DataFrame:
    """Return coefficient, ratio, profile-likelihood limits and penalised likelihood-ratio P, one row a covariate."""
    if not model.converged_:
        raise Undefined("covariates: the penalised likelihood could not be maximised")
    model.lrt()
    limits = (
        np.asarray(model.conf_int(alpha=1 - checks.confidence(level), method="pl", tol=1e-8, max_iter=200))[: len(names)] / scale[:, None]
    )
    coefficients = np.ravel(model.coef_) / scale
    p = np.asarray(model.lrt_pvalues_, dtype=float)[: len(names)]
    columns = {
        "coefficient": coefficients,
        ratio: np.exp(coefficients),
        "lower": np.exp(limits[:, 0]),
        "upper": np.exp(limits[:, 1]),
        "likelihood_ratio_p": p,
    }
    return pd.DataFrame(columns, index=pd.Index(names, name="covariate"))


@contextmanager
def _informative() -> Iterator[None]:
    """Raise `Undefined` where the information matrix is singular."""
    try:
        yield
    except np.linalg.LinAlgError:
        raise Undefined("covariates: the events carry no information about them, or they are linear combinations of each other") from None


def _design(frame: Frame, covariates: Sequence[str] | str) -> tuple[list[str], Floats, Floats]:
    names = [covariates] if isinstance(covariates, str) else list(covariates)
    design = np.column_stack([checks.numbers(frame[name], name) for name in names])
    for k, name in enumerate(names):
        if np.ptp(design[:, k]) == 0:
            raise Undefined(f"{name}: expected a covariate that varies, found {design[0, k]:g} in every row")
    # the scale of a covariate changes nothing but the conditioning
    scale = design.std(axis=0)
    return names, (design - design.mean(axis=0)) / scale, scale


def cox(frame: Frame, time: str, event: str, covariates: Sequence[str] | str, level: float = 0.95) -> pd.DataFrame:
    """Fit a Cox model with Firth's penalty (Breslow's handling of ties).

    Parameters
    ----------
    frame : DataFrame
    time, event : str
    covariates : sequence of str
        Numeric or 0/1 columns.
    level : float
        Of the profile-likelihood limits.

    Returns
    -------
    DataFrame
        One row a covariate: coefficient, hr, lower, upper, likelihood_ratio_p (penalised).

    Raises
    ------
    ValueError
        For faulty data, constant covariates or no event.

    Notes
    -----
    Heinze and Schemper, Biometrics 2001;57:114-119. The estimate is finite also where one group has no events; its
    limits are those of the penalised profile likelihood, never Wald's.
    """
    t, e = checks.survival_data(frame[time], frame[event])
    names, design, scale = _design(frame, covariates)
    if not e.any():
        raise Undefined(f"{event}: expected at least one event, found none")
    with _THREADS.limit(limits=1, user_api="blas"), _informative():
        model = FirthCoxPH(**_EXACT).fit(design, (e.astype(bool), t))
        return _summary(model, names, scale, level, "hr")


def logistic(frame: Frame, outcome: str, covariates: Sequence[str] | str, level: float = 0.95) -> pd.DataFrame:
    """Fit a logistic model with Firth's penalty.

    Parameters
    ----------
    frame : DataFrame
    outcome : str
        0/1 column.
    covariates, level
        As in `cox`.

    Returns
    -------
    DataFrame
        One row a covariate: coefficient, odds_ratio, lower, upper, likelihood_ratio_p (penalised).

    Notes
    -----
    Heinze and Schemper, Stat Med 2002;21:2409-2419.
    """
    y = checks.zeros_and_ones(frame[outcome], outcome)
    names, design, scale = _design(frame, covariates)
    if np.ptp(y) == 0:
        raise Undefined(f"{outcome}: expected both 0 and 1, found only {y[0]:g}")
    with _THREADS.limit(limits=1, user_api="blas"), _informative():
        model = FirthLogisticRegression(**_EXACT).fit(design, y.astype(int))
        return _summary(model, names, scale, level, "odds_ratio")
