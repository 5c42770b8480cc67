"""Cox's proportional hazards regression."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pandas as pd

from analysis.arrays import Floats, Frame, Ints
from analysis.errors import Undefined
from analysis.estimators.engines.registry import Values
from analysis.estimators.engines.shown import active, take
from analysis.estimators.numerics import checks, distributions, newton, separation
from analysis.estimators.regression import partial_likelihood
from analysis.estimators.regression.likelihoods.pattern_likelihood import of_design
from analysis.estimators.regression.likelihoods.tied_likelihood import TiedLikelihood

TIES = ("efron", "breslow", "exact")
INTERVALS = ("wald", "profile")


@dataclass(frozen=True, eq=False)
class CoxResult:
    """A fitted Cox model.

    Attributes
    ----------
    names : tuple of str
        Covariates.
    columns : dict of str to ndarray, shape (p,)
        What `summary` shows, by column.
    covariance : ndarray, shape (p, p)
        Of the coefficients; NaN in the rows of infinite ones.
    log_likelihood, log_likelihood_null : float
        Partial log-likelihood at the estimate (its limit, if a coefficient is infinite) and at zero.
    wald, wald_p, likelihood_ratio, likelihood_ratio_p, score, score_p : float
        Tests of all coefficients at once, on `degrees_of_freedom`.
    n, events : int
        Rows and events.
    ties : str
        Method for ties.
    infinite : tuple of str
        Covariates whose hazard ratio is 0 or infinite (monotone likelihood): their Wald quantities are NaN.
    note : str
        Says so in words; empty if all estimates are finite.
    left_out : callable
        Of a covariate's position to what `test_without` returns, each computed once.
    """

    names: tuple[str, ...]
    columns: dict[str, Floats]
    covariance: Floats
    log_likelihood: float
    log_likelihood_null: float
    wald: float
    wald_p: float
    likelihood_ratio: float
    likelihood_ratio_p: float
    score: float
    score_p: float
    degrees_of_freedom: int
    n: int
    events: int
    ties: str
    infinite: tuple[str, ...]
    note: str
    left_out: Callable[[int], tuple[float, float]]

    @cached_property
    def summary(self) -> pd.DataFrame:
        """DataFrame, one row a covariate: coefficient, standard_error, hr, lower, upper, wald_p.

        If asked for, also the P values of leaving the covariate out, likelihood_ratio_p and score_p.
        """
        return pd.DataFrame(self.columns, index=pd.Index(self.names, name="covariate"))

    def test_without(self, name: str) -> tuple[float, float]:
        """Return the likelihood-ratio and score P values of leaving one covariate out."""
        return self.left_out(self.names.index(name))

    def of(self, name: str) -> dict[str, float]:
        """Return the numbers of one covariate by column; a hundred fits need no hundred tables."""
        place = self.names.index(name)
        return {column: float(values[place]) for column, values in self.columns.items()}


def fit(
    frame: Frame,
    time: str,
    event: str,
    covariates: Sequence[str] | str,
    ties: str = "efron",
    entry: str | None = None,
    level: float = 0.95,
    leave_one_out: bool = True,
    interval: str = "wald",
) -> CoxResult:
    """Fit a Cox model.

    Parameters
    ----------
    frame : DataFrame, or mapping of name to array
        One row a patient; with `entry`, one row an interval (entry, time] with constant covariates.
    time, event : str
        Columns: (end of) follow-up, and 1 if it ends in an event.
    covariates : sequence of str
        Numeric or 0/1 columns; a category has to be spread over 0/1 columns before.
    ties : {"efron", "breslow", "exact"}
        R's default is Efron, SPSS has Breslow only, Prism uses an exact method where ties are few. ``exact`` is the
        discrete likelihood of R; see `exact_ties.ExactLikelihood`.
    entry : str, optional
        Column with the start of each row's interval; at risk at t means entry < t <= time, as in R.
    level : float
        Confidence level of the limits.
    leave_one_out : bool
        Whether to test each covariate by leaving it out, which takes longer than the model itself: without, the
        summary has no ``likelihood_ratio_p`` and ``score_p``.
    interval : {"wald", "profile"}
        Limits of the hazard ratio: exp(b ± z SE), which programs print, or those of the profile likelihood, which agree
        with the likelihood-ratio test and have one finite end where the estimate is infinite.

    Returns
    -------
    CoxResult

    Raises
    ------
    ValueError
        For faulty columns, no event, covariates that are constant or linearly dependent, or infeasible exact ties.

    Notes
    -----
    Cox, J R Stat Soc B 1972; Breslow, Biometrics 1974; Efron, J Am Stat Assoc 1977. Breslow's and Efron's
    likelihoods are `tied_likelihood.TiedLikelihood`; the maximiser is `newton.maximise`. Where it is shown, a model with Efron's
    ties is lifelines', one with Breslow's statsmodels'. Exact ties, profile limits, score tests and tests of leaving a covariate
    out neither has, nor an estimate where one is infinite: these are ours.
    """
    checks.one_of(ties, TIES, "ties")
    checks.one_of(interval, INTERVALS, "interval")
    names = [covariates] if isinstance(covariates, str) else list(covariates)
    t, e, start, design = _columns(frame, time, event, names, entry)
    centre, scale = design.mean(axis=0), design.std(axis=0)
    scaled = (design - centre) / scale
    data = (t, e, start, ties)
    full = partial_likelihood.maximum(scaled, *data)
    top, signs = full.maximum, full.signs
    beta, covariance = _estimates(top, signs, scale)
    columns = _columns_of(beta, covariance, signs, level)
    value, ratio = top.value, 2 * (top.value - full.null.value)
    if active() and not signs.any():
        ours: Values = {**columns, "log_likelihood": value, "likelihood_ratio": ratio}
        found = take("Cox regression", ties + (", start-stop rows" if entry else ""), ours, design, *_ranks(t, e, start), level)
        columns = {name: np.asarray(found[name], float) for name in columns}
        beta, value, ratio = columns["coefficient"], float(found["log_likelihood"]), float(found["likelihood_ratio"])
    if interval == "profile":
        limits = np.array([partial_likelihood.profile_limits(full, k, level) for k in range(len(names))]) / scale[:, None]
        columns["lower"], columns["upper"] = np.exp(limits).T
    left_out = cache(lambda k: partial_likelihood.leave_out(full, k, scaled, *data))
    if leave_one_out:
        columns["likelihood_ratio_p"], columns["score_p"] = np.array([left_out(k) for k in range(len(names))]).T
    infinite = tuple(name for name, sign in zip(names, signs) if sign)
    wald = float("nan") if infinite else float(beta @ np.linalg.solve(covariance, beta))
    score = partial_likelihood.score_statistic(full.null.gradient, full.null.hessian)
    return CoxResult(
        names=tuple(names),
        columns=columns,
        covariance=covariance,
        log_likelihood=value,
        log_likelihood_null=full.null.value,
        degrees_of_freedom=len(names),
        n=len(t),
        events=int(e.sum()),
        ties=ties,
        infinite=infinite,
        note=_note(infinite),
        left_out=left_out,
        **_tests(len(names), wald=wald, likelihood_ratio=ratio, score=score),
    )


def likelihood(
    frame: Frame, time: str, event: str, covariate: str, ties: str = "efron", entry: str | None = None
) -> tuple[TiedLikelihood, float]:
    """The partial likelihood that `fit` maximises for one covariate, in units of its standard deviation, and that deviation.

    Parameters
    ----------
    frame, time, event, ties, entry
        As of `fit`; not exact ties.
    covariate : str

    Raises
    ------
    ValueError
        As `fit`.
    """
    t, e, start, design = _columns(frame, time, event, [covariate], entry)
    scale = design.std(axis=0)
    return of_design((design - design.mean(axis=0)) / scale, t, e, start, ties), float(scale[0])


def _tests(degrees_of_freedom: int, **statistics: float) -> dict[str, float]:
    """Return χ² statistics and the P value of each, by name."""
    return statistics | {f"{name}_p": float(distributions.chi_square_tail(test, degrees_of_freedom)) for name, test in statistics.items()}


def _note(infinite: Sequence[str]) -> str:
    """Return what is to be said of covariates without a finite estimate."""
    if not infinite:
        return ""
    return (
        f"monotone likelihood: no finite estimate for {', '.join(infinite)}; "
        "the likelihood-ratio and score tests hold, Wald quantities do not exist"
    )


def _columns(frame: Frame, time: str, event: str, names: Sequence[str], entry: str | None) -> tuple[Floats, Floats, Floats | None, Floats]:
    """Return checked (time, event, entry or None, design matrix), times within rounding noise made equal."""
    checks.covariates(frame, names, time, event, *([entry] if entry else []))
    t, e = checks.numbers(frame[time], time), checks.zeros_and_ones(frame[event], event)
    checks.same_length(**{time: t})
    design = np.column_stack([checks.numbers(frame[name], name) for name in names])
    if not e.any():
        raise Undefined(f"{event}: expected at least one event, found none; a Cox model cannot be fitted")
    start = None
    if entry:
        start = checks.numbers(frame[entry], entry)
        grid, place = checks.distinct_times(np.concatenate((start, t)))
        start, t = grid[place[: len(t)]], grid[place[len(t) :]]
        if (start >= t).any():
            row = int(np.argmax(start >= t))
            raise ValueError(
                f"{entry}: expected the start of an interval to precede its end, found {start[row]:g} and {t[row]:g} at position {row}"
            )
    else:
        checks.numbers(frame[time], time, minimum=0)
        grid, place = checks.distinct_times(t)
        t = grid[place]
    checks.independent(design, names)
    return t, e, start, design


def _ranks(time: Floats, event: Floats, start: Floats | None) -> tuple[Ints, Floats, Ints | None]:
    """Return times by rank, events, and entries by rank, on which alone the likelihood depends."""
    if start is None:
        return np.unique(time, return_inverse=True)[1], event, None
    place = np.unique(np.concatenate((time, start)), return_inverse=True)[1]
    return place[: len(time)], event, place[len(time) :]


def _estimates(top: newton.Maximum, signs: Ints, scale: Floats) -> tuple[Floats, Floats]:
    """Return coefficients and covariance on the scale of the data, infinite ones as ±inf and NaN."""
    finite = signs == 0
    beta = np.where(finite, top.beta / scale, np.inf * np.where(finite, 1, signs))
    return beta, separation.covariance_of_finite(-top.hessian, signs) / np.outer(scale, scale)


def _columns_of(beta: Floats, covariance: Floats, signs: Ints, level: float) -> dict[str, Floats]:
    error = np.sqrt(np.diag(covariance))
    reach = distributions.reach(level) * error
    with np.errstate(over="ignore", invalid="ignore"):
        return {
            "coefficient": beta,
            "standard_error": error,
            "hr": np.exp(beta),
            "lower": np.exp(beta - reach),
            "upper": np.exp(beta + reach),
            "wald_p": 2 * distributions.normal_tail(np.abs(np.where(signs, np.nan, beta)) / error),
        }
