"""The registered statistics: what a ledger row may ask for, and how it is recomputed.

Each module registers the statistics of one family.  A statistic is a function of a
`Sample` (rows of a cohort) and, where it follows from counts, of printed `Cells`; it
returns one value for every documented convention, so that a verdict can name the
convention that gave the printed digits.
"""

from analysis.ledger.statistics import (  # noqa: F401  (importing registers)
    comparisons,
    competing,
    continuous,
    counting,
    regression,
    risks,
    survival,
    tests_of_groups,
)
from analysis.ledger.statistics.designs import (  # noqa: F401
    diagnosis,
    fitted_models,
    means,
    pairs,
    rates,
    restricted_means,
    shares,
    strata,
)
from analysis.ledger.statistics.registry import REGISTRY, Statistic, quoted

__all__ = ["REGISTRY", "Statistic", "quoted"]
