"""What many tests at once do to the single P value."""

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from . import checks


def adjusted(p_values, significance=0.05):
    """Adjust P values for their number.

    Parameters
    ----------
    p_values : Series or sequence of float
        NaN is left out and comes back as NaN.
    significance : float

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
    checks.confidence(significance)
    series = pd.Series(p_values, dtype=float)
    known = series.notna().to_numpy()
    if ((series[known] < 0) | (series[known] > 1)).any():
        raise ValueError("p_values: expected values from 0 to 1")
    frame = pd.DataFrame({"p": series, "holm": np.nan, "benjamini_hochberg": np.nan})
    if known.any():
        for column, method in (("holm", "holm"), ("benjamini_hochberg", "fdr_bh")):
            frame.loc[known, column] = multipletests(series[known], alpha=significance, method=method)[1]
    return frame
