"""The Nelson-Aalen estimate of the cumulative hazard."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimators.curves.kaplan_meier import Curve, kaplan_meier
from analysis.estimators.engines.shown import active, take


def nelson_aalen(time: npt.ArrayLike, event: npt.ArrayLike) -> pd.DataFrame:
    """Estimate the cumulative hazard H(t), the sum over event times u <= t of d(u) / n(u).

    Parameters
    ----------
    time, event : array_like, shape (n,)
        As in `kaplan_meier.kaplan_meier`.

    Returns
    -------
    DataFrame
        One row a distinct time: time, at_risk, events, censored, cumulative_hazard, and its variance, the sum of d / n².

    Notes
    -----
    Nelson, Technometrics 1972;14:945-966; Aalen, Ann Stat 1978;6:701-726; variance as in R's ``survfit(..., ctype = 1)``. Where it is
    shown, H(t) is that of lifelines.

    Examples
    --------
    >>> table = nelson_aalen([1, 2, 3], [1, 0, 1])
    >>> [round(float(value), 4) for value in table["cumulative_hazard"]]
    [0.3333, 0.3333, 1.3333]
    """
    curve: Curve = kaplan_meier(time, event)
    hazard = np.cumsum(curve.events / curve.at_risk)
    if active() and curve.events.any():
        found = take("Nelson-Aalen estimate", "", {"cumulative_hazard": hazard}, curve.time, curve.events, curve.censored)
        hazard = np.asarray(found["cumulative_hazard"], float)
    columns = {"time": curve.time, "at_risk": curve.at_risk, "events": curve.events, "censored": curve.censored}
    return pd.DataFrame({**columns, "cumulative_hazard": hazard, "variance": np.cumsum(curve.events / curve.at_risk.astype(float) ** 2)})
