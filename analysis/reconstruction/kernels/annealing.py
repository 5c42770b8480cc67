"""The compiled search: moves that keep every satisfied linear row, towards P values and hazard ratios.

A move changes one row or two, or all of one month; it is undone at once if it breaks a
rule, a window, a count, a curve or a follow-up fact that held before.  What is printed of a
curve and does not hold at the start (of a large group, whose risk sets cannot be listed)
adds to the miss instead, and is approached like a comparison.

`anneal` takes its arrays by name.  What each move calls takes them one by one: numba counts references
to every array of a named tuple at each call, which made a move a third slower.
"""

from __future__ import annotations

import math

import numpy as np

from analysis.compiled import njit
from analysis.reconstruction.kernels import tallies
from analysis.reconstruction.kernels.memberships import allowing, of_times, relabel, retime
from analysis.reconstruction.kernels.misses import miscounts, misfits, soft_miss
from analysis.reconstruction.kernels.moves import (
    EXCHANGE_LABELS,
    MOVE_MONTH,
    SHIFT_ENDS_APART,
    carry,
    derive,
    lawful,
    move_month,
    one_life,
    propose,
)
from analysis.reconstruction.kernels.search_state import Derived, Rows, Tallies

#: Rows up to which all of a month are moved as often as one; of more, a month has so many that this is done less often.
MONTHLY = 400
#: How many kinds of moves there are where all printed curves hold, and otherwise.
KINDS, KINDS_OF_LOOSE_CURVES = 9, 11


@njit(cache=True)
def refresh(codes, life, times, events, member, total, bits, clauses, conditions, speaks, timed, allowed, clocks, changed, relabelled):
    """Recompute what follows from rows: their times and the conditions that they meet."""
    for p in changed:
        derive(life, p, clocks.chain, clocks.ends, clocks.later, times, events)
        if relabelled:
            relabel(codes, p, allowed, bits, speaks, member, total)
        retime(codes, times, events, clauses, conditions, timed, p, member, total)


@njit(cache=True)
def recount(groups, times, events, member, leaving, deaths, size, place, stale, changed):
    """Bring the groups' tallies up to date with rows."""
    for p in changed:
        tallies.recount(groups, times, events, member, p, leaving, deaths, size, place, stale)


@njit(cache=True)
def derived_of(rows, clocks, known, speaks, timed, allowed):
    """What follows from each row of a state, from nothing."""
    number, conditions = rows.codes.shape[1], known.conditions.shape[0]
    times, events = np.full((clocks.endpoints, number), -1), np.zeros((clocks.endpoints, number), np.int64)
    member, total = np.zeros((conditions, number), np.bool_), np.zeros(conditions, np.int64)
    bits = np.zeros((number, allowed.shape[2]), np.uint64)
    refresh(
        rows.codes, rows.life, times, events, member, total, bits, known.clauses, known.conditions, speaks, timed, allowed,
        clocks, np.arange(number), True,
    )  # fmt: skip
    return Derived(times, events, member, total, bits)


@njit(cache=True)
def tallies_of(groups, derived, months):
    """Tallies of the groups, from nothing."""
    number = derived.times.shape[1]
    leaving, deaths, size, place = tallies.empty(groups, max(months, derived.times.max()) + 1, number)
    stale = np.ones(groups.shape[0], np.bool_)
    recount(groups, derived.times, derived.events, derived.member, leaving, deaths, size, place, stale, np.arange(number))
    return Tallies(leaving, deaths, size, place, stale)


@njit(cache=True)
def draw_kind(kinds, number):
    """Which move to make; some are for states alone whose curves do not hold."""
    kind = np.random.randint(kinds)
    if kind > SHIFT_ENDS_APART or (kind == MOVE_MONTH and kinds > KINDS and np.random.random() * number > MONTHLY):
        return SHIFT_ENDS_APART
    return kind


@njit(cache=True)
def differs(state, old, p):
    """Whether a row's state is another than before."""
    for k in range(state.shape[0]):  # noqa: SIM110 numba compiles no generators
        if state[k, p] != old[k, p]:
            return True
    return False


