"""What a state misses, compiled: each printed number by a look-up in life tables.

Every miss is 0 where the number holds, else a step for being outside at all and the distance in units, between a printed
half-width and what one patient changes (`temperatures.Scaled`), so that one scale of temperatures suits every size.

Each function takes the arrays that it needs: numba counts references to every array of a named tuple at each call,
which took longer than the arithmetic.
"""

from __future__ import annotations

import math

from analysis.compiled import UNCOUNTED, njit
from analysis.reconstruction.kernels.kernels import COX, LOG_RANK, RATIO, WALD, Z, cox_ratio, event_months, follow_up, limit, moments
from analysis.reconstruction.large.kernels.life_tables import error_at, followed_at, height
from analysis.reconstruction.large.state import (
    AT_RISK,
    ESTIMATE,
    FOLLOWED,
    LOWER_AT,
    OVER_ALL,
    OVER_SURVIVORS,
    UPPER_AT,
)  # fmt: skip

#: What an undefined number costs.
UNDEFINED = 50.0
#: Sums of floats differ in their last bits.
LAST_BITS = 1e-9
#: How far from a height, in percent, a curve must pass: on it, programs disagree about the time.
PLATEAU = 1e-4


@njit(cache=True)
def outside(value, low, high, unit, step):
    """Miss of a value that should lie between two ends; NaN ends ask nothing."""
    if math.isnan(low):
        return 0.0
    if math.isnan(value):
        return UNDEFINED
    off = max(low - value, value - high)
    return 0.0 if off <= LAST_BITS else step + off / unit


@njit(cache=True)
def sums_miss(sums, terms, ends, total, misses, place, step):
    """Of weighted sums of numbers of patients."""
    found = 0.0
    for k in range(sums.shape[0]):
        value = 0
        for j in range(sums[k, 0], sums[k, 1]):
            value += terms[j, 1] * total[terms[j, 0]]
        misses[place + k] = outside(float(value), ends[k, 0], ends[k, 1], ends[k, 2], step)
        found += misses[place + k]
    return found


@njit(cache=True)
def points_miss(points, ends, survival, greenwood, at_risk, stale, misses, place, step):
    """Of estimates, their standard errors and numbers at risk."""
    found = 0.0
    for k in range(points.shape[0]):
        g, t, what = points[k, 0], points[k, 1], points[k, 2]
        if stale[g]:
            if what == ESTIMATE:
                value = survival[g, t]
            elif what == AT_RISK:
                value = at_risk[g, t]
            else:
                value = error_at(survival[g, t], greenwood[g, t])
            misses[place + k] = outside(value, ends[k, 0], ends[k, 1], ends[k, 2], step)
        found += misses[place + k]
    return found


@njit(cache=True)
def incidences_miss(incidences, ends, survival, at_risk, deaths, stale, misses, place, step):
    """Of cumulative incidences of one cause with another competing (Aalen-Johansen), in percent."""
    found = 0.0
    for k in range(incidences.shape[0]):
        whole, part = incidences[k, 0], incidences[k, 1]
        if stale[whole] or stale[part]:
            value, free = 0.0, 100.0
            for t in range(incidences[k, 2] + 1):
                if deaths[part, t] > 0:
                    value += free * deaths[part, t] / at_risk[whole, t]
                free = survival[whole, t]
            misses[place + k] = outside(value, ends[k, 0], ends[k, 1], ends[k, 2], step)
        found += misses[place + k]
    return found


@njit(cache=True)
def passes(before, after, at, patient, step):
    """How far a curve is from being above a height before a first step, and below it at a last."""
    early = outside(before, at + PLATEAU, 100.0, patient, step)
    return early + outside(after, 0.0, at - PLATEAU, patient, step)


