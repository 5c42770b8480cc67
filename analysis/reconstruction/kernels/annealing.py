"""The one annealing loop: how a state is changed, what it misses and which states are kept are steps that each search gives.

Steps are chosen by the type of the problem, when `anneal` is compiled (`step`), and take arrays in named tuples.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numba.extending import overload

from analysis.compiled import UNCOUNTED, njit


def propose(problem, work):
    """Change the state; a named tuple that tells what was done, `many` of it how many rows changed, 0 if none."""


def sound(problem, work, move):
    """Whether the changed state keeps what must hold, whatever it misses."""


def loss(problem, work, move, limit):
    """What the changed state misses; any value above the limit if that is exceeded."""


def accept(problem, work, move, now):
    """Go on from the changed state, which misses `now`, and keep it if it is the best one."""


def undo(problem, work, move):
    """Put back the state before the move, whichever steps were taken since."""


def keep(problem, work, now):
    """Keep the state, which misses `now`, as the best one."""


def ended(problem, work):
    """Whether no state can be better than the best one."""


def step(which: Callable, kind: type) -> Callable[[Callable], Callable]:
    """Decorate what a step is for problems of a type of named tuple."""

    def register(function):
        @overload(which, jit_options=UNCOUNTED, strict=False)
        def chosen(problem, *others):
            return function if getattr(problem, "instance_class", None) is kind else None

        return function

    return register


@njit(cache=True, **UNCOUNTED)
def anneal(problem, work, now, seed, moves, hot, cold, away=0):
    """Simulated annealing in place.

    Parameters
    ----------
    problem : named tuple of arrays
        Its type chooses the steps; it stays as it is.
    work : named tuple of arrays
        The state, the best one, and what the steps keep of them.
    now : float
        What the state misses.
    seed, moves : int
    hot, cold : float
        First and last temperature, in units of the miss.
    away : int
        States of the first so many moves do not count.

    Returns
    -------
    int
        Moves made.
    """
    np.random.seed(seed)
    heat, cooling, spent = hot, (cold / hot) ** (1 / moves), 0
    while spent < moves:
        if spent == away:
            keep(problem, work, now)
        if spent >= away and ended(problem, work):
            break
        spent += 1
        heat *= cooling
        move = propose(problem, work)
        if move.many == 0:
            continue
        if sound(problem, work, move):
            # drawn beforehand, so that a state surely refused need not be evaluated to its end
            limit = now - heat * math.log(1.0 - np.random.random())
            then = loss(problem, work, move, limit)
            if then <= limit:
                now = then
                accept(problem, work, move, now)
                continue
        undo(problem, work, move)
    return spent


@njit(cache=True, **UNCOUNTED)
def copy(values, to):
    """Copy an array of one dimension to another."""
    for k in range(values.size):
        to[k] = values[k]


@njit(cache=True, **UNCOUNTED)
def copy_column(values, p, to, q):
    """Copy column p of an array to column q of another.

    Parameters
    ----------
    values, to : array, shape (rows, columns)
        Equal numbers of rows.
    p, q : int
    """
    for k in range(values.shape[0]):
        to[k, q] = values[k, p]
