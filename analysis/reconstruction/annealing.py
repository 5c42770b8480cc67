"""The compiled search: moves that keep every satisfied linear row, towards P values and hazard ratios.

A move changes one row or two, or all of one month; it is undone at once if it breaks a
rule, a window, a count, a curve or a follow-up fact that held before.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from analysis.reconstruction.kernels import comparison_miss, follow_up, kaplan_meier, two_curve
from analysis.reconstruction.moves import LEVELS, derive, lawful, meets, move_month, one_life, propose


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
def misfits(times, events, member, curves, curve_ends, spans, span_ends, limit):
    """Number of curve and follow-up rows that do not hold; counting ends above a limit."""
    wrong = 0
    for k in range(curves.shape[0]):
        condition, endpoint, horizon, kind = curves[k]
        estimate, error = kaplan_meier(times[endpoint], events[endpoint], member[condition], horizon)
        value = error if kind else estimate
        if value < curve_ends[k, 0] - 1e-9 or value > curve_ends[k, 1] + 1e-9:
            wrong += 1
            if wrong > limit:
                return wrong
    for k in range(spans.shape[0]):
        condition, endpoint, kind = spans[k]
        value = follow_up(times[endpoint], events[endpoint], member[condition], kind % 3, kind >= 3)
        if not span_ends[k, 0] <= value <= span_ends[k, 1]:
            wrong += 1
            if wrong > limit:
                return wrong
    return wrong


@njit(cache=True)
def soft_miss(times, events, member, comparisons, asked, weights):
    """Weighted sum of the comparisons' misses."""
    out = np.empty(9)
    total = 0.0
    for k in range(comparisons.shape[0]):
        if weights[k] > 0:
            endpoint, first, second = comparisons[k]
            two_curve(times[endpoint], events[endpoint], member[first], member[second], out)
            total += weights[k] * comparison_miss(out, asked[k])
    return total


@njit(cache=True)
def refresh(codes, life, times, events, member, total, clauses, conditions, chain, ends, p, asked):
    """Recompute what follows from a row's state, and the totals, for the conditions asked for."""
    derive(life, p, chain, ends, times, events)
    for c in asked:
        now = meets(codes, times, events, clauses, conditions[c, 0], conditions[c, 1], p)
        total[c] += int(now) - int(member[c, p])
        member[c, p] = now


@njit(cache=True)
def by_kind(clauses, conditions):
    """Conditions that speak of times or events, and those that speak of labels (some of both)."""
    speaks = np.zeros((2, conditions.shape[0]), np.bool_)
    for c in range(conditions.shape[0]):
        for k in range(conditions[c, 0], conditions[c, 1]):
            speaks[0 if clauses[k, 0] != LEVELS else 1, c] = True
    return np.flatnonzero(speaks[0]), np.flatnonzero(speaks[1])


@njit(cache=True)
def anneal(codes, life, clauses, conditions, counts, curves, curve_ends, spans, span_ends, comparisons, asked, weights,
           rules, windows, groups, group_size, frozen, links, kept, clock, chain, ends, endpoints,
           seed, moves, hot, cold):  # fmt: skip
    """Simulated annealing over the moves of `propose`.

    Returns
    -------
    best_codes, best_life : arrays
        The state with the least miss.
    best : float
        Its weighted miss; 0 if every comparison holds.
    wrong : int
        Linear rows that did not hold at the end.
    spent : int
        Moves made.
    """
    np.random.seed(seed)
    rows = codes.shape[1]
    everything = np.arange(conditions.shape[0])
    timed, labelled = by_kind(clauses, conditions)
    times, events = np.full((endpoints, rows), -1), np.zeros((endpoints, rows), np.int64)
    member, total = np.zeros((conditions.shape[0], rows), np.bool_), np.zeros(conditions.shape[0], np.int64)
    for p in range(rows):
        refresh(codes, life, times, events, member, total, clauses, conditions, chain, ends, p, everything)
    wrong_counts = miscounts(total, counts)
    wrong = misfits(times, events, member, curves, curve_ends, spans, span_ends, 10**6)
    now = soft_miss(times, events, member, comparisons, asked, weights)
    best, best_wrong, best_codes, best_life = now, wrong + wrong_counts, codes.copy(), life.copy()
    old_codes, old_life = codes.copy(), life.copy()
    touched = np.empty(rows, np.int64)
    spent = 0
    for move in range(moves):
        if best == 0.0 and best_wrong == 0:
            break
        spent += 1
        heat = hot * (cold / hot) ** (move / moves)
        p, q = np.random.randint(rows), np.random.randint(rows)
        kind = np.random.randint(9)
        if p == q:
            continue
        sound = True
        if kind == 8:
            move_month(life, chain)
        else:
            sound = propose(codes, life, groups, group_size, frozen, clock, chain, p, q, kind)
        stale = labelled if kind == 0 else timed
        many = 0
        for r in range(rows):
            if kind == 8 or r in (p, q):
                changed = False
                for k in range(7):
                    changed = changed or life[k, r] != old_life[k, r]
                for k in range(codes.shape[0]):
                    changed = changed or codes[k, r] != old_codes[k, r]
                if changed:
                    touched[many] = r
                    many += 1
        if many == 0:
            continue
        if sound:
            for k in range(many):
                refresh(codes, life, times, events, member, total, clauses, conditions, chain, ends, touched[k], stale)
            for k in range(many):
                sound = sound and lawful(life, times, events, member, touched[k], clock, rules, windows, chain)
            sound = sound and one_life(life, member, links, kept)
            new_counts = miscounts(total, counts) if sound else 0
            sound = sound and new_counts <= wrong_counts
            new_wrong = misfits(times, events, member, curves, curve_ends, spans, span_ends, wrong) if sound else 0
            sound = sound and new_wrong <= wrong
            if sound:
                then = soft_miss(times, events, member, comparisons, asked, weights)
                sound = then <= now or np.random.random() < math.exp((now - then) / heat)
                if sound:
                    now, wrong, wrong_counts = then, new_wrong, new_counts
                    for k in range(many):
                        old_codes[:, touched[k]], old_life[:, touched[k]] = codes[:, touched[k]], life[:, touched[k]]
                    if wrong + wrong_counts < best_wrong or (wrong + wrong_counts == best_wrong and now < best):
                        best, best_wrong = now, wrong + wrong_counts
                        best_codes[:], best_life[:] = codes, life
                    continue
        for k in range(many):
            codes[:, touched[k]], life[:, touched[k]] = old_codes[:, touched[k]], old_life[:, touched[k]]
            refresh(codes, life, times, events, member, total, clauses, conditions, chain, ends, touched[k], stale)
    return best_codes, best_life, best, best_wrong, spent
