"""Moves of the search, compiled: one patient's time or event, two patients' events, labels or first events."""

from __future__ import annotations

import numpy as np

from analysis.compiled import UNCOUNTED, njit
from analysis.reconstruction.kernels.memberships import meets

#: Kinds of moves.
NEARBY, OPPOSED, ANYWHERE, FLIPPED, EXCHANGED, SWAPPED, RELABELLED, TRADED, RECAUSED, RESTARTED = range(10)
#: Their shares, added up: a time nearby, two times of alike patients in opposite directions (which hardly changes an
#: estimate, but its error), any time, an event, two patients' events, two patients' labels; else one label.
SHARES = np.cumsum(np.array([0.32, 0.22, 0.05, 0.03, 0.17, 0.19, 0.02]))
#: The same where patients keep their labels, for a walk: in place of labels two patients change times and events together.
WALKED = np.cumsum(np.array([0.2, 0.2, 0.05, 0.05, 0.2]))
#: Share of moves of two patients' first events where causes of these are told apart: no other move makes a relapse of a death in
#: remission, or the reverse, and leaves the curve of first events nearly as it is.
OF_CAUSES = 0.12
#: Partners looked at, until one suits.
PARTNERS = 12
#: A time nearby is within so many steps, or within a drawn part of this share of all: of a clock in tenths of a month, six are next to nothing.
NEAR, FAR = 6, 0.15
#: How often a partner must be near in time, too: what an exchange then changes is little, and near its own time.
CLOSE = 0.7


@njit(cache=True)
def drawn(labels, causes, walks):
    """A kind of move; none of labels where there are none, or on a walk, and none of causes where these are not told apart."""
    if causes and np.random.random() < OF_CAUSES:
        return RECAUSED
    if walks:
        kind = np.searchsorted(WALKED, np.random.random(), side="right")
        return kind if kind < SWAPPED else TRADED
    kind = np.searchsorted(SHARES, np.random.random(), side="right")
    return kind if labels or kind < SWAPPED else EXCHANGED


@njit(cache=True)
def paired(kind):
    """Whether a kind of move is one of two patients."""
    return kind in (OPPOSED, EXCHANGED, SWAPPED, TRADED, RECAUSED, RESTARTED)


@njit(cache=True)
def same(values, p, q):
    """Whether two patients have the same events, or the same labels."""
    differ = 0
    for k in range(values.shape[0]):
        differ += values[k, p] != values[k, q]
    return differ == 0


@njit(cache=True)
def suits(kind, time, event, code, p, q):
    """Whether a move of two patients changes anything (exchanged events or labels) or hardly anything (times in opposite directions)."""
    if kind == RECAUSED:
        return event[0, p] and event[0, q] and time[0, p] != time[0, q]
    if kind == TRADED:
        return not (same(time, p, q) and same(event, p, q))
    if kind == EXCHANGED:
        return not same(event, p, q)
    if kind == SWAPPED:
        return not same(code, p, q)
    return same(event, p, q) and same(code, p, q)


@njit(cache=True)
def nearby(reach):
    """How many steps off a time nearby may be: up to `NEAR` and more, on the scale of the logarithm."""
    widest = max(float(NEAR), FAR * (reach[1] - reach[0]))
    return int(NEAR * (widest / NEAR) ** np.random.random() + 0.5)


@njit(cache=True)
def partner(kind, time, event, code, reach, p):
    """Another patient for a move, mostly one who suits and is near in time; p itself if nobody suits."""
    if not paired(kind):
        return p
    last, found, close = time.shape[0] - 1, p, np.random.random() < CLOSE
    near = nearby(reach)
    for _ in range(PARTNERS):
        q = np.random.randint(time.shape[1])
        if q != p and suits(kind, time, event, code, p, q):
            if not close or abs(time[last, q] - time[last, p]) <= near:
                return q
            found = q
    return found


@njit(cache=True)
def reflect(t, reach):
    """A time that may lie beyond the first or last possible one, as far inside.

    Put on the end itself, such times would gather there: a quarter of a cohort's first events fell on the first day.
    """
    if t < reach[0]:
        t = 2 * reach[0] - t
    elif t > reach[1]:
        t = 2 * reach[1] - t
    return min(reach[1], max(reach[0], t))


