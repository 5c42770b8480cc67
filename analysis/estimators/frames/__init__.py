"""The estimators on pandas objects, for whoever imports them: the order and the names of lifelines.

Functions take durations before events, and give DataFrames with lifelines' column names. Values are those of lifelines,
statsmodels and SciPy where these have the method under the convention asked for (`engines`). Pages and searches call the
modules of the folders beside this one, whose results are arrays that a hundred cohorts need.

>>> from analysis.estimators import frames
>>> round(float(frames.median_survival_time([9, 13, 13, 18, 23], [1, 1, 0, 1, 1])["median"]), 1)
18.0
"""

from analysis.estimators.frames.columns import EngineWarning
from analysis.estimators.frames.comparisons import (
    contingency_test,
    gray_test,
    hazard_ratio,
    logrank_test,
    mann_whitney,
    mantel_byar_test,
    odds_ratio,
    t_test,
)
from analysis.estimators.frames.curves import (
    cumulative_incidence,
    kaplan_meier,
    median_survival_time,
    nelson_aalen,
    restricted_mean_survival_time,
)
from analysis.estimators.frames.regression import (
    cause_specific_cox,
    cox,
    logistic,
    proportional_hazards_test,
    to_start_stop,
)

__all__ = [
    "EngineWarning",
    "cause_specific_cox",
    "contingency_test",
    "cox",
    "cumulative_incidence",
    "gray_test",
    "hazard_ratio",
    "kaplan_meier",
    "logistic",
    "logrank_test",
    "mann_whitney",
    "mantel_byar_test",
    "median_survival_time",
    "nelson_aalen",
    "odds_ratio",
    "proportional_hazards_test",
    "restricted_mean_survival_time",
    "t_test",
    "to_start_stop",
]
