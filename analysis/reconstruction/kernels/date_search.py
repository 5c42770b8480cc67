"""The compiled search for dates: simulated annealing over times and over labels that may change places."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from analysis.compiled import njit
from analysis.reconstruction.kernels.date_kernels import LOWER, UPPER, Z, curve_at, curve_value, log_rank_z, summary, switching_cox


class AskedOfDates(NamedTuple):
    """What is printed; each `…_ends` holds least and greatest value and a half-width of the printed digits, shape (k, 3).

    Attributes
    ----------
    curves : (k, 3)
        Condition, last time, kind (estimate or limit) of a survival curve.
    sums : (k, 3)
        Condition, variable, summary.
    ranks : (k, 3)
        The two conditions of a log-rank test, 0.
    switches : (k, 3)
        Condition, variable of the switch, kind of a time-dependent hazard ratio.
    """

    curves: np.ndarray
    curve_ends: np.ndarray
    sums: np.ndarray
    sum_ends: np.ndarray
    ranks: np.ndarray
    rank_ends: np.ndarray
    switches: np.ndarray
    switch_ends: np.ndarray


class Windows(NamedTuple):
    """Least and greatest value of each time, shape (variables, rows); and its order: earlier, later variable, least distance."""

    low: np.ndarray
    high: np.ndarray
    order: np.ndarray


class Labels(NamedTuple):
    """Which rows' labels may change places, shape (exchanges, rows); of each condition what cannot change, shape
    (conditions, rows), and bit masks of the codes that meet it, shape (conditions, exchanges)."""

    movable: np.ndarray
    fixed: np.ndarray
    bits: np.ndarray


class Dated(NamedTuple):
    """A state: times in grains, the endpoint's first, −1 for none, shape (variables, rows); and codes, shape (exchanges, rows)."""

    values: np.ndarray
    codes: np.ndarray


@njit(cache=True)
def seed_generator(seed):
    """Seed the compiled generator, which is not numpy's own."""
    np.random.seed(seed)


@njit(cache=True)
def outside(value, low, high, half):
    """How far a value lies outside an interval, in half-widths of the printed digits.

    Parameters
    ----------
    value, low, high : float
    half : float
        Half a unit of the last printed digit.
    """
    return max(low - value, value - high, 0.0) / half


@njit(cache=True)
def damp(miss):
    """A miss that grows ever slower: a narrow interval must not freeze everything else."""
    return 0.5 * math.log1p(miss)


@njit(cache=True)
def refresh(member, labels, codes, p):
    """Which conditions a row meets, its exchangeable labels having changed.

    Parameters
    ----------
    member : array of bool, shape (conditions, rows)
        Overwritten for row `p`.
    labels : Labels
    codes : array of int, shape (exchanges, rows)
    p : int
    """
    for c in range(labels.fixed.shape[0]):
        met = labels.fixed[c, p]
        for e in range(codes.shape[0]):
            met = met and (labels.bits[c, e] >> codes[e, p]) & 1 == 1
        member[c, p] = met


@njit(cache=True)
def total_miss(asked, values, events, member):
    """Sum of misses of all printed statistics.

    Parameters
    ----------
    asked : AskedOfDates
    values : array of int, shape (variables, rows)
        Times as in `Dated`, the endpoint's first.
    events : array of int, shape (rows,)
    member : array of bool, shape (conditions, rows)

    Returns
    -------
    float
        In half-widths of the printed digits; 0 if everything printed is reproduced.
    """
    times = values[0]
    order = np.argsort(times, kind="mergesort")
    miss = 0.0
    for k in range(asked.curves.shape[0]):
        group, until, kind = asked.curves[k]
        survival, greenwood = curve_at(order, times, events, member[group], until)
        low, high, half = asked.curve_ends[k]
        miss += outside(curve_value(survival, greenwood, kind), low, high, half)
    for k in range(asked.sums.shape[0]):
        group, variable, kind = asked.sums[k]
        low, high, half = asked.sum_ends[k]
        miss += damp(outside(summary(values[variable], member[group], kind), low, high, half))
    for k in range(asked.ranks.shape[0]):
        first, second, _ = asked.ranks[k]
        low, high, half = asked.rank_ends[k]
        miss += damp(outside(log_rank_z(order, times, events, member[first], member[second]), low, high, half))
    for k in range(asked.switches.shape[0]):
        group, variable, kind = asked.switches[k]
        beta, error = switching_cox(order, times, events, member[group], values[variable])
        if kind == LOWER:
            beta -= Z * error
        elif kind == UPPER:
            beta += Z * error
        low, high, half = asked.switch_ends[k]
        miss += damp(outside(beta, low, high, half))
    return miss


