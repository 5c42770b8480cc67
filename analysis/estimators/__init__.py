"""Statistics on arrays and tables.

Every module computes one kind of statistic. What programs do differently (interval of S(t), treatment of ties,
variant of a test) is a keyword argument with a name; nothing here reads a file or knows a study. Proportions are
0 to 1, times carry whatever unit the caller uses (months throughout this project).

The names below are for whoever imports the package: they take pandas objects in the order of lifelines, durations before
events, and give DataFrames with its column names. Their values are those of lifelines, statsmodels and SciPy where these
have the method under the convention asked for (`engines`). Modules of this project call the modules of the folders, whose
results are arrays that a hundred cohorts need.

>>> from analysis import estimators
>>> round(float(estimators.median_survival_time([9, 13, 13, 18, 23], [1, 1, 0, 1, 1])["median"]), 1)
18.0
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_MODULES = ("curves", "comparisons", "regression", "columns")


def __getattr__(name: str) -> Any:
    """Import what is asked for: pages and searches need none of it."""
    if name in __all__:
        for module in _MODULES:
            found = import_module(f"{__name__}.frames.{module}")
            if getattr(getattr(found, name, None), "__module__", None) == found.__name__:
                return getattr(found, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
