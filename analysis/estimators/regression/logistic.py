"""Logistic regression of a yes/no outcome."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.arrays import Floats, Ints
from analysis.errors import Undefined
from analysis.estimators.engines.shown import active, take
from analysis.estimators.numerics import checks, distributions, newton, profile_likelihood, separation

INTERVALS = ("wald", "profile")


@dataclass(frozen=True, eq=False)
class LogisticResult:
    """A fitted logistic model.

    Attributes
    ----------
    summary : DataFrame
        One row a covariate: coefficient, standard_error, odds_ratio, lower, upper, wald_p, likelihood_ratio_p (of
        leaving the covariate out) and score_p.
    intercept : float
    log_likelihood, log_likelihood_null : float
        At the estimate (its limit under separation), and with the intercept alone.
    likelihood_ratio_p : float
        Of all covariates together.
    n, events : int
    infinite : tuple of str
        Covariates without a finite estimate (separation); their Wald quantities are NaN.
    note : str
        Says so in words; empty otherwise.
    """

    summary: pd.DataFrame
    intercept: float
    log_likelihood: float
    log_likelihood_null: float
    likelihood_ratio_p: float
    n: int
    events: int
    infinite: tuple[str, ...]
    note: str


def fit(frame: pd.DataFrame, outcome: str, covariates: Sequence[str] | str, interval: str = "wald", level: float = 0.95) -> LogisticResult:
    """Fit a logistic model with intercept by maximum likelihood.

    Parameters
    ----------
    frame : DataFrame
        One row a subject.
    outcome : str
        0/1 column.
    covariates : sequence of str
        Numeric or 0/1 columns.
    interval : {"wald", "profile"}
        Limits of the odds ratio: exp(b ± z SE), as SPSS prints them; or where twice the drop of the profile
        log-likelihood reaches the χ² quantile on one degree of freedom, as R's ``confint`` finds them. Under
        separation the profile limits have one finite end.
    level : float

    Returns
    -------
    LogisticResult

    Raises
    ------
    ValueError
        For faulty columns, an outcome that does not vary, constant or linearly dependent covariates.

    Notes
    -----
    The maximiser is `newton.maximise`; separation is found by `separation.infinite_coefficients`. Where it is shown, the model
    is statsmodels' ``Logit``. Profile limits, score tests and tests of leaving a covariate out it does not have, nor an estimate
    under separation: these are ours.
    """
    checks.one_of(interval, INTERVALS, "interval")
    checks.confidence(level)
    names = [covariates] if isinstance(covariates, str) else list(covariates)
    y, design = _columns(frame, outcome, names)
    centre, scale = design.mean(axis=0), design.std(axis=0)
    x = np.column_stack([np.ones(len(y)), (design - centre) / scale])
    top, signs = _maximum(y, x)
    finite = signs == 0
    covariance = separation.covariance_of_finite(-top.hessian, signs)
    beta = np.where(finite, top.beta, np.inf * np.where(finite, 1, signs))[1:] / scale
    error = np.sqrt(np.diag(covariance))[1:] / scale
    if interval == "wald":
        reach = distributions.reach(level) * error
        lower, upper = beta - reach, beta + reach
    else:
        lower, upper = np.array([_profile(y, x, k + 1, top, signs, level) for k in range(len(names))]).T / scale
    columns = {"coefficient": beta, "standard_error": error}
    with np.errstate(over="ignore", invalid="ignore"):
        columns |= {"odds_ratio": np.exp(beta), "lower": np.exp(lower), "upper": np.exp(upper)}
        columns["wald_p"] = 2 * distributions.normal_tail(np.abs(np.where(signs[1:], np.nan, beta)) / error)
    drop = [_leave_out(y, x, k + 1, top.value) for k in range(len(names))]
    infinite, null = tuple(name for name, sign in zip(names, signs[1:]) if sign), _maximum(y, x[:, :1])[0].value
    intercept = float(top.beta[0] - (centre / scale) @ top.beta[1:]) if finite.all() else float("nan")
    value, p = top.value, float(distributions.chi_square_tail(2 * (top.value - null), len(names)))
    if active() and finite.all():
        asked = {name: values for name, values in columns.items() if interval == "wald" or name not in ("lower", "upper")}
        ours = {**asked, "intercept": intercept, "log_likelihood": value, "likelihood_ratio_p": p}
        found = take("logistic regression", "", ours, y, design, level)
        columns |= {name: np.asarray(found[name], float) for name in asked}
        intercept, value, p = (float(found[name]) for name in ("intercept", "log_likelihood", "likelihood_ratio_p"))
    columns |= {"likelihood_ratio_p": np.array([one for one, _ in drop]), "score_p": np.array([one for _, one in drop])}
    return LogisticResult(
        pd.DataFrame(columns, index=pd.Index(names, name="covariate")),
        intercept,
        value,
        null,
        p,
        len(y),
        int(y.sum()),
        infinite,
        _note(infinite, signs),
    )


def _note(infinite: Sequence[str], signs: Ints) -> str:
    """Return what to say about separation."""
    if not signs.any():
        return ""
    return (
        f"separation: no finite estimate for {', '.join(infinite or ('the intercept',))}; likelihood-ratio and "
        "score tests hold, Wald quantities do not exist"
    )


def _columns(frame: pd.DataFrame, outcome: str, names: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the checked outcome and design matrix."""
    if not names:
        raise ValueError("covariates: expected at least one column, found none")
    for name in [outcome, *names]:
        if name not in frame.columns:
            raise ValueError(f"frame: expected a column {name!r}, found {list(frame.columns)}")
    y = checks.zeros_and_ones(frame[outcome], outcome)
    checks.same_length(**{outcome: y})
    if np.ptp(y) == 0:
        raise Undefined(f"{outcome}: expected both 0 and 1, found only {y[0]:g}")
    design = np.column_stack([checks.numbers(frame[name], name) for name in names])
    for k, name in enumerate(names):
        if np.ptp(design[:, k]) == 0:
            raise Undefined(f"{name}: expected a covariate that varies, found {design[0, k]:g} in every row")
        if k and np.linalg.matrix_rank(design[:, : k + 1] - design[:, : k + 1].mean(axis=0)) < k + 1:
            raise Undefined(f"{name}: expected independent covariates, found a linear combination of {names[:k]}")
    return y, design


