"""Counting rows of a large table: margins, rules, complete rows, proven limits."""

import numpy as np
import pandas as pd
import pytest

from analysis.cohorts import conditions
from analysis.cohorts.study_parts import Variable
from analysis.reconstruction.counts.cell_counts import Counts, Linear
from analysis.reconstruction.problem.assumptions import Rule
from analysis.reconstruction.solver.timeline import NoSolution

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]

DECLARED = {
    "colour": Variable(type="category", levels=("red", "blue"), missing=True),
    "big": Variable(type="boolean"),
    "old": Variable(type="boolean"),
}


def exactly(text, number):
    return Linear(((conditions.parse(text), 1),), number, number, text)


def rows(number, **columns):
    return pd.DataFrame({"key": [f"K{k}" for k in range(number)], **columns})


def held(table, text):
    return int(conditions.parse(text).mask(table).sum())


def test_margins_and_rules_hold():
    lines = [exactly("colour=red", 30), exactly("colour=?", 5), exactly("big=1", 40), exactly("colour=red & big=1", 12)]
    rule = Rule(when="colour=?", then="big=0", why="made up")
    table = Counts(DECLARED, rows(100), ["colour", "big"], lines, [rule]).solve(3)
    assert [held(table, line.name) for line in lines] == [30, 5, 40, 12]
    assert held(table, "colour=? & big=1") == 0


def test_decided_columns_and_complete_rows_count():
    fixed = np.arange(50) < 10
    table = rows(50, old=["1"] * 20 + ["0"] * 30).assign(colour=["red"] * 10 + [None] * 40)
    filled = Counts(DECLARED, table, ["colour"], [exactly("colour=red", 12), exactly("colour=red & old=1", 11)], [], fixed).solve(1)
    assert held(filled, "colour=red") == 12
    assert held(filled, "colour=red & old=1") == 11
    assert list(filled["colour"][:10]) == ["red"] * 10


def test_a_share_between_bounds_holds():
    half = Linear(((conditions.parse("big=1"), 2), (conditions.parse("colour=red"), -1)), 0, 1, "big is half of red")
    table = Counts(DECLARED, rows(40), ["colour", "big"], [exactly("colour=red", 21), half], []).solve(2)
    assert held(table, "big=1") == 11


def test_range_is_the_sharp_one():
    counts = Counts(DECLARED, rows(20), ["colour", "big"], [exactly("colour=red", 12), exactly("big=1", 15)], [])
    assert counts.range(conditions.parse("colour=red & big=1")) == (7, 12)


def test_a_pigeonhole_conflict_is_proven():
    lines = [exactly("colour=red", 8), exactly("big=1", 8), exactly("colour=red & big=1", 5)]
    with pytest.raises(NoSolution) as caught:
        Counts(DECLARED, rows(10), ["colour", "big"], lines, []).solve(1)
    assert caught.value.proven


def test_a_constraint_that_nothing_can_change_is_refused():
    table = rows(4, old=["1"] * 4)
    impossible = Linear(((conditions.parse("old=0 & big=1"), 1),), 1, 2, "nobody is young")
    with pytest.raises(NoSolution, match="nobody is young"):
        Counts(DECLARED, table, ["big"], [impossible], [Rule(when="old=0", then="big=0", why="made up")]).solve(1)


def test_same_seed_same_table_and_other_seed_another():
    lines = [exactly("colour=red", 30), exactly("big=1", 40)]
    first, again, other = (Counts(DECLARED, rows(100), ["colour", "big"], lines, []).solve(seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def test_spread_makes_columns_hang_together():
    table = rows(1000, old=["1"] * 500 + ["0"] * 500)
    lines = [exactly("big=1", 400), Linear(((conditions.parse("big=1 & old=1"), 1),), 0, 500, "both")]

    def both(spread):
        return [held(Counts(DECLARED, table, ["big"], lines, []).solve(seed, spread=spread), "big=1 & old=1") for seed in range(8)]

    assert max(both(0.0)) - min(both(0.0)) <= 2
    assert max(both(1.5)) - min(both(1.5)) > 50


def test_rows_of_a_class_take_the_levels_to_which_they_lean():
    lean = np.repeat([-2.0, 2.0], 100)

    def apart(seed, lean):
        big = conditions.parse("big=1").mask(Counts(DECLARED, rows(200), ["big"], [exactly("big=1", 100)], []).solve(seed, lean=lean))
        assert big.sum() == 100, "which of a class's rows take a level is no matter of any constraint"
        return abs(int(big[:100].sum()) - int(big[100:].sum()))

    # P(Gumbel + 2 > Gumbel - 2) = 1 / (1 + exp(-4)) = 0.98
    assert min(apart(seed, lean) for seed in range(5)) > 80
    assert max(apart(seed, 0 * lean) for seed in range(5)) < 40
    assert max(apart(seed, None) for seed in range(5)) < 40
