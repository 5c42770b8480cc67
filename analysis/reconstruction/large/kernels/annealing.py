"""The annealing of large groups, compiled: steps of `kernels.annealing`."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from analysis.compiled import UNCOUNTED, njit
from analysis.reconstruction.kernels import annealing, tallies
from analysis.reconstruction.kernels.annealing import copy, copy_column, keep, step
from analysis.reconstruction.large.kernels.clocks import OWN, TOGETHER, begin_in_time, derive, exchange_starts, of_part, restart, restarts
from analysis.reconstruction.large.kernels.counting import counted_of, tables_of
from analysis.reconstruction.large.kernels.life_tables import write_table
from analysis.reconstruction.large.kernels.misses import total_miss
from analysis.reconstruction.large.kernels.moves import (
    RECAUSED,
    RELABELLED,
    RESTARTED,
    SWAPPED,
    TRADED,
    drawn,
    lawful,
    make,
    paired,
    partner,
    recount,
    suits,
)
from analysis.reconstruction.large.state import Asked, Counted, Patients, Tables

#: A state is kept if it misses less than this share of the best one's miss.
NOTABLY = 0.95


@njit(cache=True)
def earliest(time, old, p, q):
    """First step at which a move of two patients changes anything but sizes; times that a patient has not are −1."""
    found = time[0, p]
    for e in range(time.shape[0]):
        for t in (time[e, p], time[e, q], old[e, 0], old[e, 1]):
            if 0 <= t < found:
                found = t
    return found


class Move(NamedTuple):
    """One move: its patients (the same one twice, where one alone is moved), its kind, and how many patients it changed."""

    p: int
    q: int
    kind: int
    many: int


class Missed(NamedTuple):
    """What a state misses, shape (items,); and the ratios of its comparisons, shape (comparisons, 2)."""

    items: np.ndarray
    ratios: np.ndarray


class Work(NamedTuple):
    """A state of the search, and what is kept to judge a move and to put it back.

    Attributes
    ----------
    patients, best : Patients
    before : Patients
        The two that a move changes.
    had : array of int, shape (endpoints, 2)
        Their times, those of spells, too.
    counted : Counted
    tables, kept : Tables
        Of the state as moved, and as it was; of those kept, `leaving` and `deaths` are not used.
    missed, trial : Missed
    best_items, least : array of float, shape (items,) and (1,)
        Misses of the best state, and their sum.
    stale : array of bool, shape (groups,)
        Groups that the move changes.
    first : array of int, shape (groups,)
        First step at which their tables change; past the last while they are not written.
    scratch, out : array
        As in `kernel.total_miss`.
    walks : bool
        As in `anneal`.
    """

    patients: Patients
    best: Patients
    before: Patients
    had: np.ndarray
    counted: Counted
    tables: Tables
    kept: Tables
    missed: Missed
    trial: Missed
    best_items: np.ndarray
    least: np.ndarray
    stale: np.ndarray
    first: np.ndarray
    scratch: np.ndarray
    out: np.ndarray
    walks: bool


@njit(cache=True, **UNCOUNTED)
def copy_patient(patients, p, to, q):
    """Copy one patient to another's place."""
    copy_column(patients.time, p, to.time, q)
    copy_column(patients.event, p, to.event, q)
    copy_column(patients.code, p, to.code, q)
    copy_column(patients.start, p, to.start, q)


@njit(cache=True, **UNCOUNTED)
def copy_missed(missed, to):
    """Copy what is missed."""
    copy(missed.items, to.items)
    for k in range(missed.ratios.shape[0]):
        to.ratios[k, 0], to.ratios[k, 1] = missed.ratios[k, 0], missed.ratios[k, 1]


