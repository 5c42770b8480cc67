"""Cumulative incidence with competing causes of failure (Aalen-Johansen)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.arrays import Floats, Ints
from analysis.estimators.engines.shown import take
from analysis.estimators.numerics import checks, distributions

KINDS = ("plain", "log-log")


@dataclass(frozen=True, eq=False)
class Incidence:
    """Cumulative incidence of one cause: one entry a distinct observed time, ascending.

    Attributes
    ----------
    cause : int
        The cause.
    time : ndarray, shape (m,)
    at_risk, events, other_events, censored : ndarray of int, shape (m,)
        `events` from this cause, `other_events` from any other.
    survival : ndarray, shape (m,)
        Kaplan-Meier estimate for any cause, after the time.
    incidence, variance : ndarray, shape (m,)
        F(t) as a proportion, events at t included, and its variance.
    """

    cause: int
    time: Floats
    at_risk: Ints
    events: Ints
    other_events: Ints
    censored: Ints
    survival: Floats
    incidence: Floats
    variance: Floats

    def _at(self, values: Floats, t: npt.ArrayLike) -> Any:
        reach = checks.TIME_TOLERANCE * max(1.0, float(np.abs(self.time).mean()))
        rows = np.searchsorted(self.time, np.asarray(t, float) + reach, side="right")
        found = np.concatenate(([0.0], values))[rows]
        return found if found.ndim else found.item()

    def incidence_at(self, t: npt.ArrayLike) -> Any:
        """Return F(t), events at exactly `t` included; after the last observed time, its last value."""
        return self._at(self.incidence, t)

    def standard_error_at(self, t: npt.ArrayLike) -> Any:
        """Return the standard error of F(t)."""
        return self._at(np.sqrt(self.variance), t)

    def interval_at(self, t: npt.ArrayLike, kind: str = "log-log", level: float = 0.95) -> tuple[Any, Any]:
        """Return (lower, upper) limits of F(t).

        ``plain``: F ± z se, clipped to [0, 1]; ``log-log``: F ** exp(∓z se / (F ln F)) (Kalbfleisch and Prentice
        2002, section 8.2; NaN for F = 0 or 1).
        """
        checks.one_of(kind, KINDS, "kind")
        z = distributions.reach(level)
        f, error = np.asarray(self.incidence_at(t), float), np.asarray(self.standard_error_at(t), float)
        if kind == "plain":
            lower, upper = np.clip(f - z * error, 0, 1), np.clip(f + z * error, 0, 1)
        else:
            inside = np.where((f > 0) & (f < 1), f, np.nan)
            power = z * error / (inside * np.log(inside))
            lower, upper = inside ** np.exp(-power), inside ** np.exp(power)
        return (lower, upper) if lower.ndim else (lower.item(), upper.item())

    def steps(self) -> pd.DataFrame:
        """Return the estimate as a table, one row a distinct time."""
        return pd.DataFrame({name: value for name, value in vars(self).items() if name != "cause"})


def cumulative_incidence(time: npt.ArrayLike, cause: npt.ArrayLike, of: int = 1) -> Incidence:
    """Estimate the cumulative incidence of one cause, the others competing with it.

    F(t) = Σ over u <= t of S(u-) d_1(u) / n(u), S the Kaplan-Meier estimate for any cause. The variance is the sum,
    over u <= t, of S(u-)² d (n - d) / (n² (n - 1)) times {1 - (F(t) - F(u)) / S(u)}² for the d events of this cause
    at u and times {(F(t) - F(u)) / S(u)}² for those of the others; (n - d) / (n - 1) is 1 for a single event.

    Parameters
    ----------
    time : array_like, shape (n,)
        Follow-up times, not negative. Ties need no jitter: all that happens at a time happens to the same risk set.
    cause : array_like of int, shape (n,)
        0 if censored, else the number of the cause (1, 2, …).
    of : int
        The cause wanted.

    Returns
    -------
    Incidence

    Raises
    ------
    ValueError
        For faulty times or causes.

    Notes
    -----
    Aalen, Ann Stat 1978;6:534-545; the values are those of R's ``cmprsk::cuminc`` (Gray). Where it is shown, F(t) is that of
    statsmodels. Its standard error is another's, and lifelines moves tied times apart at random: the variance stays ours.
    """
    time, cause = checks.numbers(time, "time", minimum=0), check_causes(cause, of)
    checks.same_length(time=time, cause=cause)
    grid, place = checks.distinct_times(time)
    leaving = np.bincount(place, minlength=grid.size)
    events = np.bincount(place, weights=cause == of, minlength=grid.size).astype(np.int64)
    failed = np.bincount(place, weights=cause != 0, minlength=grid.size).astype(np.int64)
    at_risk = leaving[::-1].cumsum()[::-1]
    survival = np.cumprod(1 - failed / at_risk)
    before = np.concatenate(([1.0], survival[:-1]))
    incidence = np.cumsum(before * events / at_risk)
    if failed.any():
        incidence = np.asarray(take("cumulative incidence", "", {"incidence": incidence}, grid, place, cause, of)["incidence"], float)
    variance = _variance(at_risk, events, failed - events, before, survival, incidence)
    return Incidence(of, grid, at_risk, events, failed - events, leaving - failed, survival, incidence, variance)


def check_causes(cause: npt.ArrayLike, of: int) -> Ints:
    """Return `cause` as integers, 0 for censored; `of` has to be a positive whole number."""
    codes = checks.numbers(cause, "cause", minimum=0)
    if (codes % 1).any():
        raise ValueError(f"cause: expected whole numbers, found {codes[codes % 1 > 0][0]:g}")
    if of < 1 or of % 1:
        raise ValueError(f"of: expected the number of a cause, 1 or more, found {of}")
    return codes.astype(np.int64)


def binomial_share(n: Ints | Floats, d: Ints | Floats) -> Floats:
    """Return d (n - d) / (n² (n - 1)), with d / n² for a single event (also of a single patient)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(d == 0, 0.0, np.where(d == 1, 1.0, (n - d) / (n - 1.0)) * d / np.square(n, dtype=float))


def _variance(n: Ints, own: Ints, other: Ints, before: Floats, survival: Floats, incidence: Floats) -> Floats:
    """Return the variance of F at every time; the square in F(t) is multiplied out, so that sums over u suffice."""
    with np.errstate(divide="ignore"):
        inverse = np.where(survival > 0, 1 / survival, 0.0)
    ratio = incidence * inverse
    own_part = before**2 * binomial_share(n, own)
    # when the last patients die of another cause no incidence can follow: nothing to add
    other_part = np.where(survival > 0, before**2 * binomial_share(n, other), 0.0)
    constant = np.cumsum((1 + ratio) ** 2 * own_part + ratio**2 * other_part)
    linear = np.cumsum(inverse * ((1 + ratio) * own_part + ratio * other_part))
    square = np.cumsum(inverse**2 * (own_part + other_part))
    return np.maximum(constant - 2 * incidence * linear + incidence**2 * square, 0.0)