@njit(cache=True)
def draw_time(low, high, event):
    """A time within a window: of deaths more in its early part.

    Parameters
    ----------
    low, high : int
        Ends of the window, in grains, both included.
    event : bool
        Whether the time is that of a death: then its logarithm is uniform.
    """
    if event and low > 0:
        return int(round(math.exp(math.log(low) + np.random.random() * (math.log(high) - math.log(low)))))
    return low + np.random.randint(high - low + 1)


@njit(cache=True)
def lawful(values, windows, p):
    """Whether a row's times keep their windows and their order.

    Parameters
    ----------
    values : array of int, shape (variables, rows)
    windows : Windows
    p : int
    """
    for v in range(values.shape[0]):
        if values[v, p] >= 0 and not windows.low[v, p] <= values[v, p] <= windows.high[v, p]:
            return False
    for k in range(windows.order.shape[0]):
        earlier, later, distance = windows.order[k]
        a, b = values[earlier, p], values[later, p]
        if a >= 0 and b >= 0 and a + distance > b:
            return False
    return True


@njit(cache=True)
def propose(values, events, codes, windows, movable, p, q):
    """Change rows p and q in place; returns whether there is anything to try.

    45% of proposals change one time, 25% exchange a time between two rows, the others exchange a label.

    Parameters
    ----------
    values : array of int, shape (variables, rows)
    events : array of int, shape (rows,)
    codes : array of int, shape (exchanges, rows)
    windows : Windows
    movable : array of bool, shape (exchanges, rows)
        As in `Labels`.
    p, q : int
        Rows.
    """
    kind = np.random.random()
    if kind < 0.45:
        v = 0 if np.random.random() < 0.6 else np.random.randint(values.shape[0])
        if values[v, p] < 0:
            return False
        if np.random.random() < 0.5:
            values[v, p] = draw_time(windows.low[v, p], windows.high[v, p], events[p] == 1 and v == 0)
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
def anneal(asked, windows, labels, events, dated, seed, moves, hot, cold, away=0):
    """Best state found, and its miss; changes the state given.

    States of the first `away` moves do not count.

    Parameters
    ----------
    asked : AskedOfDates
    windows : Windows
    labels : Labels
    events : ndarray of int, shape (rows,)
    dated : Dated
    seed, moves, away : int
    hot, cold : float
        First and last temperature, in units of the miss.
    """
    np.random.seed(seed)
    values, codes = dated.values, dated.codes
    rows = values.shape[1]
    member = np.zeros(labels.fixed.shape, np.bool_)
    for p in range(rows):
        refresh(member, labels, codes, p)
    now = total_miss(asked, values, events, member)
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
        accepted = propose(values, events, codes, windows, labels.movable, p, q)
        accepted = accepted and lawful(values, windows, p) and lawful(values, windows, q)
        if accepted:
            refresh(member, labels, codes, p)
            refresh(member, labels, codes, q)
            miss = total_miss(asked, values, events, member)
            accepted = miss <= now or np.random.random() < math.exp((now - miss) / heat)
        if accepted:
            now = miss
            if now < best:
                best, best_values, best_codes = now, values.copy(), codes.copy()
            continue
        values[:, p], values[:, q] = old_values
        codes[:, p], codes[:, q] = old_codes
        refresh(member, labels, codes, p)
        refresh(member, labels, codes, q)
    return Dated(best_values, best_codes), best
