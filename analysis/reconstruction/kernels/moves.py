"""States of the search: what follows from a row's state, what is lawful, and the moves.

State of a row of the main table: codes of its labels; end, and whether it is the last
endpoint's event; first event of the chain; start of the second clock and an event on it.
"""

from __future__ import annotations

import numpy as np

from analysis.compiled import njit

#: Rows of a state, a column a patient: month of the last contact and whether it is a death; month of the first event of a chain
#: of two and whether there is one; month in which the second clock starts; month of an event on it and whether there is one.
END, DEAD, ILL_AT, ILL, START, AGAIN_AT, AGAIN = range(7)
#: Kinds of moves. What is left shifts, adds or removes an event on the second clock.
EXCHANGE_LABELS, EXCHANGE_LIVES, EXCHANGE_ENDS, SHIFT_END, SHIFT_FIRST_EVENT, SHIFT_START = range(6)
TURN_DEATH, MOVE_MONTH, SHIFT_ENDS_APART = 7, 8, 9
#: A window holds the times of rows with the event, or of those without it; every other number: of all that meet its condition.
WITH_EVENT, WITHOUT_EVENT = 0, 2


@njit(cache=True)
def derive(life, p, chain, ends, later, times, events):
    """Times and events of all endpoints of a row from its state.

    Those from `later` on share the second clock's events, and count from the chain's origin.

    Parameters
    ----------
    life : array of int, shape (7, rows)
        State of each row, in months.
    p : int
    chain : {1, 2}
        Endpoints from the origin: the last one alone, or one of a first event (such as event-free survival) before it.
    ends : int
        How many endpoints of the second clock follow them that end with the last endpoint (such as survival after transplantation).
    later : int
        Position of the first endpoint that has the second clock's events and counts from the origin of the chain.
    times, events : array of int, shape (endpoints, rows)
        Overwritten for row `p`; time −1 where the second clock never starts.
    """
    if chain == 2:
        times[0, p], events[0, p] = life[ILL_AT, p], life[ILL, p]
        times[1, p], events[1, p] = life[END, p], life[DEAD, p]
    else:
        times[0, p], events[0, p] = life[END, p], life[DEAD, p]
    for e in range(chain, times.shape[0]):
        start = life[START, p]
        if start < 0:
            times[e, p], events[e, p] = -1, 0
            continue
        if e < chain + ends:
            times[e, p], events[e, p] = life[END, p] - start, life[DEAD, p]
            continue
        elif life[ILL, p] and life[ILL_AT, p] > start:
            times[e, p], events[e, p] = life[ILL_AT, p], 1
        elif life[AGAIN, p]:
            times[e, p], events[e, p] = life[AGAIN_AT, p], 1
        else:
            times[e, p], events[e, p] = life[END, p], 0
        if e < later:
            times[e, p] -= start


@njit(cache=True)
def lawful(life, times, events, member, p, clock, end, rules, windows, chain):
    """Whether a row's dates are in order and it breaks no rule and no window.

    Parameters
    ----------
    life : array of int, shape (7, rows)
    times, events : array of int, shape (endpoints, rows)
        From `derive`.
    member : array of bool, shape (conditions, rows)
    p : int
    clock : search_state.SecondClock
    end : int
        Last month of all.
    rules : array of int, shape (rules, 2)
    windows : array of int, shape (windows, 5)
        As in `search_state.Laws`.
    chain : {1, 2}
        As in `derive`.
    """
    if life[END, p] < 0 or life[END, p] > end:
        return False
    if chain == 2:
        if life[ILL, p] and not 0 <= life[ILL_AT, p] <= life[END, p]:
            return False
        if not life[ILL, p] and (life[DEAD, p] or life[ILL_AT, p] != life[END, p]):
            return False
    start = life[START, p]
    if start >= 0:
        if start < clock.first or start > clock.last or start >= life[END, p]:
            return False
        before = life[ILL, p] and life[ILL_AT, p] <= start
        if before and not member[clock.early, p]:
            return False
        if life[AGAIN, p] and not (before and start < life[AGAIN_AT, p] <= life[END, p]):
            return False
        if life[DEAD, p] and clock.needed and before and not life[AGAIN, p]:
            return False
    for k in range(rules.shape[0]):
        if member[rules[k, 0], p] and not member[rules[k, 1], p]:
            return False
    for k in range(windows.shape[0]):
        condition, endpoint, what, first, last = windows[k]
        outside = member[condition, p] and times[endpoint, p] >= 0 and not first <= times[endpoint, p] <= last
        if outside and what != (WITHOUT_EVENT if events[endpoint, p] == 1 else WITH_EVENT):
            return False
    return True


@njit(cache=True)
def free_until_end(life, p):
    """Both endpoints of a row without a first event end together."""
    if not life[ILL, p]:
        life[ILL_AT, p] = life[END, p]