def _likelihood(y: Floats, x: Floats, offset: Floats | None = None) -> newton.Evaluate:
    """Return what evaluates the log-likelihood of coefficients of `x`, a fixed `offset` added to the linear predictor."""
    signed = 2 * y - 1

    def evaluate(beta: Floats) -> tuple[float, Floats, Floats]:
        with np.errstate(all="ignore"):
            linear = x @ beta + (0.0 if offset is None else offset)
            p = expit(linear)
            return float(-np.logaddexp(0.0, -signed * linear).sum()), (y - p) @ x, -(x.T * (p * (1 - p))) @ x

    return evaluate


def _climb(y: Floats, x: Floats, offset: Floats | None = None) -> newton.Maximum:
    """Return the maximum of `_likelihood`."""
    return newton.maximise(_likelihood(y, x, offset), np.zeros(x.shape[1]))


def _maximum(y: Floats, x: Floats) -> tuple[newton.Maximum, Ints]:
    """Return the maximum and the sign of each infinite coefficient."""
    evaluate = _likelihood(y, x)
    start = newton.at(evaluate, np.zeros(x.shape[1]))
    top = newton.maximise(evaluate, start)
    signs = np.zeros(x.shape[1], int)
    if newton.may_run_off(top, start):
        signs = separation.infinite_coefficients((2 * y - 1)[:, None] * x)
        if not signs.any() and not newton.attained(top):
            raise Undefined("covariates: the likelihood could not be maximised")
    return top, signs


def _leave_out(y: Floats, x: Floats, k: int, value: float) -> tuple[float, float]:
    """Return the likelihood-ratio and score P values of leaving out column `k`."""
    rest = np.delete(x, k, axis=1)
    reduced = _climb(y, rest)
    beta = np.insert(reduced.beta, k, 0.0)
    _, gradient, hessian = _likelihood(y, x)(beta)
    try:
        score = float(gradient @ np.linalg.solve(-hessian, gradient))
    except np.linalg.LinAlgError:
        score = float("nan")
    return float(distributions.chi_square_tail(2 * (value - reduced.value), 1)), float(distributions.chi_square_tail(score, 1))


def _profile(y: Floats, x: Floats, k: int, top: newton.Maximum, signs: Ints, level: float) -> tuple[float, float]:
    """Return the profile-likelihood limits of coefficient `k`."""
    rest, column = np.delete(x, k, axis=1), x[:, k]
    return profile_likelihood.limits(lambda b: _climb(y, rest, offset=column * b).value, top.beta[k], top.value, signs[k], level)