@njit(cache=True, **UNCOUNTED)
def copy_tables(tables, to, stale, first):
    """Copy the tables of stale groups, each from a step on."""
    for g in range(stale.size):
        if stale[g]:
            for t in range(first[g], tables.survival.shape[1]):
                to.survival[g, t], to.greenwood[g, t], to.at_risk[g, t] = (
                    tables.survival[g, t],
                    tables.greenwood[g, t],
                    tables.at_risk[g, t],
                )


@njit(cache=True, **UNCOUNTED)
def count_patient(asked, work, move, p):
    """Bring times of spells, memberships and tallies up to date with one patient; whether spells are as they may be."""
    time, event, code, start = work.patients
    counted, tables, labels = work.counted, work.tables, SWAPPED <= move.kind <= RELABELLED
    sound = derive(asked.clocks, asked.spells, asked.clauses, asked.conditions, time, event, code, start, counted.time, counted.event, p)
    recount(asked.clauses, asked.conditions, asked.timed, code, counted.time, counted.event, counted.member, counted.total, p, labels)
    tallies.recount(
        asked.groups, counted.time, counted.event, counted.member, p,
        tables.leaving, tables.deaths, tables.size, counted.place, work.stale,
    )  # fmt: skip
    return sound


@step(annealing.propose, Asked)
def _propose(asked, work):
    time, event, code, start = work.patients
    p = np.random.randint(time.shape[1])
    if restarts(asked.clocks):
        kind, c = RESTARTED, np.random.randint(asked.clocks.shape[0])
        p = of_part(work.counted.member, asked.clocks[c, 0], p)
        q = of_part(work.counted.member, asked.clocks[c, 0], p)
    else:
        kind, c = drawn(asked.levels.size > 0, asked.causes[0], work.walks), 0
        q = partner(kind, time, event, code, asked.reach, p)
    if (p == q and paired(kind)) or (kind == RESTARTED and asked.clocks[c, 1] != OWN):
        return Move(p, q, kind, 0)
    if kind == RECAUSED and not suits(kind, time, event, code, p, q):
        return Move(p, q, kind, 0)
    copy_patient(work.patients, p, work.before, 0)
    copy_patient(work.patients, q, work.before, 1)
    copy_column(work.counted.time, p, work.had, 0)
    copy_column(work.counted.time, q, work.had, 1)
    if kind == RESTARTED:
        restart(asked.clocks, start, asked.reach, c, p, q)
    else:
        make(kind, time, event, code, asked.reach, asked.levels, p, q)
        if kind == TRADED or (kind == SWAPPED and start.shape[0] > 0 and np.random.random() < TOGETHER):
            exchange_starts(start, p, q)
    for r in (p, q):
        begin_in_time(asked.clocks, asked.spells, asked.clauses, asked.conditions, time, event, code, start, r)
    return Move(p, q, kind, 2)


@step(annealing.sound, Asked)
def _sound(asked, work, move):
    for g in range(work.stale.size):
        work.stale[g], work.first[g], work.kept.size[g] = False, work.tables.survival.shape[1], work.tables.size[g]
    counted, sound = work.counted, True
    for p in (move.p, move.q):
        sound = count_patient(asked, work, move, p) and sound
        sound = sound and lawful(asked.rules, asked.windows, counted.time, counted.event, counted.member, p)
    if not sound:
        return False
    against = pulled(asked.pull, work, move)
    return against <= 0 or np.random.random() < math.exp(-against)


@njit(cache=True, **UNCOUNTED)
def pulled(pull, work, move):
    """How far a move goes against the pull."""
    found = 0.0
    for k, p in enumerate((move.p, move.q)):
        if k == 0 or move.q != move.p:
            for e in range(pull.shape[0]):
                found += pull[e, work.patients.event[e, p], work.patients.time[e, p]]
                found -= pull[e, work.before.event[e, k], work.before.time[e, k]]
    return found


