"""The compiled search: moves that keep every satisfied linear row, towards P values and hazard ratios.

A move changes one row or two, or all of one month; it is undone at once if it breaks a
rule, a window, a count, a curve or a follow-up fact that held before.  What is printed of a
curve and does not hold at the start (of a large group, whose risk sets cannot be listed)
adds to the miss instead, and is approached like a comparison.
"""

from __future__ import annotations

import math

import numpy as np

from analysis.compiled import njit
from analysis.reconstruction.kernels import tallies
from analysis.reconstruction.kernels.memberships import allowing, of_times, relabel, retime
from analysis.reconstruction.kernels.misses import miscounts, misfits, soft_miss
from analysis.reconstruction.kernels.moves import carry, derive, lawful, move_month, one_life, propose

#: Rows up to which all of a month are moved as often as one; of more, a month has so many that this is done less often.
MONTHLY = 400


@njit(cache=True)
def differs(state, old, p):
    """Whether a row's state is another than before."""
    for k in range(state.shape[0]):  # noqa: SIM110 numba compiles no generators
        if state[k, p] != old[k, p]:
            return True
    return False


@njit(cache=True)
def refresh(codes, life, times, events, member, total, clauses, conditions, timed, allowed, bits, speaks, chain, ends, later, p, labels):
    """Recompute what follows from a row's state: its times, the conditions that it meets, the totals."""
    derive(life, p, chain, ends, later, times, events)
    if labels:
        relabel(codes, p, allowed, bits, speaks, member, total)
    retime(codes, times, events, clauses, conditions, timed, p, member, total)


