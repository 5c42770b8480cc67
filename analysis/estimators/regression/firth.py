"""Firth-penalised Cox and logistic regression, for groups without events."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from firthmodels import FirthCoxPH, FirthLogisticRegression
from scipy.optimize import minimize
from scipy.special import expit
from threadpoolctl import ThreadpoolController

from analysis.arrays import Floats, Frame
from analysis.errors import Undefined
from analysis.estimators.numerics import checks, distributions, profile_likelihood
from analysis.estimators.regression.likelihoods.pattern_likelihood import of_design

# numpy: compiling takes longer than fitting a few dozen patients; tighter than the defaults, so that digits hold
_EXACT: dict[str, Any] = {"backend": "numpy", "gtol": 1e-5, "xtol": 1e-7, "max_iter": 200, "max_halfstep": 50}
# matrices of a few dozen rows: threads of the linear algebra spend their time waiting for each other
_THREADS = ThreadpoolController()
_TIGHT: dict[str, dict[str, float]] = {"Nelder-Mead": {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000}, "BFGS": {"gtol": 1e-8}}

#: Coefficients, the intercept last, to the penalised log-likelihood.
Penalised: TypeAlias = Callable[[Floats], float]


def _summary(model: Any, names: Sequence[str], scale: Floats, level: float, ratio: str, penalised: Penalised) -> pd.DataFrame:
    """Return coefficient, ratio, profile-likelihood limits and penalised likelihood-ratio P, one row a covariate."""
    if not model.converged_:
        raise Undefined("covariates: the penalised likelihood could not be maximised")
    ends, p = _profile_each(model, len(names), level, penalised)
    limits = ends / scale[:, None]
    coefficients = np.ravel(model.coef_) / scale
    columns = {
        "coefficient": coefficients,
        ratio: np.exp(coefficients),
        "lower": np.exp(limits[:, 0]),
        "upper": np.exp(limits[:, 1]),
        "likelihood_ratio_p": p,
    }
    return pd.DataFrame(columns, index=pd.Index(names, name="covariate"))


def _profile_each(model: Any, covariates: int, level: float, penalised: Penalised) -> tuple[Floats, Floats]:
    """Return profile limits and penalised likelihood-ratio P of each covariate.

    Of a few events the library's search for a limit can step to where the penalised likelihood is flat, and fails there; the
    limit exists nevertheless, and is then searched for between points that hold it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of what did not converge, which is NaN and is found below
        try:
            model.lrt()
            p = np.asarray(model.lrt_pvalues_, dtype=float)[:covariates]
            ends = np.asarray(model.conf_int(alpha=1 - checks.confidence(level), method="pl", tol=1e-8, max_iter=200))[:covariates]
            if np.isfinite(p).all() and np.isfinite(ends).all():
                return ends, p
        except np.linalg.LinAlgError:
            pass
    top = np.concatenate([np.ravel(model.coef_), *([[model.intercept_]] if hasattr(model, "intercept_") else [])])
    value = penalised(top)
    profiles = [_profile(penalised, top, k) for k in range(covariates)]
    found = [profile_likelihood.limits(profile, top[k], value, 0, level) for k, profile in enumerate(profiles)]
    return np.array(found), np.array([float(distributions.chi_square_tail(2 * (value - profile(0.0)), 1)) for profile in profiles])


def _profile(penalised: Penalised, top: Floats, k: int) -> Callable[[float], float]:
    """Return the profile of the penalised likelihood along one coefficient."""
    others = np.arange(len(top)) != k

    def profile(b: float) -> float:
        beta = np.where(others, top, b)
        if not others.any():
            return penalised(beta)

        def lacking(rest: Floats) -> float:
            beta[others] = rest
            return -penalised(beta)

        start = top[others]
        for method in ("Nelder-Mead", "BFGS", "Nelder-Mead"):  # without derivatives the first and last cannot lead astray
            start = minimize(lacking, start, method=method, options=_TIGHT.get(method, {})).x
        return -lacking(start)

    return profile


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
    place = checks.distinct_times(t)[1].astype(float)  # the likelihood depends on the order of times alone
    names, design, scale = _design(frame, covariates)
    if not e.any():
        raise Undefined(f"{event}: expected at least one event, found none")
    with _THREADS.limit(limits=1, user_api="blas"), _informative():
        model = FirthCoxPH(**_EXACT).fit(design, (e.astype(bool), place))
        likelihood = of_design(design, place, e, None, "breslow")

        def penalised(beta: Floats) -> float:
            value, _, hessian = likelihood.evaluate(beta)
            return _penalise(value, -hessian)

        return _summary(model, names, scale, level, "hr", penalised)


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
        x = np.column_stack([design, np.ones(len(y))])

        def penalised(beta: Floats) -> float:
            linear = x @ beta
            p = expit(linear)
            return _penalise(-float(np.logaddexp(0.0, -(2 * y - 1) * linear).sum()), (x.T * (p * (1 - p))) @ x)

        return _summary(model, names, scale, level, "odds_ratio", penalised)


def _penalise(value: float, information: Floats) -> float:
    """Return a log-likelihood with half the log determinant of the information added; minus infinity where that is singular."""
    sign, log_determinant = np.linalg.slogdet(information)
    return value + log_determinant / 2 if sign > 0 and np.isfinite(value) else -np.inf
