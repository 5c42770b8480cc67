from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ledger.rows import rounding
from analysis.ledger.rows.printed import parse
from analysis.ledger.rows.rounding import HALF_EVEN, HALF_UP, RULES, exact, states

TWO_STAGE, TWO_STAGE_EVEN, TWO_STAGE_BINARY = (rule for rule in RULES["survival"] if rule.first_significant == 3)


@pytest.mark.parametrize(
    ("text", "value", "half_up", "half_even"),
    [
        ("12.5%", Fraction(1, 8) * 100, True, True),
        ("13%", Fraction(1, 8) * 100, True, False),
        ("12%", Fraction(1, 8) * 100, False, True),
        ("63.64%", Fraction(1400, 22), True, True),
        ("63.63%", Fraction(1400, 22), False, False),
    ],
)
def test_ties_tell_half_up_from_half_even(text, value, half_up, half_even):
    assert states(parse(text), exact(value), HALF_UP) is half_up
    assert states(parse(text), exact(value), HALF_EVEN) is half_even


def test_two_stage_rounding_goes_through_the_digits_a_program_shows():
    # 37.46 % shown with three significant digits is 37.5, and 37.5 is then printed as 38
    value = exact(37.46)
    assert states(parse("37%"), value, HALF_UP)
    assert states(parse("38%"), value, TWO_STAGE)
    assert not states(parse("37%"), value, TWO_STAGE)


def test_the_second_stage_may_round_ties_to_even():
    # 42.54 % is shown as 42.5 %, which is printed as 42
    value = exact(42.54)
    assert states(parse("43%"), value, HALF_UP)
    assert states(parse("42%"), value, TWO_STAGE_EVEN)
    assert not states(parse("42%"), value, TWO_STAGE)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        # R 4.2: x <- signif(c(.4254, .4545, .5651, .7848), 3); sprintf("%.2f", x), format(x, digits = 2) and print(x, digits = 2)
        (42.54, "42%"),
        (45.45, "46%"),
        (56.51, "56%"),
        (78.48, "79%"),
        # the same of .4249, .424, .426: one below the half, at and above it in the digits that are shown first
        (42.49, "42%"),
        (42.44, "42%"),
        (42.56, "43%"),
    ],
)
def test_the_second_stage_may_round_the_stored_double_as_r_prints_it(value, printed):
    assert [whole for whole in range(101) if states(parse(f"{whole}%"), exact(value), TWO_STAGE_BINARY)] == [int(printed[:-1])]


def test_no_other_way_with_ties_gives_what_r_prints_of_four_halves():
    printed = {42.54: "42%", 45.45: "46%", 56.51: "56%", 78.48: "79%"}
    for rule in (TWO_STAGE, TWO_STAGE_EVEN):
        assert not all(states(parse(text), exact(value), rule) for value, text in printed.items())


def test_a_double_is_rounded_in_the_unit_in_which_it_is_stored():
    """Of R 4.2, sprintf: .785 lies above the half ("%.2f": 0.79), 78.5 is a half and goes to even ("%.0f": 78)."""
    proportion, percent = (rounding.Rule("", rounding.BINARY, shift=shift) for shift in (2, 0))
    assert (proportion.nearest(Decimal("78.5"), 0), percent.nearest(Decimal("78.5"), 0)) == (79, 78)


def test_a_first_stage_with_no_more_digits_than_printed_says_nothing():
    assert not states(parse("37.46%"), exact(37.46), TWO_STAGE)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("<0.001", 0.00099, True),
        ("<0.001", 0.001, False),
        ("≥10", 10, True),
        ("≥10", 9.999, False),
        ("≤10", 10, True),
        ("≤10", 10.001, False),
        (">10", 10, False),
        (">10", 10.001, True),
        ("more than half", 50.1, True),
        ("almost 40%", 37.9, True),
        ("almost 40%", 40.001, False),
        ("almost 40%", 39.999, True),
        ("almost 40%", 40.0, False),
        ("almost 40%", 35.0, True),
        ("almost 40%", 34.999, False),
        ("approximately 40%", 44.999, True),
        ("approximately 40%", 45.001, False),
    ],
)
def test_bounds_are_kept_and_loose_statements_are_as_coarse_as_printed(text, value, expected):
    assert states(parse(text), exact(value), HALF_UP) is expected


def test_an_undefined_value_states_nothing():
    assert not states(parse("<0.001"), exact(float("nan")), HALF_UP)


def test_the_first_rule_that_gives_the_digits_is_found_or_none():
    assert rounding.first_stating(parse("0.3"), exact(0.25), rounding.PLAIN) == HALF_UP
    assert rounding.first_stating(parse("0.2"), exact(0.25), rounding.PLAIN).tie == "ROUND_HALF_EVEN"
    assert rounding.first_stating(parse("0.4"), exact(0.25), rounding.PLAIN) is None


def test_float_noise_does_not_hide_a_tie():
    assert exact(0.1 + 0.2) == Decimal("0.3")


@given(st.decimals(min_value=0, max_value=1000, places=6), st.integers(min_value=0, max_value=4))
def test_the_rounded_value_is_attained_by_the_value(value, decimals):
    digits = HALF_UP.applied(value, decimals)
    low, high = rounding.attainable(parse(str(digits)))
    assert low <= Fraction(value) <= high


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("64.7", "64.65", "64.75"), ("12%", "11.5", "12.5"), ("<0.05", "0", "0.05"), ("≤3", "0", "3"), (">60", "60", None), ("≥2", "2", None)]
    + [("almost 40%", "35", "40"), ("about 40%", "35", "45"), ("about 23", "22.5", "23.5")],
)  # fmt: skip
def test_the_interval_of_a_printed_number_ends_where_other_digits_begin(text, low, high):
    found = rounding.interval(parse(text))
    assert found == (Fraction(low), rounding.UNBOUNDED if high is None else Fraction(high))


def test_a_first_stage_of_exactly_the_printed_digits_is_no_second_rounding():
    # else the stored double alone would decide a tie, under the name of a rule in two stages
    rule = rounding.Rule("binary (1 decimal)", rounding.BINARY, first_decimals=1)
    assert (rule.applied(Decimal("2.449"), 0), rule.applied(Decimal("2.449"), 1), rule.applied(Decimal("2.449"), 2)) == (2, None, None)


@pytest.mark.parametrize(
    ("value", "expected"), [("0.50000000000004", "0.5"), ("0.5000000000004", "0.5000000000004"), ("0.500000000004", "0.500000000004")]
)
def test_a_value_is_cut_to_thirteen_significant_digits(value, expected):
    assert exact(Decimal(value)) == exact(float(value)) == Decimal(expected)