@njit(cache=True)
def crossing_miss(leaving, deaths, size, survival, greenwood, method, which, first, last, at, step):
    """Of the time at which a curve comes down to a height: how far it is from being above it until the first step, and below it at the last."""
    if which < FOLLOWED:
        before, after = height(survival, greenwood, first - 1, which, method), height(survival, greenwood, last, which, method)
    else:
        before = followed_at(leaving, deaths, size, first - 1, which, method)
        after = followed_at(leaving, deaths, size, last, which, method)
    return passes(before, after, at, 100.0 / max(1, size), step)


@njit(cache=True)
def limits_miss(families, limits, ends, scales, leaving, deaths, size, survival, greenwood, stale, misses, place, step):
    """Of confidence limits: those of a family by the one transformation that fits all of them best."""
    found = 0.0
    for f in range(families.shape[0]):
        moved = False
        for k in range(families[f, 0], families[f, 1]):
            moved = moved or stale[limits[k, 0]]
        if moved:
            best = math.inf
            for method in range(3):
                if scales[method]:
                    miss = 0.0
                    for k in range(families[f, 0], families[f, 1]):
                        g, which, first, last = limits[k, 0], limits[k, 1], limits[k, 2], limits[k, 3]
                        if which >= LOWER_AT:
                            estimate = survival[g, first]
                            value = limit(estimate, error_at(estimate, greenwood[g, first]), method, which == UPPER_AT)
                            miss += outside(value, ends[k, 0], ends[k, 1], ends[k, 2], step)
                        else:
                            miss += crossing_miss(
                                leaving[g], deaths[g], size[g], survival[g], greenwood[g], method, which, first, last, ends[k, 0], step
                            )
                        if miss >= best:
                            break
                    best = min(best, miss)
            misses[place + f] = best
        found += misses[place + f]
    return found


@njit(cache=True)
def crossings_miss(crossings, heights, leaving, deaths, size, survival, greenwood, stale, misses, place, step):
    """Of medians and other quantiles of a curve."""
    found = 0.0
    for k in range(crossings.shape[0]):
        g, which, first, last = crossings[k, 0], crossings[k, 1], crossings[k, 2], crossings[k, 3]
        if stale[g]:
            misses[place + k] = crossing_miss(
                leaving[g], deaths[g], size[g], survival[g], greenwood[g], 0, which, first, last, heights[k], step
            )
        found += misses[place + k]
    return found


@njit(cache=True)
def spans_miss(spans, ends, leaving, deaths, stale, misses, place, step):
    """Of medians, least and greatest times."""
    found = 0.0
    for k in range(spans.shape[0]):
        g, kind = spans[k, 0], spans[k, 1]
        if stale[g]:
            whose, best = kind // 3, math.inf
            for survivors in range(whose == OVER_SURVIVORS, 1 + (whose != OVER_ALL)):
                time = follow_up(leaving[g], deaths[g], kind % 3, survivors == 1)
                best = min(best, outside(time, ends[k, 0], ends[k, 1], 1.0, step))
            misses[place + k] = best
        found += misses[place + k]
    return found


@njit(cache=True)
def means_miss(means, ends, survival, stale, misses, place, step):
    """Of restricted means: the area under an estimate until a step, in steps; the curve is 1 before the first."""
    found = 0.0
    for k in range(means.shape[0]):
        g = means[k, 0]
        if stale[g]:
            area = 0.0
            for t in range(means[k, 1]):
                area += survival[g, t]
            misses[place + k] = outside(area / 100.0, ends[k, 0], ends[k, 1], ends[k, 2], step)
        found += misses[place + k]
    return found


@njit(cache=True)
def ratio_miss(b, se, ends, units, step):
    """Of a log ratio, its limits and Wald's test by one method."""
    miss = 0.0
    for part in range(3):
        place, sign = RATIO + part, 0.0 if part == 0 else (-Z if part == 1 else Z)
        miss += outside(b + sign * se, ends[2 * place], ends[2 * place + 1], units[1], step)
    return miss + outside(abs(b / se) if se > 0 else math.nan, ends[2 * WALD], ends[2 * WALD + 1], units[0], step)


