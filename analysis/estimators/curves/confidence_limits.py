"""Pointwise confidence limits of a survival probability from its Greenwood sum.

lifelines has the log-log limits alone, statsmodels none on these scales: log and plain, R's and many programs', are ours.
"""

import numpy as np
import numpy.typing as npt

from analysis.arrays import Floats
from analysis.estimators.numerics import checks, distributions

KINDS = ("log", "log-log", "plain")


def limits(survival: npt.ArrayLike, greenwood: npt.ArrayLike, kind: str = "log", level: float = 0.95) -> tuple[Floats, Floats]:
    """Return (lower, upper) limits of S(t).

    Parameters
    ----------
    survival, greenwood : array_like
        S(t) as a proportion, and G(t) = sum of d / (n (n - d)) over the event times up to t.
    kind : {"log", "log-log", "plain"}
        - ``plain``: S ± z S √G, clipped to [0, 1];
        - ``log``: S exp(±z √G), the upper limit clipped at 1 (the default of R's ``survfit``);
        - ``log-log``: S ** exp(±z √G / ln S) (Prism's asymmetrical limits; lifelines).
    level : float
        Confidence level as a share.

    Returns
    -------
    lower, upper : ndarray
        NaN where R's ``survfit`` gives NA: for S = 0 under every kind, for S = 1 under ``log-log``.

    Notes
    -----
    Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, 2nd ed. 2002, section 1.4;
    Therneau's ``survival:::survfit_confint`` for the clipping and the boundary cases.
    """
    checks.one_of(kind, KINDS, "kind")
    z = distributions.reach(level)
    survival, greenwood = np.asarray(survival, float), np.asarray(greenwood, float)
    # the formulas have no value at S = 0, and log-log none at S = 1
    undefined = (survival == 0) | ((survival == 1) if kind == "log-log" else False)
    s = np.where(undefined, np.nan, survival)
    reach = z * np.sqrt(np.where(undefined, 0.0, greenwood))
    if kind == "plain":
        return np.clip(s - s * reach, 0, 1), np.clip(s + s * reach, 0, 1)
    if kind == "log":
        return s * np.exp(-reach), np.minimum(s * np.exp(reach), 1)
    power = reach / np.log(s)
    return s ** np.exp(-power), s ** np.exp(power)
