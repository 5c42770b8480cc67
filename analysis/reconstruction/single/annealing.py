"""The annealing of one table, compiled: moves that keep every satisfied linear row, towards P values and hazard ratios.

A move changes one row or two, or all of one month; it is undone at once if it breaks a
rule, a window, a count, a curve or a follow-up fact that held before.  What is printed of a
curve and does not hold at the start (of a large group, whose risk sets cannot be listed)
adds to the miss instead, and is approached like a comparison.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from analysis.compiled import UNCOUNTED, njit
from analysis.reconstruction.kernels import annealing, tallies
from analysis.reconstruction.kernels.annealing import copy, copy_column, keep, step
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
from analysis.reconstruction.kernels.search_state import Asked, Clocks, Conditions, Derived, Exchanged, Laws, Lookup, Rows, Tallies

#: Rows up to which all of a month are moved as often as one; of more, a month has so many that this is done less often.
MONTHLY = 400
#: How many kinds of moves there are where all printed curves hold, and otherwise.
KINDS, KINDS_OF_LOOSE_CURVES = 9, 11


@njit(cache=True, **UNCOUNTED)
def refresh(known, clocks, lookup, rows, derived, changed, relabelled):
    """Recompute what follows from rows: their times and the conditions that they meet."""
    times, events, member, total, bits = derived
    for k in range(changed.size):
        p = changed[k]
        derive(rows.life, p, clocks.chain, clocks.ends, clocks.later, times, events)
        if relabelled:
            relabel(rows.codes, p, lookup.allowed, bits, lookup.speaks, member, total)
        retime(rows.codes, times, events, known.clauses, known.conditions, lookup.timed, p, member, total)


@njit(cache=True, **UNCOUNTED)
def recount(groups, derived, tallied, changed):
    """Bring the groups' tallies up to date with rows."""
    leaving, deaths, size, place, stale = tallied
    for k in range(changed.size):
        tallies.recount(groups, derived.times, derived.events, derived.member, changed[k], leaving, deaths, size, place, stale)


@njit(cache=True)
def derive_all(known, clocks, lookup, rows):
    """What follows from each row of a state, from nothing."""
    number, conditions = rows.codes.shape[1], known.conditions.shape[0]
    derived = Derived(
        np.full((clocks.endpoints, number), -1), np.zeros((clocks.endpoints, number), np.int64),
        np.zeros((conditions, number), np.bool_), np.zeros(conditions, np.int64), np.zeros((number, lookup.allowed.shape[2]), np.uint64),
    )  # fmt: skip
    refresh(known, clocks, lookup, rows, derived, np.arange(number), True)
    return derived


@njit(cache=True)
def tallies_of(groups, derived, months):
    """Tallies of the groups, from nothing."""
    number = derived.times.shape[1]
    leaving, deaths, size, place = tallies.empty(groups, max(months, derived.times.max()) + 1, number)
    tallied = Tallies(leaving, deaths, size, place, np.ones(groups.shape[0], np.bool_))
    recount(groups, derived, tallied, np.arange(number))
    return tallied


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


@njit(cache=True, **UNCOUNTED)
def legal(laws, chain, life, derived, changed):
    """Whether rows keep the order of dates, rules and windows, and rows of one patient tell one life."""
    for k in range(changed.size):
        if not lawful(
            life, derived.times, derived.events, derived.member, changed[k], laws.clock, laws.end, laws.rules, laws.windows, chain
        ):
            return False
    return one_life(life, derived.member, laws.links, laws.kept)


class Problem(NamedTuple):
    """What a search is asked, and what its moves obey; constant."""

    asked: Asked
    known: Conditions
    laws: Laws
    exchanged: Exchanged
    clocks: Clocks


class Move(NamedTuple):
    """One move: whether of labels, how many rows it changed (`Work.room` tells which), and whether it can be made at all."""

    labels: bool
    many: int
    possible: bool


class Missed(NamedTuple):
    """What a state misses.

    Attributes
    ----------
    fits : array of bool, shape (curves + spans,)
        Whether each curve and follow-up row holds.
    gaps : array of float, shape (curves,)
        Distances of curves that do not at the start.
    misses : array of float, shape (comparisons,)
    wrong : array of int, shape (2,)
        Numbers of counts, and of other linear rows, that do not hold.
    """

    fits: np.ndarray
    gaps: np.ndarray
    misses: np.ndarray
    wrong: np.ndarray