@njit(cache=True)
def comparison_miss(steps, first, last, methods, ends, units, ratios, out, spare, step):
    """Of P, ratio and its limits, by the one of a comparison's ways that fits best; any value above `spare` once no way can miss less.

    `ratios` keeps each model's last ratio.
    """
    moments(steps, out)
    best = math.inf
    for way in range(first, last):
        its, method = ends[way], methods[way]
        miss = outside(math.sqrt(out[0]) if out[0] >= 0 else math.nan, its[2 * LOG_RANK], its[2 * LOG_RANK + 1], units[0], step)
        if miss < best and miss <= spare:  # else spared a model, which takes longest
            if method < COX:
                b, se = out[1 + 2 * method], out[2 + 2 * method]
            else:
                b, se = cox_ratio(steps, method == COX, ratios[method - COX])
                ratios[method - COX] = 0.0 if math.isnan(b) else b
            miss += ratio_miss(b, se, its, units, step)
        best = min(best, miss)
        if best == 0:
            break
    return best


@njit(cache=True)
def compared_miss(compared, units, methods, ends, leaving, deaths, size, stale, misses, place, ratios, steps, out, spare, step):
    """Of all comparisons; infinite once surely above `spare`."""
    found = 0.0
    for k in range(compared.shape[0]):
        first, second = compared[k, 0], compared[k, 1]
        if stale[first] or stale[second]:
            months = event_months(leaving, deaths, size, first, second, steps)
            misses[place + k] = comparison_miss(
                steps[:months], compared[k, 2], compared[k, 3], methods, ends, units[k], ratios[k], out, spare - found, step
            )
        found += misses[place + k]
        if found > spare:
            return math.inf
    return found


@njit(cache=True, **UNCOUNTED)
def total_miss(asked, tables, total, stale, misses, ratios, steps, out, spare):
    """Sum of all misses, those of stale groups made anew; infinite once it is surely above `spare`.

    `misses` holds one number an item: sums, points, incidences, families of limits, crossings, spans, means, comparisons, in this order.
    The comparisons, which take longest, come last.
    """
    step = asked.step[0]
    found, place = sums_miss(asked.sums, asked.terms, asked.sum_ends, total, misses, 0, step), asked.sums.shape[0]
    if found > spare:
        return math.inf
    found += points_miss(asked.points, asked.point_ends, tables.survival, tables.greenwood, tables.at_risk, stale, misses, place, step)
    place += asked.points.shape[0]
    if found > spare:
        return math.inf
    found += incidences_miss(
        asked.incidences, asked.incidence_ends, tables.survival, tables.at_risk, tables.deaths, stale, misses, place, step
    )
    place += asked.incidences.shape[0]
    found += limits_miss(
        asked.families, asked.limits, asked.limit_ends, asked.scales,
        tables.leaving, tables.deaths, tables.size, tables.survival, tables.greenwood, stale, misses, place, step,
    )  # fmt: skip
    place += asked.families.shape[0]
    found += crossings_miss(
        asked.crossings, asked.crossing_heights,
        tables.leaving, tables.deaths, tables.size, tables.survival, tables.greenwood, stale, misses, place, step,
    )  # fmt: skip
    place += asked.crossings.shape[0]
    found += spans_miss(asked.spans, asked.span_ends, tables.leaving, tables.deaths, stale, misses, place, step)
    place += asked.spans.shape[0]
    found += means_miss(asked.means, asked.mean_ends, tables.survival, stale, misses, place, step)
    place += asked.means.shape[0]
    if found > spare:
        return math.inf
    return found + compared_miss(
        asked.compared, asked.compared_units, asked.methods, asked.way_ends,
        tables.leaving, tables.deaths, tables.size, stale, misses, place, ratios, steps, out, spare - found, step,
    )  # fmt: skip
