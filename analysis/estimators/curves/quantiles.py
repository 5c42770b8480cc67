"""Where a survival curve, or a confidence band, crosses a height: quantiles by each program's rule.

No library has the rules of R and Prism or SPSS's error: lifelines and statsmodels take one end of a plateau, as rounding falls.
"""

import numpy as np
import numpy.typing as npt

from analysis.arrays import Bools, Floats, Ints
from analysis.estimators.numerics import checks

RULES = ("midpoint", "left", "right")
# R's quantile.survfit takes a height within this distance of the curve for a plateau at that height.
HEIGHT_TOLERANCE = float(np.sqrt(np.finfo(float).eps))


def crossing(time: npt.ArrayLike, survival: npt.ArrayLike, p: float = 0.5, rule: str = "midpoint") -> float:
    """Return the time at which a share `p` has failed, i.e. the curve crosses 1 - `p`.

    Parameters
    ----------
    time, survival : ndarray
        Ascending times and the curve's height from each on; before the first time the curve is 1.
        Heights may be NaN (a band without value there) and, for a band, need not fall all the way.
    p : float
        Share failed, strictly between 0 and 1; 0.5 for the median.
    rule : {"midpoint", "left", "right"}
        What to report if the curve runs flat at exactly 1 - `p`:
        its middle (R's survival, Prism; if the curve ends on that plateau, the middle up to the last time),
        its left end (SPSS, lifelines), or its right end (statsmodels; NaN if the curve ends there).

    Returns
    -------
    float
        NaN if the curve does not come down to 1 - `p`.

    Notes
    -----
    A height within 1.5e-8 of 1 - `p` counts as equal, as in R's ``quantile.survfit``, whose look-up (smallest
    height that suffices, also on a band that rises again) is followed.
    """
    checks.one_of(rule, RULES, "rule")
    if not 0 < p < 1:
        raise ValueError(f"p: expected a share strictly between 0 and 1, found {p}")
    failed = np.concatenate(([0.0], 1 - np.asarray(survival, float)))
    when = np.concatenate(([0.0], time))
    known = ~np.isnan(failed)
    ends_known = known[-1]
    # one entry a height, at its first time: what is left are the left ends of the plateaus
    heights, first = np.unique(failed[known], return_index=True)
    starts = when[known][first]
    left = _first(starts, heights + HEIGHT_TOLERANCE >= p)
    if rule == "left" or np.isnan(left):
        return left
    right = _first(starts, heights - HEIGHT_TOLERANCE >= p)
    if rule == "right":
        return right
    if ends_known and abs(failed[-1] - p) < HEIGHT_TOLERANCE:
        right = when[-1]
    return (left + right) / 2


def _first(values: Floats, condition: Bools) -> float:
    """Return the first of `values` where `condition` holds, NaN if it holds nowhere."""
    return float(values[np.argmax(condition)]) if condition.any() else float("nan")


def density_standard_error(
    time: Floats, events: Ints, survival: Floats, greenwood: Floats, p: float = 0.5, half_width: float = 0.05
) -> float:
    """Return the standard error of a quantile through an estimate of the density there (the SPSS form).

    se(t_p) = se(S(t_p)) / f with f = (S(u) - S(l)) / (l - u), u = max{t: S(t) >= 1 - p + 0.05} and
    l = min{t: S(t) <= 1 - p - 0.05}, t running over time 0 and the event times, t_p by the rule ``left``.

    Parameters
    ----------
    time, events, survival, greenwood : ndarray
        The curve, one entry a distinct time.
    p : float
        Share failed.
    half_width : float
        Distance on the survival axis on either side of 1 - `p`.

    Returns
    -------
    float
        NaN if the quantile or the lower point is not reached, or S(t_p) = 0.

    Notes
    -----
    Collett, Modelling Survival Data in Medical Research, 3rd ed. 2015, section 2.4.
    """
    median = crossing(time, survival, p, "left")
    if np.isnan(median):
        return float("nan")
    died = events > 0
    when = np.concatenate(([0.0], time[died]))
    height = np.concatenate(([1.0], survival[died]))
    above = height >= 1 - p + half_width - HEIGHT_TOLERANCE
    below = height <= 1 - p - half_width + HEIGHT_TOLERANCE
    if not below.any() or not above.any():
        return float("nan")
    u, low = np.flatnonzero(above)[-1], np.argmax(below)
    density = (height[u] - height[low]) / (when[low] - when[u])
    at = np.searchsorted(time, median, side="right") - 1
    if survival[at] == 0:
        return float("nan")
    return float(survival[at] * np.sqrt(greenwood[at]) / density)
