"""P values of chosen terms of a Cox model, without the rest of a fit: for searches over many models."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.arrays import Frame
from analysis.errors import Undefined
from analysis.estimators.numerics import checks, distributions, separation
from analysis.estimators.regression import partial_likelihood


def term_tests(frame: Frame, time: str, event: str, covariates: Sequence[str], terms: Sequence[str], ties: str = "breslow") -> pd.DataFrame:
    """Test single terms of a Cox model.

    Parameters
    ----------
    frame, time, event, covariates, ties
        As in `cox.fit`.
    terms : sequence of str
        The covariates that are tested, each with the others in the model.

    Returns
    -------
    DataFrame
        One row a term: wald_p (NaN where the hazard ratio is 0 or infinite), likelihood_ratio_p, score_p; the values
        of `cox.fit`.

    Raises
    ------
    ValueError
        For faulty data, a term that is not in the model, a constant covariate or a singular model.
    """
    names = list(covariates)
    unknown = [term for term in terms if term not in names]
    if unknown:
        raise ValueError(f"terms: expected covariates of the model, found {unknown[0]!r}")
    t, e = checks.survival_data(frame[time], frame[event])
    _, place = checks.distinct_times(t)
    design = np.column_stack([checks.numbers(frame[name], name) for name in names])
    constant = [name for name, spread in zip(names, np.ptp(design, axis=0)) if spread == 0]
    if constant:
        raise Undefined(f"{constant[0]}: expected a covariate that varies")
    x = (design - design.mean(axis=0)) / design.std(axis=0)
    data = (place.astype(float), e, None, ties)
    full = partial_likelihood.maximum(x, *data)
    error = np.sqrt(np.diag(separation.covariance_of_finite(-full.maximum.hessian, full.signs)))
    rows = []
    for term in terms:
        k = names.index(term)
        rest, beta, run_off = [j for j in range(len(names)) if j != k], np.zeros(len(names)), False
        if rest:
            reduced = partial_likelihood.maximum(x[:, rest], *data)
            beta[rest], run_off = reduced.maximum.beta, bool(reduced.signs.any())
        value, gradient, hessian = full.evaluate(beta)
        rows.append(
            (
                float(2 * distributions.normal_tail(abs(full.maximum.beta[k]) / error[k])),
                float(distributions.chi_square_tail(2 * (full.maximum.value - value), 1)),
                float(distributions.chi_square_tail(partial_likelihood.score_statistic(gradient, hessian, run_off), 1)),
            )
        )
    return pd.DataFrame(rows, columns=["wald_p", "likelihood_ratio_p", "score_p"], index=pd.Index(terms, name="term"))