@njit(cache=True)
def shift(time, event, reach, p, by, far):
    """A time by so many steps later, or any time, for a patient's end or, if it came before, for the first event."""
    last = time.shape[0] - 1
    which = last if last == 0 or np.random.random() < 0.5 or not event[0, p] else 0
    if far:
        new = reach[0] + np.random.randint(reach[1] - reach[0] + 1)
    else:
        new = reflect(time[which, p] + by, reach)
    if last == 0:
        time[0, p] = new
    elif which == 0:
        time[0, p] = min(new, time[1, p])
    else:
        time[1, p] = new
        if not event[0, p] or time[0, p] > new:
            time[0, p] = new


@njit(cache=True)
def flip(time, event, p):
    """An event made a censoring, or the reverse; of a chain of two, one of its events."""
    last = time.shape[0] - 1
    if last == 0:
        event[0, p] = 1 - event[0, p]
    elif event[1, p]:
        event[1, p] = 0
    elif not event[0, p]:
        event[0, p] = 1
        event[1, p] = 1 if np.random.random() < 0.5 else 0
    elif np.random.random() < 0.5:
        event[1, p] = 1
    else:
        event[0, p] = 0
        time[0, p] = time[1, p]


@njit(cache=True)
def exchange(time, event, p, q):
    """Two patients change events (of a chain of two, of its end or of both) and keep their times."""
    last = time.shape[0] - 1
    if event[last, p] == event[last, q] and event[0, p] == event[0, q]:
        return
    for e in range(last + 1):
        event[e, p], event[e, q] = event[e, q], event[e, p]
    if last:
        for r in (p, q):
            if not event[0, r]:
                time[0, r] = time[1, r]


@njit(cache=True)
def trade(time, event, p, q):
    """Two patients change times and events."""
    for e in range(time.shape[0]):
        time[e, p], time[e, q] = time[e, q], time[e, p]
        event[e, p], event[e, q] = event[e, q], event[e, p]


@njit(cache=True)
def recause(time, event, p, q):
    """Two patients change the times of their first events, each no later than its end; of one who dies, the death may become its first event."""
    first, second = time[0, p], time[0, q]
    time[0, p] = time[1, p] if event[1, p] and np.random.random() < 0.5 else min(second, time[1, p])
    time[0, q] = min(first, time[1, q])


@njit(cache=True)
def swap(code, p, q):
    """Two patients change one label in which they differ, or all."""
    if code.shape[0] > 1 and np.random.random() < 0.2:
        for v in range(code.shape[0]):
            code[v, p], code[v, q] = code[v, q], code[v, p]
        return
    v = np.random.randint(code.shape[0])
    while code[v, p] == code[v, q]:  # a partner of this move differs
        v = (v + 1) % code.shape[0]
    code[v, p], code[v, q] = code[v, q], code[v, p]


@njit(cache=True)
def make(kind, time, event, code, reach, levels, p, q):
    """Make one move of patient p, or of p and q."""
    if kind == NEARBY:
        near = nearby(reach)
        shift(time, event, reach, p, np.random.randint(-near, near + 1), False)
    elif kind == OPPOSED:
        by = np.random.randint(1, nearby(reach) + 1)
        shift(time, event, reach, p, by, False)
        shift(time, event, reach, q, -by, False)
    elif kind == ANYWHERE:
        shift(time, event, reach, p, 0, True)
    elif kind == FLIPPED:
        flip(time, event, p)
    elif kind == EXCHANGED:
        exchange(time, event, p, q)
    elif kind == SWAPPED:
        swap(code, p, q)
    elif kind == TRADED:
        trade(time, event, p, q)
    elif kind == RECAUSED:
        recause(time, event, p, q)
    else:
        v = np.random.randint(levels.size)
        code[v, p] = np.random.randint(levels[v])


@njit(cache=True)
def lawful(rules, windows, time, event, member, p):
    """Whether a patient obeys the rules and the windows."""
    for k in range(rules.shape[0]):
        if member[rules[k, 0], p] and not member[rules[k, 1], p]:
            return False
    for k in range(windows.shape[0]):
        condition, endpoint, what, first, last = windows[k]
        if not member[condition, p]:
            continue
        asks = what == 1 or (what == 0) == (event[endpoint, p] == 1)
        if asks and time[endpoint, p] >= 0 and not first <= time[endpoint, p] <= last:
            return False
    return True


@njit(cache=True, **UNCOUNTED)
def recount(clauses, conditions, timed, code, time, event, member, total, p, labels):
    """Bring who meets which condition, and how many, up to date with one patient; only of times unless `labels` changed."""
    number = conditions.shape[0] if labels else timed.size
    for k in range(number):
        c = k if labels else timed[k]
        now = meets(code, time, event, clauses, conditions[c, 0], conditions[c, 1], p)
        if now != member[c, p]:
            member[c, p] = now
            total[c] += 1 if now else -1