class Work(NamedTuple):
    """A state of the search, and what is kept to judge a move and to put it back.

    Attributes
    ----------
    rows, before, best : Rows
        As moved, as it was, and of the best state.
    derived : Derived
    tallies : Tallies
    missed, trial, best_missed : Missed
    least : array of float, shape (1,)
        Miss of the best state.
    hard : array of bool, shape (curves,)
        Which curves hold at the start.
    lookup : Lookup
    room : array of int
        Rows that the last move changed come first.
    steps, out, unsure : array
        As in `misses.soft_miss`.
    kinds : int
        As in `draw_kind`.
    """

    rows: Rows
    before: Rows
    best: Rows
    derived: Derived
    tallies: Tallies
    missed: Missed
    trial: Missed
    best_missed: Missed
    least: np.ndarray
    hard: np.ndarray
    lookup: Lookup
    room: np.ndarray
    steps: np.ndarray
    out: np.ndarray
    unsure: np.ndarray
    kinds: int


@njit(cache=True, **UNCOUNTED)
def copy_row(rows, to, p):
    """Copy one row of a state to another."""
    copy_column(rows.codes, p, to.codes, p)
    copy_column(rows.life, p, to.life, p)


@njit(cache=True, **UNCOUNTED)
def copy_missed(missed, to):
    """Copy what is missed."""
    copy(missed.fits, to.fits)
    copy(missed.gaps, to.gaps)
    copy(missed.misses, to.misses)
    copy(missed.wrong, to.wrong)


@njit(cache=True, **UNCOUNTED)
def misfits_of(asked, tallied, missed, hard, limit):
    """Linear rows that do not hold beside the counts, as in `misses.misfits`."""
    leaving, deaths, size, _, stale = tallied
    return misfits(
        leaving, deaths, size, stale, asked.curves, asked.curve_ends, asked.spans, asked.span_ends, missed.fits, hard, missed.gaps, limit
    )  # fmt: skip


@njit(cache=True, **UNCOUNTED)
def miss_of(asked, tallied, missed, limit, steps, out, unsure):
    """Distances of curves and misses of comparisons, as in `misses.soft_miss`."""
    leaving, deaths, size, _, stale = tallied
    off = 0.0
    for k in range(missed.gaps.size):
        off += missed.gaps[k]
    return off + soft_miss(
        leaving, deaths, size, stale, asked.compared, asked.ways, asked.methods, asked.way_ends, asked.weights, missed.misses,
        limit - off, steps, out, unsure,
    )  # fmt: skip


@njit(cache=True, **UNCOUNTED)
def number_wrong(missed):
    """Linear rows that do not hold."""
    return missed.wrong[0] + missed.wrong[1]


@step(annealing.propose, Problem)
def _propose(problem, work):
    laws, exchanged, clocks = problem.laws, problem.exchanged, problem.clocks
    codes, life = work.rows
    number = codes.shape[1]
    p, q = np.random.randint(number), np.random.randint(number)
    kind = draw_kind(work.kinds, number)
    labels, possible = kind == EXCHANGE_LABELS, True
    if p == q:
        return Move(labels, 0, False)
    if kind == MOVE_MONTH:
        move_month(life, clocks.chain)
    else:
        possible = propose(codes, life, exchanged.labels, exchanged.sizes, exchanged.frozen, laws.clock, clocks.chain, p, q, kind)
    carry(life, work.before.life, laws.links)
    if labels:
        return Move(labels, list_changed(codes, work.before.codes, laws.links, p, q, kind, work.room), possible)
    return Move(labels, list_changed(life, work.before.life, laws.links, p, q, kind, work.room), possible)


@step(annealing.sound, Problem)
def _sound(problem, work, move):
    asked, clocks, derived, stale, changed = problem.asked, problem.clocks, work.derived, work.tallies.stale, work.room[: move.many]
    for g in range(stale.size):
        stale[g] = False
    if not move.possible:
        return False
    refresh(problem.known, clocks, work.lookup, work.rows, derived, changed, move.labels)
    if not legal(problem.laws, clocks.chain, work.rows.life, derived, changed):
        return False
    wrong_counts = miscounts(derived.total, asked.counts)
    if wrong_counts > work.missed.wrong[0]:
        return False
    copy_missed(work.missed, work.trial)
    recount(asked.groups, derived, work.tallies, changed)
    work.trial.wrong[0] = wrong_counts
    work.trial.wrong[1] = misfits_of(asked, work.tallies, work.trial, work.hard, work.missed.wrong[1])
    return work.trial.wrong[1] <= work.missed.wrong[1]


