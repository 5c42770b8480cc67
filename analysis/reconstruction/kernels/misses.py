"""What a state of the search misses: counts, curves and follow-up facts, and comparisons."""

from __future__ import annotations

import math

from analysis.compiled import njit
from analysis.reconstruction.kernels.kernels import comparison_miss, cox, event_months, follow_up, kaplan_meier, moments
from analysis.reconstruction.kernels.kernels import limit as limit_of_curve
from analysis.reconstruction.kernels.tallies import at_risk
from analysis.reconstruction.problem.digitised import AT_RISK, ERROR, ESTIMATE, LOWER, UPPER


@njit(cache=True)
def miscounts(total, counts):
    """Number of count rows that do not hold.

    Parameters
    ----------
    total : array of int, shape (conditions,)
        Rows that meet each condition.
    counts : array of int, shape (counts, 5)
        As in `search_state.Asked`.
    """
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
def outside(kind, estimate, error, number, ends):
    """How far what a curve's row tells lies outside its ends, in their unit; of a limit, by its nearest transformation.

    Parameters
    ----------
    kind : int
        Of `problem.digitised`: `ESTIMATE`, `ERROR`, `AT_RISK`, `LOWER` or `UPPER`.
    estimate, error : float
        In percent.
    number : float
        Patients at risk.
    ends : array, shape (2,)
        In percent or patients.
    """
    if kind >= LOWER:
        nearest = math.inf
        for method in range(3):
            value = limit_of_curve(estimate, error, method, kind == UPPER)
            nearest = min(nearest, max(ends[0] - value, value - ends[1]))
        return nearest
    value = estimate if kind == ESTIMATE else error if kind == ERROR else number
    return max(ends[0] - value, value - ends[1])


@njit(cache=True)
def misfits(leaving, deaths, sizes, stale, curves, curve_ends, spans, span_ends, fits, hard, gaps, limit):
    """Number of hard curve rows and follow-up rows that do not hold; counting ends above a limit.

    Only rows of stale groups are looked at anew; `fits` tells of each row whether it holds, and is overwritten.
    So is `gaps`: of each curve row that is not `hard`, 0 where it holds, else a step for being outside
    at all, and the distance in patients of the group.

    Parameters
    ----------
    leaving, deaths : array of int, shape (groups, months)
    sizes : array of int, shape (groups,)
    stale : array of bool, shape (groups,)
        As in `search_state.Tallies`.
    curves, curve_ends, spans, span_ends : array
        As in `search_state.Asked`.
    fits : array of bool, shape (curves + spans,)
    hard : array of bool, shape (curves,)
    gaps : array of float, shape (curves,)
    limit : int
    """
    wrong, group, until, estimate, error = 0, -1, -1, 0.0, 0.0
    for k in range(curves.shape[0]):
        g, horizon, kind = curves[k]
        if stale[g]:
            if g != group or horizon != until:  # rows of one time follow each other
                group, until = g, horizon
                estimate, error = kaplan_meier(leaving[g], deaths[g], sizes[g], horizon)
            number = at_risk(leaving[g], sizes[g], horizon) if kind == AT_RISK else 0.0
            off = outside(kind, estimate, error, number, curve_ends[k])
            fits[k] = off <= 1e-9
            if not hard[k]:
                gaps[k] = 0.0 if fits[k] else 0.3 + 5.0 * (off if kind == AT_RISK else off * sizes[g] / 100)
        if hard[k] and not fits[k]:
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
def soft_miss(leaving, deaths, sizes, stale, comparisons, ways, methods, ends, weights, misses, limit, steps, out, unsure):
    """Weighted sum of the comparisons' misses; adding ends above a limit.

    Only comparisons of stale groups are made anew; `misses` holds each one's, and is overwritten, as are the event months
    and moments of the last one, `steps` of shape (months, 4) and `out` of shape (9,), and `unsure`, which tells of each
    comparison whether it needs a model.  Models, which take longest, come last.

    Parameters
    ----------
    leaving, deaths, sizes, stale : array
        As in `misfits`.
    comparisons, ways, methods, ends, weights : array
        `compared`, `ways`, `methods`, `way_ends` and `weights` of `search_state.Asked`.
    misses : array of float, shape (comparisons,)
    limit : float
    steps, out, unsure : array

    Returns
    -------
    float
        Infinite above the limit.
    """
    total, months, held, models = 0.0, 0, -1, 0
    for k in range(comparisons.shape[0]):
        unsure[k] = False
        if weights[k] == 0:
            continue
        first, second = comparisons[k]
        if stale[first] or stale[second]:
            if held < 0 or comparisons[held, 0] != first or comparisons[held, 1] != second:  # those of the same groups follow each other
                months, held = event_months(leaving, deaths, sizes, first, second, steps), k
                moments(steps[:months], out)
            misses[k], sure = comparison_miss(out, methods, ends, ways[k, 0], ways[k, 1], False)
            unsure[k] = not sure
            models += unsure[k]
        total += weights[k] * misses[k]
        if total > limit:
            return math.inf
    if not models:
        return total
    for k in range(comparisons.shape[0]):
        if unsure[k]:
            first, second = comparisons[k]
            if models > 1 or held != k:
                months = event_months(leaving, deaths, sizes, first, second, steps)
                moments(steps[:months], out)
            cox(steps[:months], out)
            least = misses[k]
            misses[k], _ = comparison_miss(out, methods, ends, ways[k, 0], ways[k, 1], True)
            total += weights[k] * (misses[k] - least)
            if total > limit:
                return math.inf
    total = 0.0  # of misses alone, or what was added and taken away would leave a trace
    for k in range(comparisons.shape[0]):
        total += weights[k] * misses[k]
    return total if total <= limit else math.inf
