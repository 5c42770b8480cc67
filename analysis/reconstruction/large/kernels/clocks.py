"""Times on further clocks, compiled: what follows from a patient's chain and the start of the clock, and moves of that start.

A spell ends with an endpoint of the chain, so that nothing else is moved: relapse-free survival from remission is event-free survival
less the time to remission, and has its event.
"""

from __future__ import annotations

import numpy as np

from analysis.compiled import UNCOUNTED, njit
from analysis.reconstruction.kernels.memberships import FIRST, cause_of, meets
from analysis.reconstruction.large.kernels.moves import PARTNERS, nearby
from analysis.reconstruction.large.state import ALONE, AT_ORIGIN, OF_START, OWN

#: Share of moves that are of starts, where there are clocks; of these, of two patients in opposite directions, and to any time.
OF_STARTS, OPPOSED, ANYWHERE = 0.2, 0.5, 0.1
#: How often two patients who change labels change starts, too.
TOGETHER = 0.5


@njit(cache=True, **UNCOUNTED)
def start_of(clocks, start, time, c, p):
    """Step at which a clock starts for a patient."""
    whose = clocks[c, 1]
    return start[c, p] if whose == OWN else (0 if whose == AT_ORIGIN else time[whose, p])


@njit(cache=True, **UNCOUNTED)
def latest_start(spells, time, c, p):
    """Last step at which a clock may start for a patient, so that each spell is long enough."""
    found = np.iinfo(np.int64).max
    for s in range(spells.shape[0]):
        if spells[s, 0] == c and spells[s, 1] != OF_START:
            found = min(found, time[spells[s, 1], p] - spells[s, 3])
    return found


@njit(cache=True, **UNCOUNTED)
def begin_in_time(clocks, spells, clauses, conditions, time, event, code, start, p):
    """Draw the start of a patient's clocks anew where it is too late for his times; those that cannot start stay as they are."""
    for c in range(clocks.shape[0]):
        where, first = clocks[c, 0], clocks[c, 2]
        if clocks[c, 1] == OWN and meets(code, time, event, clauses, conditions[where, 0], conditions[where, 1], p):
            latest = min(clocks[c, 3], latest_start(spells, time, c, p))
            if start[c, p] > latest and latest >= first:
                start[c, p] = first + np.random.randint(latest - first + 1)


@njit(cache=True, **UNCOUNTED)
def derive(clocks, spells, clauses, conditions, time, event, code, start, its_time, its_event, p):
    """Times and events of a patient's chain and spells; whether clocks start, and spells last, as they may.

    Parameters
    ----------
    clocks, spells, clauses, conditions : array of int
        As in `state.Asked`.
    time, event, code, start : array of int, shape (kinds, patients)
        As in `state.Patients`.
    its_time, its_event : array of int, shape (endpoints, patients)
        As in `state.Counted`; overwritten for the patient.
    p : int
    """
    chain, sound = time.shape[0], True
    for e in range(chain):
        its_time[e, p], its_event[e, p] = time[e, p], event[e, p]
    for s in range(spells.shape[0]):
        c, end = spells[s, 0], spells[s, 1]
        where = clocks[c, 0]
        its_time[chain + s, p], its_event[chain + s, p] = -1, 0
        if not meets(code, time, event, clauses, conditions[where, 0], conditions[where, 1], p):
            continue
        since = start_of(clocks, start, time, c, p)
        lasts = since if end == OF_START else time[end, p] - since
        if not (clocks[c, 2] <= since <= clocks[c, 3] and spells[s, 3] <= lasts <= spells[s, 4]):
            sound = False
            continue
        its_time[chain + s, p] = lasts
        if end == OF_START:
            its_event[chain + s, p] = 1
        else:
            its_event[chain + s, p] = cause_of(time, event, p) == FIRST if spells[s, 2] == ALONE else event[end, p]
    return sound


@njit(cache=True)
def restarts(clocks):
    """Whether a move is of starts; never where there are no clocks."""
    return clocks.shape[0] > 0 and np.random.random() < OF_STARTS


@njit(cache=True)
def of_part(member, where, p):
    """A patient of those whom a clock is of; p itself if none was found."""
    for _ in range(PARTNERS):
        q = np.random.randint(member.shape[1])
        if member[where, q]:
            return q
    return p


@njit(cache=True)
def restart(clocks, start, reach, c, p, q):
    """Move the start of a clock of a patient, or of two in opposite directions, so that they hardly change a curve."""
    first, last = clocks[c, 2], clocks[c, 3]
    drawn = np.random.random()
    if drawn < ANYWHERE:
        start[c, p] = first + np.random.randint(last - first + 1)
        return
    by = np.random.randint(1, nearby(reach) + 1) * (1 if np.random.random() < 0.5 else -1)
    start[c, p] = within(start[c, p] + by, first, last)
    if drawn < ANYWHERE + OPPOSED:
        start[c, q] = within(start[c, q] - by, first, last)


@njit(cache=True)
def within(t, first, last):
    """A step that may lie beyond the first or last possible one, as far inside."""
    if t < first:
        t = 2 * first - t
    elif t > last:
        t = 2 * last - t
    return min(last, max(first, t))


@njit(cache=True)
def exchange_starts(start, p, q):
    """Two patients change the starts of all their clocks."""
    for c in range(start.shape[0]):
        start[c, p], start[c, q] = start[c, q], start[c, p]
