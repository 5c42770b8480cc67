from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ledger.rows import expressions

VALUES = {"a.n": Fraction(7), "b": Fraction(3), "c": Fraction(2)}


@pytest.mark.parametrize(
    ("text", "value"),
    [("a.n", 7), ("a.n + b", 10), ("a.n - b", 4), ("a.n - (b - c)", 6), ("a.n - (b + c)", 2), ("-b + a.n", 4), ("(a.n)", 7)],
)
def test_sums_and_differences_are_evaluated(text, value):
    assert expressions.parse(text).cells[0].value(VALUES.__getitem__) == value


def test_cells_rows_and_no_data_rows_are_told_apart():
    sources = expressions.parse("a.n ; b | c ; a.n - b || b ; c")
    assert (len(sources.rows), len(sources.rows[0]), len(sources.no_data)) == (2, 2, 1)
    assert sources.ids == ("a.n", "b", "c")


@pytest.mark.parametrize("text", ["a +", "a b", "(a", "a)", "a * b", "2 + a", "a ; b | c", "a || b || c", "A"])
def test_what_is_no_sum_of_ids_is_refused(text):
    with pytest.raises(ValueError):
        expressions.parse(text)


@given(st.lists(st.tuples(st.sampled_from([1, -1]), st.sampled_from(sorted(VALUES))), min_size=1, max_size=8))
def test_printing_and_reading_a_sum_keeps_its_value(terms):
    text = " ".join(f"{'+' if sign > 0 else '-'} {name}" for sign, name in terms)
    assert expressions.parse(text).cells[0].value(VALUES.__getitem__) == sum(sign * VALUES[name] for sign, name in terms)
