"""Logistic regression of a yes/no outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.arrays import Floats, Ints
from analysis.errors import Undefined
from analysis.estimators.engines.shown import active, take
from analysis.estimators.ensemble_range import each
from analysis.estimators.numerics import checks, distributions, separation
from analysis.estimators.regression.likelihoods import logistic_batch
from analysis.estimators.regression.likelihoods.binomial_batch import BinomialBatch, Patterns, patterns_of

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
    The maximiser is `newton_batch.maximise`; separation is found by `separation.infinite_coefficients`. Where it is shown, the
    model is statsmodels' ``Logit``. Profile limits, score tests and tests of leaving a covariate out it does not have, nor an
    estimate under separation: these are ours.
    """
    found = fit_many([frame], outcome, covariates, interval, level)[0]
    if isinstance(found, Undefined):
        raise found
    return found


def fit_many(
    frames: Sequence[pd.DataFrame | Undefined], outcome: str, covariates: Sequence[str] | str, interval: str = "wald", level: float = 0.95
) -> list[LogisticResult | Undefined]:
    """Fit the same model to many tables of patients at once, as an ensemble of cohorts needs it.

    Parameters
    ----------
    frames : sequence of DataFrame, or of Undefined, which stays as it is
    outcome, covariates, interval, level
        As of `fit`.

    Returns
    -------
    list of LogisticResult, or of Undefined where a table allows no such model

    Notes
    -----
    Patients are counted by pattern of covariates; tables with the same counts are fitted once, and all iterations run over
    arrays tables × patterns.
    """
    checks.one_of(interval, INTERVALS, "interval")
    checks.confidence(level)
    names = [covariates] if isinstance(covariates, str) else list(covariates)
    found: list[LogisticResult | Undefined] = []
    read = each(lambda frame: _columns(frame, outcome, names), frames)
    counted = [Patterns(*[np.empty(0)] * 3) if isinstance(one, Undefined) else patterns_of(one[1], one[0]) for one in read]
    distinct = {_key(table): table for table in counted if len(table.met)}
    fitted = dict(zip(distinct, _fit_each(list(distinct.values()), interval, level), strict=True))
    for one, table in zip(read, counted, strict=True):
        if isinstance(one, Undefined):
            found.append(one)
            continue
        model = fitted[_key(table)]
        found.append(model if isinstance(model, Undefined) else _result(model, names, *one, interval, level))
    return found


class _Fitted(NamedTuple):
    """A model's columns of the summary, intercept, log-likelihood, that of the intercept alone, P of all covariates, signs of infinity."""

    columns: dict[str, Floats]
    intercept: float
    value: float
    null: float
    p: float
    signs: Ints


def _key(table: Patterns) -> tuple[bytes, ...]:
    return tuple(array.tobytes() for array in table)


def _fit_each(tables: Sequence[Patterns], interval: str, level: float) -> list[_Fitted | Undefined]:
    """Return the model of each table, all of the same covariates."""
    found: list[_Fitted | Undefined] = [Undefined("covariates: the likelihood could not be maximised") for _ in tables]
    if not found:
        return found
    standardised, centres, scales = zip(*map(_standardise, tables), strict=True)
    models = BinomialBatch.of(standardised)
    top, signs, maximised = logistic_batch.maximise(models)
    kept = np.flatnonzero(maximised)
    if not len(kept):
        return found
    models, signs = models.take(kept), signs[kept]
    top = top.take(kept)
    covariance = [separation.covariance_of_finite(*one) for one in zip(top.information, signs, strict=True)]
    error = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))[:, 1:]
    ratio, score = logistic_batch.leave_one_out(models, top)
    scale = np.array(scales)[kept]
    beta = np.where(signs == 0, top.beta, np.inf * np.where(signs == 0, 1, signs))[:, 1:] / scale
    reach = distributions.reach(level) * error
    if interval == "wald":
        lower, upper = beta - reach / scale, beta + reach / scale
    else:
        lower, upper = np.moveaxis(logistic_batch.profile_limits(models, top, signs, reach, level), 2, 0) / scale
    columns = _columns_of(beta, error / scale, signs[:, 1:], lower, upper) | {"likelihood_ratio_p": ratio, "score_p": score}
    for place, number in enumerate(kept.tolist()):
        met, unmet = tables[number].met.sum(), tables[number].unmet.sum()
        null = float(met * np.log(met / (met + unmet)) + unmet * np.log(unmet / (met + unmet)))
        intercept = top.beta[place, 0] - (centres[number] / scale[place]) @ top.beta[place, 1:]
        found[number] = _Fitted(
            {name: values[place] for name, values in columns.items()},
            float("nan") if signs[place].any() else float(intercept),
            float(top.value[place]),
            null,
            float(distributions.chi_square_tail(2 * (top.value[place] - null), scale.shape[1])),
            signs[place],
        )
    return found


def _standardise(table: Patterns) -> tuple[Patterns, Floats, Floats]:
    """Return a table with an intercept and covariates of mean 0 and standard deviation 1, and what these were."""
    rows, met, unmet = table
    count = met + unmet
    centre = count @ rows / count.sum()
    scale = np.sqrt(count @ (rows - centre) ** 2 / count.sum())
    return Patterns(np.column_stack([np.ones(len(count)), (rows - centre) / scale]), met, unmet), centre, scale


def _columns_of(beta: Floats, error: Floats, signs: Ints, lower: Floats, upper: Floats) -> dict[str, Floats]:
    with np.errstate(over="ignore", invalid="ignore"):
        return {
            "coefficient": beta,
            "standard_error": error,
            "odds_ratio": np.exp(beta),
            "lower": np.exp(lower),
            "upper": np.exp(upper),
            "wald_p": 2 * distributions.normal_tail(np.abs(np.where(signs == 0, beta, np.nan)) / error),
        }


def _result(model: _Fitted, names: Sequence[str], y: Floats, design: Floats, interval: str, level: float) -> LogisticResult:
    """Return a model as it is reported; where values are shown, a library's."""
    columns, intercept, value, p = dict(model.columns), model.intercept, model.value, model.p
    if active() and not model.signs.any():
        ours_alone = ("likelihood_ratio_p", "score_p", *(("lower", "upper") if interval == "profile" else ()))
        asked = {name: values for name, values in columns.items() if name not in ours_alone}
        ours: dict[str, Any] = {**asked, "intercept": intercept, "log_likelihood": value, "likelihood_ratio_p": p}
        found = take("logistic regression", "", ours, y, design, level)
        columns |= {name: np.asarray(found[name], float) for name in asked}
        intercept, value, p = (float(found[name]) for name in ("intercept", "log_likelihood", "likelihood_ratio_p"))
    infinite = tuple(name for name, sign in zip(names, model.signs[1:], strict=True) if sign)
    summary = pd.DataFrame(columns, index=pd.Index(names, name="covariate"))
    return LogisticResult(summary, intercept, value, model.null, p, len(y), int(y.sum()), infinite, _note(infinite, model.signs))


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
    checks.covariates(frame, names, outcome)
    y = checks.zeros_and_ones(frame[outcome], outcome)
    checks.same_length(**{outcome: y})
    if np.ptp(y) == 0:
        raise Undefined(f"{outcome}: expected both 0 and 1, found only {y[0]:g}")
    design = np.column_stack([checks.numbers(frame[name], name) for name in names])
    checks.independent(design, names)
    return y, design
