"""Where further clocks start at first, compiled: soon, and early enough for each patient's times."""

from __future__ import annotations

import numpy as np

from analysis.compiled import njit
from analysis.reconstruction.kernels.memberships import LEVELS, meets
from analysis.reconstruction.large.kernels.clocks import latest_start
from analysis.reconstruction.large.kernels.moves import trade
from analysis.reconstruction.large.state import OWN

#: Share of all steps in which starts lie at first: nothing printed tells more of them than the curves that they lead to.
SOON = 0.1
#: Patients looked at for times that are long enough.
DONORS = 200


@njit(cache=True)
def start_clocks(asked, patients, seed):
    """Starts of all patients' clocks, in place.

    Who dies or relapses before a clock could start changes times with somebody whom it is not of, and who is like him in all labels
    but those that tell so; where nobody is, his times become longer.

    Parameters
    ----------
    asked : Asked
    patients : Patients
        Times and events change, too.
    seed : int
    """
    np.random.seed(seed)
    time, event, code, start = patients
    for c in range(asked.clocks.shape[0]):
        where, whose, first, last = asked.clocks[c]
        soon = min(last, first + int(SOON * (asked.reach[1] - asked.reach[0])))
        for p in range(time.shape[1]):
            start[c, p] = first + np.random.randint(soon - first + 1)
        labels = labels_of(asked.clauses, asked.conditions, where, code.shape[0])
        for p in range(time.shape[1]):
            if whose != OWN or not meets(code, time, event, asked.clauses, asked.conditions[where, 0], asked.conditions[where, 1], p):
                continue
            if latest_start(asked.spells, time, c, p) < first:
                q = donor(asked, patients, labels, c, p)
                if q != p:
                    trade(time, event, p, q)
                else:
                    lengthen(asked.spells, time, event, c, p, first)
            latest = min(last, latest_start(asked.spells, time, c, p))
            if start[c, p] > latest:
                start[c, p] = first + np.random.randint(latest - first + 1)


@njit(cache=True)
def labels_of(clauses, conditions, where, number):
    """Labels that a condition speaks of."""
    found = np.zeros(number, np.bool_)
    for k in range(conditions[where, 0], conditions[where, 1]):
        if clauses[k, 0] == LEVELS:
            found[clauses[k, 1]] = True
    return found


@njit(cache=True)
def donor(asked, patients, labels, c, p):
    """Somebody whom a clock is not of, with times long enough for it, and alike in the other labels if one is found; else p itself."""
    time, event, code, _ = patients
    where, found = asked.clocks[c, 0], p
    for _ in range(DONORS):
        q = np.random.randint(time.shape[1])
        if latest_start(asked.spells, time, c, q) < asked.clocks[c, 2]:
            continue
        if meets(code, time, event, asked.clauses, asked.conditions[where, 0], asked.conditions[where, 1], q):
            continue
        found, differ = q, 0
        for v in range(code.shape[0]):
            differ += not labels[v] and code[v, p] != code[v, q]
        if differ == 0:
            break
    return found


@njit(cache=True)
def lengthen(spells, time, event, c, p, first):
    """Make a patient's times as long as the earliest start of a clock needs; an end never lies before the first event."""
    for s in range(spells.shape[0]):
        if spells[s, 0] == c and spells[s, 1] >= 0:
            end = spells[s, 1]
            time[end, p] = max(time[end, p], first + spells[s, 3])
    for e in range(1, time.shape[0]):
        time[e, p] = max(time[e, p], time[e - 1, p])
    if not event[0, p]:
        time[0, p] = time[time.shape[0] - 1, p]