@njit(cache=True)
def propose(codes, life, groups, group_size, frozen, clock, chain, p, q, kind):
    """Change rows p and q in place. Returns False where the move makes no sense.

    Parameters
    ----------
    codes : array of int, shape (labels, rows)
    life : array of int, shape (7, rows)
    groups : array of int, shape (sets, most)
    group_size : array of int, shape (sets,)
    frozen : array of bool, shape (rows,)
        As in `search_state.Exchanged`.
    clock : search_state.SecondClock
    chain : {1, 2}
        As in `derive`.
    p, q : int
        Rows.
    kind : int
        One of the kinds of moves above.  Times are shifted by 1 to 3 months in 6 of 10 moves, else by up to 24.
    """
    if kind == EXCHANGE_LABELS:
        if frozen[p] or frozen[q]:
            return False
        g = np.random.randint(groups.shape[0])
        changed = False
        for k in range(group_size[g]):
            v = groups[g, k]
            if codes[v, p] != codes[v, q]:
                codes[v, p], codes[v, q] = codes[v, q], codes[v, p]
                changed = True
        return changed
    if kind == EXCHANGE_LIVES:
        for k in range(7):
            life[k, p], life[k, q] = life[k, q], life[k, p]
        return True
    if kind == EXCHANGE_ENDS:
        life[END, p], life[END, q] = life[END, q], life[END, p]
        life[DEAD, p], life[DEAD, q] = life[DEAD, q], life[DEAD, p]
        for r in (p, q):
            free_until_end(life, r)
        return True
    step = np.random.randint(1, 4) if np.random.random() < 0.6 else np.random.randint(1, 25)
    if np.random.random() < 0.5:
        step = -step
    if kind == SHIFT_END:
        life[END, p] += step
        free_until_end(life, p)
        return True
    if kind == SHIFT_ENDS_APART:  # or towards each other: what was lost in one place is made up for in another
        life[END, p] += step
        life[END, q] -= step
        for r in (p, q):
            free_until_end(life, r)
        return life[DEAD, p] == life[DEAD, q]
    if kind == SHIFT_FIRST_EVENT and chain == 2:
        life[ILL_AT, p] += step
        return life[ILL, p] == 1
    if kind == TURN_DEATH:  # into a last follow-up, or the other way round
        life[DEAD, p] = 1 - life[DEAD, p]
        return chain == 1 or life[ILL, p] == 1
    if life[START, p] < 0:
        return False
    if kind == SHIFT_START:  # of the second clock
        life[START, p] = np.random.randint(clock.first, clock.last + 1)
        return True
    if life[AGAIN, p] and np.random.random() < 0.7:
        life[AGAIN_AT, p] += step
    else:
        life[AGAIN, p] = 1 - life[AGAIN, p]
        life[AGAIN_AT, p] = life[START, p] + np.random.randint(1, 25)
    return True


@njit(cache=True)
def move_month(life, chain):
    """Carry all ends, or all first events, of one month to a near one: ties appear and dissolve.

    Parameters
    ----------
    life : array of int, shape (7, rows)
        Overwritten.
    chain : {1, 2}
        As in `derive`.
    """
    rows = life.shape[1]
    which = ILL_AT if chain == 2 and np.random.random() < 0.4 else END
    source = life[which, np.random.randint(rows)]
    step = np.random.randint(1, 5)
    goal = source + (step if np.random.random() < 0.5 else -step)
    only_events = np.random.random() < 0.5
    for p in range(rows):
        if life[which, p] == source and not (only_events and not (life[DEAD, p] if which == END else life[ILL, p])):
            if which == END or life[ILL, p]:
                life[which, p] = goal
            if which == END and not life[ILL, p]:
                life[ILL_AT, p] = goal


@njit(cache=True)
def carry(life, before, links):
    """Rows of one patient that ended together go on doing so: where one now ends otherwise, the other follows.

    Parameters
    ----------
    life, before : arrays of int, shape (7, rows)
        States after and before a move; the first is changed.
    links : array of int, shape (links, 3)
        As in `one_life`.
    """
    for k in range(links.shape[0]):
        first, second, gap = links[k, 0], links[k, 1], links[k, 2]
        if before[DEAD, first] != before[DEAD, second] or before[END, first] - before[END, second] != gap:
            continue
        led = life[END, first] != before[END, first] or life[DEAD, first] != before[DEAD, first]
        one, other, later = (first, second, -gap) if led else (second, first, gap)
        life[END, other], life[DEAD, other] = life[END, one] + later, life[DEAD, one]
        free_until_end(life, other)


@njit(cache=True)
def one_life(life, member, links, kept):
    """Whether rows of one patient still tell one life, so many months apart.

    Parameters
    ----------
    links : array of int, shape (links, 3)
        First row, second row, and the months between their origins.
    kept : array of int, shape (kept, 2)
        Row, and a condition that is told of it.
    """
    for k in range(kept.shape[0]):
        if not member[kept[k, 1], kept[k, 0]]:
            return False
    for k in range(links.shape[0]):
        first, second, gap = links[k, 0], links[k, 1], links[k, 2]
        together = life[DEAD, first] == life[DEAD, second] and life[END, first] - life[END, second] == gap
        until = not life[DEAD, first] and life[END, first] == gap
        if not (together or until) or not life[ILL, first] or life[ILL_AT, first] > gap:
            return False
    return True
