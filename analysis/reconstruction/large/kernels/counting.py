"""Who meets which condition, and the life tables of the groups, compiled: of a state from nothing."""

from __future__ import annotations

import numpy as np

from analysis.compiled import njit
from analysis.reconstruction.kernels import tallies
from analysis.reconstruction.large.kernels.clocks import derive
from analysis.reconstruction.large.kernels.life_tables import write_table
from analysis.reconstruction.large.kernels.moves import recount
from analysis.reconstruction.large.state import Counted, Tables


@njit(cache=True)
def counted_of(asked, patients):
    """Memberships of a state, from nothing."""
    rows = patients.time.shape[1]
    counted = Counted(
        np.zeros((asked.conditions.shape[0], rows), np.bool_),
        np.zeros(asked.conditions.shape[0], np.int64),
        np.full((asked.groups.shape[0], rows), -1),
        np.full((patients.time.shape[0] + asked.spells.shape[0], rows), -1),
        np.zeros((patients.time.shape[0] + asked.spells.shape[0], rows), np.int64),
    )
    time, event, code, start = patients
    for p in range(rows):
        derive(asked.clocks, asked.spells, asked.clauses, asked.conditions, time, event, code, start, counted.time, counted.event, p)
        recount(
            asked.clauses,
            asked.conditions,
            asked.timed,
            code,
            counted.time,
            counted.event,
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
            asked.groups, counted.time, counted.event, counted.member, p, tables.leaving, tables.deaths, tables.size, counted.place, stale
        )
    for g in range(groups):
        write_table(tables.leaving[g], tables.deaths[g], tables.size[g], tables.survival[g], tables.greenwood[g], tables.at_risk[g], 0)
    return tables
