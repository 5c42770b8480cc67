"""Numbers of children in each cell of yes/no covariates that give printed logistic models.

The maximum-likelihood estimate depends on the cells of cases and non-cases together, and
on the cases' margins.  With the cases given, the cells of the non-cases are found in two
steps: least squares over real numbers on how far estimates lie outside what is printed
(in half-widths of it), then rounding repaired by tabu moves of one child between cells.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares
from scipy.stats import norm

from analysis.ledger.rows import Row
from analysis.reconstruction.accepted import interval
from analysis.reconstruction.logistic_kernels import misses, repair
from analysis.reconstruction.timeline import NoSolution

STATISTICS = ("logistic_or", "logistic_lower", "logistic_upper", "logistic_p")
#: Printed limits of 0 leave the logarithm open: below this it is taken as given.
_LEAST = 1e-6
_INSIDE = 1e-6


@dataclass(frozen=True)
class Core:
    """Cells and what is printed of the models on them.

    Attributes
    ----------
    covariates : tuple of str
        All covariates of all models; a cell is one combination of them.
    cells : ndarray of float, shape (2^k, k)
    designs : list of ndarray, shape (2^k, p + 1)
        One a model: intercept and its covariates.
    asked : ndarray, shape (statistics, 5)
        Model, coefficient, kind (0 odds ratio, 1 lower, 2 upper, 3 |z|), least and greatest
        value; odds ratios and limits as logarithms.
    ids : tuple of str
    """

    covariates: tuple[str, ...]
    cells: np.ndarray
    designs: tuple[np.ndarray, ...]
    asked: np.ndarray
    ids: tuple[str, ...]


def read_core(rows: Sequence[Row]) -> Core:
    """The core of all logistic rows on one population.

    Parameters
    ----------
    rows : sequence of Row
        Statistics of `STATISTICS`; covariates are boolean variables.
    """
    lists = list(dict.fromkeys(tuple(name.strip() for name in row.arguments["covariates"].split(",")) for row in rows))
    covariates = tuple(dict.fromkeys(name for names in lists for name in names))
    cells = np.array(list(itertools.product((0.0, 1.0), repeat=len(covariates))))
    designs = tuple(np.column_stack([np.ones(len(cells)), cells[:, [covariates.index(name) for name in names]]]) for names in lists)
    asked = []
    for row in rows:
        names = tuple(name.strip() for name in row.arguments["covariates"].split(","))
        place = lists.index(names), names.index(row.arguments["term"].strip()) + 1
        asked.append((*place, STATISTICS.index(row.statistic), *_ends(row)))
    return Core(covariates, cells, designs, np.array(asked), tuple(row.id for row in rows))


def _ends(row: Row) -> tuple[float, float]:
    low, high = (float(end) for end in interval(row.value))
    if row.statistic == "logistic_p":
        return float(norm.isf(min(high, 1) / 2)), float(norm.isf(low / 2)) if low > 0 else 40.0
    return math.log(max(low, _LEAST)) + _INSIDE, math.log(high) - _INSIDE


def solve(core: Core, cases: np.ndarray, low: np.ndarray, high: np.ndarray, seed: int, starts: int = 12, rounds: int = 120) -> np.ndarray:
    """Cells of the non-cases under which every printed statistic comes back.

    Parameters
    ----------
    core : Core
    cases : ndarray of int, shape (2^k,)
        Cells of the cases.
    low, high : ndarray of int, shape (k + 1,)
        Bounds of the number of non-cases, and of those with each covariate.
    seed : int
    starts : int
        Random starts.
    rounds : int
        Tabu moves a start.

    Returns
    -------
    ndarray of int, shape (2^k,)

    Raises
    ------
    NoSolution
        If no start led to one; that is no proof.
    """
    rng = np.random.default_rng(seed)
    asked = core.asked[np.argsort(core.asked[:, 0], kind="stable")]
    padded = _padded(core.designs)
    ends = low.astype(float), high.astype(float)
    for _ in range(starts):
        real = _real(core, padded, asked, cases.astype(float), *ends, rng)
        whole = _rounded(real, rng)
        found, miss = repair(*padded, asked, core.cells, cases.astype(float), whole, *ends, int(rng.integers(2**31)), rounds)
        if miss == 0:
            return found.astype(int)
    raise NoSolution("cells of the logistic models", proven=False)


def _padded(designs: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Designs of unequal width in one array, and their widths."""
    widths = np.array([design.shape[1] for design in designs])
    joined = np.zeros((len(designs), len(designs[0]), widths.max()))
    for number, design in enumerate(designs):
        joined[number, :, : widths[number]] = design
    return joined, widths


def _real(core: Core, designs, asked, cases, low, high, rng) -> np.ndarray:
    """Least squares over positive real cells, near to a random table with the right margins."""
    middle = (low + high) / 2
    share = middle[1:] / middle[0]
    start = np.log(middle[0] * np.prod(np.where(core.cells == 1, share, 1 - share), axis=1) + 0.2) + rng.normal(0, 0.35, len(core.cells))
    out = np.zeros(asked.shape[0])

    def residuals(theta):
        counts = np.exp(theta)
        misses(*designs, asked, counts + cases, cases, out)
        numbers = np.concatenate(([counts.sum()], counts @ core.cells))
        outside = np.maximum(low - numbers, 0) + np.maximum(numbers - high, 0)
        return np.concatenate((1.3 * out, outside, 0.03 * (theta - start)))

    return np.exp(least_squares(residuals, start, max_nfev=60).x)


def _rounded(real: np.ndarray, rng) -> np.ndarray:
    """Whole numbers with the same total, each up or down at random in proportion to its fraction."""
    whole = np.floor(real)
    missing = int(round(real.sum() - whole.sum()))
    fraction = (real - whole) + 1e-9
    up = rng.choice(len(real), size=min(missing, len(real)), replace=False, p=fraction / fraction.sum())
    whole[up] += 1
    return whole
