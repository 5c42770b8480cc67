"""The annealing loop asks its steps in order, goes back from what it refuses, and counts no state of the first moves."""

from typing import NamedTuple

import numpy as np
import pytest

from analysis.reconstruction.kernels import annealing
from analysis.reconstruction.kernels.annealing import keep, step

# compiled from nothing in a fresh clone, so in the worker that has the other kernels
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


class Aim(NamedTuple):
    """A number to come to, and the greatest one allowed."""

    value: np.ndarray
    most: np.ndarray


class Counter(NamedTuple):
    """A number, the best one, and how many moves were made, unsound, evaluated, accepted, undone."""

    number: np.ndarray
    best: np.ndarray
    calls: np.ndarray


class Move(NamedTuple):
    """By how much the number changes."""

    by: int
    many: int


@step(annealing.propose, Aim)
def _propose(aim, work):
    by = np.random.randint(-1, 2)
    work.calls[0] += 1
    work.number[0] += by
    return Move(by, abs(by))


@step(annealing.sound, Aim)
def _sound(aim, work, move):
    sound = work.number[0] <= aim.most[0]
    work.calls[1] += not sound
    return sound


@step(annealing.loss, Aim)
def _loss(aim, work, move, limit):
    work.calls[2] += 1
    return abs(work.number[0] - aim.value[0]) * 1.0


@step(annealing.accept, Aim)
def _accept(aim, work, move, now):
    work.calls[3] += 1
    if now < abs(work.best[0] - aim.value[0]):
        keep(aim, work, now)


@step(annealing.undo, Aim)
def _undo(aim, work, move):
    work.calls[4] += 1
    work.number[0] -= move.by


@step(annealing.keep, Aim)
def _keep(aim, work, now):
    work.best[0] = work.number[0]


@step(annealing.ended, Aim)
def _ended(aim, work):
    return work.best[0] == aim.value[0]


def annealed(start, value, most=100, moves=2_000, heat=0.2, away=0, seed=1):
    work = Counter(np.array([start]), np.array([99]), np.zeros(5, np.int64))
    aim = Aim(np.array([value]), np.array([most]))
    spent = annealing.anneal(aim, work, float(abs(start - value)), seed, moves, heat, heat, away)
    return work, spent


def test_it_ends_with_the_first_state_that_needs_no_better():
    work, spent = annealed(0, 7)
    assert work.best[0] == work.number[0] == 7 and 7 <= spent < 2_000


def test_no_move_is_made_of_a_state_that_needs_none():
    work, spent = annealed(7, 7)
    assert spent == 0 and work.best[0] == 7 and not work.calls.any()


def test_what_is_unsound_is_undone_without_being_evaluated():
    work, spent = annealed(0, 7, most=5)
    made, unsound, evaluated, accepted, undone = work.calls
    assert spent == made == 2_000 and work.best[0] == 5 and work.number[0] <= 5
    assert unsound > 0 and undone == unsound + evaluated - accepted


def test_cold_it_never_goes_back():
    work, _ = annealed(0, 7, most=5, heat=1e-9)
    assert work.number[0] == 5 and work.calls[3] == 5


def test_states_of_the_first_moves_do_not_count():
    work, spent = annealed(7, 7, moves=500, away=300)
    assert 300 <= spent <= 500 and work.best[0] == 7 and work.calls[0] == spent


def test_the_same_seed_makes_the_same_moves():
    assert annealed(0, 7)[0].calls.tolist() == annealed(0, 7)[0].calls.tolist() != annealed(0, 7, seed=2)[0].calls.tolist()