@njit(cache=True)
def anneal(codes, life, clauses, conditions, counts, pairs, curves, curve_ends, spans, span_ends, comparisons, asked, weights,
           rules, windows, groups, group_size, frozen, links, kept, clock, chain, ends, later, endpoints,
           seed, moves, hot, cold, away):  # fmt: skip
    """Simulated annealing over the moves of `propose`.

    States of the first `away` moves do not count.

    Returns
    -------
    best_codes, best_life : arrays
        The state with the least miss.
    best : float
        Its weighted miss; 0 if every comparison and curve holds.
    wrong : int
        Rows of counts, curves and follow-up that did not hold at the end.
    spent : int
        Moves made.
    """
    np.random.seed(seed)
    rows = codes.shape[1]
    speaks = of_times(clauses, conditions)
    timed = np.flatnonzero(speaks)
    allowed = allowing(clauses, conditions, codes.shape[0], codes.max() + 1)
    bits = np.zeros((rows, allowed.shape[2]), np.uint64)
    times, events = np.full((endpoints, rows), -1), np.zeros((endpoints, rows), np.int64)
    member, total = np.zeros((conditions.shape[0], rows), np.bool_), np.zeros(conditions.shape[0], np.int64)
    for p in range(rows):
        refresh(codes, life, times, events, member, total, clauses, conditions, timed, allowed, bits, speaks, chain, ends, later, p, True)
    leaving, deaths, sizes, place = tallies.empty(pairs, max(clock[5], times.max()) + 1, rows)
    stale = np.ones(pairs.shape[0], np.bool_)
    for p in range(rows):
        tallies.recount(pairs, times, events, member, p, leaving, deaths, sizes, place, stale)
    fits, misses = np.zeros(curves.shape[0] + spans.shape[0], np.bool_), np.zeros(comparisons.shape[0])
    gaps = np.zeros(curves.shape[0])
    wrong_counts = miscounts(total, counts)
    misfits(leaving, deaths, sizes, stale, curves, curve_ends, spans, span_ends, fits, np.ones(curves.shape[0], np.bool_), gaps, 10**6)
    hard = fits[: curves.shape[0]].copy()
    wrong = misfits(leaving, deaths, sizes, stale, curves, curve_ends, spans, span_ends, fits, hard, gaps, 10**6)
    now = gaps.sum() + soft_miss(leaving, deaths, sizes, stale, comparisons, asked, weights, misses, math.inf)
    loose = not hard.all()
    kinds = 11 if loose else 9
    new_fits, new_misses, new_gaps = fits.copy(), misses.copy(), gaps.copy()
    best, best_wrong, best_codes, best_life, best_loose = now, wrong + wrong_counts, codes.copy(), life.copy(), (gaps > 0).sum()
    old_codes, old_life = codes.copy(), life.copy()
    touched = np.empty(rows + 2 + 2 * links.shape[0], np.int64)
    spent = 0
    heat, cooling = hot, (cold / hot) ** (1 / moves)
    for _ in range(moves):
        if spent == away:
            best, best_wrong = now, wrong + wrong_counts
            best_codes[:], best_life[:], best_loose = old_codes, old_life, (gaps > 0).sum()
        if spent >= away and best == 0.0 and best_wrong == 0:
            break
        spent += 1
        heat *= cooling
        p, q = np.random.randint(rows), np.random.randint(rows)
        kind = np.random.randint(kinds)
        if kind > 9 or (kind == 8 and loose and np.random.random() * rows > MONTHLY):
            kind = 9
        if p == q:
            continue
        sound = True
        if kind == 8:
            move_month(life, chain)
        else:
            sound = propose(codes, life, groups, group_size, frozen, clock, chain, p, q, kind)
        carry(life, old_life, links)
        many = 0
        for k in range(rows if kind == 8 else 2 + 2 * links.shape[0]):
            r = k if kind == 8 else (p if k == 0 else (q if k == 1 else links[(k - 2) // 2, k % 2]))
            if differs(codes, old_codes, r) if kind == 0 else differs(life, old_life, r):
                touched[many] = r
                many += 1
        if many == 0:
            continue
        counted = False
        if sound:
            for k in range(many):
                refresh(
                    codes,
                    life,
                    times,
                    events,
                    member,
                    total,
                    clauses,
                    conditions,
                    timed,
                    allowed,
                    bits,
                    speaks,
                    chain,
                    ends,
                    later,
                    touched[k],
                    kind == 0,
                )
            for k in range(many):
                sound = sound and lawful(life, times, events, member, touched[k], clock, rules, windows, chain)
            sound = sound and one_life(life, member, links, kept)
            new_counts = miscounts(total, counts) if sound else 0
            sound = sound and new_counts <= wrong_counts
            if sound:
                counted = True
                stale[:], new_fits[:], new_misses[:], new_gaps[:] = False, fits, misses, gaps
                for k in range(many):
                    tallies.recount(pairs, times, events, member, touched[k], leaving, deaths, sizes, place, stale)
                new_wrong = misfits(leaving, deaths, sizes, stale, curves, curve_ends, spans, span_ends, new_fits, hard, new_gaps, wrong)
                if new_wrong <= wrong:
                    # drawn beforehand, so that a comparison too many need not be made
                    limit = now - heat * math.log(1.0 - np.random.random())
                    off = new_gaps.sum()
                    then = off + soft_miss(leaving, deaths, sizes, stale, comparisons, asked, weights, new_misses, limit - off)
                    if then <= limit:
                        now, wrong, wrong_counts = then, new_wrong, new_counts
                        fits[:], misses[:], gaps[:] = new_fits, new_misses, new_gaps
                        for k in range(many):
                            old_codes[:, touched[k]], old_life[:, touched[k]] = codes[:, touched[k]], life[:, touched[k]]
                        if wrong + wrong_counts < best_wrong or (wrong + wrong_counts == best_wrong and now < best):
                            best, best_wrong = now, wrong + wrong_counts
                            best_codes[:], best_life[:], best_loose = codes, life, (gaps > 0).sum()
                        continue
        for k in range(many):
            codes[:, touched[k]], life[:, touched[k]] = old_codes[:, touched[k]], old_life[:, touched[k]]
            refresh(
                codes,
                life,
                times,
                events,
                member,
                total,
                clauses,
                conditions,
                timed,
                allowed,
                bits,
                speaks,
                chain,
                ends,
                later,
                touched[k],
                kind == 0,
            )
            if counted:
                tallies.recount(pairs, times, events, member, touched[k], leaving, deaths, sizes, place, stale)
    return best_codes, best_life, best, best_wrong + best_loose, spent
