"""A number is cut where conditions divide it, also between two whole numbers."""

import pytest

from analysis.cohorts.conditions import parse
from analysis.cohorts.study_parts import Variable
from analysis.reconstruction.problem.blocks import are_told_apart, blocks_of, meets


@pytest.mark.parametrize("kind", ["integer", "number"])
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (">=2", [(0, 1), (2, 50)]),
        (">2", [(0, 2), (3, 50)]),
        ("<2", [(0, 1), (2, 50)]),
        ("<=2", [(0, 2), (3, 50)]),
        (">=2.2", [(0, 2), (3, 50)]),
        ("<2.2", [(0, 2), (3, 50)]),
        (">2.2", [(0, 2), (3, 50)]),
        ("<=2.2", [(0, 2), (3, 50)]),
    ],
)
def test_both_sides_of_a_comparison_have_values(kind, asked, expected):
    condition = parse(f"marker{asked}")
    blocks = blocks_of(Variable(type=kind, range=(0, 50)), [condition], "marker")
    assert [(block.low, block.high) for block in blocks] == expected
    assert sorted(meets(condition.clauses[0], block) for block in blocks) == [False, True]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("marker>=2.2",), True),
        (("marker>=2.2", "marker<2.2"), True),
        (("marker>=2.2", "marker>=3.7"), True),
        (("marker>=2.2", "marker>=2.7"), False),
        (("marker>=2.2", "marker>=3"), False),
        (("marker>=2", "marker>=3"), True),
        (("marker>=2.2", "age>=2.7", "marker=?"), True),
    ],
)
def test_values_that_whole_numbers_do_not_tell_apart_are_known(asked, expected):
    assert are_told_apart(map(parse, asked), "marker") is expected
