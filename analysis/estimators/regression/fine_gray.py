"""Fine and Gray's model of the subdistribution hazard: a cause of failure with others competing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.arrays import Floats, Frame, Ints
from analysis.errors import Undefined
from analysis.estimators.numerics import checks, distributions, newton


@dataclass(frozen=True, eq=False)
class FineGray:
    """A fitted model.

    Attributes
    ----------
    names : tuple of str
        Covariates.
    coefficient, standard_error : ndarray, shape (p,)
        Log subdistribution hazard ratios, and their errors with the censoring distribution taken as estimated.
    level : float
        Of the limits.
    """

    names: tuple[str, ...]
    coefficient: Floats
    standard_error: Floats
    level: float = 0.95

    @property
    def summary(self) -> pd.DataFrame:
        """One row a covariate: coefficient, standard_error, hr, lower, upper, p."""
        reach = distributions.reach(self.level) * self.standard_error
        b = self.coefficient
        columns = {
            "coefficient": b,
            "standard_error": self.standard_error,
            "hr": np.exp(b),
            "lower": np.exp(b - reach),
            "upper": np.exp(b + reach),
            "p": 2 * distributions.normal_tail(np.abs(b) / self.standard_error),
        }
        return pd.DataFrame(columns, index=pd.Index(self.names, name="covariate"))


def fit(frame: Frame, time: str, cause: str, covariates: Sequence[str], level: float = 0.95) -> FineGray:
    """Fit the model of cause 1.

    Parameters
    ----------
    frame : DataFrame
        One row a patient.
    time, cause : str
        Columns: follow-up times, not negative; 0 if censored, 1 the cause modelled, 2 and more the others.
    covariates : sequence of str
        Numeric columns.
    level : float

    Returns
    -------
    FineGray

    Raises
    ------
    Undefined
        If the cause does not occur, a covariate does not vary, or a coefficient is infinite.

    Notes
    -----
    Fine and Gray, JASA 1999;94:496-509: patients with a competing event stay at risk with the weight G(t-) / G(T-), G the
    Kaplan-Meier estimate of being uncensored; Breslow's rule for ties, their sandwich variance.  The values are those of
    R's ``cmprsk::crr``.
    """
    t, codes = checks.numbers(frame[time], time, minimum=0), np.asarray(frame[cause], int)
    x = np.column_stack([checks.numbers(frame[name], name) for name in covariates])
    if not (codes == 1).any():
        raise Undefined("the event does not occur")
    spread = x.std(axis=0)
    if not spread.all():
        raise Undefined(f"{covariates[int(np.argmin(spread))]}: expected a covariate that varies")
    x = (x - x.mean(axis=0)) / spread
    weights = _weights(t, codes)
    found = newton.maximise(lambda beta: _likelihood(beta, x, weights), np.zeros(x.shape[1]))
    if not found.converged or np.abs(found.beta).max() > newton.FAR:
        raise Undefined("a hazard ratio is 0 or infinite")
    error = np.sqrt(np.diag(_covariance(found, x, t, codes, weights)))
    return FineGray(tuple(covariates), found.beta / spread, error / spread, level)


@dataclass(frozen=True, eq=False)
class _Weights:
    """Event times of cause 1 (ascending, distinct), who has its event when, and weights w_i(t), shape (n, m)."""

    times: Floats
    events: Ints
    which: Ints
    at: Floats


def _weights(t: Floats, codes: Ints) -> _Weights:
    times, events = np.unique(t[codes == 1], return_counts=True)
    uncensored_before_event, uncensored_before_end = _censoring_curve(t, codes, times), _censoring_curve(t, codes, t)
    competing = codes > 1
    later = times[None, :] > t[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = uncensored_before_event[None, :] / uncensored_before_end[:, None]
    at = np.where(later, np.where(competing[:, None], share, 0.0), 1.0)
    which = np.where(codes == 1, np.searchsorted(times, t), -1)
    return _Weights(times, events, which, at)


def _censoring_curve(t: Floats, codes: Ints, at: Floats) -> Floats:
    """Kaplan-Meier estimate of being uncensored, just before each of some times."""
    ends, first = np.unique(t, return_inverse=True)
    censored = np.bincount(first, weights=codes == 0, minlength=len(ends))
    at_risk = len(t) - np.concatenate(([0], np.cumsum(np.bincount(first, minlength=len(ends)))[:-1]))
    curve = np.concatenate(([1.0], np.cumprod(1 - censored / at_risk)))
    found: Floats = curve[np.searchsorted(ends, at, side="left")]
    return found


def _sums(beta: Floats, x: Floats, weights: _Weights) -> tuple[Floats, Floats, Floats]:
    """Weighted relative hazards, shape (n, m); their sums, shape (m,); and their mean covariates, shape (m, p)."""
    hazards = np.exp(x @ beta)[:, None] * weights.at
    total = hazards.sum(axis=0)
    return hazards, total, (hazards.T @ x) / total[:, None]


def _likelihood(beta: Floats, x: Floats, weights: _Weights) -> tuple[float, Floats, Floats]:
    hazards, total, mean = _sums(beta, x, weights)
    had = weights.which >= 0
    value = float((x[had] @ beta).sum() - (weights.events * np.log(total)).sum())
    gradient = x[had].sum(axis=0) - weights.events @ mean
    second = np.einsum("im,ip,iq->mpq", hazards, x, x) / total[:, None, None]
    hessian = -np.einsum("m,mpq->pq", weights.events, second - mean[:, :, None] * mean[:, None, :])
    return value, gradient, hessian


def _covariance(found: newton.Maximum, x: Floats, t: Floats, codes: Ints, weights: _Weights) -> npt.NDArray[np.float64]:
    """Sandwich variance: residuals of the score, and what the estimated censoring distribution adds."""
    hazards, total, mean = _sums(found.beta, x, weights)
    steps = hazards * (weights.events / total)[None, :]  # w_i(t) exp(βx_i) dΛ(t)
    residuals = mean.T @ steps.T - x.T * steps.sum(axis=1)  # -Σ (x_i - x̄(t)) w_i(t) dΛ_i(t), shape (p, n)
    had = weights.which >= 0
    residuals[:, had] += (x[had] - mean[weights.which[had]]).T
    residuals = residuals.T
    competing = codes > 1
    gone = np.unique(t[codes == 0])  # where somebody is censored
    at_risk = (t[None, :] >= gone[:, None]).sum(axis=1)
    out = np.array([((codes == 0) & (t == time)).sum() for time in gone])
    q = np.zeros((len(gone), x.shape[1]))
    for number, time in enumerate(gone):
        people, later = competing & (t < time), weights.times >= time
        inside = steps[np.ix_(people, later)]
        q[number] = x[people].T @ inside.sum(axis=1) - (inside.sum(axis=0) @ mean[later])
    pieces = q / at_risk[:, None]
    own = np.zeros_like(residuals)
    censored = codes == 0
    own[censored] = pieces[np.searchsorted(gone, t[censored])]
    before = np.concatenate((np.zeros((1, x.shape[1])), np.cumsum(pieces * (out / at_risk)[:, None], axis=0)))
    own -= before[np.searchsorted(gone, t, side="right")]
    bread = np.linalg.inv(-found.hessian)
    score = residuals + own
    return bread @ (score.T @ score) @ bread