@njit(cache=True)
def list_changed(state, old, links, p, q, kind, changed):
    """How many rows a move changed; their numbers are written into `changed`."""
    many = 0
    for k in range(state.shape[1] if kind == MOVE_MONTH else 2 + 2 * links.shape[0]):
        r = k if kind == MOVE_MONTH else (p if k == 0 else (q if k == 1 else links[(k - 2) // 2, k % 2]))
        if differs(state, old, r):
            changed[many] = r
            many += 1
    return many


@njit(cache=True)
def copy_rows(codes, life, to_codes, to_life, changed):
    """Copy some rows of one state to another."""
    for p in changed:
        for k in range(codes.shape[0]):
            to_codes[k, p] = codes[k, p]
        for k in range(life.shape[0]):
            to_life[k, p] = life[k, p]


@njit(cache=True)
def legal(life, times, events, member, clock, end, rules, windows, links, kept, chain, changed):
    """Whether rows keep the order of dates, rules and windows, and rows of one patient tell one life."""
    for p in changed:
        if not lawful(life, times, events, member, p, clock, end, rules, windows, chain):
            return False
    return one_life(life, member, links, kept)


@njit(cache=True)
def anneal(asked, known, laws, exchanged, clocks, rows, seed, moves, hot, cold, away):
    """Simulated annealing over the moves of `propose`; changes the state given.

    States of the first `away` moves do not count.

    Parameters
    ----------
    asked : Asked
    known : Conditions
    laws : Laws
    exchanged : Exchanged
    clocks : Clocks
    rows : Rows
    seed, moves, away : int
    hot, cold : float
        First and last temperature, in units of the miss.

    Returns
    -------
    best : Rows
        The state with the least miss.
    miss : float
        Its weighted miss; 0 if every comparison and curve holds.
    wrong : int
        Rows of counts, curves and follow-up that do not hold.
    spent : int
        Moves made.
    """
    np.random.seed(seed)
    codes, life = rows
    number = codes.shape[1]
    groups, counts, curves, curve_ends, spans, span_ends, compared, compared_ends, weights = asked
    clauses, conditions = known
    rules, windows, links, kept, clock, end = laws
    speaks = of_times(clauses, conditions)
    timed = np.flatnonzero(speaks)
    allowed = allowing(clauses, conditions, codes.shape[0], codes.max() + 1)
    derived = derived_of(rows, clocks, known, speaks, timed, allowed)
    times, events, member, total, bits = derived
    leaving, deaths, size, place, stale = tallies_of(groups, derived, end)
    # of each curve and follow-up row whether it holds; distances of curves that do not at the start; misses of comparisons
    fits, gaps, misses = np.zeros(curves.shape[0] + spans.shape[0], np.bool_), np.zeros(curves.shape[0]), np.zeros(compared.shape[0])
    misfits(leaving, deaths, size, stale, curves, curve_ends, spans, span_ends, fits, np.ones(curves.shape[0], np.bool_), gaps, 10**6)
    hard = fits[: curves.shape[0]].copy()
    wrong = misfits(leaving, deaths, size, stale, curves, curve_ends, spans, span_ends, fits, hard, gaps, 10**6)
    wrong_counts = miscounts(total, counts)
    now = gaps.sum() + soft_miss(leaving, deaths, size, stale, compared, compared_ends, weights, misses, math.inf)
    kinds = KINDS if hard.all() else KINDS_OF_LOOSE_CURVES
    new_fits, new_gaps, new_misses = fits.copy(), gaps.copy(), misses.copy()
    old_codes, old_life, best_codes, best_life = codes.copy(), life.copy(), codes.copy(), life.copy()
    best, best_wrong, best_loose = now, wrong + wrong_counts, (gaps > 0).sum()
    everybody, room = np.arange(number), np.empty(number + 2 + 2 * links.shape[0], np.int64)
    spent = 0
    heat, cooling = hot, (cold / hot) ** (1 / moves)
    for _ in range(moves):
        if spent == away:
            copy_rows(old_codes, old_life, best_codes, best_life, everybody)
            best, best_wrong, best_loose = now, wrong + wrong_counts, (gaps > 0).sum()
        if spent >= away and best == 0.0 and best_wrong == 0:
            break
        spent += 1
        heat *= cooling
        p, q = np.random.randint(number), np.random.randint(number)
        kind = draw_kind(kinds, number)
        if p == q:
            continue
        sound, labels = True, kind == EXCHANGE_LABELS
        if kind == MOVE_MONTH:
            move_month(life, clocks.chain)
        else:
            sound = propose(codes, life, exchanged.labels, exchanged.sizes, exchanged.frozen, clock, clocks.chain, p, q, kind)
        carry(life, old_life, links)
        if labels:
            many = list_changed(codes, old_codes, links, p, q, kind, room)
        else:
            many = list_changed(life, old_life, links, p, q, kind, room)
        if many == 0:
            continue
        changed = room[:many]
        counted = accepted = False
        if sound:
            refresh(codes, life, times, events, member, total, bits, clauses, conditions, speaks, timed, allowed, clocks, changed, labels)
            sound = legal(life, times, events, member, clock, end, rules, windows, links, kept, clocks.chain, changed)
        new_counts = miscounts(total, counts) if sound else 0
        if sound and new_counts <= wrong_counts:
            counted = True
            stale[:], new_fits[:], new_misses[:], new_gaps[:] = False, fits, misses, gaps
            recount(groups, times, events, member, leaving, deaths, size, place, stale, changed)
            new_wrong = misfits(leaving, deaths, size, stale, curves, curve_ends, spans, span_ends, new_fits, hard, new_gaps, wrong)
            if new_wrong <= wrong:
                # drawn beforehand, so that a comparison too many need not be made
                limit, off = now - heat * math.log(1.0 - np.random.random()), new_gaps.sum()
                then = off + soft_miss(leaving, deaths, size, stale, compared, compared_ends, weights, new_misses, limit - off)
                accepted = then <= limit
        if accepted:
            now, wrong, wrong_counts = then, new_wrong, new_counts
            fits[:], misses[:], gaps[:] = new_fits, new_misses, new_gaps
            copy_rows(codes, life, old_codes, old_life, changed)
            if wrong + wrong_counts < best_wrong or (wrong + wrong_counts == best_wrong and now < best):
                copy_rows(codes, life, best_codes, best_life, everybody)
                best, best_wrong, best_loose = now, wrong + wrong_counts, (gaps > 0).sum()
            continue
        copy_rows(old_codes, old_life, codes, life, changed)
        refresh(codes, life, times, events, member, total, bits, clauses, conditions, speaks, timed, allowed, clocks, changed, labels)
        if counted:
            recount(groups, times, events, member, leaving, deaths, size, place, stale, changed)
    return Rows(best_codes, best_life), best, best_wrong + best_loose, spent
