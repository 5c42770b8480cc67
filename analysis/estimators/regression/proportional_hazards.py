"""A check of proportional hazards: does a coefficient of a Cox model drift with time?

No library has R's ``cox.zph``: lifelines' test of that purpose is another (see `engines.shortcomings`).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from analysis.arrays import Floats, Frame
from analysis.errors import Undefined
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.estimators.numerics import checks, distributions
from analysis.estimators.regression import partial_likelihood
from analysis.estimators.regression.likelihoods.tied_likelihood import TiedLikelihood

#: Rows of split risk sets that are looked at together.
_MOST_ROWS = 1_000_000

TRANSFORMS = ("km", "rank", "identity", "log")


class Check(NamedTuple):
    """Outcome of the check.

    Attributes
    ----------
    terms : DataFrame
        One row a covariate: chi_square (one degree of freedom), p.
    chi_square, degrees_of_freedom, p : float, int, float
        Of all covariates together.
    events, events_per_parameter : int, float
        How much the data can say: with few events nothing but gross drift shows.
    """

    terms: pd.DataFrame
    chi_square: float
    degrees_of_freedom: int
    p: float
    events: int
    events_per_parameter: float


def check(frame: Frame, time: str, event: str, covariates: Sequence[str] | str, transform: str = "km", ties: str = "efron") -> Check:
    """Test each coefficient, and all together, for a trend in time.

    The model gets a further term x g(t) for every covariate x; the score test of these at the fitted model is the
    statistic (what ``cox.zph`` of R's survival 3 computes).

    Parameters
    ----------
    frame : DataFrame, or mapping of name to array
        One row a patient.
    time, event : str
    covariates : sequence of str
        Numeric or 0/1 columns.
    transform : {"km", "rank", "identity", "log"}
        g(t): 1 - S(t-) of all patients (R's default), rank among all observed times, time, its logarithm.
    ties : {"efron", "breslow"}

    Returns
    -------
    Check

    Raises
    ------
    ValueError
        For faulty data, no events, a monotone likelihood, or events at one time only.

    Notes
    -----
    Grambsch and Therneau, Biometrika 1994;81:515-526. A large P is no evidence of proportional hazards.
    """
    checks.one_of(transform, TRANSFORMS, "transform")
    checks.one_of(ties, ("efron", "breslow"), "ties")
    names = [covariates] if isinstance(covariates, str) else list(covariates)
    t, e = checks.survival_data(frame[time], frame[event])
    grid, place = checks.distinct_times(t)
    t = grid[place]
    design = np.column_stack([checks.numbers(frame[name], name) for name in names])
    scaled = (design - design.mean(axis=0)) / design.std(axis=0)
    fitted = partial_likelihood.maximum(scaled, t, e, None, ties)
    if fitted.signs.any():
        raise Undefined("covariates: a hazard ratio is 0 or infinite; its course in time cannot be checked")
    at = np.unique(t[e == 1])
    if len(at) < 2:
        raise Undefined("event: expected events at two or more times")
    gradient, information = _expand(scaled, t, e, at, _course(t, e, at, transform), fitted.maximum.beta, ties)
    p = len(names)
    rest = np.linalg.inv(information)[p:, p:]  # inverse of the information on the new terms, the old ones estimated
    score = gradient[p:]
    single = [_single(score[k], information, p, k) for k in range(p)]
    total = float(score @ rest @ score)
    terms = pd.DataFrame({"chi_square": single, "p": distributions.chi_square_tail(single, 1)}, index=pd.Index(names, name="covariate"))
    return Check(terms, total, p, float(distributions.chi_square_tail(total, p)), int(e.sum()), float(e.sum() / p))


def _single(score: float, information: Floats, p: int, k: int) -> float:
    """Return the statistic of one new term, the others left out."""
    kept = [*range(p), p + k]
    return float(score**2 * np.linalg.inv(information[np.ix_(kept, kept)])[-1, -1])


def _course(time: Floats, event: Floats, at: Floats, transform: str) -> Floats:
    """Return g at the event times, centred (which changes no statistic, but keeps the numbers small)."""
    if transform == "km":
        curve = kaplan_meier(time, event)
        before = np.concatenate(([1.0], curve.survival))[np.searchsorted(curve.time, at)]
        g = 1 - before
    elif transform == "rank":
        g = rankdata(np.sort(time))[np.searchsorted(np.sort(time), at)]
    elif transform == "log":
        if at[0] <= 0:
            raise Undefined("time: expected events after time 0 for the logarithm")
        g = np.log(at)
    else:
        g = at.astype(float)
    return g - g.mean()


def _expand(design: Floats, time: Floats, event: Floats, at: Floats, course: Floats, beta: Floats, ties: str) -> tuple[Floats, Floats]:
    """Return gradient and information of the model with x g(t), at the fitted coefficients and 0 for the new ones."""
    p, step = design.shape[1], max(1, _MOST_ROWS // len(time))
    gradient, information = np.zeros(2 * p), np.zeros((2 * p, 2 * p))
    for begin in range(0, len(at), step):
        when, g = at[begin : begin + step], course[begin : begin + step]
        # each event time's risk set is a stretch of time of its own, (k, k + 1], in which g is constant
        stretch, patient = np.nonzero(time[None, :] >= when[:, None])
        rows = design[patient]
        failed = ((time[patient] == when[stretch]) & (event[patient] == 1)).astype(float)
        split = TiedLikelihood(np.column_stack((rows, rows * g[stretch, None])), stretch + 1.0, failed, stretch.astype(float), ties)
        _, slope, curvature = split.evaluate(np.concatenate((beta, np.zeros(p))))
        gradient, information = gradient + slope, information - curvature
    return gradient, information
