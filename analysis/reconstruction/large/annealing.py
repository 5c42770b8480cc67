"""The one annealing of large groups, compiled."""

from __future__ import annotations

import math

import numpy as np

from analysis.compiled import njit
from analysis.reconstruction.kernels import tallies
from analysis.reconstruction.large.kernel import total_miss, write_table
from analysis.reconstruction.large.moves import RELABELLED, SWAPPED, drawn, lawful, make, paired, partner, recount
from analysis.reconstruction.large.state import Counted, Tables

#: A state is kept if it misses less than this share of the best one's miss.
NOTABLY = 0.95


@njit(cache=True)
def counted_of(asked, patients):
    """Memberships of a state, from nothing."""
    rows = patients.time.shape[1]
    counted = Counted(
        np.zeros((asked.conditions.shape[0], rows), np.bool_),
        np.zeros(asked.conditions.shape[0], np.int64),
        np.full((asked.groups.shape[0], rows), -1),
    )
    for p in range(rows):
        recount(
            asked.clauses,
            asked.conditions,
            asked.timed,
            patients.code,
            patients.time,
            patients.event,
            counted.member,
            counted.total,
            p,
            True,
        )
    return counted


@njit(cache=True)
def tables_of(asked, patients, counted):
    """Life tables of a state, from nothing."""
    groups, steps = asked.groups.shape[0], asked.reach[1] + 1
    tables = Tables(
        np.zeros((groups, steps), np.int64), np.zeros((groups, steps), np.int64), np.zeros(groups, np.int64),
        np.zeros((groups, steps)), np.zeros((groups, steps)), np.zeros((groups, steps)),
    )  # fmt: skip
    stale = np.zeros(groups, np.bool_)
    for p in range(patients.time.shape[1]):
        tallies.recount(
            asked.groups, patients.time, patients.event, counted.member, p, tables.leaving, tables.deaths, tables.size, counted.place, stale
        )
    for g in range(groups):
        write_table(tables.leaving[g], tables.deaths[g], tables.size[g], tables.survival[g], tables.greenwood[g], tables.at_risk[g], 0)
    return tables


@njit(cache=True)
def earliest(time, old, p, q):
    """First step at which a move of two patients changes anything but sizes."""
    found = time[0, p]
    for e in range(time.shape[0]):
        found = min(found, time[e, p], time[e, q], old[e, 0], old[e, 1])
    return found


@njit(cache=True)
def copy_table(survival, greenwood, at_risk, to_survival, to_greenwood, to_risk, first):
    """One group's table, from a step on."""
    for t in range(first, survival.size):
        to_survival[t], to_greenwood[t], to_risk[t] = survival[t], greenwood[t], at_risk[t]


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
    np.random.seed(seed)
    time, event, code, steps = patients.time, patients.event, patients.code, asked.reach[1] + 1
    clauses, conditions, timed, groups = asked.clauses, asked.conditions, asked.timed, asked.groups
    rows = time.shape[1]
    counted = counted_of(asked, patients)
    tables = tables_of(asked, patients, counted)
    member, total, place = counted.member, counted.total, counted.place
    leaving, deaths, size, survival, greenwood, at_risk = (
        tables.leaving,
        tables.deaths,
        tables.size,
        tables.survival,
        tables.greenwood,
        tables.at_risk,
    )
    items = (
        asked.sums.shape[0]
        + asked.points.shape[0]
        + asked.incidences.shape[0]
        + asked.limits.shape[0]
        + asked.crossings.shape[0]
        + asked.spans.shape[0]
        + asked.means.shape[0]
        + asked.compared.shape[0]
    )
    misses, ratios = np.zeros(items), np.zeros((asked.compared.shape[0], 2))
    scratch, out = np.empty((steps, 4), np.int64), np.empty(9)
    stale = np.ones(asked.groups.shape[0], np.bool_)
    first, old_size = np.zeros(stale.size, np.int64), size.copy()
    now = total_miss(asked, tables, total, stale, misses, ratios, scratch, out, math.inf)
    best, best_misses = now, misses.copy()
    best_time, best_event, best_code = time.copy(), event.copy(), code.copy()
    # what a move changes is kept, to be put back if the move is refused
    old_time, old_event, old_code = time[:, :2].copy(), event[:, :2].copy(), code[:, :2].copy()
    kept = (survival.copy(), greenwood.copy(), at_risk.copy())
    trial, trial_ratios = misses.copy(), ratios.copy()
    heat, cooling = hot, (cold / hot) ** (1 / moves)
    spent = 0
    while (walks or best > 0) and spent < moves:
        spent += 1
        heat *= cooling
        p = np.random.randint(rows)
        kind = drawn(asked.levels.size > 0, walks)
        q = partner(kind, time, event, code, asked.reach, p)
        if p == q and paired(kind):
            continue
        for k, r in enumerate((p, q)):
            old_time[:, k], old_event[:, k], old_code[:, k] = time[:, r], event[:, r], code[:, r]
        make(kind, time, event, code, asked.reach, asked.levels, p, q)
        labels = SWAPPED <= kind <= RELABELLED
        stale[:], old_size[:] = False, size
        sound = True
        for r in (p, q):
            recount(clauses, conditions, timed, code, time, event, member, total, r, labels)
            sound = sound and lawful(asked.rules, asked.windows, time, event, member, r)
            tallies.recount(groups, time, event, member, r, leaving, deaths, size, place, stale)
        accepted = False
        if sound:
            since = earliest(time, old_time, p, q)
            for g in range(stale.size):
                if stale[g]:
                    first[g] = since if size[g] == old_size[g] else 0
                    write_table(leaving[g], deaths[g], size[g], survival[g], greenwood[g], at_risk[g], first[g])
            # drawn beforehand, so that a state surely refused need not be evaluated to its end
            spare = now - heat * math.log(1.0 - np.random.random())
            then = total_miss(asked, tables, total, stale, trial, trial_ratios, scratch, out, spare)
            accepted = then <= spare
        if accepted:
            now = then
            misses[:], ratios[:] = trial, trial_ratios
            for g in range(stale.size):
                if stale[g]:
                    copy_table(survival[g], greenwood[g], at_risk[g], kept[0][g], kept[1][g], kept[2][g], first[g])
            if walks or now == 0 or now < NOTABLY * best:  # copying the patients takes longer than a move
                best, best_misses[:] = now, misses
                best_time[:], best_event[:], best_code[:] = time, event, code
            continue
        for k, r in enumerate((p, q)):
            time[:, r], event[:, r], code[:, r] = old_time[:, k], old_event[:, k], old_code[:, k]
            recount(clauses, conditions, timed, code, time, event, member, total, r, labels)
            tallies.recount(groups, time, event, member, r, leaving, deaths, size, place, stale)
        trial[:], trial_ratios[:] = misses, ratios
        for g in range(stale.size):
            if stale[g] and sound:
                copy_table(kept[0][g], kept[1][g], kept[2][g], survival[g], greenwood[g], at_risk[g], first[g])
    time[:], event[:], code[:] = best_time, best_event, best_code
    return best_misses, spent
