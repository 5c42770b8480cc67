"""Cox and logistic models, by lifelines and statsmodels; times enter by their rank, on which alone a Cox model depends."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from analysis.arrays import Floats, Ints
from analysis.estimators.engines.registry import ITERATED, Values, engine

#: Tighter than the defaults of lifelines, which leave six digits of a coefficient.
_PRECISE = {"precision": 1e-18, "r_precision": 1e-15}
_ENTRY = "start-stop rows"


def _steadily(fit: Callable[[dict[str, float]], Any]) -> Any:
    """A model of lifelines fitted with full Newton steps, and where these go too far with half ones."""
    from lifelines.exceptions import ConvergenceError

    try:
        return fit({"step_size": 1.0, **_PRECISE})
    except ConvergenceError:
        return fit({"step_size": 0.5, **_PRECISE})


def _summary(fitted: Any, level: float) -> Values:
    """What a Cox model of lifelines prints for each covariate."""
    table, percent = fitted.summary, f"{100 * level:g}%"
    return {
        "coefficient": table["coef"].to_numpy(),
        "standard_error": table["se(coef)"].to_numpy(),
        "hr": table["exp(coef)"].to_numpy(),
        "lower": table[f"exp(coef) lower {percent}"].to_numpy(),
        "upper": table[f"exp(coef) upper {percent}"].to_numpy(),
        "wald_p": table["p"].to_numpy(),
        "log_likelihood": float(fitted.log_likelihood_),
    }


def _frame(design: Floats, rank: Ints, event: Floats) -> pd.DataFrame:
    names = [f"x{number}" for number in range(design.shape[1])]
    return pd.DataFrame(design, columns=names).assign(duration=rank + 1, observed=event.astype(int))


def fitted_cox(design: Floats, rank: Ints, event: Floats, level: float = 0.95) -> Any:
    """`lifelines.CoxPHFitter` of a design matrix.

    Parameters
    ----------
    design : ndarray, shape (n, p)
        Covariates.
    rank : ndarray of int, shape (n,)
        Times by their rank, from 0.
    event : ndarray, shape (n,)
        1 where follow-up ends in an event, else 0.
    level : float
        Of the confidence limits.
    """
    from lifelines import CoxPHFitter

    rows = _frame(design, rank, event)
    return _steadily(lambda steps: CoxPHFitter(alpha=1 - level).fit(rows, "duration", "observed", fit_options=steps))


@engine("Cox regression", "efron", library="lifelines", function="CoxPHFitter", kernel="regression.cox", bound=ITERATED)
def cox_efron(design: Floats, rank: Ints, event: Floats, entry: None, level: float) -> Values:
    """Cox model with Efron's handling of ties.

    Parameters
    ----------
    design, rank, event, level
        As in `fitted_cox`.
    entry : None
        Each row is at risk from the start.
    """
    fitted = fitted_cox(design, rank, event, level)
    return {**_summary(fitted, level), "likelihood_ratio": float(fitted.log_likelihood_ratio_test().test_statistic)}


@engine("Cox regression", f"efron, {_ENTRY}", library="lifelines", function="CoxTimeVaryingFitter", kernel="regression.cox", bound=ITERATED)
def cox_efron_entry(design: Floats, rank: Ints, event: Floats, entry: Ints, level: float) -> Values:
    """Cox model of start-stop rows with Efron's handling of ties; at risk at t means entry < t <= stop.

    Parameters
    ----------
    design, rank, event, level
        As in `fitted_cox`.
    entry : ndarray of int, shape (n,)
        Starts by their rank among starts and ends.
    """
    from lifelines import CoxTimeVaryingFitter

    rows = _frame(design, rank, event).rename(columns={"duration": "stop"}).assign(start=entry + 1, row=np.arange(len(rank)))
    names = {"id_col": "row", "event_col": "observed", "start_col": "start", "stop_col": "stop"}
    fitted = _steadily(lambda steps: CoxTimeVaryingFitter(alpha=1 - level).fit(rows, **names, fit_options=steps))
    return {**_summary(fitted, level), "likelihood_ratio": float(fitted.log_likelihood_ratio_test().test_statistic)}


@engine("Cox regression", "breslow", f"breslow, {_ENTRY}", library="statsmodels", function="PHReg", kernel="regression.cox", bound=ITERATED)
def cox_breslow(convention: str, design: Floats, rank: Ints, event: Floats, entry: Ints | None, level: float) -> Values:
    """Cox model with Breslow's handling of ties.

    statsmodels counts a row as at risk from its entry on, R after it: half a rank makes the one the other.

    Parameters
    ----------
    convention : str
        One of those named above.
    design, rank, event, level
        As in `fitted_cox`.
    entry : ndarray of int, shape (n,), or None
        As in `cox_efron_entry`.
    """
    from statsmodels.duration.hazard_regression import PHReg

    model = PHReg(rank + 1.0, design, status=event, entry=None if entry is None else entry + 1.5, ties="breslow")
    # its Newton steps are not shortened where they go too far, as they may from 0: a search along lines comes first
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # whether it got there the steps after it say
        near = model.fit(method="bfgs", disp=0, maxiter=100).params
    fitted = model.fit(start_params=near, method="newton", disp=0, tol=1e-12, maxiter=100)
    lower, upper = np.exp(fitted.conf_int(alpha=1 - level)).T
    return {
        "coefficient": fitted.params,
        "standard_error": fitted.bse,
        "hr": np.exp(fitted.params),
        "lower": lower,
        "upper": upper,
        "wald_p": fitted.pvalues,
        "log_likelihood": float(fitted.llf),
        "likelihood_ratio": 2 * float(fitted.llf - model.loglike(np.zeros(design.shape[1]))),
    }


@engine("logistic regression", library="statsmodels", function="Logit", kernel="regression.logistic", bound=ITERATED)
def logistic(outcome: Floats, design: Floats, level: float) -> Values:
    """Logistic model with intercept: Wald limits and P of each covariate, likelihood-ratio P of all together."""
    from statsmodels.discrete.discrete_model import Logit

    # centred, as an iteration from 0 may not come to a covariate whose mean is far from there, such as a year
    centre = design.mean(axis=0)
    centred = np.column_stack((np.ones(len(outcome)), design - centre))
    fitted = Logit(outcome, centred).fit(method="newton", disp=0, tol=1e-12, maxiter=100)
    lower, upper = np.exp(fitted.conf_int(alpha=1 - level)[1:]).T
    return {
        "coefficient": fitted.params[1:],
        "standard_error": fitted.bse[1:],
        "odds_ratio": np.exp(fitted.params[1:]),
        "lower": lower,
        "upper": upper,
        "wald_p": fitted.pvalues[1:],
        "intercept": float(fitted.params[0] - centre @ fitted.params[1:]),
        "log_likelihood": float(fitted.llf),
        "likelihood_ratio_p": float(fitted.llr_pvalue),
    }