@step(annealing.loss, Asked)
def _loss(asked, work, move, limit):
    leaving, deaths, size, survival, greenwood, at_risk = work.tables
    first, since = work.first, earliest(work.counted.time, work.had, move.p, move.q)
    for g in range(work.stale.size):
        if work.stale[g]:
            first[g] = since if size[g] == work.kept.size[g] else 0
            write_table(leaving[g], deaths[g], size[g], survival[g], greenwood[g], at_risk[g], first[g])
    return total_miss(
        asked, work.tables, work.counted.total, work.stale, work.trial.items, work.trial.ratios, work.scratch, work.out, limit
    )  # fmt: skip


@step(annealing.accept, Asked)
def _accept(asked, work, move, now):
    copy_missed(work.trial, work.missed)
    copy_tables(work.tables, work.kept, work.stale, work.first)
    if work.walks or now == 0 or now < NOTABLY * work.least[0]:  # copying the patients takes longer than a move
        keep(asked, work, now)


@step(annealing.undo, Asked)
def _undo(asked, work, move):
    copy_patient(work.before, 0, work.patients, move.p)
    copy_patient(work.before, 1, work.patients, move.q)
    count_patient(asked, work, move, move.p)
    count_patient(asked, work, move, move.q)
    copy_missed(work.missed, work.trial)
    copy_tables(work.kept, work.tables, work.stale, work.first)


@step(annealing.keep, Asked)
def _keep(asked, work, now):
    work.least[0] = now
    copy(work.missed.items, work.best_items)
    for p in range(work.patients.time.shape[1]):
        copy_patient(work.patients, p, work.best, p)


@step(annealing.ended, Asked)
def _ended(asked, work):
    return work.least[0] == 0 and not work.walks


@njit(cache=True)
def work_of(asked, patients, walks):
    """What an annealing works with, from nothing; and what the state misses."""
    counted = counted_of(asked, patients)
    tables = tables_of(asked, patients, counted)
    leaving, deaths, size, survival, greenwood, at_risk = tables
    compared = asked.compared.shape[0]
    items = asked.sums.shape[0] + asked.points.shape[0] + asked.incidences.shape[0] + asked.families.shape[0]
    items += asked.crossings.shape[0] + asked.spans.shape[0] + asked.means.shape[0] + compared
    missed = Missed(np.zeros(items), np.zeros((compared, 2)))
    scratch, out, stale = np.empty((asked.reach[1] + 1, 4), np.int64), np.empty(9), np.ones(asked.groups.shape[0], np.bool_)
    now = total_miss(asked, tables, counted.total, stale, missed.items, missed.ratios, scratch, out, math.inf)
    time, event, code, start = patients
    work = Work(
        patients, Patients(time.copy(), event.copy(), code.copy(), start.copy()),
        Patients(time[:, :2].copy(), event[:, :2].copy(), code[:, :2].copy(), start[:, :2].copy()),
        counted.time[:, :2].copy(), counted, tables, Tables(leaving, deaths, size.copy(), survival.copy(), greenwood.copy(), at_risk.copy()),
        missed, Missed(missed.items.copy(), missed.ratios.copy()), missed.items.copy(), np.array([now]),
        stale, np.zeros(stale.size, np.int64), scratch, out, walks,
    )  # fmt: skip
    return work, now


@njit(cache=True)
def anneal(asked, patients, seed, moves, hot, cold, walks=False):
    """Anneal a state in place, which becomes the best one found; or walk from it.

    Parameters
    ----------
    asked : Asked
    patients : Patients
    seed, moves : int
    hot, cold : float
    walks : bool
        Whether labels stay and all moves are made, where everything holds, too; the state becomes the last one.

    Returns
    -------
    misses : array of float, shape (items,)
        Of that state, in the order of `kernel.total_miss`.
    spent : int
        Moves made.
    """
    work, now = work_of(asked, patients, walks)
    spent = annealing.anneal(asked, work, now, seed, moves, hot, cold)
    patients.time[:], patients.event[:], patients.code[:] = work.best.time, work.best.event, work.best.code
    patients.start[:] = work.best.start
    return work.best_items, spent
