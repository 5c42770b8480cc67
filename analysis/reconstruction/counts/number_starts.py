"""Values with which the search of numbers begins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.reconstruction.counts.summaries import Summary

#: Shares of a group's values that lie below its printed order statistics.
_SHARES = {"minimum": 0.0, "median": 0.5, "maximum": 1.0}


def draw(asked: Sequence[Summary], low: np.ndarray, high: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Near the printed centres of each group, within each row's interval, which printed extremes narrow in place.

    Where no centre is printed, the shape is drawn too: some members of an ensemble have mostly
    low values, others mostly high ones, for the paper does not say.
    """
    skew = 3.0 ** chance.uniform(-1, 1)
    values = np.floor(low + (high - low + 1) * chance.random(len(low)) ** skew).astype(int)
    for part in asked:
        printed = int(part.printed)
        if part.row.statistic == "minimum":
            low[part.mask] = np.maximum(low[part.mask], printed)
        elif part.row.statistic == "maximum":
            high[part.mask] = np.minimum(high[part.mask], printed)
        elif part.row.statistic == "median":
            spread = chance.normal(printed, max(2, printed / 3), part.mask.sum())
            values[part.mask] = np.round(spread)
    return np.clip(values, low, high)


def centre(values: np.ndarray, asked: Sequence[Summary], low: np.ndarray, high: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Values with each group's printed spread, then centre, then extremes, each as far as the rows' intervals allow."""
    values = values.copy()
    for statistic in ("sd", "mean", "quantile", "median", "minimum", "maximum"):
        for part in asked:
            if part.row.statistic != statistic:
                continue
            group, printed = values[part.members], part.printed
            if statistic == "sd":
                group = chance.normal(group.mean(), printed, len(group))
            elif statistic == "mean":
                group = group + (printed - group.mean())
            elif statistic == "quantile":
                group = _by_order(group, [other for other in asked if np.array_equal(other.mask, part.mask)])
            elif statistic == "median":
                group = group + (printed - np.median(group))
            else:
                able = np.flatnonzero((low[part.members] <= printed) & (printed <= high[part.members]))
                group[chance.choice(able, min(1, len(able)), replace=False)] = printed
            values[part.members] = np.clip(np.round(group).astype(int), low[part.members], high[part.members])
    return values


def _by_order(group: np.ndarray, asked: Sequence[Summary]) -> np.ndarray:
    """Values in the same order that lie evenly between a group's printed extremes, quartiles and median."""
    known = {0.0: float(group.min()), 1.0: float(group.max())}
    known |= {_SHARES.get(part.row.statistic, part.share): part.printed for part in asked if part.row.statistic in (*_SHARES, "quantile")}
    shares = sorted(known)
    heights = np.maximum.accumulate([known[share] for share in shares])
    ranks = np.argsort(np.argsort(group, kind="stable"), kind="stable")
    return np.interp((ranks + 0.5) / len(group), shares, heights)
