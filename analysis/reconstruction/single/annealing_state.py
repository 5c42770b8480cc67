"""What an annealing of one table works with: the state, what follows from it, what it misses, and copies of each."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from analysis.compiled import UNCOUNTED, njit
from analysis.reconstruction.kernels import tallies
from analysis.reconstruction.kernels.annealing import copy, copy_column
from analysis.reconstruction.kernels.memberships import allowing, of_times, relabel, retime
from analysis.reconstruction.kernels.misses import miscounts, misfits, soft_miss
from analysis.reconstruction.kernels.moves import MOVE_MONTH, derive, lawful, one_life
from analysis.reconstruction.kernels.search_state import Asked, Clocks, Conditions, Derived, Exchanged, Laws, Lookup, Rows, Tallies

#: How many kinds of moves there are where all printed curves hold, and otherwise.
KINDS, KINDS_OF_LOOSE_CURVES = 9, 11


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
