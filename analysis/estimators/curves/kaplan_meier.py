"""The product-limit estimate of a survival curve."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.arrays import Array, Floats, Ints
from analysis.estimators.curves import confidence_limits, quantiles
from analysis.estimators.engines.shown import active, take
from analysis.estimators.numerics import checks, distributions


@dataclass(frozen=True, eq=False)
class Curve:
    """A Kaplan-Meier curve: one entry a distinct observed time, in ascending order.

    Attributes
    ----------
    n : int
        Patients.
    time : ndarray, shape (m,)
        Distinct observed times (event or censoring), in the caller's unit.
    at_risk, events, censored : ndarray of int, shape (m,)
        Patients under observation just before the time; events and censorings at it.
    survival : ndarray, shape (m,)
        S(t) as a proportion, after the events at that time.
    greenwood : ndarray, shape (m,)
        G(t), the sum of d / (n (n - d)); infinite from the time at which S falls to 0.
    """

    n: int
    time: Floats
    at_risk: Ints
    events: Ints
    censored: Ints
    survival: Floats
    greenwood: Floats

    def _rows(self, t: npt.ArrayLike) -> Ints:
        """Return, for each t, the entry in force (-1 before the first observed time)."""
        t = np.asarray(t, float)
        if np.isnan(t).any():
            raise ValueError("t: expected times, found NaN")
        # a time read from print can differ from the same observed time in its last bits
        reach = checks.TIME_TOLERANCE * max(1.0, float(np.abs(self.time).mean()))
        return np.searchsorted(self.time, t + reach, side="right") - 1

    def _at(self, values: Array, t: npt.ArrayLike, before: float) -> Any:
        rows = self._rows(t)
        found = np.where(rows < 0, before, np.asarray(values)[np.maximum(rows, 0)])
        return found if found.ndim else found.item()

    def survival_at(self, t: npt.ArrayLike) -> Any:
        """Return S(t), events at exactly `t` included; after the last observed time, its last value."""
        return self._at(self.survival, t, 1.0)

    def standard_error_at(self, t: npt.ArrayLike) -> Any:
        """Return S(t) √G(t) (Greenwood); NaN where S(t) = 0, as in R."""
        return self._at(self._standard_error(), t, 0.0)

    def _standard_error(self) -> Floats:
        alive = self.survival > 0
        return np.where(alive, self.survival * np.sqrt(np.where(alive, self.greenwood, 0.0)), np.nan)

    def at_risk_at(self, t: npt.ArrayLike) -> Any:
        """Return the number under observation just before `t` (patients whose time is at least `t`)."""
        t = np.asarray(t, float)
        rows = np.searchsorted(self.time, t - checks.TIME_TOLERANCE * max(1.0, float(np.abs(self.time).mean())))
        found = np.append(self.at_risk, 0)[rows]
        return found if found.ndim else found.item()

    def interval_at(self, t: npt.ArrayLike, kind: str = "log", level: float = 0.95) -> tuple[Any, Any]:
        """Return (lower, upper) limits of S(t); see `confidence_limits.limits`. Before the first observed time (1, 1)."""
        lower, upper = self._limits(kind, level)
        return self._at(lower, t, 1.0), self._at(upper, t, 1.0)

    def _limits(self, kind: str, level: float) -> tuple[Floats, Floats]:
        lower, upper = confidence_limits.limits(self.survival, self.greenwood, kind, level)
        if not active() or not self.events.any() or not self._from_one_origin:
            return lower, upper
        found = take("Kaplan-Meier limits", kind, {"lower": lower, "upper": upper}, self.time, self.events, self.censored, level)
        return np.asarray(found["lower"], float), np.asarray(found["upper"], float)

    @property
    def _from_one_origin(self) -> bool:
        """Whether all patients are at risk from the origin on, so that the table of events and censorings says all."""
        return bool(np.array_equal(self.at_risk, (self.events + self.censored)[::-1].cumsum()[::-1]))

    def limits_at(self, t: npt.ArrayLike, kind: str = "log", level: float = 0.95) -> tuple[Any, Any]:
        """Return (lower, upper) limits of S(t) as pages show them: NaN while nobody has had an event.

        Programs print 1 and 1 there, or nothing; `interval_at` mimics them. Greenwood's error is 0 then, which is no
        certainty: `estimable.lower_limit_without_events` has an exact limit.
        """
        untouched = np.asarray(self.survival_at(t)) == 1
        return tuple(_plain(np.where(untouched, np.nan, limit)) for limit in self.interval_at(t, kind, level))

    def quantile(self, p: float, rule: str = "midpoint") -> float:
        """Return the time by which a share `p` has failed; see `quantiles.crossing`."""
        return quantiles.crossing(self.time, self.survival, p, rule)

    def median(self, rule: str = "midpoint") -> float:
        """Return the median survival time; NaN if S stays above one half."""
        return self.quantile(0.5, rule)

    def quantile_interval(self, p: float, kind: str = "log", level: float = 0.95, rule: str = "midpoint") -> tuple[float, float]:
        """Return (lower, upper) limits of the time by which a share `p` has failed.

        Parameters
        ----------
        p : float
            Share failed.
        kind : {"log", "log-log", "plain", "density"}
            The first three: where the pointwise limits of that kind cross 1 - `p` (Brookmeyer and Crowley,
            Biometrics 1982; R prints this for its band). ``density``: t_p ± z se(t_p), as SPSS prints it; see
            `quantiles.density_standard_error`. Its lower limit is not clipped.
        level : float
            Confidence level as a share.
        rule : {"midpoint", "left", "right"}
            Rule for plateaus of the band; with ``density`` t_p itself always follows ``left``.
        """
        if kind == "density":
            reach = distributions.reach(level) * self.quantile_standard_error(p)
            centre = self.quantile(p, "left")
            return centre - reach, centre + reach
        lower, upper = self._limits(kind, level)
        return (quantiles.crossing(self.time, lower, p, rule), quantiles.crossing(self.time, upper, p, rule))

    def median_interval(self, kind: str = "log", level: float = 0.95, rule: str = "midpoint") -> tuple[float, float]:
        """Return (lower, upper) limits of the median; see `quantile_interval`."""
        return self.quantile_interval(0.5, kind, level, rule)

    def quantile_standard_error(self, p: float = 0.5) -> float:
        """Return the standard error of a quantile in the density form (SPSS)."""
        return quantiles.density_standard_error(self.time, self.events, self.survival, self.greenwood, p)

    def steps(self, kind: str = "log", level: float = 0.95) -> pd.DataFrame:
        """Return the curve as a table: time, at_risk, events, censored, survival, standard_error, and the `limits_at`."""
        lower, upper = self.limits_at(self.time, kind, level)
        return pd.DataFrame(
            {
                "time": self.time,
                "at_risk": self.at_risk,
                "events": self.events,
                "censored": self.censored,
                "survival": self.survival,
                "standard_error": self._standard_error(),
                "lower": lower,
                "upper": upper,
            }
        )


def _plain(values: Array) -> Any:
    return values if values.ndim else values.item()


def kaplan_meier(time: npt.ArrayLike, event: npt.ArrayLike) -> Curve:
    """Estimate the survival curve of right-censored times.

    S(t) is the product over event times u <= t of 1 - d(u) / n(u); patients censored at u are still in n(u).

    Parameters
    ----------
    time : array_like, shape (n,)
        Follow-up times, not negative.
    event : array_like of 0/1 or bool, shape (n,)
        1 if the time ends in an event, 0 if it is censored.

    Returns
    -------
    Curve

    Raises
    ------
    ValueError
        For unequal lengths, no patients, negative or missing times, events other than 0 and 1.

    Notes
    -----
    Kaplan and Meier, J Am Stat Assoc 1958;53:457-481; variance after Greenwood, 1926. Times nearer to each other
    than floating-point noise are one time (`checks.distinct_times`). Vectorised: no loop over patients. Where the curve is
    shown, S(t) and the event table are those of lifelines, the standard error that of statsmodels.

    Examples
    --------
    Acute myelogenous leukaemia, maintained chemotherapy (Miller 1981; R's ``survival::aml``):

    >>> curve = kaplan_meier([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
    >>> round(float(curve.survival_at(24)), 3), float(curve.median())
    (0.614, 31.0)
    >>> [round(float(limit), 3) for limit in curve.interval_at(24, "log-log")]
    [0.266, 0.835]
    """
    time, event = checks.survival_data(time, event)
    grid, place = checks.distinct_times(time)
    leaving = np.bincount(place, minlength=grid.size)
    events = np.bincount(place, weights=event, minlength=grid.size).astype(np.int64)
    at_risk = leaving[::-1].cumsum()[::-1]
    return as_shown(product_limit(grid, at_risk, events, leaving - events))


def as_shown(curve: Curve) -> Curve:
    """Return a curve of patients who are all at risk from the origin on with the values of the engines, where it is shown."""
    if not active() or not curve.events.any():  # a curve without events is 1 throughout, which no engine need confirm
        return curve
    table = (curve.time, curve.events, curve.censored)
    ours = {"survival": curve.survival, "at_risk": curve.at_risk, "events": curve.events, "censored": curve.censored}
    found = take("Kaplan-Meier estimate", "", ours, *table)
    error = take("Greenwood's standard error", "", {"standard_error": curve._standard_error()}, *table)["standard_error"]
    survival = np.asarray(found["survival"], float)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.where(np.isnan(error), curve.greenwood, (np.asarray(error, float) / survival) ** 2)
    at_risk, events, censored = (np.asarray(found[name]).astype(np.int64) for name in ("at_risk", "events", "censored"))
    return replace(curve, survival=survival, greenwood=greenwood, at_risk=at_risk, events=events, censored=censored)


def product_limit(time: Floats, at_risk: Ints, events: Ints, censored: Ints) -> Curve:
    """Return the `Curve` of given counts per distinct time.

    Parameters
    ----------
    time : ndarray, shape (m,)
        Distinct times, ascending, in any unit.
    at_risk, events, censored : ndarray of int, shape (m,)
        Patients at risk just before each, and those whose follow-up ends then, in an event and without.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(events == 0, 0.0, events / (at_risk * (at_risk - events).astype(float)))
        factors = np.where(events == 0, 1.0, 1 - events / at_risk)
    return Curve(int(at_risk[0]), time, at_risk, events, censored, np.cumprod(factors).astype(float, copy=False), np.cumsum(terms))
