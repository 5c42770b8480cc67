"""The compiled search for dates: simulated annealing over times and over labels that may change places."""

from __future__ import annotations

import math

import numpy as np

from analysis.compiled import njit
from analysis.reconstruction.kernels.date_kernels import LOWER, UPPER, Z, curve_at, curve_value, log_rank_z, summary, switching_cox


@njit(cache=True)
def seeded(seed):
    """Seed the compiled generator, which is not numpy's own."""
    np.random.seed(seed)


@njit(cache=True)
def outside(value, low, high, half):
    """How far a value lies outside an interval, in half-widths of the printed digits."""
    return max(low - value, value - high, 0.0) / half


@njit(cache=True)
def damped(miss):
    """A miss that grows ever slower: a narrow interval must not freeze everything else."""
    return 0.5 * math.log1p(miss)


@njit(cache=True)
def refresh(member, fixed, bits, codes, p):
    """Which conditions a row meets, its exchangeable labels having changed."""
    for c in range(fixed.shape[0]):
        met = fixed[c, p]
        for e in range(codes.shape[0]):
            met = met and (bits[c, e] >> codes[e, p]) & 1 == 1
        member[c, p] = met


@njit(cache=True)
def total_miss(values, events, member, curves, curve_ends, sums, sum_ends, ranks, rank_ends, switches, switch_ends):
    """Sum of misses of all printed statistics."""
    times = values[0]
    order = np.argsort(times, kind="mergesort")
    miss = 0.0
    for k in range(curves.shape[0]):
        survival, greenwood = curve_at(order, times, events, member[curves[k, 0]], curves[k, 1])
        miss += outside(curve_value(survival, greenwood, curves[k, 2]), curve_ends[k, 0], curve_ends[k, 1], curve_ends[k, 2])
    for k in range(sums.shape[0]):
        value = summary(values[sums[k, 1]], member[sums[k, 0]], sums[k, 2])
        miss += damped(outside(value, sum_ends[k, 0], sum_ends[k, 1], sum_ends[k, 2]))
    for k in range(ranks.shape[0]):
        z = log_rank_z(order, times, events, member[ranks[k, 0]], member[ranks[k, 1]])
        miss += damped(outside(z, rank_ends[k, 0], rank_ends[k, 1], rank_ends[k, 2]))
    for k in range(switches.shape[0]):
        beta, error = switching_cox(order, times, events, member[switches[k, 0]], values[switches[k, 1]])
        if switches[k, 2] == LOWER:
            beta -= Z * error
        elif switches[k, 2] == UPPER:
            beta += Z * error
        miss += damped(outside(beta, switch_ends[k, 0], switch_ends[k, 1], switch_ends[k, 2]))
    return miss


@njit(cache=True)
def drawn(low, high, event):
    """A time within a window: of deaths more in its early part."""
    if event and low > 0:
        return int(round(math.exp(math.log(low) + np.random.random() * (math.log(high) - math.log(low)))))
    return low + np.random.randint(high - low + 1)


@njit(cache=True)
def lawful(values, low, high, order, p):
    """Whether a row's times keep their windows and their order."""
    for v in range(values.shape[0]):
        if values[v, p] >= 0 and not low[v, p] <= values[v, p] <= high[v, p]:
            return False
    for k in range(order.shape[0]):
        a, b = values[order[k, 0], p], values[order[k, 1], p]
        if a >= 0 and b >= 0 and a + order[k, 2] > b:
            return False
    return True


@njit(cache=True)
def propose(values, events, codes, low, high, movable, p, q):
    """Change rows p and q in place; returns whether there is anything to try."""
    kind = np.random.random()
    if kind < 0.45:
        v = 0 if np.random.random() < 0.6 else np.random.randint(values.shape[0])
        if values[v, p] < 0:
            return False
        if np.random.random() < 0.5:
            values[v, p] = drawn(low[v, p], high[v, p], events[p] == 1 and v == 0)
        else:
            values[v, p] += np.random.randint(-12, 13)
        return values[v, p] >= 0  # below 0 it would read as no time at all
    if kind < 0.7:
        v = 0 if np.random.random() < 0.7 else np.random.randint(values.shape[0])
        if v == 0 and events[p] != events[q] or values[v, p] < 0 or values[v, q] < 0:
            return False
        values[v, p], values[v, q] = values[v, q], values[v, p]
        return True
    if codes.shape[0] == 0:
        return False
    e = np.random.randint(codes.shape[0])
    if not (movable[e, p] and movable[e, q]) or codes[e, p] == codes[e, q]:
        return False
    codes[e, p], codes[e, q] = codes[e, q], codes[e, p]
    return True


@njit(cache=True)
def anneal(values, events, codes, low, high, order, movable, fixed, bits, curves, curve_ends, sums, sum_ends, ranks, rank_ends,
           switches, switch_ends, seed, moves, hot, cold, away=0):  # fmt: skip
    """Best values and codes found, and their miss; changes its arguments.

    States of the first `away` moves do not count.

    Parameters
    ----------
    values : ndarray of int, shape (variables, rows)
        Times in grains, the endpoint's first; −1: none.
    events : ndarray of int, shape (rows,)
    codes : ndarray of int, shape (exchanges, rows)
    low, high : ndarray of int, shape (variables, rows)
    order : ndarray of int, shape (orders, 3)
        Earlier variable, later variable, least distance.
    movable : ndarray of bool, shape (exchanges, rows)
    fixed, bits
        Conditions: what cannot change, and bit masks of the codes that meet them.
    curves, sums, ranks, switches : ndarray of int
        What is asked; `…_ends` hold least and greatest value and a half-width.
    """
    np.random.seed(seed)
    rows = values.shape[1]
    member = np.zeros(fixed.shape, np.bool_)
    for p in range(rows):
        refresh(member, fixed, bits, codes, p)
    now = total_miss(values, events, member, curves, curve_ends, sums, sum_ends, ranks, rank_ends, switches, switch_ends)
    best, best_values, best_codes = now, values.copy(), codes.copy()
    for move in range(moves):
        if move == away:
            best, best_values, best_codes = now, values.copy(), codes.copy()
        if move >= away and best == 0.0:
            break
        heat = hot * (cold / hot) ** (move / moves)
        p, q = np.random.randint(rows), np.random.randint(rows)
        if p == q:
            continue
        old_values = values[:, p].copy(), values[:, q].copy()
        old_codes = codes[:, p].copy(), codes[:, q].copy()
        accepted = propose(values, events, codes, low, high, movable, p, q)
        accepted = accepted and lawful(values, low, high, order, p) and lawful(values, low, high, order, q)
        if accepted:
            refresh(member, fixed, bits, codes, p)
            refresh(member, fixed, bits, codes, q)
            miss = total_miss(values, events, member, curves, curve_ends, sums, sum_ends, ranks, rank_ends, switches, switch_ends)
            accepted = miss <= now or np.random.random() < math.exp((now - miss) / heat)
            if accepted:
                now = miss
                if now < best:
                    best, best_values, best_codes = now, values.copy(), codes.copy()
        if not accepted:
            values[:, p], values[:, q] = old_values
            codes[:, p], codes[:, q] = old_codes
            refresh(member, fixed, bits, codes, p)
            refresh(member, fixed, bits, codes, q)
    return best_values, best_codes, best
