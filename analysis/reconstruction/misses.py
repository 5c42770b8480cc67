"""What a state of the search misses: counts, curves and follow-up facts, and comparisons."""

from __future__ import annotations

import math

import numpy as np

from analysis.compiled import njit
from analysis.reconstruction.kernels import cox, event_months, follow_up, kaplan_meier, log_rank_miss, moments, ratio_miss
from analysis.reconstruction.tallies import at_risk


@njit(cache=True)
def miscounts(total, counts):
    """Number of count rows that do not hold."""
    wrong = 0
    for k in range(counts.shape[0]):
        number, whole, scale, low, high = counts[k]
        if scale > 0:
            if not low <= total[number] <= high:
                wrong += 1
        elif not low * total[whole] <= -scale * total[number] <= high * total[whole]:
            wrong += 1
    return wrong


@njit(cache=True)
def misfits(leaving, deaths, sizes, stale, curves, curve_ends, spans, span_ends, fits, limit):
    """Number of curve and follow-up rows that do not hold; counting ends above a limit.

    Only rows of stale groups are looked at anew; `fits` tells of each row whether it holds, and is overwritten.
    """
    wrong, group, until, estimate, error = 0, -1, -1, 0.0, 0.0
    for k in range(curves.shape[0]):
        g, horizon, kind = curves[k]
        if stale[g]:
            if g != group or horizon != until:  # an estimate and its standard error stand one after the other
                group, until = g, horizon
                estimate, error = kaplan_meier(leaving[g], deaths[g], sizes[g], horizon)
            value = estimate if kind == 0 else error if kind == 1 else at_risk(leaving[g], sizes[g], horizon)
            fits[k] = curve_ends[k, 0] - 1e-9 <= value <= curve_ends[k, 1] + 1e-9
        if not fits[k]:
            wrong += 1
            if wrong > limit:
                return wrong
    for k in range(spans.shape[0]):
        g, kind = spans[k]
        place = curves.shape[0] + k
        if stale[g]:
            fits[place] = span_ends[k, 0] <= follow_up(leaving[g], deaths[g], kind % 3, kind >= 3) <= span_ends[k, 1]
        if not fits[place]:
            wrong += 1
            if wrong > limit:
                return wrong
    return wrong


@njit(cache=True)
def soft_miss(leaving, deaths, sizes, stale, comparisons, asked, weights, misses, limit):
    """Weighted sum of the comparisons' misses; adding ends above a limit.

    Only comparisons of stale groups are made anew; `misses` holds each one's, and is overwritten.
    """
    out, steps = np.empty(9), np.empty((leaving.shape[1], 4), np.int64)
    total = 0.0
    for k in range(comparisons.shape[0]):
        if weights[k] == 0:
            continue
        first, second = comparisons[k]
        if stale[first] or stale[second]:
            months = event_months(leaving, deaths, sizes, first, second, steps)
            moments(steps[:months], out)
            misses[k] = log_rank_miss(out, asked[k])
            if total + weights[k] * misses[k] > limit:
                return math.inf
            if not (math.isnan(asked[k, 2]) and math.isnan(asked[k, 4]) and math.isnan(asked[k, 6])):
                cox(steps[:months], out)
                misses[k] += ratio_miss(out, asked[k])
        total += weights[k] * misses[k]
        if total > limit:
            return math.inf
    return total
