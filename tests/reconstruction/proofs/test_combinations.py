"""The small exact model says no only where no rows exist, and its ranges are attained."""

import itertools

import pytest

from analysis.cohorts import conditions
from analysis.cohorts.study_parts import Variable
from analysis.reconstruction.problem.assumptions import Rule
from analysis.reconstruction.proofs.combinations import Combinations
from analysis.reconstruction.proofs.lines import Line

DECLARED = {name: Variable(type="boolean", meaning=name) for name in ("a", "b")}


def exactly(text, number, id):
    condition = conditions.parse(text)
    return [Line(((condition, 1),), number, frozenset({id})), Line(((condition, -1),), -number, frozenset({id}))]


@pytest.fixture
def model():
    return Combinations(DECLARED, [*exactly("", 10, "all"), *exactly("a=1", 6, "a"), *exactly("b=1", 7, "b")], most=10)


def test_the_ends_of_an_overlap_are_those_of_the_inclusion_principle(model):
    assert model.range(conditions.parse("a=1 & b=1")) == (6 + 7 - 10, 6)


def test_without_a_row_the_range_is_wider(model):
    assert model.range(conditions.parse("a=1 & b=1"), ids=["all", "a"]) == (0, 6)


def test_every_value_of_the_range_is_attained_and_none_beside_it():
    def possible(number):
        lines = [*exactly("", 5, "all"), *exactly("a=1", 3, "a"), *exactly("b=1", 4, "b"), *exactly("a=1 & b=1", number, "both")]
        return Combinations(DECLARED, lines, most=5).holds_together(["all", "a", "b", "both"])

    found = {both for both in range(6) if possible(both)}
    counted = {
        sum(x and y for x, y in rows)
        for rows in itertools.product(itertools.product((0, 1), repeat=2), repeat=5)
        if sum(x for x, _ in rows) == 3 and sum(y for _, y in rows) == 4
    }
    assert found == counted


def test_a_rule_leaves_out_combinations():
    rule = Rule(when="a=1", then="b=1", why="a test")
    model = Combinations(DECLARED, [*exactly("", 10, "all"), *exactly("a=1", 6, "a"), *exactly("b=1", 5, "b")], [rule], most=10)
    assert model.holds_together(model.ids) is False
    assert model.holds_together(["all", "a"]) is True


def test_too_many_combinations_are_refused():
    declared = {f"v{number}": Variable(type="boolean", meaning="v") for number in range(16)}
    with pytest.raises(ValueError, match="combinations"):
        Combinations(declared, [])
