"""What many tests at once do to the single P value."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import false_discovery_control

from analysis.arrays import Floats


def adjust(p_values: npt.ArrayLike) -> pd.DataFrame:
    """Adjust P values for their number.

    Parameters
    ----------
    p_values : Series or sequence of float
        NaN is left out and comes back as NaN.

    Returns
    -------
    DataFrame
        Index of `p_values`; ``p``, ``holm`` (family-wise error, Holm 1979), ``benjamini_hochberg`` (false discovery
        rate, 1995).

    Raises
    ------
    ValueError
        For values outside 0 to 1.
    """
    series = pd.Series(p_values, dtype=float)
    known = series.notna().to_numpy()
    if ((series[known] < 0) | (series[known] > 1)).any():
        raise ValueError("p_values: expected values from 0 to 1")
    frame = pd.DataFrame({"p": series, "holm": np.nan, "benjamini_hochberg": np.nan})
    if known.any():
        values = series[known].to_numpy()
        frame.loc[known, "holm"] = _holm(values)
        frame.loc[known, "benjamini_hochberg"] = false_discovery_control(values, method="bh")
    return frame


def _holm(p: Floats) -> Floats:
    """Return Holm's adjusted P values; statsmodels' collect the garbage of the whole process at every call."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    back = np.empty(len(p))
    back[order] = np.minimum(stepped, 1.0)
    return back
