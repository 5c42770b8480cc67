"""What a two-group survival comparison of a given number of events could have detected."""

import numpy as np
from scipy.special import ndtri

from analysis.errors import Undefined
from analysis.estimators.numerics import checks


def _sum_of_quantiles(power: float, significance: float) -> float:
    return ndtri(1 - checks.confidence(significance) / 2) + ndtri(checks.confidence(power))


def _allocation(share: float) -> float:
    if not 0 < share < 1:
        raise Undefined(f"share: expected the share of one group, between 0 and 1, found {share}")
    return share * (1 - share)


def minimum_detectable_hazard_ratio(events: float, share: float, power: float = 0.8, significance: float = 0.05) -> float:
    """Return the hazard ratio below 1 that a log-rank test would find with the given power.

    ln HR = -(z_(1 - α/2) + z_power) / √(D p (1 - p)); its inverse is the ratio above 1.

    Parameters
    ----------
    events : int
        Events of both groups together, D.
    share : float
        Share p of one group among the patients.
    power, significance : float
        Two-sided significance.

    Raises
    ------
    ValueError
        For no events, or shares outside 0 to 1.

    Notes
    -----
    Schoenfeld, Biometrics 1983;39:499-503. A property of the design, fixed by events and allocation. It takes no
    estimate: power computed from the observed effect would only restate the P value.
    """
    if events < 1:
        raise Undefined(f"events: expected at least one, found {events}")
    return float(np.exp(-_sum_of_quantiles(power, significance) / np.sqrt(events * _allocation(share))))
