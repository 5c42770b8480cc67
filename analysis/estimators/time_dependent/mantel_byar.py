"""The Mantel-Byar test: a log-rank test whose groups change when patients switch.

No library has this test.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.errors import Undefined
from analysis.estimators.numerics import checks, distributions
from analysis.estimators.time_dependent.simon_makuch import switches


class MantelByar(NamedTuple):
    """Observed and expected events after the switch, their variance, χ² on one degree of freedom, P."""

    observed: float
    expected: float
    variance: float
    chi_square: float
    p: float


def compare(time: npt.ArrayLike, event: npt.ArrayLike, switch_time: npt.ArrayLike) -> MantelByar:
    """Test whether the hazard differs after a switch.

    At each event time the patients at risk are divided by whether their switch has come (strictly before that time);
    then the sums are those of the log-rank test: E = Σ d n1 / n, V = Σ d n1 n0 (n - d) / (n² (n - 1)).

    Parameters
    ----------
    time, event, switch_time : array_like, shape (n,)
        As in `simon_makuch.simon_makuch`.

    Returns
    -------
    MantelByar
        NaN for χ² and P if no event has patients of both states at risk.

    Raises
    ------
    ValueError
        For faulty data, negative switch times, or no event at all.

    Notes
    -----
    Mantel and Byar, J Am Stat Assoc 1974;69:81-86. χ² is the score test of a Cox model with the time-dependent
    covariate under the exact handling of ties.
    """
    time, event = checks.survival_data(time, event)
    switch = switches(switch_time, len(time))
    if not event.any():
        raise Undefined("event: expected at least one event, found none")
    known = np.isfinite(switch)
    grid, place = checks.distinct_times(np.concatenate((time, switch[known])))
    time = grid[place[: len(time)]]
    switch = switch.copy()
    switch[known] = grid[place[len(time) :]]
    observed = expected = variance = 0.0
    for t in np.unique(time[event == 1]):
        # a patient who has switched at 0 was never in the other state
        switched = (switch < t) | (switch == 0)
        at_risk, died = time >= t, (time == t) & (event == 1)
        n, n1, d = at_risk.sum(), (at_risk & switched).sum(), died.sum()
        observed += (died & switched).sum()
        expected += d * n1 / n
        if n > 1:
            variance += d * n1 * (n - n1) * (n - d) / (n**2 * (n - 1.0))
    if variance <= 0:
        return MantelByar(float(observed), float(expected), 0.0, float("nan"), float("nan"))
    chi_square = float((observed - expected) ** 2 / variance)
    return MantelByar(float(observed), float(expected), float(variance), chi_square, float(distributions.chi_square_tail(chi_square, 1)))
