"""Values with which the search of numbers begins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import norm

from analysis.reconstruction.counts.summaries import Summary

#: Shares of a group's values that lie below its printed order statistics.
_SHARES = {"minimum": 0.0, "median": 0.5, "maximum": 1.0}
#: Least weight of a normal distribution's shape between printed order statistics, against evenly spread values.
_NORMAL = 0.7


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
            elif statistic == "quantile" or (statistic == "median" and _spread_by_extremes(part, asked)):
                group = _by_order(group, _of_group(part, asked), chance)
            elif statistic == "median":
                group = group + (printed - np.median(group))
            else:
                able = np.flatnonzero((low[part.members] <= printed) & (printed <= high[part.members]))
                group[chance.choice(able, min(1, len(able)), replace=False)] = printed
            values[part.members] = np.clip(np.round(group).astype(int), low[part.members], high[part.members])
    return values


def _of_group(part: Summary, asked: Sequence[Summary]) -> list[Summary]:
    """Summaries of the same patients."""
    return [other for other in asked if np.array_equal(other.mask, part.mask)]


def _spread_by_extremes(median: Summary, asked: Sequence[Summary]) -> bool:
    """Whether extremes, and nothing else, are printed with a group's median that tell its spread."""
    printed = {part.row.statistic for part in _of_group(median, asked)}
    return {"minimum", "maximum"} <= printed and not printed & {"quantile", "sd"}


def _by_order(group: np.ndarray, asked: Sequence[Summary], chance: np.random.Generator) -> np.ndarray:
    """Values in the same order between a group's printed extremes, quartiles and median, mostly as a normal distribution has them.

    Evenly spread between a quartile and an extreme, or the end of a variable's range, most groups would vary far too much: of
    ages by half again.  On normal scores, quartiles tell the spread as in Wan et al. (BMC Med Res Methodol 2014;14:135).  How
    near to normal is drawn, for the paper does not say.
    """
    known = {_SHARES.get(part.row.statistic, part.share): part.printed for part in asked if part.row.statistic in (*_SHARES, "quantile")}
    shares = np.array(sorted(known))
    heights = np.maximum.accumulate([float(known[share]) for share in shares])
    ranks = (np.argsort(np.argsort(group, kind="stable"), kind="stable") + 0.5) / len(group)
    edge = 0.25 / len(group)  # where an extreme is expected
    scores = norm.ppf(np.clip(shares, edge, 1 - edge))
    normal = _interpolate(norm.ppf(ranks), scores, heights)
    least, most = min(heights[0], float(group.min())), max(heights[-1], float(group.max()))
    evenly = np.interp(ranks, np.concatenate(([0.0], shares, [1.0])), np.concatenate(([least], heights, [most])))
    weight = chance.uniform(_NORMAL, 1)
    return weight * np.clip(normal, least, most) + (1 - weight) * evenly


def _interpolate(at: np.ndarray, scores: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Values on the lines between known points, the outermost lines going on beyond them; one point alone tells no line."""
    found = np.interp(at, scores, heights)
    for beyond, near, next_ in ((at < scores[0], 0, 1), (at > scores[-1], -1, -2)) if scores[0] < scores[-1] else ():
        slope = (heights[near] - heights[next_]) / (scores[near] - scores[next_])
        found[beyond] = heights[near] + slope * (at[beyond] - scores[near])
    return found
