"""How long patients were followed: the three things papers mean by follow-up."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analysis.estimators.curves.kaplan_meier import Curve, as_shown, product_limit
from analysis.estimators.numerics import checks

KINDS = ("all", "survivors", "reverse-kaplan-meier")


@dataclass(frozen=True)
class FollowUp:
    """A summary of follow-up times.

    Attributes
    ----------
    n : int
        Patients summarised.
    median, lower_quartile, upper_quartile, minimum, maximum : float
        In the caller's unit of time; NaN where a reverse Kaplan-Meier curve does not come down that far.
    """

    n: int
    median: float
    lower_quartile: float
    upper_quartile: float
    minimum: float
    maximum: float


def reverse_kaplan_meier(time: npt.ArrayLike, event: npt.ArrayLike, ties: str = "together") -> Curve:
    """Return the Kaplan-Meier curve of the time to censoring, deaths being the censorings of it.

    Parameters
    ----------
    time, event : array_like
        As in `kaplan_meier.kaplan_meier`.
    ties : {"together", "deaths-first"}
        A patient who dies at the time at which another is censored is still at risk of censoring then
        (``together``: what ``survfit(Surv(time, 1 - event))`` in R does), or has left before (``deaths-first``:
        the true reversal of the Kaplan-Meier ordering, as in R's ``prodlim(reverse=TRUE)``).

    Returns
    -------
    Curve
        Its `events` are censorings, its `censored` the deaths.

    Notes
    -----
    Schemper and Smith, Control Clin Trials 1996;17:343-346. Where it is shown, ``together`` is lifelines' estimate with events
    and censorings exchanged; ``deaths-first`` no library has.
    """
    checks.one_of(ties, ("together", "deaths-first"), "ties")
    time, event = checks.survival_data(time, event)
    grid, place = checks.distinct_times(time)
    leaving = np.bincount(place, minlength=grid.size)
    deaths = np.bincount(place, weights=event, minlength=grid.size).astype(np.int64)
    at_risk = leaving[::-1].cumsum()[::-1]
    if ties == "deaths-first":
        at_risk = at_risk - deaths
    curve = product_limit(grid, at_risk, leaving - deaths, deaths)
    # Curve.n is the first risk set; with deaths taken out of it the cohort is larger
    return as_shown(curve) if ties == "together" else replace(curve, n=time.size)


def summarise(time: npt.ArrayLike, event: npt.ArrayLike, over: str = "all") -> FollowUp:
    """Summarise follow-up.

    Parameters
    ----------
    time, event : array_like
        As in `kaplan_meier.kaplan_meier`.
    over : {"all", "survivors", "reverse-kaplan-meier"}
        Observed times of all patients; of those without an event; or quantiles of the reverse Kaplan-Meier curve
        (minimum and maximum then run over all patients).

    Returns
    -------
    FollowUp
        Quartiles of plain samples interpolate linearly (R's type 7); NaN throughout if nobody is left to summarise.
    """
    checks.one_of(over, KINDS, "over")
    time, event = checks.survival_data(time, event)
    if over == "reverse-kaplan-meier":
        curve = reverse_kaplan_meier(time, event)
        quarter, half, three = (curve.quantile(p, "midpoint") for p in (0.25, 0.5, 0.75))
        return FollowUp(time.size, half, quarter, three, float(time.min()), float(time.max()))
    times = time if over == "all" else time[event == 0]
    if not times.size:
        return FollowUp(0, *[float("nan")] * 5)
    quarter, half, three = np.quantile(times, [0.25, 0.5, 0.75])
    return FollowUp(times.size, float(half), float(quarter), float(three), float(times.min()), float(times.max()))