@step(annealing.loss, Problem)
def _loss(problem, work, move, limit):
    return miss_of(problem.asked, work.tallies, work.trial, limit, work.steps, work.out, work.unsure)


@step(annealing.accept, Problem)
def _accept(problem, work, move, now):
    copy_missed(work.trial, work.missed)
    for k in range(move.many):
        copy_row(work.rows, work.before, work.room[k])
    more = number_wrong(work.missed) - number_wrong(work.best_missed)
    if more < 0 or (more == 0 and now < work.least[0]):
        keep(problem, work, now)


@step(annealing.undo, Problem)
def _undo(problem, work, move):
    for k in range(move.many):
        copy_row(work.before, work.rows, work.room[k])
    refresh(problem.known, problem.clocks, work.lookup, work.rows, work.derived, work.room[: move.many], move.labels)
    recount(problem.asked.groups, work.derived, work.tallies, work.room[: move.many])


@step(annealing.keep, Problem)
def _keep(problem, work, now):
    for p in range(work.rows.codes.shape[1]):
        copy_row(work.before, work.best, p)
    work.least[0] = now
    copy_missed(work.missed, work.best_missed)


@step(annealing.ended, Problem)
def _ended(problem, work):
    return work.least[0] == 0.0 and number_wrong(work.best_missed) == 0


@njit(cache=True)
def copy_misses(missed):
    """A copy of what is missed."""
    return Missed(missed.fits.copy(), missed.gaps.copy(), missed.misses.copy(), missed.wrong.copy())


@njit(cache=True)
def work_of(problem, rows):
    """What an annealing works with, from nothing; and what the state misses."""
    asked, known, laws, clocks = problem.asked, problem.known, problem.laws, problem.clocks
    (codes, life), curves = rows, asked.curves.shape[0]
    speaks = of_times(known.clauses, known.conditions)
    lookup = Lookup(speaks, np.flatnonzero(speaks), allowing(known.clauses, known.conditions, codes.shape[0], codes.max() + 1))
    derived = derive_all(known, clocks, lookup, rows)
    tallied, unmet = tallies_of(asked.groups, derived, laws.end), 10**6
    missed = Missed(
        np.zeros(curves + asked.spans.shape[0], np.bool_), np.zeros(curves), np.zeros(asked.compared.shape[0]), np.zeros(2, np.int64)
    )
    misfits_of(asked, tallied, missed, np.ones(curves, np.bool_), unmet)
    hard = missed.fits[:curves].copy()
    missed.wrong[:] = miscounts(derived.total, asked.counts), misfits_of(asked, tallied, missed, hard, unmet)
    steps, out = np.empty((tallied.leaving.shape[1], 4), np.int64), np.empty(9)
    unsure = np.zeros(asked.compared.shape[0], np.bool_)
    now = miss_of(asked, tallied, missed, math.inf, steps, out, unsure)
    work = Work(
        rows, Rows(codes.copy(), life.copy()), Rows(codes.copy(), life.copy()), derived, tallied, missed, copy_misses(missed), copy_misses(missed),
        np.array([now]), hard, lookup, np.empty(codes.shape[1] + 2 + 2 * laws.links.shape[0], np.int64), steps, out, unsure,
        KINDS if hard.all() else KINDS_OF_LOOSE_CURVES,
    )  # fmt: skip
    return work, now


@njit(cache=True)
def anneal(problem, rows, seed, moves, hot, cold, away):
    """Simulated annealing over the moves of `propose`; changes the state given.

    States of the first `away` moves do not count.

    Parameters
    ----------
    problem : Problem
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
    work, now = work_of(problem, rows)
    spent = annealing.anneal(problem, work, now, seed, moves, hot, cold, away)
    return work.best, work.least[0], number_wrong(work.best_missed) + (work.best_missed.gaps > 0).sum(), spent
