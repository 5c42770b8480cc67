"""Ranges of observed and expected events, and of their variance, that give printed hazard ratios and limits.

All in whole units of 1/`SCALE`, as the solver takes them.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy.stats import norm

#: Units per expected event, and per unit of variance, in the solver's whole numbers; and how many make a cell of the variance.
SCALE = 10_000
CELL = 50
#: Units of a log hazard ratio.
LOG = 1_000_000
_Z = float(norm.isf(0.025))
RATIOS = ("hazard_ratio", "hazard_ratio_lower", "hazard_ratio_upper")
TESTS = ("logrank_p", "hazard_ratio_p")
#: Statistics of a printed comparison of two curves that the solver and the searches know.
COMPARISONS = (*TESTS, *RATIOS)


def moments(exposed: int, at_risk: int, deaths: int) -> tuple[int, int]:
    """Expected events of a group in one month and the variance of their number, in units of 1/`SCALE`."""
    expected = deaths * exposed / at_risk
    variance = expected * (at_risk - exposed) * (at_risk - deaths) / (at_risk * (at_risk - 1)) if at_risk > 1 else 0.0
    return round(SCALE * expected), round(SCALE * variance)


def ratios(total: int, asked: dict[str, tuple[float, float]], slack: int = 0) -> list[tuple[int, int, int]]:
    """Observed events of the first group, and least and greatest expected ones, that give a printed hazard ratio and limits.

    Parameters
    ----------
    total : int
        Events in both groups.
    asked : dict of str to (float, float)
        Printed interval of ``hazard_ratio``, ``hazard_ratio_lower``, ``hazard_ratio_upper``, any of them.
    slack : int
        Units of 1/`SCALE` cut from both ends, for rounded parts of the sum.

    Returns
    -------
    list of (int, int, int)
        Expected events in units of 1/`SCALE`; one entry for each unbroken stretch.
    """
    return _ratios(total, tuple(asked.items()), slack)


@lru_cache(maxsize=256)  # asked anew at every set of times
def _ratios(total: int, printed: tuple, slack: int) -> list[tuple[int, int, int]]:
    asked = dict(printed)
    grid = np.arange(1, total * SCALE)
    expected = grid / SCALE
    spread = _Z * np.sqrt(1 / expected + 1 / (total - expected))
    found = []
    for number in range(total + 1):
        fits = np.ones(len(grid), bool)
        if set(asked) & set(RATIOS):
            if number in (0, total):
                continue
            centre = np.log(number / expected) - np.log((total - number) / (total - expected))
            for name, shift in zip(RATIOS, (0.0, -1.0, 1.0)):
                if name in asked:
                    low, high = asked[name]
                    value = np.exp(centre + shift * spread)
                    fits &= (value >= low) & (value <= high)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], fits.view(np.int8), [0]])))
        for start, stop in zip(edges[::2], edges[1::2]):
            low, high = int(grid[start]) + slack, int(grid[stop - 1]) - slack
            if low <= high:
                found.append((number, low, high))
    return found


def differences(total: int, asked: dict[str, tuple[float, float]]) -> tuple[list[int], list[int]]:
    """Least and greatest O1 - E1, in units of 1/`SCALE`, that give the printed limits anywhere in a cell of the variance.

    Cells are `CELL` units wide; one that gives none has a least value above its greatest.  The hazard
    ratio itself needs no cells, see `slopes`.
    """
    cells = CELL * np.arange(total * SCALE // (4 * CELL) + 1)
    least, greatest = np.full(len(cells), -math.inf), np.full(len(cells), math.inf)
    for variance in ((cells + 1) / SCALE, (cells + CELL) / SCALE):
        for name, shift in zip(RATIOS[1:], (1.0, -1.0)):
            if name in asked:
                low, high = (variance * (log_of_limit(end) + shift * _Z / np.sqrt(variance)) for end in asked[name])
                least, greatest = np.maximum(least, low), np.minimum(greatest, high)
    least, greatest = np.maximum(least, -total), np.minimum(greatest, total)
    some, none = greatest > least, total * SCALE + 1
    lows = np.where(some, np.ceil(SCALE * least), none).astype(int)
    highs = np.where(some, np.floor(SCALE * greatest), -none).astype(int)
    return lows.tolist(), highs.tolist()


def slopes(interval: tuple[float, float]) -> tuple[int | None, int]:
    """Least and greatest (O1 - E1)/V that give a printed hazard ratio, in units of 1/`LOG`; no least one where it is printed as 0.00."""
    low, high = map(log_of_limit, interval)
    return None if math.isinf(low) else math.ceil(LOG * low), math.floor(LOG * high)


def log_of_limit(end: float) -> float:
    """Of a limit printed as 0.00, minus infinity."""
    return math.log(end) if end > 0 else -math.inf
