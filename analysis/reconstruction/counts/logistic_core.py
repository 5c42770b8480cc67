"""Numbers of children in each cell of yes/no covariates that give printed logistic models.

The maximum-likelihood estimate depends on the cells of cases and others together.  Both
are found at once: least squares over real numbers on how far statistics lie outside what
is printed (in half-widths of it), then whole numbers nearby by the solver, for which the
statistics are linear in the cells about the last solution, until they hold exactly.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import least_squares
from scipy.stats import norm

from analysis.ledger.rows.allowed import find_allowed
from analysis.ledger.rows.row import Row
from analysis.reconstruction.counts.cell_counts import distance_to
from analysis.reconstruction.kernels.logistic_kernels import statistics
from analysis.reconstruction.solver import interruptible
from analysis.reconstruction.solver.timeline import NoSolution

STATISTICS = ("logistic_or", "logistic_lower", "logistic_upper", "logistic_p")
#: Printed limits of 0 leave the logarithm open: below this it is taken as given.
_LEAST = 1e-6
_INSIDE = 1e-6
#: Steps from a real solution to a whole one, how far a cell may move in each, and the solver's deterministic time for it.
STEPS, REACH, EFFORT = 6, 4, 0.25
#: Units of a half-width: the solver reckons in whole numbers.
SCALE = 10_000


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
    low, high = find_allowed(row.value).inside(ties=False)
    if row.statistic == "logistic_p":
        return float(norm.isf(min(high, 1) / 2)), float(norm.isf(low / 2)) if low > 0 else 40.0
    return math.log(max(low, _LEAST)) + _INSIDE, math.log(high) - _INSIDE


def solve(core: Core, low: np.ndarray, high: np.ndarray, seed: int, starts: int = 12) -> np.ndarray:
    """Cells of cases and others under which every printed statistic is reproduced.

    Parameters
    ----------
    core : Core
    low, high : ndarray of int, shape (2, k + 1)
        Of cases and of others, bounds of their number and of those with each covariate.
    seed : int
    starts : int
        Random starts.

    Returns
    -------
    ndarray of int, shape (2, 2^k)
        Cases, then others.

    Raises
    ------
    NoSolution
        If no start led to one; that is no proof.
    """
    rng = np.random.default_rng(seed)
    core = replace(core, asked=core.asked[np.argsort(core.asked[:, 0], kind="stable")])
    padded = _pad(core.designs)
    for _ in range(starts):
        found = _whole(core, padded, low, high, _real(core, padded, low, high, rng), int(rng.integers(2**31)))
        if found is not None:
            return found
    raise NoSolution("cells of the logistic models", proven=False)


def _pad(designs: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Designs of unequal width in one array, and their widths."""
    widths = np.array([design.shape[1] for design in designs])
    joined = np.zeros((len(designs), len(designs[0]), widths.max()))
    for number, design in enumerate(designs):
        joined[number, :, : widths[number]] = design
    return joined, widths


def _statistics(core: Core, padded, counts: np.ndarray) -> np.ndarray:
    designs, widths = padded
    return statistics(designs, widths, core.asked, counts.sum(axis=0).astype(float), counts[0].astype(float))


def _outside(core: Core, values: np.ndarray) -> np.ndarray:
    """How far statistics lie outside what is printed, in half-widths of it."""
    least, most = core.asked[:, 3], core.asked[:, 4]
    return np.maximum(np.maximum(least - values, values - most), 0) / np.maximum((most - least) / 2, 1e-9)


def _real(core: Core, padded, low, high, rng) -> np.ndarray:
    """Least squares over positive real cells, near to random tables with the right margins."""
    middle = (low + high) / 2
    share = (middle[:, 1:] / middle[:, :1])[:, None, :]
    independent = middle[:, :1] * np.prod(np.where(core.cells == 1, share, 1 - share), axis=2)
    start = np.log(independent + 0.1) + rng.normal(0, 0.35, independent.shape)

    def residuals(theta):
        counts = np.exp(theta).reshape(start.shape)
        numbers = np.column_stack([counts.sum(axis=1), counts @ core.cells])
        outside = np.maximum(low - numbers, 0) + np.maximum(numbers - high, 0)
        return np.concatenate(
            (1.3 * _outside(core, _statistics(core, padded, counts)), 2 * outside.ravel(), 0.03 * (theta - start.ravel()))
        )

    return np.exp(least_squares(residuals, start.ravel(), max_nfev=60).x).reshape(start.shape)


def _whole(core: Core, padded, low, high, real: np.ndarray, seed: int) -> np.ndarray | None:
    """Whole cells near to real ones that give every statistic; none if the steps do not lead to them."""
    here = real
    for step in range(STEPS):
        here = _nearest(core, here, real, _statistics(core, padded, here), _slopes(core, padded, here), low, high, seed + step)
        if here is None:
            return None
        if not _outside(core, _statistics(core, padded, here)).any():
            return here
    return None


def _slopes(core: Core, padded, counts: np.ndarray) -> np.ndarray:
    """Change of each statistic with each cell, shape (statistics, 2, cells)."""
    counts, step = counts.astype(float), 1e-3
    slopes = np.empty((len(core.asked), *counts.shape))
    for place in np.ndindex(counts.shape):
        more, less = counts.copy(), counts.copy()
        more[place] += step
        less[place] = max(less[place] - step, 0.0)
        slopes[(slice(None), *place)] = (_statistics(core, padded, more) - _statistics(core, padded, less)) / (more[place] - less[place])
    return slopes


def _nearest(core: Core, counts, real, values, slopes, low, high, seed: int) -> np.ndarray | None:
    """Whole cells about `counts` with the right margins whose statistics, taken as linear, lie least outside what is printed.

    Of equals those nearest to `real`, so that no cell is empty without need.
    """
    model, beyond = cp_model.CpModel(), []
    cells = [[model.new_int_var(max(0, math.floor(count) - REACH), math.ceil(count) + REACH, "") for count in group] for group in counts]
    for group, least, most in zip(cells, low, high):
        model.add_linear_constraint(sum(group), int(least[0]), int(most[0]))
        for k in range(core.cells.shape[1]):
            model.add_linear_constraint(
                sum(cell for cell, pattern in zip(group, core.cells) if pattern[k]), int(least[k + 1]), int(most[k + 1])
            )
    for (_, _, _, least, most), value, slope in zip(core.asked, values, slopes):
        half = max((most - least) / 2, 1e-9)
        weights = np.round(slope / half * SCALE).astype(int)
        offset = value - (slope * counts).sum()
        miss = model.new_int_var(0, 10**9, "")
        total = sum(int(weight) * cell for row, group in zip(weights, cells) for weight, cell in zip(row, group))
        model.add(total + miss >= math.ceil((least - offset) / half * SCALE))
        model.add(total - miss <= math.floor((most - offset) / half * SCALE))
        beyond.append(miss)
    model.minimize(
        SCALE * sum(beyond)
        + sum(distance_to(model, cell, round(wish)) for group, wishes in zip(cells, real) for cell, wish in zip(group, wishes))
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed, solver.parameters.max_deterministic_time = 1, seed % 2**31, EFFORT
    if interruptible.solve(solver, model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return np.array([[solver.Value(cell) for cell in group] for group in cells])
