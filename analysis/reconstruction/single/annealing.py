"""The annealing of one table, compiled: moves that keep every satisfied linear row, towards P values and hazard ratios.

A move changes one row or two, or all of one month; it is undone at once if it breaks a
rule, a window, a count, a curve or a follow-up fact that held before.  What is printed of a
curve and does not hold at the start (of a large group, whose risk sets cannot be listed)
adds to the miss instead, and is approached like a comparison.
"""

from __future__ import annotations

import numpy as np

from analysis.compiled import njit
from analysis.reconstruction.kernels import annealing
from analysis.reconstruction.kernels.annealing import keep, step
from analysis.reconstruction.kernels.misses import miscounts
from analysis.reconstruction.kernels.moves import EXCHANGE_LABELS, MOVE_MONTH, SHIFT_ENDS_APART, carry, move_month, propose
from analysis.reconstruction.single.annealing_state import (
    KINDS,
    Move,
    Problem,
    copy_missed,
    copy_row,
    legal,
    list_changed,
    misfits_of,
    miss_of,
    number_wrong,
    recount,
    refresh,
    work_of,
)

#: Rows up to which all of a month are moved as often as one; of more, a month has so many that this is done less often.
MONTHLY = 400


@njit(cache=True)
def draw_kind(kinds, number):
    """Which move to make; some are for states alone whose curves do not hold."""
    kind = np.random.randint(kinds)
    if kind > SHIFT_ENDS_APART or (kind == MOVE_MONTH and kinds > KINDS and np.random.random() * number > MONTHLY):
        return SHIFT_ENDS_APART
    return kind


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
